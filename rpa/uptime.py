"""The time that no clock setting touches: how long this machine has been running.

A wall clock jumps, forth and back. Waiting for a system to show an entry must neither end too early nor last for
hours because of that, so it is measured by the machine's own running time (CLOCK_BOOTTIME: it goes on in sleep).
"""

import time
from datetime import timedelta
from functools import cache
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")


def mark() -> str:
    """Return this moment as a text: which boot of the machine, and the milliseconds since it."""
    return f"{_boot()} {_running()}"


def since(marked: str | None) -> timedelta:
    """Return how long ago *marked* was at least.

    Of a moment before the last boot, only the time since then is sure to have passed.
    """
    boot, _, at = (marked or "").partition(" ")
    passed = _running() - int(at) if boot == _boot() else _running()
    return timedelta(milliseconds=passed)


def _running() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


@cache
def _boot() -> str:
    return BOOT.read_text("ascii").strip()
