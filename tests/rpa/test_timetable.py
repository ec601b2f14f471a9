"""A schedule's times: none lost and none doubled over a change of the clock, a holiday or the end of a month."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.zones import wrong
from rpa.calendar.zones import Moment
from rpa.definitions.schedule import Schedule
from rpa.timetable import Timetable

NEW_YORK = "America/New_York"


def table(**said: Any) -> Timetable:
    said.setdefault("timezone", NEW_YORK)
    return Timetable(Schedule.model_validate({"schedule": "evening", "bot": "claims", **said}))


def times(begin: str, count: int, **said: Any) -> list[str]:
    """Return the nominal times from *begin*, a day, on."""
    after = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    return [one.nominal for one in islice(table(**said).after(after), count)]


def moments(begin: str, count: int, **said: Any) -> list[str]:
    after = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    return [f"{one.at:%d %H:%M}" for one in islice(table(**said).after(after), count)]


@pytest.mark.parametrize(
    "zone",
    # A whole hour by night; half an hour; at midnight; two hours; in Ramadan.
    [NEW_YORK, "Australia/Lord_Howe", "Asia/Beirut", "Antarctica/Troll", "Africa/Casablanca"],
)
def test_no_time_is_lost_or_doubled_in_a_zone_with_odd_changes(zone: str) -> None:
    assert wrong([zone], [2026]) == []


def test_half_past_two_comes_once_on_the_day_the_clock_goes_forward() -> None:
    assert moments("2026-03-07", 3, cron="30 2 * * *") == ["07 07:30", "08 07:30", "09 06:30"]


def test_half_past_one_comes_once_on_the_day_the_clock_goes_back() -> None:
    assert moments("2026-10-31T12:00", 2, cron="30 1 * * *") == ["01 05:30", "02 06:30"]


def test_midnight_after_the_change_in_spring_is_not_lost() -> None:
    assert times("2026-03-08T12:00", 2, cron="0 0 * * *") == ["2026-03-09T00:00", "2026-03-10T00:00"]
    assert times("2026-03-08T12:00", 1, cron="0 0 1 * *") == ["2026-04-01T00:00"]


def test_every_quarter_of_an_hour_goes_on_through_the_hour_that_comes_twice() -> None:
    found = list(
        table(cron="*/15 * * * *").between(
            datetime(2026, 11, 1, 4, 59, tzinfo=UTC), datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
        )
    )

    assert [one.at.minute for one in found] == [0, 15, 30, 45, 0, 15, 30, 45, 0]
    assert len({one.nominal for one in found}) == len(found)
    assert found[4] == Moment(datetime(2026, 11, 1, 6, 0, tzinfo=UTC), "2026-11-01T01:00#2")


def test_a_time_that_the_clock_skips_does_not_double_one_that_there_is() -> None:
    assert moments("2026-03-08T06:00", 4, cron="0,30 1-4 * * *") == [
        "08 06:30",
        "08 07:00",
        "08 07:30",
        "08 08:00",
    ]


def test_asking_again_from_each_time_gives_the_same_times_as_asking_once() -> None:
    whole = list(islice(table(cron="20 */3 * * *").after(datetime(2026, 3, 7, tzinfo=UTC)), 30))
    after, found = datetime(2026, 3, 7, tzinfo=UTC), []
    for _ in whole:
        found.append(next(table(cron="20 */3 * * *").after(after)))
        after = found[-1].at

    assert found == whole


@pytest.mark.parametrize(
    ("on_holiday", "expected"),
    [
        ("skip", ["2026-12-24T18:00", "2026-12-28T18:00"]),
        ("next", ["2026-12-24T18:00", "2026-12-28T18:00"]),
        ("previous", ["2026-12-24T18:00", "2026-12-28T18:00"]),
    ],
)
def test_christmas_on_a_friday_never_doubles_the_day_it_is_moved_to(on_holiday: str, expected: list[str]) -> None:
    holidays = {"country": "US", "on_holiday": on_holiday}

    assert times("2026-12-24T12:00", 2, cron="0 18 * * mon-fri", holidays=holidays) == expected


@pytest.mark.parametrize(
    ("on_holiday", "expected"),
    [("skip", "2027-01-08"), ("next", "2027-01-04"), ("previous", "2026-12-31")],
)
def test_a_weekly_run_on_new_year_is_left_out_or_moved(on_holiday: str, expected: str) -> None:
    holidays = {"country": "US", "on_holiday": on_holiday}

    found = times("2026-12-29T12:00", 1, cron="0 9 * * fri", holidays=holidays)

    assert found == [f"{expected}T09:00"]


def test_an_own_closure_over_a_weekend_moves_to_the_day_after_it_asked_from_any_day() -> None:
    holidays = {"closed": ["2026-06-05", "2026-06-08"], "on_holiday": "next"}

    for begin in ("2026-06-04T12:00", "2026-06-06", "2026-06-07", "2026-06-09"):
        assert times(begin, 2, cron="0 18 * * mon,fri", holidays=holidays) == [
            "2026-06-09T18:00",
            "2026-06-12T18:00",
        ]


def test_the_holidays_of_a_state_are_not_those_of_another() -> None:
    days = {
        state: times("2026-03-30", 2, cron="0 9 * * *", holidays={"country": "US", "state": state})
        for state in ("CA", "NY")
    }

    assert days["CA"] == ["2026-03-30T09:00", "2026-04-01T09:00"]  # Cesar Chavez Day
    assert days["NY"] == ["2026-03-30T09:00", "2026-03-31T09:00"]


def test_the_second_and_the_last_business_day_heed_holidays() -> None:
    second = times("2026-01-01", 3, cron="0 6 * * *", business_day="2", holidays={"country": "US"})
    last = times("2026-05-01", 1, cron="0 6 * * *", business_day="-1", holidays={"closed": ["2026-05-29"]})

    assert second == ["2026-01-05T06:00", "2026-02-03T06:00", "2026-03-03T06:00"]
    assert last == ["2026-05-28T06:00"]


def test_an_interval_is_real_time_over_a_change_of_the_clock() -> None:
    found = list(islice(table(every="6h").after(datetime(2026, 10, 31, 12, tzinfo=UTC)), 8))

    assert {later.at - earlier.at for earlier, later in pairwise(found)} == {timedelta(hours=6)}


def test_nothing_comes_before_the_first_day_or_after_the_last() -> None:
    assert times("2026-01-01", 9, cron="0 6 * * *", start="2026-02-01", end="2026-02-02") == [
        "2026-02-01T06:00",
        "2026-02-02T06:00",
    ]
    assert times("2026-01-01", 9, every="12h", start="2026-02-01", end="2026-02-01") == [
        "2026-02-01T00:00",
        "2026-02-01T12:00",
    ]


def test_single_times_come_once_each_and_in_order() -> None:
    said = ["2026-12-24 06:00", "2026-03-08 02:30", "2026-12-24 06:00"]

    assert times("2026-01-01", 9, at=said) == ["2026-03-08T02:30", "2026-12-24T06:00"]


def test_jitter_puts_off_by_the_same_part_whoever_asks_and_loses_nothing() -> None:
    plain = list(islice(table(every="1m").after(datetime(2026, 5, 1, tzinfo=UTC)), 60))
    found: list[Moment] = []
    after = datetime(2026, 5, 1, tzinfo=UTC)
    while len(found) < 50:
        found.append(next(table(every="1m", jitter="10m").after(after)))
        after = found[-1].at

    on = {one.nominal: one.at for one in plain}
    delays = [one.at - on[one.nominal] for one in found if one.nominal in on]
    assert len({one.nominal for one in found}) == 50
    assert len(delays) > 40
    assert all(timedelta() <= delay <= timedelta(minutes=10) for delay in delays)
    assert max(delays) - min(delays) > timedelta(minutes=5)


def rows() -> list[list[str]]:
    text = (
        (Path(__file__).parents[2] / "docs/schedules.md")
        .read_text("utf-8")
        .partition("<!-- changes -->")[2]
        .partition("`make zones`")[0]
    )
    lines = [line for line in text.splitlines() if line.startswith("| ") and "/" in line]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(("zone", "day", "cron", "local", "utc"), rows())
def test_the_table_of_the_documentation_is_what_comes(
    zone: str, day: str, cron: str, local: str, utc: str
) -> None:
    times = table(cron=cron, timezone=zone)
    begin = datetime.fromisoformat(day).replace(tzinfo=times.zone).astimezone(UTC)
    found = [
        one
        for one in times.between(begin - timedelta(seconds=1), begin + timedelta(hours=26))
        if one.nominal.startswith(day)
    ]

    if local.endswith("times"):
        assert f"{len(found)} times" == local
    else:
        (one,) = found
        assert (f"{one.at.astimezone(times.zone):%H:%M %Z}", f"{one.at:%H:%M}") == (local, utc)
