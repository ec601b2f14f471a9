"""The figures of *Insight*: what the ledger counts, put together with what the bots say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from rpa.console.bots_known import entry_of, known
from rpa.definitions.bot import Bot
from rpa.project import Project
from rpa.records import title
from rpa.store.insight import Cause, Insight

DAYS = 30
"""How many days back the figures go, today included."""

AGES = (timedelta(), timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
"""Where the groups of the backlog's age begin."""

LONG_AGO, FAR_AHEAD = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
"""Before and after everything, also after what was written before a clock was set back."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What one entry of a bot saved: *count* entries, each *by_hand* long; None where the bot says no time."""

    bot: str
    entry: str
    count: int
    by_hand: timedelta | None

    @property
    def time(self) -> timedelta:
        """The time that a person would have taken."""
        return self.count * (self.by_hand or timedelta())


@dataclass(frozen=True, kw_only=True)
class Why:
    """A cause, and the field that it is about, as people call it; empty where it names none."""

    cause: Cause
    field: str


def days(today: date) -> list[date]:
    """Return the days that are counted, the oldest first."""
    return [today - timedelta(days=ago) for ago in reversed(range(DAYS))]


def edges(counted: Sequence[date]) -> list[datetime]:
    """Return the midnights around the days, by this machine's clock."""
    return [_midnight(one) for one in (*counted, counted[-1] + timedelta(days=1))]


def ages(insight: Insight, now: datetime) -> list[int]:
    """Return how many entries are still to be settled, by their age in `AGES`."""
    begins = [LONG_AGO, *(now - age for age in reversed(AGES[1:])), FAR_AHEAD]
    return insight.backlog(begins)[::-1]


def saved(counts: Mapping[tuple[str, str], int], project: Project) -> list[Saved]:
    """Return what was saved, by bot and entry."""
    found: list[Saved] = []
    for (bot, name), count in sorted(counts.items()):
        entry = entry_of(known(project, bot), name)
        found.append(Saved(bot=bot, entry=name, count=count, by_hand=entry.by_hand if entry else None))
    return found


def reasons(causes: Sequence[Cause], project: Project) -> Iterator[Why]:
    """Yield the causes, each with its field."""
    for cause in causes:
        bot = known(project, cause.bot)
        yield Why(cause=cause, field=field_of(bot, cause.reason) if bot else "")


def field_of(bot: Bot, reason: str) -> str:
    """Return the field that a reason is about: that of the rule which says it, or the longest name in it."""
    titles = {name: title(name, field) for name, field in bot.record.fields.items()}
    ruled = [rule.check for rule in bot.record.rules if rule.said == reason]
    named = [titles[name] for name in titles if any(name in re.findall(r"\w+", check) for check in ruled)]
    named = named or [one for one in titles.values() if one.casefold() in reason.casefold()]
    return max(named, key=len, default="")


def _midnight(one: date) -> datetime:
    return datetime.combine(one, time()).astimezone()
