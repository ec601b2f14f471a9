"""What a worker does to itself at a named point: it dies, freezes, loses its browser, finds the disk full.

A plan is a list of faults, `{"system": "benefits", "at": 17, "when": "before", "kind": "kill worker"}`; a worker
counts its effects (`tests.kills.victim.EFFECTS`) from 0. What was really done is a line of the file `<plan>.made`.
"""

import json
import os
import resource
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from tests.broken_disk import refuse_syncs
from tests.kills.victim import EFFECTS, Killer, die

FROZEN_S = 2.0
"""How long a frozen process stays so."""

FULL_S = 1.0
"""How long the disk stays full."""


class Points(Killer):
    """Counts effects, and makes the planned faults at them."""

    def __init__(self, plan: Path, system: str) -> None:
        super().__init__(-1, "never")
        self._system = system
        faults = json.loads(plan.read_text("utf-8"))
        self._claimed = plan.with_suffix("")
        self._made = plan.with_suffix(".made")
        self._faults = {(one["at"], one["when"]): one["kind"] for one in faults if one["system"] == system}

    def watch_all(self) -> None:
        """Put this around every effect of a worker."""
        for owner, name in EFFECTS:
            self.watch(owner, name)

    def _kill(self, number: int, when: str) -> None:
        kind = self._faults.pop((number, when), None)
        if kind is not None and self._is_first(number, when):
            with self._made.open("a", encoding="utf-8") as made:
                made.write(f"{kind}\t{when} {self.seen[number].split()[0]}\n")
            KINDS[kind]()

    def _is_first(self, number: int, when: str) -> bool:
        """Tell whether no other worker has made the fault: one that is started anew counts from 0 again."""
        try:
            self._claimed.with_name(f"{self._claimed.name}_{self._system}_{number}_{when}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def freeze() -> None:
    """Stop this process for a while, as a suspended machine does."""
    _wake_later(os.getpid())
    os.kill(os.getpid(), signal.SIGSTOP)


def kill_browser() -> None:
    """End the browser as `kill -9` does."""
    for process in _browser():
        process.kill()


def freeze_browser() -> None:
    """Stop the browser for a while."""
    for process in _browser():
        process.suspend()
        _wake_later(process.pid)


def fill_disk() -> None:
    """Let no file of this process grow for a while: the disk is full."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    timer = threading.Timer(FULL_S, resource.setrlimit, (resource.RLIMIT_FSIZE, (hard, hard)))
    timer.daemon = True
    timer.start()


KINDS: Mapping[str, Callable[[], None]] = {
    "kill worker": die,
    "freeze worker": freeze,
    "kill browser": kill_browser,
    "freeze browser": freeze_browser,
    "disk full": fill_disk,
    "disk fails": refuse_syncs,
}


def _browser() -> list[psutil.Process]:
    return [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]


def _wake_later(pid: int) -> None:
    """Have another process continue it: the stopped one can't."""
    subprocess.Popen(["/bin/sh", "-c", f"sleep {FROZEN_S}; kill -CONT {pid} 2>/dev/null"], start_new_session=True)
