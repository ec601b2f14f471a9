"""A worker: one process, one signed-in session with one system, one transaction after another."""

import os
import signal
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Protocol

from rpa.actions.custom import load_actions
from rpa.audit.entry import Actor
from rpa.case import Case
from rpa.definitions.bot import Bot, Entry
from rpa.errors import DefinitionError, OwnershipLost, RpaError, Stopped, mask_threads, unforeseen
from rpa.leftovers import end_left_over
from rpa.order import STOPS, Order
from rpa.performer import perform
from rpa.production import require
from rpa.project import Project
from rpa.records import Record
from rpa.seat import Seat
from rpa.slots import slot_of
from rpa.staging import fetch, keep_picture, stage, write_denied
from rpa.store.databases.base import Slot
from rpa.store.owner import Owner
from rpa.store.queue import Reserved
from rpa.store.store import Store
from rpa.telemetry.base import Silent, Traces, telemetry
from rpa.watchdog import Watchdog
from rpa.work import Status, Transaction

FINISH = 20.0
"""Seconds that a worker has to finish what it has promised, once told to stop. Then the next run settles it."""

SHORTEST = 60.0
"""Seconds that any transaction may take, however short its time-outs: a browser may be slow to start."""

LINGER = 3.0
"""Seconds without work after which a worker signs out, so that another run may sign in."""

IDLE = 0.1
"""Seconds between two looks at the queue while it holds nothing that can be done now."""


