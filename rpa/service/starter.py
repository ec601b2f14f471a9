"""Starts what waits, each run in a process of its own; a run that dies takes nothing with it.

The processes are forked from one that has loaded what a run needs, and nothing else: it has one thread, no ledger
and no definitions. Measured, a new interpreter for each run spends 0.7 s of processor on loading the same again.
"""

import multiprocessing
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from rpa.occurrence import Occurrence
from rpa.store.store import Store

STOP_WITHIN = 32.0
"""Seconds that a run has to finish what it promised and to give back the rest; a run itself needs 30."""

WAIT = 5.0
"""Seconds before a start whose process ended at once is tried again; doubled each time, up to `LONGEST`."""

LONGEST = 300.0

CHILD = "rpa.service.child"

Key = tuple[str, str]


@dataclass
class _Tried:
    times: int = 0
    not_before: float = 0.0


@dataclass
class Starter:
    """The runs of this service. *told* hears of each that begins and ends."""

    folder: Path
    most: int
    told: Callable[..., None]
    processes: dict[Key, BaseProcess] = field(default_factory=dict)
    _tried: dict[Key, _Tried] = field(default_factory=dict)

    def look(self, store: Store, unavailable: Collection[str]) -> None:
        """Start what may be started, the oldest first; the bots that are *unavailable* wait."""
        self._ended()
        waiting = store.occurrences.startable()
        self._tried = {key: tried for key, tried in self._tried.items() if key in map(_key, waiting)}
        for one in waiting:
            if len(self.processes) >= self.most:
                return
            if one.bot not in unavailable and self._may_start(_key(one)):
                self._start(one)

    def stop(self) -> None:
        """Tell every run to stop, and wait until it has given back what it holds; end it hard if it doesn't."""
        for process in self.processes.values():
            process.terminate()
        until = time.monotonic() + STOP_WITHIN
        for process in self.processes.values():
            process.join(max(0.1, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
        self._ended()

    def _may_start(self, key: Key) -> bool:
        tried = self._tried.setdefault(key, _Tried())
        return key not in self.processes and time.monotonic() >= tried.not_before

    def _start(self, one: Occurrence) -> None:
        key, tried = _key(one), self._tried[_key(one)]
        tried.not_before = time.monotonic() + min(LONGEST, WAIT * 2**tried.times)
        tried.times += 1
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([CHILD])
        process = context.Process(target=_run, args=(self.folder, *key))
        process.start()
        self.processes[key] = process
        self.told("start.begun", name=one.name, nominal=one.nominal, bot=one.bot, pid=process.pid)

    def _ended(self) -> None:
        for key, process in list(self.processes.items()):
            if not process.is_alive():
                del self.processes[key]
                self.told("start.ended", name=key[0], nominal=key[1], exit_code=process.exitcode)


def _key(one: Occurrence) -> Key:
    return one.name, one.nominal


def _run(folder: Path, name: str, nominal: str) -> None:
    """Be one run. Loaded here, since it needs nothing of the service."""
    from rpa.service.child import main

    sys.exit(main(folder, name, nominal))
