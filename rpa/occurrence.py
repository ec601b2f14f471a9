"""An occurrence: one time of a schedule, or one thing that came to a trigger, and what becomes of it. No I/O.

waiting → running → done | failed
   |         |→ waiting      its process died, or was told to stop: another one goes on
   |         '→ replaced     a later time stopped it
   '→ replaced
missed, skipped              written down, and never run
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from rpa.calendar.zones import Moment


class State(StrEnum):
    """Where an occurrence stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    MISSED = "missed"
    SKIPPED = "skipped"
    REPLACED = "replaced"


OPEN = frozenset({State.WAITING, State.RUNNING})
"""States in which something is still to be done."""

Kind = Literal["schedule", "trigger", "person"]
"""Who wanted it: the clock, something that came, or somebody at a terminal."""


_BY = "by "
"""What the nominal of a person's start begins with; the person and the time follow."""


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One start of a bot, known by its *name* (of the schedule or trigger) and what it is for (*nominal*).

    *files* are the patterns of files that the bot's documents are read from instead of its own.
    """

    name: str
    nominal: str
    kind: Kind
    bot: str
    due: datetime
    state: State = State.WAITING
    reason: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    told_to_stop: bool = False
    deaths: int = 0
    run_id: int | None = None
    changed: datetime | None = None

    @property
    def by(self) -> str:
        """On whose behalf its run is: the schedule's, the trigger's, or that of the person who wants it now."""
        who = self.nominal.removeprefix(_BY).rpartition(" ")[0] if self.kind == "person" else self.name
        return f"{self.kind}:{who}"

    @classmethod
    def now(cls, name: str, person: str, bot: str, at: datetime, files: Mapping[str, str]) -> "Occurrence":
        """Return the start of a schedule's bot that a person wants, *at* this time in UTC."""
        nominal = f"{_BY}{person} {at:%Y-%m-%dT%H:%M:%S.%fZ}"
        return cls(name=name, nominal=nominal, kind="person", bot=bot, due=at, files=files)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the ledger has to know of a schedule to decide what fires.

    *clock* is a hash of what says when; *between* gives its times later than one moment, up to another.
    """

    name: str
    bot: str
    clock: str
    between: Callable[[datetime, datetime], Iterable[Moment]]
    files: Mapping[str, str]
    if_missed: Literal["run_once", "run_all", "skip"]
    if_still_running: Literal["skip", "queue", "replace"]
