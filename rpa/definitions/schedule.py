"""A schedule: when a bot runs by the clock, and what becomes of a time that was missed or comes too soon."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from rpa.calendar.cron import Cron
from rpa.definitions.base import Definition
from rpa.definitions.bot import Duration
from rpa.definitions.window import Zone

CLOCKS = ("cron", "every", "at", "after")
"""The keys that say when; a schedule has exactly one of them."""


def _day(text: Any) -> Any:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        msg = "a day is written as year, month and day: 2026-12-24"
        raise ValueError(msg) from None


def _local(text: Any) -> Any:
    try:
        found = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007  # a clock on a wall has no zone
    except (TypeError, ValueError):
        msg = "a time is written as a day and a time of day: 2026-12-24 06:00"
        raise ValueError(msg) from None
    return found


def _cron(text: str) -> str:
    Cron(text)
    return text


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
"""A day, `2026-12-24`."""

LocalTime = Annotated[
    datetime,
    BeforeValidator(_local),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$"}),
]
"""A day and a time of day by the schedule's own clock, `2026-12-24 06:00`."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
"""Small letters, digits and hyphens."""


class Holidays(Definition):
    """Days on which the office is closed, and what becomes of a time that falls on one."""

    country: str | None = None
    """Country whose holidays are kept, by its code, such as `US`."""
    state: str | None = None
    """State or province whose holidays are kept too, by its code, such as `CA`."""
    closed: tuple[Day, ...] = ()
    """The office's own closures, each a day such as `2026-12-24`."""
    on_holiday: Literal["skip", "next", "previous"] = "skip"
    """What becomes of a time on such a day: left out, or moved to the next or the previous business day."""


class Schedule(Definition):
    """When a bot runs by the clock, or after another bot."""

    schedule: Name
    """The schedule's name, in small letters, digits and hyphens."""
    about: str = ""
    """What it is for, in a sentence for staff."""
    bot: str
    """The bot that runs."""
    cron: Annotated[str, AfterValidator(_cron)] | None = None
    """Five fields, as in Unix: minute, hour, day of the month, month, day of the week."""
    every: Duration | None = None
    """A steady interval, such as `15m`, counted from midnight of `start`."""
    at: Annotated[tuple[LocalTime, ...], BeforeValidator(_listed)] = ()
    """Single times, each a day and a time of day such as `2026-12-24 06:00`."""
    after: str | None = None
    """A bot; each of its runs that ended well is followed by one of this bot."""
    timezone: Zone
    """Whose clock counts, such as `America/Chicago`; daylight saving is heeded."""
    start: Day | None = None
    """The first day on which it runs."""
    end: Day | None = None
    """The last day on which it runs."""
    business_day: Annotated[int | None, Field(ge=-23, le=23)] = None
    """Only on this business day of the month: 2 is the second, -1 the last one."""
    holidays: Holidays = Holidays()
    """Days on which the office is closed."""
    jitter: Duration = timedelta()
    """The longest delay: each time is put off by a part of it, always the same for one time."""
    files: dict[str, str] = {}
    """Documents of the bot that are read from other files in these runs: a name, and a pattern of files."""
    if_still_running: Literal["skip", "queue", "replace"] = "skip"
    """What becomes of a time at which an earlier run of it goes on: left out, waits, or stops the earlier run."""
    if_missed: Literal["run_once", "run_all", "skip"] = "run_once"
    """What is done about times at which no service was there: the latest is run, all are, or none."""

    @property
    def clock(self) -> str | None:
        """The key that says when it runs; None where there is none or more than one."""
        said = [key for key in CLOCKS if getattr(self, key)]
        return said[0] if len(said) == 1 else None
