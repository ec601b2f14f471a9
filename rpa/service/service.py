"""The service as a whole: the clock, the starter, the log and the web, and one loop that looks after them.

Nothing of what is to be done is in its memory: times and starts are in the ledger, so that it may be killed at any
moment, and a second one beside it does no harm.
"""

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from rpa.audit.entry import Actor
from rpa.console.serving import beside
from rpa.definitions.schedule import Schedule
from rpa.errors import LogRewritten, RpaError, unforeseen
from rpa.occurrence import Occurrence
from rpa.project import Project
from rpa.service.arriving import Arriving
from rpa.service.clock import Clock
from rpa.service.known import Known
from rpa.service.log import Follower, logger
from rpa.service.lookout import Lookout
from rpa.service.metrics import Metrics
from rpa.service.notify import notify
from rpa.service.starter import Starter
from rpa.service.telling import telling
from rpa.service.web import Web
from rpa.store.keeper import Keeper
from rpa.store.store import Store
from rpa.timetable import Timetable, plan

LOOK = 0.5
"""Seconds between two looks at what waits, what has ended, and what has changed."""

TOGETHER = 500
"""Schedules that are written down in one transaction: a longer one would keep workers waiting."""

ACTOR = Actor(kind="schedule", id="service", name="rpa serve")


@dataclass
class Service:
    """One service of a project. *port* is where it answers, *staffed* where the console does, if it is wanted."""

    folder: Path
    port: int
    most: int
    staffed: int | None = None
    log: Any = field(default_factory=logger)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Serve until told to stop (SIGTERM, SIGINT); then give back or finish what runs.

        Raises `LogRewritten` once the audit log doesn't go on from its last checkpoint: by then all has stopped.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with ExitStack() as stack:
            store = stack.enter_context(Project(self.folder).store(ACTOR))
            self._work(store, stack)
        self.log.info("service.ended")

    def _work(self, store: Store, stack: ExitStack) -> None:
        self.known = Known(Project(self.folder))
        self.known.project.tell_settings(store)
        self.metrics = Metrics(store, self._sessions)
        self.clock = Clock(partial(self._record, store), self._failed)
        self.unwritten: set[str] = set()
        self.looking: Known | None = None
        self.arriving = Arriving(store, self._trouble)
        stack.callback(self.arriving.stop)
        self.starter = Starter(self.folder, self.most, self.log.info)
        stack.callback(self.starter.stop)
        self._renew(store)
        self._renew_triggers()
        self.clock.start()
        stack.callback(self.clock.stop)
        stack.enter_context(telling(lambda: self.known.project, store, self.alive, self._untold))
        web = Web(self, store)
        port = stack.enter_context(web.serving(self.port))
        at = {} if self.staffed is None else {"console": stack.enter_context(beside(self.folder, self.staffed))}
        self.log.info("service.started", port=port, schedules=len(self.known.schedules), **at)
        self.keeper = Keeper(store, Project(self.folder).places)
        self.lookout = Lookout(store)
        follower = Follower(self.log, store)
        notify("READY=1")
        while not self.stopping.wait(LOOK):
            self._look(store, follower)
        notify("STOPPING=1")
        self.log.info("service.stopping", runs=len(self.starter.processes))

    def _look(self, store: Store, follower: Follower) -> None:
        """Do one round; a task that fails is told, done again in the next one, and holds up no other."""
        tasks = (
            partial(self._renew, store),
            self._renew_triggers,
            self.arriving.tidy,
            partial(self._start, store),
            follower.look,
            self.keeper.tend,
            self.lookout.look,
        )
        went_well = [self._done(task) for task in tasks]
        if all(went_well):
            self.metrics.round_done()
        if self.alive():
            notify("WATCHDOG=1")

    def _done(self, task: Callable[[], None]) -> bool:
        """Do one task and tell whether it went well. Raises `LogRewritten`: nothing may be written any more."""
        try:
            task()
        except LogRewritten:
            raise
        except Exception as error:  # noqa: BLE001  # a service that ends stops every bot
            self._failed(error)
            return False
        return True

    def _start(self, store: Store) -> None:
        self.starter.look(store, self.known.broken_bots)

    def alive(self) -> bool:
        """Tell whether the clock runs and every trigger looks; the loop is this process's own."""
        return self.clock.alive() and self.arriving.alive()

    def _sessions(self) -> Mapping[str, int]:
        return self.known.project.library.sessions()

    def _renew(self, store: Store) -> None:
        """Take changed definitions: new times begin now, and those of a broken file go on as they were.

        What the ledger doesn't take now, it is given again in the next round.
        """
        before, self.known = self.known, self.known.renewed()
        if before is not self.known:
            self._reclock(before.by_name(), self.known.by_name())
        if self.unwritten:
            self._record(store, sorted(self.unwritten))
            self.unwritten.clear()

    def _reclock(self, old: Mapping[str, Schedule], new: Mapping[str, Schedule]) -> None:
        for name in old.keys() - new.keys():
            self.clock.remove(name)
        changed = [name for name in new if old.get(name) != new[name]]
        for name in changed:
            self.clock.set(Timetable(new[name]))
        self.unwritten |= set(changed)
        self.log.info(
            "definitions.read", schedules=len(new), changed=changed, unavailable=dict(self.known.unavailable)
        )

    def _renew_triggers(self) -> None:
        """Let changed triggers look; a change that fails is tried again in the next round."""
        if self.looking is not self.known:
            known = self.known
            self.arriving.renew(known.triggers.values(), known.project)
            self.looking = known

    def _record(self, store: Store, names: Sequence[str]) -> None:
        """Write down every time of these schedules that has come."""
        known = self.known.by_name()
        plans = [plan(known[name]) for name in names if name in known]
        for begin in range(0, len(plans), TOGETHER):
            found = store.occurrences.fire(plans[begin : begin + TOGETHER], datetime.now(UTC))
            self._told(found)

    def _told(self, found: Sequence[Occurrence]) -> None:
        at = datetime.now(UTC)
        for one in found:
            self.metrics.written_down(one, (at - one.due).total_seconds())

    def _failed(self, error: Exception) -> None:
        reason = str(error) if isinstance(error, RpaError) else unforeseen(error)
        self.log.error("service.trouble", reason=reason)

    def _untold(self, reason: str) -> None:
        self.log.error("notice.trouble", reason=reason)

    def _trouble(self, trigger: str, reason: str) -> None:
        self.log.error("trigger.trouble", trigger=trigger, reason=reason)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping.set()
