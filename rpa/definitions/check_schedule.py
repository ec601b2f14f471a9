"""What can be wrong with a schedule that no single key shows."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from rpa.calendar.business import countries, has_holidays
from rpa.calendar.cron import Cron
from rpa.definitions.bot import Bot
from rpa.definitions.meant import hint, listed
from rpa.definitions.schedule import CLOCKS, Schedule
from rpa.definitions.yaml import Source
from rpa.errors import Problem

SECOND = timedelta(seconds=1)

CLOCK_ONLY = ("jitter", "business_day", "holidays", "if_missed", "start", "end")
"""Keys that say nothing where no clock decides."""


def check_schedule(schedule: Schedule, source: Source, bots: Mapping[str, Bot | None]) -> Iterator[Problem]:
    """Yield every mistake of *schedule*. *bots* are those of the project; None stands for one with a mistake."""
    yield from _clock(schedule, source)
    yield from _bots(schedule, source, bots)
    yield from _days(schedule, source)
    yield from _holidays(schedule, source)


def _clock(schedule: Schedule, source: Source) -> Iterator[Problem]:
    said = [key for key in CLOCKS if getattr(schedule, key)]
    if not said:
        yield source.problem(("schedule",), f"it never runs: say when by one of {listed(CLOCKS)}", at_key=True)
    for key in said[1:]:
        yield source.problem((key,), f"`{said[0]}` says when it runs: leave out `{key}`", at_key=True)
    if schedule.every is not None and (not schedule.every or schedule.every % SECOND):
        yield source.problem(("every",), "`every` must be whole seconds, at least one")
    if schedule.clock == "after":
        for key in CLOCK_ONLY:
            if key in schedule.model_fields_set:
                words = f"`{key}` is about times of the clock, and `after` has none: leave it out"
                yield source.problem((key,), words, at_key=True)


def _bots(schedule: Schedule, source: Source, bots: Mapping[str, Bot | None]) -> Iterator[Problem]:
    for key, name in (("bot", schedule.bot), ("after", schedule.after)):
        if name is not None and name not in bots:
            yield source.problem((key,), f"no bot is called `{name}`{hint(name, bots)}")
    if schedule.after == schedule.bot:
        yield source.problem(("after",), "it would run after itself for ever: name another bot")
    bot = bots.get(schedule.bot)
    for name in schedule.files if bot else ():
        if bot and name not in bot.documents:
            words = f"the bot reads no document `{name}`{hint(name, bot.documents)}"
            yield source.problem(("files", name), words, at_key=True)


def _days(schedule: Schedule, source: Source) -> Iterator[Problem]:
    if schedule.start and schedule.end and schedule.end < schedule.start:
        yield source.problem(("end",), "`end` is before `start`: it would never run")
    if schedule.business_day == 0:
        yield source.problem(("business_day",), "`business_day` counts from 1, or from -1 for the last one")
    if schedule.business_day is not None and not (schedule.cron and Cron(schedule.cron).daily):
        words = "`business_day` needs a `cron` of every day, such as `0 6 * * *`: it picks the day"
        yield source.problem(("business_day",), words, at_key=True)


def _holidays(schedule: Schedule, source: Source) -> Iterator[Problem]:
    holidays = schedule.holidays
    if holidays.on_holiday != "skip" and schedule.every is not None:
        words = "an interval can't be moved to another day: leave out `on_holiday`, and it is left out on that day"
        yield source.problem(("holidays", "on_holiday"), words)
    if holidays.state and not holidays.country:
        yield source.problem(("holidays", "state"), "whose state? Say its `country` too")
    if holidays.country is None or has_holidays(holidays.country, holidays.state):
        return
    known = countries()
    if holidays.country not in known:
        words = f"the holidays of `{holidays.country}` are not known{hint(holidays.country, known)}"
        yield source.problem(("holidays", "country"), words)
    elif holidays.state:
        words = (
            f"`{holidays.country}` has no state `{holidays.state}`{hint(holidays.state, known[holidays.country])}"
        )
        yield source.problem(("holidays", "state"), words)
