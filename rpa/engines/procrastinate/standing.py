"""A worker that is always there: it holds one of a system's sessions and enters what comes, of every bot.

It goes by the definitions that it found when it began, and lets be what belongs to a run that goes by others. When
files have changed it ends, so that the next one goes by the new ones.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from rpa.actions.custom import load_actions
from rpa.audit.entry import Actor
from rpa.engines.local import Flags
from rpa.engines.procrastinate.delivery import Deliveries
from rpa.errors import RpaError, SetupError, mask_threads
from rpa.production import require
from rpa.project import Project
from rpa.store.databases.base import Slot
from rpa.store.queue import Reserved
from rpa.store.store import Store
from rpa.worker import Order, Worker, work_until_told

LOOK = 0.5
"""Seconds between two looks whether one of the system's sessions is free."""

SIGN_OUT = 60.0
"""Seconds without work after which the browser is closed. The session stays this worker's."""

ACTOR = Actor(kind="bot", id="worker", name="rpa worker")
"""Who acts while nothing is in hand."""


@dataclass
class Standing(Worker):
    """Takes transactions of the *bots*, by name with what exactly they are, until told to stop."""

    bots: Mapping[str, str] = field(default_factory=dict)
    home: Store = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.store

    def _work(self) -> None:
        files = self.project.files_mark()
        settings, ledger = self.project.settings, self.project.shared_ledger

        def over() -> bool:
            return self.stopped or self.said.stop()

        while not self.slot.take():
            time.sleep(LOOK)
            if over() or self.project.files_mark() != files:
                return
        with Deliveries(ledger.arguments, self.order.system, settings.missing) as deliveries:
            idle_since = time.monotonic()
            while not over() and self.project.files_mark() == files:
                reserved = self._reserve()
                if reserved is not None:
                    self._perform(reserved)
                    idle_since = time.monotonic()
                    continue
                if time.monotonic() - idle_since > SIGN_OUT:
                    self._leave_session()
                deliveries.rest(settings.missing, over)

    def _reserve(self) -> Reserved | None:
        """Take the next transaction of a bot whose run goes by the same definitions, in the system's hours."""
        here = self.order.system
        self.slot.take()  # raises where it was lost, and with it whatever else this process held
        if self.project.closed([here]):
            self._leave_session()
            return None
        bots = [name for name in self.bots if self._is_same(name)]
        return self.home.reserve(self.owner, [here], *bots) if bots else None

    def _is_same(self, bot: str) -> bool:
        run = self.home.current_run(bot)
        return run is not None and run.digest == self.bots[bot]

    def _perform(self, reserved: Reserved) -> None:
        """Perform in the name of the bot, for whoever started its run."""
        bot = reserved.work_item.bot
        run = self.home.current_run(bot)
        if run is None or run.digest != self.bots[bot]:  # it has begun since we looked
            self.home.release(reserved.transaction, self.owner)
            return
        self.store = self.home.acting(Actor(kind="bot", id=bot, name=bot), Actor.called(run.by))
        try:
            super()._perform(reserved)
        finally:
            self.store = self.home


def stand(order: Order, said: Flags) -> None:
    """Be a worker of every bot that enters something in the system. Runs in a process of its own."""
    os.umask(0o077)
    mask_threads()
    project = Project(order.folder)
    load_actions(project.settings.bots_folder / "actions.py")
    bots = dict(_ready(project, order.system))
    with project.store(ACTOR) as store, store.hold() as owner:
        store.attend(order.system)
        slot = AnySlot(
            [store.slot(order.system, number) for number in range(project.system(order.system).sessions)]
        )
        work_until_told(Standing(order, project, store, owner, slot, said, bots=bots))


def _ready(project: Project, system: str) -> Iterator[tuple[str, str]]:
    """Yield each bot that enters something in the system and may run here, with its digest."""
    for name in project.library.bots:
        with suppress(RpaError):  # rpa check tells what is wrong with it, and its runs do
            if system in {entry.system for entry in project.bot(name).enter}:
                require(project, name)
                yield name, project.library.digest(name)


@dataclass
class AnySlot:
    """Whichever of a system's sessions is free."""

    slots: list[Slot]

    @property
    def held(self) -> bool:
        """Tell whether one of them is this worker's."""
        return any(slot.held for slot in self.slots)

    def take(self) -> bool:
        """Take one unless one is held; tell whether one is this worker's now."""
        return self.held or any(slot.take() for slot in self.slots)

    def free(self) -> None:
        """Give it back."""
        for slot in self.slots:
            slot.free()


def systems_of(project: Project, wanted: tuple[str, ...]) -> list[str]:
    """Return the systems to work in: the *wanted* ones, else all. Raises `SetupError` for what is none."""
    known = project.library.systems
    for name in wanted:
        if name not in known:
            raise SetupError(f"no system is called {name}; known: {', '.join(known) or 'none'}")
    return sorted(wanted or known)
