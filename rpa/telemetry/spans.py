"""Spans by OpenTelemetry's own library: run, work item, transaction, and its search, create, submit and confirm.

They hold numbers, names of definitions and states; never a reference, a value, or the words of an error. A run has
a trace of its own whose number every process can tell from the ledger: workers on other machines add to it.
"""

import hashlib
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, Status, StatusCode, TraceFlags

from rpa.definitions.step import Step
from rpa.work import Run, WorkItem

if TYPE_CHECKING:  # a run takes its time too, and need not load what a worker does
    from rpa.case import Case


class _Ids(RandomIdGenerator):
    """Numbers of traces and spans: those of a run are told from it, all others drawn."""

    def __init__(self) -> None:
        self.run: tuple[int, int] | None = None

    def generate_trace_id(self) -> int:
        return super().generate_trace_id() if self.run is None else self.run[0]

    def generate_span_id(self) -> int:
        return super().generate_span_id() if self.run is None else self.run[1]


@dataclass
class Spans:
    """The spans of one process."""

    provider: TracerProvider
    ids: _Ids
    tracer: trace.Tracer = field(init=False)

    def __post_init__(self) -> None:
        self.tracer = self.provider.get_tracer("keyonce", version("keyonce"))

    @classmethod
    def sent(cls) -> Self:
        """Return spans that a thread sends to where the environment says; the thread hears no signal."""
        logging.getLogger("opentelemetry").setLevel(logging.ERROR)  # that it tries again is no news
        ids = _Ids()
        named = Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", "keyonce")})
        provider = TracerProvider(resource=named, id_generator=ids, shutdown_on_exit=False)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return cls(provider, ids)

    @contextmanager
    def run(self, run: Run) -> Iterator[None]:
        """Take the time of a run."""
        self.ids.run = _ids_of(run)
        with self._span("run", Context(), bot=run.bot, run=run.id):
            self.ids.run = None
            yield

    @contextmanager
    def work_item(self, item: WorkItem, run: Callable[[], Run | None]) -> Iterator[None]:
        """Take the time that a worker has the work item in hand."""
        found = None
        with suppress(Exception):  # whatever is wrong with the ledger is found by who needs it
            found = run()
        with self._span("work item", _below(found), bot=item.bot, work_item=item.id) as span:
            if found is not None:
                span.set_attribute("keyonce.run", found.id)
            yield

    @contextmanager
    def transaction(self, case: "Case") -> Iterator[None]:
        """Take the time of the transaction, and of each group of its steps."""
        entry, before = case.entry, case.transaction
        groups = {"search": entry.search, "create": entry.create, "submit": entry.submit, "confirm": entry.confirm}
        names = {id(steps): name for name, steps in groups.items()}

        @contextmanager
        def watching(steps: Sequence[Step]) -> Iterator[None]:
            with self._span(names.get(id(steps), "steps"), system=entry.system):
                yield

        case.stage.watching = watching
        with self._span("transaction", entry=entry.name, system=entry.system, transaction=before.id) as span:
            span.set_attribute("keyonce.fence", before.fence)
            try:
                yield
            finally:
                span.set_attribute("keyonce.status", case.transaction.status)
                span.set_attribute("keyonce.attempt", case.transaction.attempt)
                if case.trouble:
                    span.set_status(Status(StatusCode.ERROR))

    @contextmanager
    def _span(self, name: str, context: Context | None = None, **about: Any) -> Iterator[Span]:
        """Take the time of the block. Of an error its kind alone is told: its words may hold values."""
        attributes = {f"keyonce.{key}": value for key, value in about.items()}
        with self.tracer.start_as_current_span(
            name, context, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise

    def end(self, within: float) -> None:
        """Send what is left; a receiver that does not answer keeps nobody longer than that."""
        leaving = threading.Thread(target=self.provider.shutdown, name="telemetry", daemon=True)
        leaving.start()
        leaving.join(within)


def _ids_of(run: Run) -> tuple[int, int]:
    """Return the numbers of the run's trace and span: the same for all who know the run, in no other office."""
    told = f"{run.id} {run.bot} {run.digest} {run.started.isoformat()}"
    digest = hashlib.sha256(told.encode()).digest()
    return int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])


def _below(run: Run | None) -> Context:
    if run is None:
        return Context()
    trace_id, span_id = _ids_of(run)
    above = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return trace.set_span_in_context(NonRecordingSpan(above), Context())
