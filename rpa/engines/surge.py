"""How many workers a system gets: one while the queue is short, more while it is long, as a trigger says."""

import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from rpa.definitions.bot import Bot
from rpa.definitions.trigger import QueueSource, Trigger
from rpa.errors import LedgerFailed
from rpa.project import Project
from rpa.store.store import Store


@dataclass
class Surges:
    """The queues of these *bots*; each is looked at as often as its trigger says."""

    project: Project
    store: Store
    bots: Collection[Bot]
    _sources: dict[str, list[tuple[str, QueueSource]]] = field(init=False)
    _most: dict[str, int] = field(default_factory=dict)
    _next: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort out by system the triggers that tell; each bot that enters something there has to have one."""
        told = list(self._told())
        entering: dict[str, set[str]] = {}
        for bot in self.bots:
            for entry in bot.enter:
                entering.setdefault(entry.system, set()).add(bot.bot)
        self._sources = {
            system: [(name, source) for name, source in told if name in names]
            for system, names in entering.items()
            if names <= {name for name, _ in told}
        }

    def most(self, system: str, usual: int) -> int:
        """Return how many workers the system may have now: the *usual* number, or fewer where triggers say so.

        While the ledger can't be reached that is the last number that was known.
        """
        sources = self._sources.get(system)
        if sources is None:
            return usual
        if time.monotonic() >= self._next.get(system, 0.0):
            self._next[system] = time.monotonic() + min(source.every.total_seconds() for _, source in sources)
            with suppress(LedgerFailed):  # whoever works on the ledger stops over it
                self._most[system] = max(self._called_for(system, *one) for one in sources)
        return min(self._most.get(system, usual), usual)

    def _called_for(self, system: str, bot: str, source: QueueSource) -> int:
        return (source.workers or 1) if self.store.is_long(bot, system, source.waiting) else 1

    def _told(self) -> Iterator[tuple[str, QueueSource]]:
        for one in self.project.triggers.right().values():
            if isinstance(one, Trigger) and one.queue is not None and one.queue.workers is not None:
                yield one.bot, one.queue
