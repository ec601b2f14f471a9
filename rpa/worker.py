"""A worker: one process, one signed-in session with one system, one transaction after another."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Protocol

from filelock import FileLock

from rpa.actions.custom import load_actions
from rpa.audit.entry import Actor, Event
from rpa.browser.launch import browser
from rpa.browser.session import Session
from rpa.definitions.bot import Bot, Entry
from rpa.definitions.system import System
from rpa.errors import DefinitionError
from rpa.performer import Case, perform
from rpa.project import Project
from rpa.records import Record
from rpa.secrets.base import Credential
from rpa.staging import keep_picture, stage
from rpa.store.owner import Owner
from rpa.store.queue import Reserved
from rpa.store.store import Store

IDLE = 0.1
"""Seconds between two looks at the queue while it holds nothing that can be done now."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a worker is told: which bot's work in which system, as which of the system's sessions."""

    folder: Path
    bot: str
    system: str
    slot: int
    headed: bool = False


class Said(Protocol):
    """What a worker hears from whoever started it."""

    def no_more_work(self) -> bool:
        """Tell whether everything that will come is on the queue."""
        ...

    def others_failed(self) -> bool:
        """Tell whether another worker has ended with an error, so that what waits for its system may wait long."""
        ...


@dataclass
class Worker:
    """Takes transactions until no more will come and the queue holds none."""

    order: Order
    project: Project
    store: Store
    owner: Owner
    stack: ExitStack
    said: Said
    stopped: bool = False
    opened: Session | None = field(default=None, repr=False)

    def work(self) -> None:
        """Perform transactions one after another."""
        while not self.stopped:
            reserved = self.store.reserve(self.owner, [self.order.system], self.order.bot)
            if reserved is not None:
                self._perform(reserved)
            elif self._done():
                return
            else:
                time.sleep(IDLE)

    def _done(self) -> bool:
        """Tell whether nothing is left for this worker, or only what waits for one that has failed."""
        if not self.said.no_more_work():
            return False
        here = [self.order.system], self.order.bot
        left = self.store.next_due(*here) is not None if self.said.others_failed() else self.store.has_open(*here)
        return not left

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Finish the transaction in hand, then end."""
        self.stopped = True

    def _perform(self, reserved: Reserved) -> None:
        case = self.case(reserved)
        try:
            perform(case)
        finally:
            if case.troubled:
                self._leave_session()

    def case(self, reserved: Reserved) -> Case:
        """Return the reserved transaction with everything that its steps need."""
        bot = self.project.bot(self.order.bot)
        record = Record.from_json(reserved.work_item.record)
        entry = entry_of(bot, reserved.transaction.entry)
        return Case(
            transaction=reserved.transaction,
            entry=entry,
            retry=bot.retry,
            stage=stage(self.project, self.session(), record, reserved.receipts),
            store=self.store,
            owner=self.owner,
            picture=partial(keep_picture, self.project, entry),
        )

    def session(self) -> Session:
        """Return the session, opened when first needed and again after trouble."""
        if self.opened is None:
            system = self.project.system(self.order.system)
            chromium = self.stack.enter_context(browser(headed=self.order.headed))
            self.opened = Session(chromium, system, self._credential(system))
        return self.opened

    def _credential(self, system: System) -> Credential | None:
        if system.credential is not None:
            self.store.append(Event.SECRET_USED, data={"secret": system.credential, "system": system.system})
        return self.project.credential(system)

    def _leave_session(self) -> None:
        """After trouble the browser can't be trusted: the next transaction gets a new one."""
        self.opened = None
        self.stack.close()


def work(order: Order, said: Said) -> None:
    """Be a worker until there is nothing left to do. Runs in a process of its own."""
    os.umask(0o077)
    project = Project(order.folder)
    load_actions(project.settings.bots_folder / "actions.py")
    state = project.settings.state_folder
    actor = Actor(kind="bot", id=order.bot, name=order.bot)
    with slot(state, order), Owner.hold(state) as owner, project.store(actor) as store, ExitStack() as stack:
        worker = Worker(order, project, store, owner, stack, said)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        worker.work()


@contextmanager
def slot(state: Path, order: Order) -> Iterator[None]:
    """Hold one of the system's sessions; a legacy system throws out who signs in beyond its number.

    The lock is the process's own, so it is free the moment that the process is dead.
    """
    locks = state / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with FileLock(locks / f"session-{order.system}-{order.slot}.lock"):
        yield


def entry_of(bot: Bot, name: str) -> Entry:
    """Return the bot's entry *name*."""
    for entry in bot.enter:
        if entry.name == name:
            return entry
    raise DefinitionError(f"the bot has no entry {name} any more, but transactions of it are open: see rpa queue")
