"""A worker that is always there: it holds one of a system's sessions and enters what comes, of every bot.

It goes by the definitions that it found when it began, and lets be what belongs to a run that goes by others. When
files have changed it ends, so that the next one goes by the new ones.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from rpa.approval import Approval
from rpa.audit.entry import Actor
from rpa.engines.local import Flags
from rpa.engines.procrastinate.delivery import Deliveries
from rpa.engines.procrastinate.terms import terms
from rpa.errors import LedgerFailed, RpaError, SetupError, mask_threads
from rpa.order import Order
from rpa.production import guarded, require
from rpa.project import FilesMark, Project
from rpa.slots import slot_of
from rpa.store.queue import Reserved
from rpa.store.store import Store
from rpa.telemetry.base import telemetry
from rpa.work import Run, Status
from rpa.worker import Worker, work_until_told

LOOK = 0.5
"""Seconds between two looks whether one of the system's sessions is free."""

OFTEN = 1.0
"""Seconds between two questions to the ledger whether the run of what is in hand was told to stop."""

SIGN_OUT = 60.0
"""Seconds without work after which the browser is closed. The session stays this worker's."""

ACTOR = Actor(kind="bot", id="worker", name="rpa worker")
"""Who acts while nothing is in hand."""


@dataclass(frozen=True)
class Known:
    """What exactly a bot is here, and what lets it run: None where nothing has to."""

    digest: str
    addresses: str
    approval: Approval | None

    def differs(self, run: Run) -> str:
        """Return in words why the run may not go on here; nothing where it may."""
        if run.digest != self.digest:
            return "goes by other files in bots/ than this worker"
        if run.addresses not in {None, self.addresses}:
            return "goes by other addresses of the systems than rpa.toml and RPA_SYSTEMS__ give here"
        if self.approval is not None and self.approval.is_over():
            return "was let begin by an emergency override, and that is over"
        return ""


@dataclass(kw_only=True)
class Standing(Worker):
    """Takes transactions of the *bots*, by name, until told to stop or the *files* are others than it goes by."""

    files: FilesMark
    bots: Mapping[str, Known]
    home: Store = field(init=False)
    _bot: str = ""
    _told: set[str] = field(default_factory=set)
    _asked: float = 0.0
    _run_stopped: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.home = self.store

    def _work(self) -> None:
        settings, ledger = self.project.settings, self.project.shared_ledger

        def over() -> bool:
            return self.stopped or self.said.stop()

        while not self.slot.take():
            time.sleep(LOOK)
            if over() or self.project.files_mark() != self.files:
                return
        with Deliveries(ledger.arguments, self.order.system, settings.missing) as deliveries:
            idle_since = time.monotonic()
            while not over() and self.project.files_mark() == self.files:
                reserved = self._reserve()
                if reserved is not None:
                    self._perform(reserved)
                    idle_since = time.monotonic()
                    continue
                if time.monotonic() - idle_since > SIGN_OUT:
                    self.seat.leave(self.store)
                deliveries.rest(settings.missing, over)

    def _reserve(self) -> Reserved | None:
        """Take the next transaction of a bot whose run goes by the same definitions, in the system's hours."""
        here = self.order.system
        self.slot.take()  # raises where it was lost, and with it whatever else this process held
        if self.project.closed([here]):
            self.seat.leave(self.store)
            return None
        runs = [run for run in map(self.home.current_run, self.bots) if run is not None and self._fits(run)]
        going, stopped = ([run.bot for run in runs if run.stopped is one] for one in (False, True))
        found = self.home.reserve_promised(self.owner, [here], *stopped) if stopped else None
        if found is None and going:
            found = self.home.reserve(self.owner, [here], *going)
        return found

    def _fits(self, run: Run) -> bool:
        """Tell whether the run may go on here; say once why not."""
        differs = self.bots[run.bot].differs(run)
        words = (
            f"rpa worker: {self.order.system}: run {run.id} of {run.bot} {differs}: nothing of it is taken here\n"
        )
        if differs and words not in self._told:
            self._told.add(words)
            sys.stderr.write(words)
            sys.stderr.flush()
        approval = self.bots[run.bot].approval
        if approval is not None and approval.is_over():
            self.stopped = True  # the next worker does not attend the bot, so that its runs know
        return not differs

    def _stopping(self) -> bool:
        """Tell it too where the bot's run was told to stop; the ledger is asked from time to time."""
        if self.case is not None and not self.case.promised and time.monotonic() - self._asked > OFTEN:
            with suppress(LedgerFailed):  # the next move asks it, and says so
                run = self.home.current_run(self._bot)
                self._run_stopped = run is not None and run.stopped
            self._asked = time.monotonic()
        return self.stopped or self._run_stopped

    def _perform(self, reserved: Reserved) -> None:
        """Perform in the name of the bot, for whoever started its run."""
        bot = reserved.work_item.bot
        run = self.home.current_run(bot)
        promised = reserved.transaction.status is Status.SUBMITTING
        if run is None or not self._fits(run) or (run.stopped and not promised):  # that is so since we looked
            self.home.release(reserved.transaction, self.owner)
            return
        self._bot, self._run_stopped = bot, False
        self.store = self.home.acting(Actor(kind="bot", id=bot, name=bot), Actor.called(run.by))
        try:
            super()._perform(reserved)
        finally:
            self.store = self.home


def stand(order: Order, said: Flags) -> None:
    """Be a worker of every bot that enters something in the system. Runs in a process of its own."""
    os.umask(0o077)
    mask_threads()
    files = Project(order.folder).files_mark()  # before they are read, so that no change is missed
    project = Project(order.folder)
    project.keeping.require()
    bots = dict(_ready(project, order.system))
    with telemetry() as traces, project.store(ACTOR) as store, store.hold() as owner:
        guarded(project, store)
        store.attend(order.system)
        for name, known in bots.items():
            store.attend(terms(order.system, name, known.digest, known.addresses))
        slot = slot_of(order, project, store)
        work_until_told(
            Standing(
                order=order,
                project=project,
                store=store,
                owner=owner,
                slot=slot,
                said=said,
                files=files,
                bots=bots,
                traces=traces,
            )
        )


def _ready(project: Project, system: str) -> Iterator[tuple[str, Known]]:
    """Yield each bot that enters something in the system and may run here, with what it is."""
    for name in project.library.bots:
        with suppress(RpaError):  # rpa check tells what is wrong with it, and its runs do
            if system in {entry.system for entry in project.bot(name).enter}:
                approval = require(project, name)
                yield name, Known(project.library.digest(name), project.addresses(name), approval)


def systems_of(project: Project, wanted: tuple[str, ...]) -> list[str]:
    """Return the systems to work in: the *wanted* ones, else all. Raises `SetupError` for what is none."""
    known = project.library.systems
    for name in wanted:
        if name not in known:
            raise SetupError(f"no system is called {name}; known: {', '.join(known) or 'none'}")
    return sorted(wanted or known)
