"""What the clock is worth by which an entry is dated (NIST SP 800-53 AU-8).

A clock can be set. Beside each time therefore stand the machine's own running time, which no setting touches, and
whether something keeps the clock right. Between two entries of one boot both have to move by the same amount.
"""

import ctypes
import os
import sys
import time
from functools import lru_cache

from rpa import uptime

UNSYNCHRONISED = 0x0040
"""STA_UNSYNC of Linux's adjtimex(2): nothing keeps the clock right."""

BUFFER = 512
"""Bytes that are enough for adjtimex's structure on every machine."""

STATUS_AT = 5 * ctypes.sizeof(ctypes.c_long)
"""Where the status stands in it: after modes, offset, freq, maxerror and esterror, each in a word's place."""

FRESH = 60
"""Seconds for which the kernel's answer is believed."""


def reading() -> dict[str, str | int]:
    """Return the boot, the milliseconds since it, and whether the clock is `synchronised`, `free` or `unknown`."""
    boot, _, running = uptime.mark().partition(" ")
    return {"boot": boot[:8], "up": int(running), "source": _source(int(time.monotonic()) // FRESH)}


@lru_cache(maxsize=1)
def _source(minute: int) -> str:
    """Return whether something keeps the clock right, asked once in that *minute*."""
    del minute
    if os.name != "posix" or not hasattr(library := ctypes.CDLL(None), "adjtimex"):
        return "unknown"
    asked = ctypes.create_string_buffer(BUFFER)
    if library.adjtimex(asked) < 0:
        return "unknown"
    status = int.from_bytes(asked.raw[STATUS_AT : STATUS_AT + 4], sys.byteorder)
    return "free" if status & UNSYNCHRONISED else "synchronised"
