"""A run whose workers are elsewhere: it puts its work on the queue and watches until none is left."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rpa.engines.procrastinate.terms import terms
from rpa.project import Project
from rpa.store.store import Store
from rpa.work import Run

NOBODY = 60.0
"""Seconds that a run waits for a system for which no worker is there, or none that takes its work."""

OTHERS = (
    "workers are there for {system}, but none takes this work: on their machines the files in bots/ or the"
    " addresses of the systems are not the same as where it was begun, or {bot} is not approved there; each says"
    " which. What is left waits: make the machines the same, and start {bot} again"
)

UNREACHED = 120.0
"""Seconds that a run waits for a ledger that can't be reached."""


@dataclass
class Elsewhere:
    """The work of one run of the *bot*, for whichever workers are there."""

    project: Project
    store: Store
    bot: str
    _seen: float = 0.0
    _reached: float = 0.0
    _nobody: frozenset[str] = frozenset()
    _others: frozenset[str] = frozenset()
    _stopped: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the workers alone: they have others' work too."""

    def work_came(self) -> None:
        """Tell nobody: the ledger has told the workers already."""

    def no_more_work(self) -> None:
        """Begin to count how long nobody is there."""
        self._seen = self._reached = time.monotonic()

    def outlives_the_ledger(self) -> bool:
        """Say yes for a while: a server that is started anew comes back, and so do the workers."""
        return time.monotonic() - self._reached < UNREACHED

    def alive(self) -> bool:
        """Tell whether anything is left that workers who are there can do."""
        systems = sorted({entry.system for entry in self.project.bot(self.bot).enter})
        closed = self.project.closed(systems)
        left = self.store.has_open(systems, self.bot, closed=closed)
        self._reached = time.monotonic()
        newest = self.store.current_run(self.bot)
        self._stopped = left and newest is not None and newest.stopped
        if not left or self._stopped:
            self._nobody = self._others = frozenset()
            return False
        self._look_for_workers(set(systems) - set(closed), newest)
        return not (self._nobody or self._others) or time.monotonic() - self._seen < NOBODY

    def _look_for_workers(self, systems: Collection[str], run: Run | None) -> None:
        left = {name for name in systems if self.store.next_due([name], self.bot) is not None}
        wanted = {name: _terms(name, run) for name in left}
        attended = self.store.attended([*left, *wanted.values()])
        self._nobody = frozenset(left - attended)
        others = {name for name in left & attended if wanted[name] not in attended}
        # Who is at work goes by what was there when it began: only the next worker will tell.
        self._others = frozenset(others - self.store.under_way(others) if others else ())
        if not (self._nobody or self._others):
            self._seen = time.monotonic()

    def failures(self) -> tuple[str, ...]:
        """Return which systems' work nobody takes, and why, or that another run's stop was this one's too."""
        if self._stopped:
            return (f"a later run of {self.bot} was told to stop: what is left waits for its next run",)
        nobody = (
            f"no worker is there for {name}: start `rpa worker --systems {name}` where it can be reached"
            for name in sorted(self._nobody)
        )
        others = (OTHERS.format(system=name, bot=self.bot) for name in sorted(self._others))
        return (*nobody, *others)


def _terms(system: str, run: Run | None) -> str:
    """Return what has to be attended; of a run that does not say its addresses any worker may take the work."""
    if run is None or run.addresses is None:
        return system
    return terms(system, run.bot, run.digest, run.addresses)
