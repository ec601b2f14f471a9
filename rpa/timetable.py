"""A schedule's times: what its definition says, as moments in order."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from heapq import heappop, heappush
from itertools import groupby, takewhile
from zoneinfo import ZoneInfo

from rpa.calendar.business import DAY, OfficeDays
from rpa.calendar.cron import Cron
from rpa.calendar.zones import NEAR, Moment, changes_near, moments, nominal
from rpa.definitions.schedule import Schedule
from rpa.occurrence import Plan

EPOCH = date(2000, 1, 1)
"""The day from whose midnight an interval is counted where the schedule has no `start`."""


@dataclass(frozen=True)
class Timetable:
    """The times of one schedule that a clock decides; one that follows another bot has none."""

    schedule: Schedule

    def after(self, moment: datetime) -> Iterator[Moment]:
        """Yield the times later than *moment*, in order, without end where the schedule has none."""
        begin = moment - self.schedule.jitter
        found: Iterator[Moment] = (one for one in self._moments(begin) if one.at > begin)
        if self.schedule.jitter:
            found = _in_order(found, self._delay)
        return (one for one in found if one.at > moment)

    def between(self, after: datetime, until: datetime) -> Iterator[Moment]:
        """Yield the times later than *after*, up to *until*."""
        return takewhile(lambda one: one.at <= until, self.after(after))

    @cached_property
    def zone(self) -> ZoneInfo:
        """Whose clock counts."""
        return ZoneInfo(self.schedule.timezone)

    def _moments(self, begin: datetime) -> Iterator[Moment]:
        if self.schedule.every:
            return self._steady(self.schedule.every, begin)
        local = begin.astimezone(self.zone).replace(tzinfo=None)
        from_wall = local - NEAR if changes_near(local, self.zone) else local
        hourly = self.schedule.cron is not None and Cron(self.schedule.cron).hourly
        return moments(self._walls(from_wall), self.zone, hourly=hourly)

    def _walls(self, begin: datetime) -> Iterator[datetime]:
        """Yield the local times from *begin* on that holidays, business days and the period leave."""
        first = datetime.combine(self.schedule.start, time()) if self.schedule.start else begin
        begin = max(begin, first)
        walls = (wall for wall in self._on_open_days(begin) if wall >= begin)
        end = self.schedule.end
        return takewhile(lambda wall: end is None or wall.date() <= end, walls)

    def _on_open_days(self, begin: datetime) -> Iterator[datetime]:
        step = {"next": 1, "previous": -1}.get(self.schedule.holidays.on_holiday)
        if not self._keeps_holidays:
            return self._wanted(begin)
        if step is None:
            return (wall for wall in self._wanted(begin) if not self.days.is_closed(wall.date()))
        return self._moved(begin, step)

    def _moved(self, begin: datetime, step: int) -> Iterator[datetime]:
        """Yield the times with those of a closed day on the business day before or after it."""
        day = begin.date()
        while step > 0 and not self.days.is_business_day(day - DAY) and begin.date() - day < timedelta(days=366):
            day -= DAY

        def target(wall: datetime) -> date | None:
            return self.days.moved(wall.date(), step) if self.days.is_closed(wall.date()) else wall.date()

        for to, walls in groupby(self._wanted(datetime.combine(day, time())), key=target):
            if to is not None:
                yield from sorted({datetime.combine(to, wall.time()) for wall in walls})

    def _wanted(self, begin: datetime) -> Iterator[datetime]:
        """Yield what `cron` or `at` says, on the asked business day alone."""
        if self.schedule.cron is None:
            return (wall for wall in sorted(set(self.schedule.at)) if wall >= begin)
        walls = Cron(self.schedule.cron).walls(begin)
        number = self.schedule.business_day
        if number is None:
            return walls
        return (wall for wall in walls if number in (self.days.number(wall.date()) or ()))

    def _steady(self, every: timedelta, begin: datetime) -> Iterator[Moment]:
        """Yield the times of an interval: real time, whatever the clock on the wall does."""
        start = datetime.combine(self.schedule.start or EPOCH, time(), self.zone).astimezone(UTC)
        count = max(0, (begin - start) // every)
        while True:
            at = start + count * every
            local = at.astimezone(self.zone)
            if self.schedule.end and local.date() > self.schedule.end:
                return
            if not (self._keeps_holidays and self.days.is_closed(local.date())):
                yield Moment(at, nominal(local))
            count += 1

    def _delay(self, one: Moment) -> timedelta:
        """Return by how much a time is put off: a part of the jitter that is always the same for it."""
        digest = hashlib.sha256(f"{self.schedule.schedule} {one.nominal}".encode()).digest()
        return self.schedule.jitter * int.from_bytes(digest[:4]) / 2**32

    @property
    def _keeps_holidays(self) -> bool:
        holidays = self.schedule.holidays
        return holidays.country is not None or bool(holidays.closed)

    @cached_property
    def days(self) -> OfficeDays:
        """The days of the office."""
        holidays = self.schedule.holidays
        return OfficeDays(holidays.country, holidays.state, holidays.closed)


def plan(schedule: Schedule) -> Plan:
    """Return what the ledger has to know of *schedule*."""
    return Plan(
        name=schedule.schedule,
        bot=schedule.bot,
        clock=_clock(schedule),
        between=Timetable(schedule).between if schedule.clock != "after" else lambda _after, _until: (),
        files=schedule.files,
        if_missed=schedule.if_missed,
        if_still_running=schedule.if_still_running,
    )


def _clock(schedule: Schedule) -> str:
    """Return a hash of everything that says when; what is done then may change and lose no time."""
    said = schedule.model_dump_json(exclude={"about", "bot", "files", "if_missed", "if_still_running"})
    return hashlib.sha256(said.encode()).hexdigest()


def _in_order(found: Iterable[Moment], delay: Callable[[Moment], timedelta]) -> Iterator[Moment]:
    """Yield the moments put off by their *delay*, in their new order."""
    held: list[Moment] = []
    for one in found:
        while held and held[0].at <= one.at:
            yield heappop(held)
        heappush(held, Moment(one.at + delay(one), one.nominal))
    while held:
        yield heappop(held)
