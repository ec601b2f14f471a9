"""The processes of a browser: known by number and start, so that no other one is ever ended.

Measured: whatever waits for a browser in Playwright ends with an error the moment that the browser's processes are
killed, and the driver where the driver hangs; also where they had been stopped (SIGSTOP).
"""

import os
import signal
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self
from weakref import WeakKeyDictionary

import psutil

from rpa.browser.deadline import Deadline

if TYPE_CHECKING:  # a run ends browsers, but never has one: it need not load what its workers do
    from playwright.sync_api import Browser

LOOK = 0.02
"""Seconds between two looks whether a process is gone."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Process:
    """One process of this machine.

    *started* is in seconds since the machine came up, to the hundredth, so that no change of the clock moves it;
    *boot* names that coming up, where the system gives it a name.
    """

    pid: int
    started: float
    boot: str

    @classmethod
    def of(cls, process: psutil.Process) -> Self:
        """Return a running process; raises `psutil.Error` where it is gone."""
        return cls(process.pid, round(process.create_time() - psutil.boot_time(), 2), _boot())

    def children(self) -> frozenset["Process"]:
        """Return the processes that it has started itself and that still run."""
        with suppress(psutil.Error):
            return frozenset(_known(psutil.Process(self.pid).children()))
        return frozenset()

    def alive(self) -> bool:
        """Tell whether it still runs, and is not another one that got its number since."""
        with suppress(psutil.Error):
            found = psutil.Process(self.pid)
            return found.status() != psutil.STATUS_ZOMBIE and Process.of(found) == self
        return False

    def end(self) -> None:
        """Kill it, if it still runs, with the group that it leads: a browser's own processes are in one."""
        with suppress(ProcessLookupError):
            if self.alive():
                leads = os.getpgid(self.pid) == self.pid
                (os.killpg if leads else os.kill)(self.pid, signal.SIGKILL)


def wait_until_gone(processes: Collection[Process], seconds: float) -> bool:
    """Wait for the end of processes that were killed; tell whether all are gone in time."""
    until = Deadline.after(seconds)
    while any(process.alive() for process in processes):
        if until.over():
            return False
        time.sleep(LOOK)
    return True


def own_children() -> frozenset[Process]:
    """Return the processes that this process has started and that still run."""
    return frozenset(_known(psutil.Process().children()))


def remember(browser: "Browser", processes: Iterable[Process]) -> None:
    """Note which processes *browser* is made of."""
    _running[browser] = tuple(processes)


def end(browser: "Browser | None") -> None:
    """Kill the browser and its driver; whatever waits for them ends at once."""
    for process in _running.get(browser, ()) if browser else ():
        process.end()


_running: "WeakKeyDictionary[Browser, tuple[Process, ...]]" = WeakKeyDictionary()


def _known(processes: Iterable[psutil.Process]) -> Iterable[Process]:
    for process in processes:
        with suppress(psutil.Error):
            yield Process.of(process)


def _boot() -> str:
    with suppress(OSError):
        return _BOOT.read_text("ascii").strip()
    return ""
