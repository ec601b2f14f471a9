"""The clock says that a time has come; what could not be written down is said again until it is."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from rpa.definitions.schedule import Schedule
from rpa.errors import DiskFull
from rpa.service.clock import Clock
from rpa.timetable import Timetable
from tests.waiting import wait_for


def every_second(name: str) -> Timetable:
    return Timetable(Schedule.model_validate({"schedule": name, "bot": "b", "every": "1s", "timezone": "UTC"}))


def test_a_ledger_that_fails_is_told_again_and_schedules_that_are_removed_are_not() -> None:
    told: list[set[str]] = []
    failures: list[Exception] = []
    full = threading.Event()
    full.set()

    def record(names: Sequence[str]) -> None:
        if full.is_set():
            raise DiskFull
        told.append(set(names))

    clock = Clock(record, failures.append)
    clock.set(every_second("kept"))
    clock.set(every_second("removed"))
    clock.start()
    try:
        wait_for(lambda: bool(failures))
        clock.remove("removed")
        full.clear()
        wait_for(lambda: len(told) > 1)

        assert clock.alive()
        assert told[0] >= {"kept"}
        assert told[-1] == {"kept"}
    finally:
        clock.stop()
    assert not clock.alive()


def test_a_time_is_told_within_a_quarter_of_a_second() -> None:
    lags: list[float] = []
    clock = Clock(lambda _names: lags.append(datetime.now(UTC).microsecond / 1e6), lambda _error: None)
    clock.set(every_second("kept"))
    clock.start()
    try:
        wait_for(lambda: len(lags) > 1)
    finally:
        clock.stop()

    assert min(lags) < 0.25


def test_a_clock_can_be_stopped_while_the_ledger_fails() -> None:
    failures: list[Exception] = []

    def record(_names: Sequence[str]) -> None:
        raise OSError

    clock = Clock(record, failures.append)
    clock.set(every_second("kept"))
    clock.start()
    wait_for(lambda: bool(failures))
    stopping = threading.Thread(target=clock.stop, daemon=True)
    stopping.start()
    stopping.join(10)

    assert not stopping.is_alive()
