"""Starts what waits, each run in a process of its own; a run that dies takes nothing with it."""

import subprocess
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from rpa.occurrence import Occurrence
from rpa.store.store import Store

STOP_WITHIN = 32.0
"""Seconds that a run has to finish what it promised and to give back the rest; a run itself needs 30."""

WAIT = 5.0
"""Seconds before a start whose process ended at once is tried again; doubled each time, up to `LONGEST`."""

LONGEST = 300.0

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
    processes: dict[Key, "subprocess.Popen[bytes]"] = field(default_factory=dict)
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
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._ended()

    def _may_start(self, key: Key) -> bool:
        tried = self._tried.setdefault(key, _Tried())
        return key not in self.processes and time.monotonic() >= tried.not_before

    def _start(self, one: Occurrence) -> None:
        key, tried = _key(one), self._tried[_key(one)]
        tried.not_before = time.monotonic() + min(LONGEST, WAIT * 2**tried.times)
        tried.times += 1
        command = [sys.executable, "-m", "rpa.service.child", str(self.folder), *key]
        # In a session of its own: a terminal's Ctrl-C is for the service alone to hear.
        self.processes[key] = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        self.told("start.begun", name=one.name, nominal=one.nominal, bot=one.bot, pid=self.processes[key].pid)

    def _ended(self) -> None:
        for key, process in list(self.processes.items()):
            if process.poll() is not None:
                del self.processes[key]
                self.told("start.ended", name=key[0], nominal=key[1], exit_code=process.returncode)


def _key(one: Occurrence) -> Key:
    return one.name, one.nominal
