"""A system's opening hours, by the clock on its own wall."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from rpa.definitions.base import Definition

MINUTE = timedelta(minutes=1)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known(zone: str) -> str:
    if zone not in _zones():
        msg = f"there is no time zone {zone}: write one such as America/Chicago"
        raise ValueError(msg)
    return zone


Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of day, `06:00`."""

Zone = Annotated[str, AfterValidator(_known)]
"""A time zone of the IANA data base, `America/Chicago`."""


class Window(Definition):
    """When a system may be used, every day; outside of it its work waits."""

    open: Hour
    """When it opens, such as `"06:00"`."""
    close: Hour
    """When it closes; earlier than `open` where that is after midnight."""
    timezone: Zone
    """Whose clock counts, such as `America/Chicago`; daylight saving is heeded."""

    def is_open(self, at: datetime) -> bool:
        """Tell whether the system may be used *at* this moment: from `open` on, no more from `close` on.

        What the wall's clock shows decides. An hour that daylight saving skips or repeats is skipped or repeated
        here too.
        """
        now, opens, closes = at.astimezone(ZoneInfo(self.timezone)).time(), _time(self.open), _time(self.close)
        return opens <= now < closes if opens < closes else now >= opens or now < closes

    def next_opening(self, at: datetime) -> datetime:
        """Return when it may be used next, from *at* on, in its own time zone.

        Minute by minute, because days of 23 and 25 hours can't be reckoned with.
        """
        moment = at.astimezone(UTC)
        if not self.is_open(moment):
            moment = moment.replace(second=0, microsecond=0)
            while not self.is_open(moment):
                moment += MINUTE
        return moment.astimezone(ZoneInfo(self.timezone))


def _time(text: str) -> time:
    return time.fromisoformat(text)
