"""A machine whose clock is wrong: the server's decides what time it is."""

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest

from rpa import clock
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import MERIDIAN, begun, new_item, opened

ON_SERVER = pytest.mark.parametrize("store", ["postgresql"], indirect=True)

WAIT = timedelta(minutes=2)


@ON_SERVER
@pytest.mark.parametrize("hours", [1, -1])
def test_what_is_put_off_waits_as_long_as_it_should_on_a_machine_whose_clock_is_an_hour_wrong(
    store: Store, folder: Path, run: Run, owner: Owner, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(hours=hours)

    store.add(run, new_item())
    monkeypatch.setattr(clock, "datetime", Wrong)
    monkeypatch.setattr(clock, "_told", None)
    assert abs(clock.now() - datetime.now(UTC)) > timedelta(minutes=59)
    with opened(folder) as here:
        before = datetime.now(UTC)
        put_off = here.move(begun(here, owner), Status.NEW, owner, not_before=clock.now() + WAIT)

        assert abs(put_off.changed - before) < timedelta(seconds=30)
        due = here.next_due([MERIDIAN.system])
        assert due is not None
        assert abs(due - before - WAIT) < timedelta(seconds=30)
        assert here.reserve(owner, [MERIDIAN.system]) is None


@pytest.mark.parametrize("delays", [[1800, 0.04], [0.04], [1800, 1800, 4, 1800, 1800]])
def test_an_answer_that_was_long_on_its_way_does_not_put_the_clock_back(
    monkeypatch: pytest.MonkeyPatch, delays: list[float]
) -> None:
    """The process stood still for half an hour after the server had answered, or a packet was lost."""
    start, passed = datetime(2026, 3, 4, 12, 0, tzinfo=UTC), timedelta()
    late, soonest = iter(delays), min(delays)
    monkeypatch.setattr(clock, "_running", lambda: passed // timedelta(microseconds=1) * 1000)
    monkeypatch.setattr(clock, "_told", None)

    def answer() -> datetime:
        nonlocal passed
        said = start + passed
        passed += timedelta(seconds=next(late))
        return said

    clock.ask(answer)

    assert clock.now() == start + passed - timedelta(seconds=soonest / 2)
    assert next(late, None) is None, "it was asked again, and no more than that"
