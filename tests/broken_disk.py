"""A disk that fails: the kernel answers each sync of this process with an I/O error, from now on for good."""

import ctypes
import errno

from rpa.documents.calls import LIBRARY
from rpa.documents.kernel import library

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_ALL_THREADS = 4
"""`SCMP_FLTATR_CTL_TSYNC` of seccomp.h."""


def refuse_syncs() -> None:
    """Let every fsync and fdatasync of this process fail with EIO."""
    seccomp = library(LIBRARY)
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(_ALLOW))
    _done(seccomp.seccomp_attr_set(context, _ALL_THREADS, 1))
    for name in (b"fsync", b"fdatasync"):
        number = seccomp.seccomp_syscall_resolve_name(name)
        _done(seccomp.seccomp_rule_add_array(context, ctypes.c_uint32(_REFUSE | errno.EIO), number, 0, None))
    _done(seccomp.seccomp_load(context))
    seccomp.seccomp_release(context)


def _done(result: int) -> None:
    if result < 0:
        raise OSError(-result, "libseccomp refused")
