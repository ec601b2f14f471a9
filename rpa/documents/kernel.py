"""The few calls of the Linux kernel that Python has no words for."""

import ctypes
import os
import signal
from functools import cache
from typing import Never

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2


@cache
def library(name: str | None = None) -> ctypes.CDLL:
    """Return a shared library, by default the one for C; raise `OSError` where there is none of that name."""
    return ctypes.CDLL(name, use_errno=True)


def call(number: int, *arguments: int | ctypes.c_void_p | None) -> int:
    """Make a system call; raise `OSError` where it fails."""
    syscall = library().syscall
    syscall.restype = ctypes.c_long
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result: int = syscall(ctypes.c_long(number), *wide)
    if result < 0:
        refused(ctypes.get_errno())
    return result


def refused(error: int) -> Never:
    """Raise the `OSError` of an error number."""
    raise OSError(error, os.strerror(error))


def die_with(parent: int) -> None:
    """End this process as soon as the process *parent*, which forked it, is gone."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went before the kernel knew
        os._exit(1)


def gain_no_privileges() -> None:
    """Give up for good what a set-user-id program could give; without this nobody but root may confine itself."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def filter_calls(program: int) -> None:
    """Put on the filter whose program (a `struct sock_fprog`) is at an address."""
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program)


def _prctl(option: int, *values: int) -> None:
    wide = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if library().prctl(ctypes.c_int(option), *wide) != 0:
        refused(ctypes.get_errno())
