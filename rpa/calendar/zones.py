"""From the clock on a wall to moments, over every change of that clock.

A time that the clock skips (02:30 in spring) comes once, as long after midnight as on other days, so at 03:30; not
at all where the schedule has that time anyway. A time that comes twice (01:30 in autumn) comes once, the first
time. A schedule of every hour follows the clock instead: what is skipped does not come, what comes twice does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

NEAR = timedelta(hours=27)
"""How far from a change of the clock local times may be out of order: a zone may change by a whole day."""

AGAIN = "#2"
"""Behind the local time of a moment whose local time came before, an hour earlier."""


@dataclass(frozen=True, order=True)
class Moment:
    """One time of a schedule: *at* in UTC, and its *nominal* local time, which is unique in its schedule."""

    at: datetime
    nominal: str


def moments(walls: Iterable[datetime], zone: ZoneInfo, *, hourly: bool) -> Iterator[Moment]:
    """Yield the moments of local times, in order; *walls* are in order and without a zone.

    *hourly* tells whether the times are those of every hour.
    """
    held: list[tuple[datetime, bool, str]] = []
    for wall in walls:
        if changes_near(wall, zone):
            held.extend(_of(wall, zone, hourly=hourly))
            continue
        yield from _told(held)
        held = []
        yield Moment(_utc(wall, zone), nominal(wall))
    yield from _told(held)


def changes_near(wall: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the clock of *zone* is changed so close to this local time that order is in question."""
    return zone.utcoffset(wall - NEAR) != zone.utcoffset(wall + NEAR)


def nominal(local: datetime) -> str:
    """Return the local time as it is written down, with its mark where it comes for the second time."""
    text = local.replace(tzinfo=None, fold=0).isoformat(timespec="minutes" if not local.second else "seconds")
    return text + AGAIN if local.fold else text


def _of(wall: datetime, zone: ZoneInfo, *, hourly: bool) -> Iterator[tuple[datetime, bool, str]]:
    """Yield moment, whether the clock skips it, and nominal time."""
    first, second = _utc(wall, zone), _utc(wall.replace(fold=1), zone)
    if first <= second or not hourly:
        yield first, first > second, nominal(wall)
    if hourly and first < second:
        yield second, False, nominal(wall.replace(fold=1))


def _told(held: list[tuple[datetime, bool, str]]) -> Iterator[Moment]:
    """Yield what was held back, in order; of two at one moment the one that the clock shows."""
    last = None
    for at, _, name in sorted(held):
        if at != last:
            yield Moment(at, name)
        last = at


def _utc(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
