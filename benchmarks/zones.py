"""`make zones`: the times of schedules over every change of the clock, in every time zone.

The times of five cron expressions in every zone of 2026 and 2027 are compared with what a clock on a wall shows,
found by walking through the moments in UTC: nothing here asks what a local time means. The last line is one JSON
object; `wrong` has to be 0.
"""

import json
import sys
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product, takewhile
from zoneinfo import ZoneInfo, available_timezones

from rpa.definitions.schedule import Schedule
from rpa.timetable import Timetable

EXPRESSIONS = ("0 0 * * *", "0 0 * * mon", "0 0 1 * *", "30 2 * * *")
"""Each comes once on each of its days, whatever the clock does."""

HOURLY = "0 * * * *"
"""Comes whenever a clock on the wall shows a full hour."""

YEARS = (2026, 2027)
STEP = timedelta(minutes=15)
"""Every zone's distance from UTC has been a multiple of it for decades."""

MARGIN = timedelta(hours=30)


class Wall:
    """What a clock on a wall of one zone shows in one year: the moments of each local time."""

    def __init__(self, zone: ZoneInfo, year: int) -> None:
        self.year = year
        self.shown: list[tuple[datetime, datetime]] = []
        self._first: dict[datetime, datetime] = {}
        at, end = datetime(year, 1, 1, tzinfo=UTC) - MARGIN, datetime(year + 1, 1, 1, tzinfo=UTC) + MARGIN
        while at < end:
            local = at.astimezone(zone).replace(tzinfo=None, fold=0)
            self.shown.append((at, local))
            self._first.setdefault(local, at)
            at += STEP

    def moment(self, local: datetime) -> datetime:
        """Return when the clock first shows *local*; where it skips it, as long after what it showed before."""
        before = local
        while before not in self._first:
            before -= STEP
        return self._first[before] + (local - before)

    def expected(self, expression: str) -> list[datetime]:
        """Return the moments of the *expression* in the year, in order."""
        if expression == HOURLY:
            return [at for at, local in self.shown if local.year == self.year and local.minute == 0]
        minute, hour = map(int, expression.split()[:2])
        return [self.moment(day.replace(hour=hour, minute=minute)) for day in self._days(expression)]

    def _days(self, expression: str) -> Iterator[datetime]:
        day = datetime(self.year, 1, 1)  # noqa: DTZ001  # a clock on a wall
        while day.year == self.year:
            monday, first = expression.endswith("mon"), expression.split()[2] == "1"
            if (day.weekday() == 0 or not monday) and (day.day == 1 or not first):
                yield day
            day += timedelta(days=1)


def told(zone: str, expression: str, year: int) -> list[datetime]:
    """Return the moments that a schedule has in the year."""
    schedule = Schedule(schedule="proof", bot="proof", cron=expression, timezone=zone)
    times = Timetable(schedule).after(datetime(year, 1, 1, tzinfo=UTC) - MARGIN)
    near = takewhile(lambda one: one.at < datetime(year + 1, 1, 1, tzinfo=UTC) + MARGIN, times)
    return [one.at for one in near if one.nominal.startswith(str(year))]


def wrong(zones: Collection[str], years: Collection[int] = YEARS) -> list[str]:
    """Return where the times are not what the clock shows: zone, year, expression."""
    found: list[str] = []
    for zone, year in product(sorted(zones), years):
        wall = Wall(ZoneInfo(zone), year)
        every = (one for one in (*EXPRESSIONS, HOURLY) if told(zone, one, year) != wall.expected(one))
        found.extend(f"{zone} {year} {one}" for one in every)
    return found


def main() -> int:
    """Prove all zones; print what is wrong and the count."""
    zones = {zone for zone in available_timezones() if zone != "localtime"}
    found = wrong(zones)
    for line in found:
        print(line)
    print(json.dumps({"zones": len(zones), "years": YEARS, "expressions": 5, "wrong": len(found)}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
