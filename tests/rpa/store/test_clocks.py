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

pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)

WAIT = timedelta(minutes=2)


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
