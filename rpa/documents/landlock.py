"""Landlock, by which a process gives up every file but those that it names (Linux 5.13 and newer).

Constants and the layout of the structures are those of the kernel's `linux/landlock.h`.
"""

import ctypes
import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from rpa.documents.kernel import call, gain_no_privileges

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_BENEATH_PATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3

_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each version knows; all of them are taken away. Newer versions know no more."""

_TCP, _TCP_SINCE = 0b11, 4
_SCOPES, _SCOPES_SINCE = 0b11, 6
"""Signals to, and abstract sockets of, processes that are not confined likewise."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("path", ctypes.c_int32))


def version() -> int:
    """Return which version of Landlock the kernel offers; 0 where it has none or has it switched off."""
    try:
        return call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError as refusal:
        if refusal.errno in {errno.ENOSYS, errno.EOPNOTSUPP}:
            return 0
        raise


def read_only(paths: Iterable[Path]) -> None:
    """Let this process read *paths* and what is below them, and no other file; nothing can be written or run.

    Version 4 also takes away TCP, version 6 signals to other processes. Where there is no Landlock nothing is
    changed. What is open already stays usable. Paths that are not there are passed over. Raises `OSError`.
    """
    known = version()
    if known == 0:
        return
    ruleset = _new_ruleset(known)
    for path in paths:
        _allow(ruleset, path)
    gain_no_privileges()
    call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _new_ruleset(known: int) -> int:
    rights = _FILE_RIGHTS[min(known, max(_FILE_RIGHTS))]
    wanted = _Ruleset(
        files=(1 << rights) - 1,
        net=_TCP if known >= _TCP_SINCE else 0,
        scopes=_SCOPES if known >= _SCOPES_SINCE else 0,
    )
    return call(_CREATE_RULESET, ctypes.cast(ctypes.byref(wanted), ctypes.c_void_p), ctypes.sizeof(wanted), 0)


def _allow(ruleset: int, path: Path) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    folder = stat.S_ISDIR(os.fstat(place).st_mode)
    rule = _Beneath(allowed=_READ_FILE | _READ_DIR if folder else _READ_FILE, path=place)
    call(_ADD_RULE, ruleset, _BENEATH_PATH, ctypes.cast(ctypes.byref(rule), ctypes.c_void_p), 0)
    os.close(place)