class Said(Protocol):
    """What a worker hears from whoever started it."""

    def stop(self) -> bool:
        """Tell whether to end after the transaction in hand, whatever is left."""
        ...

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
    slot: Slot
    said: Said
    stopped: bool = False
    case: Case | None = field(default=None, repr=False)
    watchdog: Watchdog = field(default_factory=Watchdog)
    traces: Traces = field(default_factory=Silent)
    seat: Seat = field(init=False)

    def __post_init__(self) -> None:
        self.seat = Seat(self.order, self.project, self.owner.id, self._go_on, self.watchdog)

    def work(self) -> None:
        """Perform transactions one after another."""
        with self.watchdog.watching(self.seat.end_browser):
            self._work()

    def _work(self) -> None:
        idle_since = time.monotonic()
        while not self.stopped and not self.said.stop():
            reserved = self._reserve()
            if reserved is not None:
                self._perform(reserved)
                idle_since = time.monotonic()
            elif self._done():
                return
            else:
                if time.monotonic() - idle_since > LINGER:
                    self._give_up_slot()
                time.sleep(IDLE)

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Finish the transaction in hand, or give it back, then end; told once more, at once."""
        self.watchdog.stop_within(0 if self.stopped else FINISH)
        self.stopped = True

    def _reserve(self) -> Reserved | None:
        """Take the next transaction, once one of the system's sessions is this worker's, in its hours alone."""
        if self.order.system in self._closed():
            self._give_up_slot()
            return None
        if not self.slot.held:
            due = self.store.next_due([self.order.system], self.order.bot)
            if due is None or not self.slot.take():
                return None
        return self.store.reserve(self.owner, [self.order.system], self.order.bot)

    def _give_up_slot(self) -> None:
        """Let another run sign in meanwhile: two runs that wait for each other's sessions would wait for ever."""
        if self.slot.held:
            self.seat.leave(self.store)
            self.slot.free()

    def _done(self) -> bool:
        """Tell whether the bot has nothing left, or only what waits for a person or for a worker that has failed.

        A worker stays while others work: its own system may be paused now and be tried again before they end.
        """
        if not self.said.no_more_work():
            return False
        if self.said.others_failed():
            here = self.order.system
            return here in self._closed() or self.store.next_due([here], self.order.bot) is None
        return not self.store.has_open(self._systems(), self.order.bot, closed=self._closed())

    def _systems(self) -> set[str]:
        return {entry.system for entry in self.project.bot(self.order.bot).enter}

    def _closed(self) -> list[str]:
        """Return the bot's systems whose hours are over now."""
        return self.project.closed(self._systems())

    def _perform(self, reserved: Reserved) -> None:
        item = reserved.work_item
        with self.traces.work_item(item, partial(self.store.current_run, item.bot)):
            self._go_through(reserved)

    def _go_through(self, reserved: Reserved) -> None:
        self.case = None
        try:
            with self.watchdog.transaction(self._limit(reserved)), ExitStack() as at_hand:
                end_left_over(self.project.settings.state_folder)
                self.case = case = self._case(reserved, at_hand)
                try:
                    with self.traces.transaction(case):
                        perform(case)
                finally:
                    write_denied(self.store, case.stage.session, case.transaction)
        except OwnershipLost:  # a person or another worker has it now; what is on the screen is left there
            self.seat.leave(self.store, in_trouble=True)
        except Stopped:
            self.store.release(self._in_hand(reserved), self.owner)
            self.seat.leave(self.store, in_trouble=True)
        except RpaError:
            with suppress(RpaError):  # its worker ends, but did not die over it
                self.store.release(self._in_hand(reserved), self.owner)
            raise
        except Exception as error:  # noqa: BLE001  # one record's trouble must not stop all that come after it
            self.seat.leave(self.store, in_trouble=True)
            self._set_aside(self._in_hand(reserved), unforeseen(error))
        else:
            if case.trouble:
                self.seat.leave(self.store, in_trouble=True)

    def _in_hand(self, reserved: Reserved) -> Transaction:
        """Return the reserved transaction as it stands by now."""
        return self.case.transaction if self.case else reserved.transaction

    def _limit(self, reserved: Reserved) -> float:
        """Return for how many seconds a transaction may go on: twice what each step may take, sign-in too."""
        entry = entry_of(self.project.bot(reserved.work_item.bot), reserved.transaction.entry)
        system = self.project.system(self.order.system)
        steps = len(system.login or ()) + len(list(entry.steps())) + len(entry.search or ())
        return max(SHORTEST, 2 * steps * system.timeout.total_seconds())

    def _go_on(self) -> None:
        """Raise `Stopped` where told to stop, unless something is promised: that is finished."""
        if self.case is not None:
            self.case.go_on()
        elif self.stopped:
            raise Stopped

    def _stopping(self) -> bool:
        """Tell whether what is not promised is to be given back."""
        return self.stopped

    def _set_aside(self, transaction: Transaction, reason: str) -> None:
        """Put before a person what nobody foresaw: in doubt where it may have been pressed, failed where not."""
        if transaction.status is Status.NEW:
            transaction = self.store.move(transaction, Status.IN_PROGRESS, self.owner)
        end = {Status.SUBMITTING: Status.IN_DOUBT, Status.IN_PROGRESS: Status.FAILED}.get(transaction.status)
        if end is not None:
            self.store.move(transaction, end, self.owner, reason=reason)

    def _case(self, reserved: Reserved, at_hand: ExitStack) -> Case:
        """Return the reserved transaction with everything that its steps need, its documents *at_hand*."""
        bot = self.project.bot(reserved.work_item.bot)
        record = Record.from_json(reserved.work_item.record)
        entry = entry_of(bot, reserved.transaction.entry)
        shown = stage(self.project, self.seat.session(self.store), record, reserved.receipts, at_hand)
        if reserved.transaction.status is not Status.SUBMITTING:  # to ask what became of a press takes none
            fetch(shown, entry)
        return Case(
            transaction=reserved.transaction,
            entry=entry,
            retry=bot.retry,
            stage=shown,
            store=self.store,
            owner=self.owner,
            picture=partial(keep_picture, self.project, entry),
            stopping=self._stopping,
        )

    def end(self) -> None:
        """Close the browser and give the session back."""
        with self.watchdog.watching(self.seat.end_browser):
            self.seat.leave(self.store)
        self.slot.free()


def work(order: Order, said: Said) -> None:
    """Be a worker until there is nothing left to do. Runs in a process of its own."""
    os.umask(0o077)
    mask_threads()
    project = Project(order.folder)
    require(project, order.bot)  # the files may have changed since the run began
    project.keeping.require()
    load_actions(project.settings.bots_folder / "actions.py")
    actor = Actor(kind="bot", id=order.bot, name=order.bot)
    behalf = Actor.called(order.by) if order.by else None
    with telemetry() as traces, project.store(actor, behalf) as store, store.hold() as owner:
        slot = slot_of(order, project, store)
        work_until_told(Worker(order, project, store, owner, slot, said, traces=traces))


def work_until_told(worker: Worker) -> None:
    """Let the worker work, hear when it is told to stop, and leave nothing open."""
    for number in STOPS:
        signal.signal(number, worker.stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    try:
        worker.work()
    finally:
        worker.end()


def entry_of(bot: Bot, name: str) -> Entry:
    """Return the bot's entry *name*."""
    for entry in bot.enter:
        if entry.name == name:
            return entry
    raise DefinitionError(f"the bot has no entry {name} any more, but transactions of it are open: see rpa queue")
