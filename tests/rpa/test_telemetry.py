"""Traces reach a real receiver whole and without a value, and one that does not answer keeps nobody."""

import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.proto.trace.v1.trace_pb2 import Status as SpanStatus

from fixtures.systems.common import said
from rpa.telemetry.base import ENDPOINT, telemetry
from rpa.work import Run, Status
from tests.kills.lane import lane

RUN = Run(id=7, bot="claims", digest="d" * 64, by="person:ana", started=datetime(2026, 1, 2, tzinfo=UTC))


@dataclass
class Receiver:
    """What came, as it came."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """The spans, in the order in which they began."""
        requests = (ExportTraceServiceRequest.FromString(body) for body in self.bodies)
        scopes = (scope for one in requests for resource in one.resource_spans for scope in resource.scope_spans)
        return sorted((span for scope in scopes for span in scope.spans), key=lambda one: one.start_time_unix_nano)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def attributes(span: Span) -> Mapping[str, object]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def below(spans: list[Span], above: Span) -> list[Span]:
    return [one for one in spans if one.parent_span_id == above.span_id]


def test_a_run_is_one_trace_from_the_run_to_the_steps_and_no_value_leaves_the_house(tmp_path: Path) -> None:
    with receiving() as receiver, lane("benefits", tmp_path) as one, said({ENDPOINT: receiver.url}):
        folder = one.project("CL-700001")
        assert one.settle(folder) is Status.CONFIRMED
    spans = receiver.spans
    (run,) = [span for span in spans if not span.parent_span_id]
    (item,) = below(spans, run)
    (transaction,) = below(spans, item)
    steps = below(spans, transaction)

    assert [one.name for one in (run, item, transaction)] == ["run", "work item", "transaction"]
    assert {one.trace_id for one in spans} == {run.trace_id}
    assert [one.name for one in steps[:3]] == ["search", "create", "submit"]
    assert [one.name for one in steps[-2:]] == ["search", "confirm"]
    assert attributes(run) == {"keyonce.bot": "kill-benefits", "keyonce.run": 2}
    assert attributes(item) == {"keyonce.bot": "kill-benefits", "keyonce.run": 2, "keyonce.work_item": 1}
    assert attributes(transaction) == {
        "keyonce.entry": "benefits",
        "keyonce.system": "benefits",
        "keyonce.transaction": 1,
        "keyonce.fence": 1,
        "keyonce.attempt": 1,
        "keyonce.status": "confirmed",
    }
    sent = b"".join(receiver.bodies)
    for hidden in ("CL-700001", "2026-01-02", "clerk1", "benefits-pass", "claims.csv", str(tmp_path)):
        assert hidden.encode() not in sent


def test_of_an_error_only_its_kind_is_told() -> None:
    with receiving() as receiver, said({ENDPOINT: receiver.url}):
        with pytest.raises(LookupError), telemetry() as traces, traces.run(RUN):
            raise LookupError("Mary Major was born on 2001-02-03")
        with telemetry() as traces, traces.run(RUN):
            pass
    failed, fine = receiver.spans

    assert failed.status.code == SpanStatus.STATUS_CODE_ERROR
    assert attributes(failed)["error.type"] == "LookupError"
    assert b"Mary" not in b"".join(receiver.bodies)
    assert (failed.trace_id, failed.span_id) == (fine.trace_id, fine.span_id)  # told from the run, by any process
    assert fine.status.code == SpanStatus.STATUS_CODE_UNSET


def test_a_receiver_that_never_answers_keeps_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment = {
            ENDPOINT: f"http://127.0.0.1:{silent.getsockname()[1]}",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "60",
        }
        with said(environment):
            begun = time.monotonic()
            with telemetry() as traces:
                for _ in range(3000):  # more than the queue takes
                    with traces.run(RUN):
                        pass
            took = time.monotonic() - begun

    assert took < 20  # seconds; whoever waited for an answer would need 30, or 60


@pytest.mark.parametrize(
    ("variable", "told"), [("OTEL_BSP_MAX_QUEUE_SIZE", "look at the variables OTEL_"), ("", "pip install")]
)
def test_what_cannot_be_sent_is_said_and_fails_nothing(
    variable: str, told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    if variable:
        monkeypatch.setenv(variable, "-1")
    else:
        monkeypatch.delitem(sys.modules, "rpa.telemetry.spans", raising=False)
        monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with telemetry() as traces, traces.run(RUN):
        pass

    said_so = capsys.readouterr().err
    assert "no traces are sent" in said_so
    assert told in said_so
