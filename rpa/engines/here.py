"""A run whose workers are its own: processes of this machine, none of which begins before there is work for it."""

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rpa.engines.local import Workers
from rpa.engines.surge import Surges
from rpa.order import Order
from rpa.project import Project
from rpa.store.store import Store
from rpa.work import ENDED

PAUSE = 10
"""How many times as long as the last look at a system's queue took nothing is asked: a long one takes 0.1 s."""


@dataclass
class Here:
    """The work of one run of the *bot*, *by* whom it was started, with the browsers shown if *headed*."""

    project: Project
    store: Store
    bot: str
    by: str
    headed: bool
    _orders: list[Order] = field(init=False)
    _workers: Workers = field(init=False)
    _surges: Surges = field(init=False)
    _next: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._orders = [
            Order(folder=self.project.folder, bot=self.bot, system=name, by=self.by, headed=self.headed)
            for name in sorted({entry.system for entry in self.project.bot(self.bot).enter})
            for _ in range(self.project.system(name).sessions)
        ]
        self._workers = Workers(self._orders)
        self._surges = Surges(self.project, self.store, [self.project.bot(self.bot)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until every worker has ended."""
        self._workers.__exit__(kind, error, trace)

    def work_came(self) -> None:
        """Have as many workers at work as there is work for, and sessions; fewer while the queue is short."""
        for system, numbers in self._numbers.items():
            at_work = sorted(numbers.intersection(self._workers.at_work()))
            startable = sorted(numbers.intersection(self._workers.startable()))
            most = self._surges.most(system, len(numbers))
            for number in at_work[most:]:
                self._workers.dismiss(number)
            if startable and len(at_work) < most and time.monotonic() >= self._next.get(system, 0.0):
                for number in startable[: max(0, min(most, self._left(system)) - len(at_work))]:
                    self._workers.start(number)

    @property
    def _numbers(self) -> dict[str, set[int]]:
        """The numbers of the orders, by their system."""
        found: dict[str, set[int]] = {}
        for number, order in enumerate(self._orders):
            found.setdefault(order.system, set()).add(number)
        return found

    def no_more_work(self) -> None:
        """Let the workers end once the queue holds nothing for them; the next look is due at once."""
        self._next.clear()
        self._workers.no_more_work()

    def alive(self) -> bool:
        """Tell whether any worker is at work; start those whose work has come to be possible."""
        self.work_came()
        if self._workers.alive():
            return True
        self._next.clear()  # it is over only where nothing is left now
        self.work_came()
        return self._workers.alive()

    def outlives_the_ledger(self) -> bool:
        """Say no: workers end over it."""
        return False

    def failures(self) -> tuple[str, ...]:
        """Return the last words of the workers that ended with an error."""
        return self._workers.failures()

    def _left(self, system: str) -> int:
        """Return how many transactions of the system workers may still get to do in this run.

        The next look is due when it can't cost more than a tenth of the time.
        """
        began = time.monotonic()
        left = self._count(system)
        now = time.monotonic()
        self._next[system] = now + PAUSE * (now - began)
        return left

    def _count(self, system: str) -> int:
        closed = self.project.closed(self._numbers)  # as its workers look, else they would only come and go
        if not self.store.has_open([system], self.bot, closed=closed):
            return 0
        entries = {entry.name for entry in self.project.bot(self.bot).enter if entry.system == system}
        counts = self.store.counts(self.bot).items()
        return max(1, sum(n for (entry, status), n in counts if entry in entries and status not in ENDED))
