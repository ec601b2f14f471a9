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
    at = _here(marked)
    return timedelta(milliseconds=_running() if at is None else _running() - at)


def carried(marked: str | None) -> str | None:
    """Return the moment so that `since` holds here, where another machine may have marked it.

    Of another machine's moment nothing is sure to have passed here, so this one's own is put behind it. It stays,
    so that the time runs on however often the two take turns.
    """
    return marked if marked is None or _here(marked) is not None else f"{marked};{mark()}"


def _here(marked: str | None) -> int | None:
    """Return the part of *marked* that this machine has written since its last boot."""
    parts = (part.partition(" ") for part in (marked or "").split(";"))
    return next((int(at) for boot, _, at in parts if boot == _boot()), None)


def _running() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


@cache
def _boot() -> str:
    return BOOT.read_text("ascii").strip()
