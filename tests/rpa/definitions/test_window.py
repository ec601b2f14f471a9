"""A system's hours: over midnight, and on the days that have 23 or 25 hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from rpa.definitions.window import Window

DAY = Window(open="06:00", close="21:30", timezone="America/Chicago")
NIGHT = Window(open="22:00", close="02:30", timezone="America/Chicago")
GAP = Window(open="02:30", close="04:00", timezone="America/Chicago")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("window", "moment", "is_open"),
    [
        (DAY, "2026-01-15T05:59:59-06:00", False),
        (DAY, "2026-01-15T06:00:00-06:00", True),
        (DAY, "2026-01-15T21:29:59-06:00", True),
        (DAY, "2026-01-15T21:30:00-06:00", False),
        (DAY, "2026-07-15T06:00:00-05:00", True),  # an hour earlier by UTC, in summer
        (DAY, "2026-07-15T06:00:00-06:00", True),
        (NIGHT, "2026-01-15T23:59:00-06:00", True),
        (NIGHT, "2026-01-16T02:29:00-06:00", True),
        (NIGHT, "2026-01-16T02:30:00-06:00", False),
        (NIGHT, "2026-01-16T12:00:00-06:00", False),
        (NIGHT, "2026-11-01T01:59:00-05:00", True),  # the hour that comes twice
        (NIGHT, "2026-11-01T01:59:00-06:00", True),
    ],
)
def test_the_clock_on_the_systems_wall_decides(window: Window, moment: str, *, is_open: bool) -> None:
    assert window.is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("window", "moment", "opens"),
    [
        (DAY, "2026-01-15T21:30:00-06:00", "2026-01-16T06:00:00-06:00"),
        (DAY, "2026-03-07T22:00:00-06:00", "2026-03-08T06:00:00-05:00"),  # the clocks go forward that night
        (DAY, "2026-10-31T22:00:00-05:00", "2026-11-01T06:00:00-06:00"),  # and back that night
        (DAY, "2026-01-15T12:00:30-06:00", "2026-01-15T12:00:30-06:00"),
        (NIGHT, "2026-01-16T03:00:20-06:00", "2026-01-16T22:00:00-06:00"),
        (GAP, "2026-03-08T01:59:00-06:00", "2026-03-08T03:00:00-05:00"),  # half past two does not come
    ],
)
def test_the_next_opening_is_right_on_any_day(window: Window, moment: str, opens: str) -> None:
    assert window.next_opening(at(moment)) == at(opens)


@pytest.mark.parametrize("night", ["2026-03-08", "2026-11-01"])
def test_no_minute_of_a_changed_night_is_lost_or_doubled(night: str) -> None:
    begin = at(f"{night}T00:00:00-05:00")
    minutes = [begin + timedelta(minutes=n) for n in range(25 * 60)]
    turns = sum(DAY.is_open(a) is not DAY.is_open(b) for a, b in pairwise(minutes))

    assert turns == 2, "it opens once and closes once a day"
