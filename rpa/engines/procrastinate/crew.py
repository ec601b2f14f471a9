"""The workers of one machine, for as long as it is up: each that ends is started anew."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rpa.engines.local import Workers
from rpa.engines.procrastinate.standing import ACTOR, stand
from rpa.engines.surge import Surges
from rpa.leftovers import end_left_over
from rpa.order import Order
from rpa.production import guarded
from rpa.project import Project
from rpa.store.keeper import Keeper

LOOK = 0.2
"""Seconds between two looks at the workers."""

SHORTEST, LONGEST = 0.5, 30.0
"""Seconds before a worker that ended is started anew: doubled each time, unless it had lived for the `LONGEST`."""


@dataclass
class Renewal:
    """When one worker was last started, if ever, and how long it waits once it has ended."""

    started: float | None = None
    wait: float = SHORTEST
    ended: float | None = None

    def is_time(self, now: float) -> bool:
        """Tell of a worker that is not there whether it is to be started *now*, and if so, count from then."""
        if self.started is None:
            self.started = now
            return True
        if self.ended is None:
            self.ended = now
            self.wait = SHORTEST if now - self.started > LONGEST else self.wait
        if now - self.ended < self.wait:
            return False
        self.started, self.ended, self.wait = now, None, min(LONGEST, 2 * self.wait)
        return True


def keep_working(folder: Path, systems: Sequence[str], each: int | None, told: Callable[[str], None]) -> None:
    """Keep workers of the *systems*, of *each* so many, until interrupted (KeyboardInterrupt).

    By default there are as many as a system has sessions; where triggers say so, fewer while its queue is short.
    By the end all have finished what they had in hand, or given it back. *told* hears in words why one has ended.
    """
    project = Project(folder)
    usual = {name: each or project.system(name).sessions for name in systems}
    ranks = [(name, rank) for name, number in usual.items() for rank in range(number)]
    orders = [Order(folder=folder, bot="", system=name) for name, _ in ranks]
    project.keeping.require()
    with project.store(ACTOR) as store:
        guarded(project, store)
        project.tell_settings(store)
        with Workers(orders, stand) as workers:
            keeper = Keeper(store, project.places)
            surges = Surges(project, store, [bot for bot in project.library.understood_bots().values() if bot])
            renewals = [Renewal() for _ in orders]
            while True:
                without = workers.without()
                for number, (system, rank) in enumerate(ranks):
                    if rank >= surges.most(system, usual[system]):
                        workers.dismiss(number)
                    elif number in without and renewals[number].is_time(time.monotonic()):
                        workers.start(number)
                for words in workers.failures():
                    told(words)
                end_left_over(project.settings.state_folder)
                keeper.tend()
                time.sleep(LOOK)
