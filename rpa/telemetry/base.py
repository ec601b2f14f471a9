"""Where the traces of a process go: nowhere, unless `OTEL_EXPORTER_OTLP_ENDPOINT` says where.

Nothing that goes wrong here may touch a run or a transaction.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from rpa.errors import unforeseen
from rpa.work import Run, WorkItem

if TYPE_CHECKING:  # a run takes its time too, and need not load what a worker does
    from rpa.case import Case

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"

LEAVE = 2.0
"""Seconds in which what is left is sent at the end of a process; a receiver that is slower misses it."""

MISSING = "no traces are sent: pip install 'keyonce[telemetry]'"


class Traces(Protocol):
    """Takes the time of what is done within each block."""

    def run(self, run: Run) -> AbstractContextManager[None]:
        """Take the time of a run."""
        ...

    def work_item(self, item: WorkItem, run: Callable[[], Run | None]) -> AbstractContextManager[None]:
        """Take the time that a worker has a work item in hand, sign-in included; *run* tells whose it is."""
        ...

    def transaction(self, case: "Case") -> AbstractContextManager[None]:
        """Take the time of the transaction, and of each group of steps within it."""
        ...

    def end(self, within: float) -> None:
        """Send what is left, and wait for it no longer than so many seconds."""
        ...


class Silent:
    """Takes no time and tells nobody."""

    def run(self, run: Run) -> AbstractContextManager[None]:
        """Do nothing."""
        del run
        return nullcontext()

    def work_item(self, item: WorkItem, run: Callable[[], Run | None]) -> AbstractContextManager[None]:
        """Do nothing."""
        del item, run
        return nullcontext()

    def transaction(self, case: "Case") -> AbstractContextManager[None]:
        """Do nothing."""
        del case
        return nullcontext()

    def end(self, within: float) -> None:
        """Do nothing."""


@contextmanager
def telemetry() -> Iterator[Traces]:
    """Give what takes this process's times; what it has left is sent at the end, within `LEAVE` or never."""
    traces, within = _traces(), LEAVE
    try:
        yield traces
    except KeyboardInterrupt:
        within = 0  # whoever stops a run does not wait for it
        raise
    finally:
        traces.end(within)


@contextmanager
def traced(run: Run) -> Iterator[None]:
    """Take the time of the run that this process does."""
    with telemetry() as traces, traces.run(run):
        yield


def _traces() -> Traces:
    if not os.environ.get(ENDPOINT):
        return Silent()
    try:
        from rpa.telemetry.spans import Spans

        return Spans.sent()
    except ModuleNotFoundError:
        _say(MISSING)
    except Exception as error:  # noqa: BLE001  # such as a variable of OpenTelemetry's that is no number
        _say(f"no traces are sent: look at the variables OTEL_...; {unforeseen(error)}")
    return Silent()


def _say(words: str) -> None:
    print(f"rpa: {words}", file=sys.stderr)  # noqa: T201  # a log of its own would be read by nobody
