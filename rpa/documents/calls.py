"""Which calls of the kernel a reader may make: to read, to reckon and to hand back; every other one is refused.

The filter is made by libseccomp, which is on every Debian (apt needs it) and wherever systemd runs. It is a list
of what is allowed, so that a call of a future kernel is refused too. Constants are those of `seccomp.h`.
"""

import ctypes
import errno
import fcntl
import os
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rpa.documents.kernel import filter_calls, gain_no_privileges, library, refused

LIBRARY = "libseccomp.so.2"

FREE = """
    read pread64 readv preadv lseek close fstat stat lstat newfstatat statx statfs fstatfs
    access faccessat faccessat2 readlink readlinkat getdents64 getcwd fadvise64
    write writev dup dup2 dup3 pipe2 poll ppoll select pselect6
    mmap munmap mprotect mremap madvise brk
    futex set_robust_list get_robust_list rseq set_tid_address gettid sched_yield sched_getaffinity membarrier
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall exit exit_group
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage
    getpid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getgroups getresuid getresgid
    uname sysinfo getrandom getrlimit getcpu arch_prctl
"""
"""What does no harm whatever its arguments are. Writing needs an open file: nothing can be opened for it."""

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_EQUAL, _EQUAL_UNDER_MASK = 4, 7
_INT = 0xFFFFFFFF
_NO_CALL = -1
_CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_THREAD = 0x00010000
_FCNTL = (fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL)
_IOCTL = (termios.FIOCLEX, termios.FIONCLEX, termios.TCGETS)


class _Condition(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("compare", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


_INSTRUCTION = 8
"""Bytes of one instruction of a filter."""


def available() -> bool:
    """Tell whether calls can be filtered on this machine."""
    try:
        library(LIBRARY)
    except OSError:
        return False
    return True


@dataclass(frozen=True)
class Filter:
    """A filter ready to be put on: building it takes 2 ms, putting it on next to nothing."""

    program: bytes

    @classmethod
    def for_reading(cls) -> "Filter | None":
        """Return the filter that refuses every call but those for reading; None where the library lacks.

        What it refuses above all: opening a file to write, sockets, programs, processes, signals.
        """
        if not available():
            return None
        seccomp = library(LIBRARY)
        seccomp.seccomp_init.restype = ctypes.c_void_p
        context = ctypes.c_void_p(seccomp.seccomp_init(_REFUSE | errno.EPERM))
        for name in FREE.split():
            _rule(context, _ALLOW, name)
        for name, condition in _conditional():
            _rule(context, _ALLOW, name, condition)
        _rule(context, _REFUSE | errno.ENOSYS, "clone3")  # can't be looked into; the C library then uses clone
        program = _exported(context)
        seccomp.seccomp_release(context)
        return cls(program)

    def put_on(self) -> None:
        """Hold this process to it for good; raise `OSError` where the kernel can't."""
        code = ctypes.create_string_buffer(self.program)
        program = _Program(len(self.program) // _INSTRUCTION, ctypes.cast(code, ctypes.c_void_p))
        gain_no_privileges()
        filter_calls(ctypes.addressof(program))


def _exported(context: ctypes.c_void_p) -> bytes:
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        _checked(library(LIBRARY).seccomp_export_bpf(context, file.fileno()))
        file.seek(0)
        return file.read()


def _conditional() -> Iterator[tuple[str, _Condition]]:
    yield "open", _bits(1, _CHANGING, 0)
    yield "openat", _bits(2, _CHANGING, 0)
    yield "clone", _bits(0, _THREAD, _THREAD)  # a thread, no process
    yield "prlimit64", _Condition(2, _EQUAL, 0, 0)  # asks and sets none
    yield from (("fcntl", _bits(1, _INT, command)) for command in _FCNTL)
    yield from (("ioctl", _bits(1, _INT, command)) for command in _IOCTL)


def _bits(argument: int, mask: int, value: int) -> _Condition:
    return _Condition(argument, _EQUAL_UNDER_MASK, mask, value)


def _rule(context: ctypes.c_void_p, action: int, name: str, *conditions: _Condition) -> None:
    seccomp: Any = library(LIBRARY)
    number = seccomp.seccomp_syscall_resolve_name(name.encode())
    if number == _NO_CALL:  # an older library does not know it: it stays refused
        return
    listed = (_Condition * len(conditions))(*conditions)
    _checked(seccomp.seccomp_rule_add_array(context, ctypes.c_uint32(action), number, len(conditions), listed))


def _checked(result: int) -> None:
    if result < 0:
        refused(-result)
