"""The clock: APScheduler, and nothing else of it.

It keeps its jobs in memory, since they come from our own definitions. Its own cron trigger is not used: it was
seen to lose a day after the change of the clock in spring. What is due is said to the recorder, which has it
written down in the ledger; there it is decided what fires.
"""

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from rpa.timetable import Timetable

LOOK = timedelta(seconds=10)
"""How often the clock is read anew: one that was set, or a machine that slept, is noticed within this time."""

AGAIN = 1.0
"""Seconds until what could not be written down is tried again."""

PULSE = "the clock itself"
RECORDER = "recorder"

DEFAULTS = {
    "misfire_grace_time": None,  # however late: the ledger decides what was missed, and drops nothing silently
    "coalesce": True,  # one call tells all: the ledger finds every time that is due by itself
    "max_instances": 2,  # one is being written down, and one more waits: it will find what came meanwhile
}

Record = Callable[[Sequence[str]], None]
"""Told the names of schedules of which a time has come."""


class Clock:
    """Says when a time of a schedule has come."""

    def __init__(self, record: Record, failed: Callable[[Exception], None]) -> None:
        self._recorder = Recorder(record, failed)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={RECORDER: self._recorder},
            job_defaults=DEFAULTS,
        )

    def start(self) -> None:
        """Let it run."""
        self._scheduler.add_job(_nothing, IntervalTrigger(seconds=LOOK.seconds), id=PULSE, executor=RECORDER)
        self._scheduler.start()

    def stop(self) -> None:
        """Stop it; what has come is written down first."""
        self._scheduler.shutdown(wait=True)

    def set(self, table: Timetable) -> None:
        """Heed this schedule from now on, or its new times."""
        self._scheduler.add_job(
            _nothing, _Times(table), id=table.schedule.schedule, executor=RECORDER, replace_existing=True
        )

    def remove(self, name: str) -> None:
        """Heed the schedule no more."""
        if self._scheduler.get_job(name) is not None:
            self._scheduler.remove_job(name)

    def alive(self) -> bool:
        """Tell whether it runs, and has been read lately."""
        return bool(self._scheduler.running) and self._recorder.alive()


class Recorder(BaseExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Hands on the names of schedules whose time has come, as many at once as have come; drops none."""

    def __init__(self, record: Record, failed: Callable[[Exception], None]) -> None:
        super().__init__()
        self._record, self._failed = record, failed
        self._due: SimpleQueue[str | None] = SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._read = datetime.now(UTC)

    def start(self, scheduler: Any, alias: str) -> None:
        """Begin."""
        super().start(scheduler, alias)
        self._thread.start()

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002  # APScheduler's signature
        """End once what has come is written down; of a ledger that fails the next service finds it by itself."""
        self._due.put(None)
        self._stopping.set()
        if wait:
            self._thread.join()

    def alive(self) -> bool:
        """Tell whether the clock was read lately and what came is written down."""
        return self._thread.is_alive() and datetime.now(UTC) - self._read < 4 * LOOK

    def _do_submit_job(self, job: Any, run_times: object) -> None:
        del run_times  # the ledger reckons them again, from what it has written down
        self._due.put(job.id)

    def _work(self) -> None:
        while (names := self._next()) is not None:
            self._written([name for name in dict.fromkeys(names) if name != PULSE])
            self._read = datetime.now(UTC)
            for name in names:
                self._run_job_success(name, [])

    def _next(self) -> list[str] | None:
        """Wait for what comes; return all that has come, or None at the end."""
        names: list[str] = []
        try:
            name = self._due.get()
            while name is not None:
                names.append(name)
                name = self._due.get_nowait()
        except Empty:
            return names
        if names:
            self._due.put(None)
        return names or None

    def _written(self, names: Collection[str]) -> None:
        """Write down what has come; a ledger that fails is tried until it takes it, or the clock is stopped."""
        while names:
            try:
                self._record(list(names))
            except Exception as error:  # noqa: BLE001  # a recorder that ends is a clock that stands
                self._failed(error)
                if self._stopping.wait(AGAIN):
                    return
            else:
                return


class _Times(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    def __init__(self, table: Timetable) -> None:
        self._table = table

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        del previous
        found = next(self._table.after(now), None)
        return found.at if found else None


def _nothing() -> None:
    """Stand for what a job does: it is the recorder that does it."""
