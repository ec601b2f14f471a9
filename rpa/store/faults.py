"""A failure of the disk, in words that say what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rpa.errors import DiskFull, LedgerFailed

FULL = "the disk is full and nothing was written: free some space for {ledger}"
FAILED = "the disk failed under {ledger} and nothing was written: look into the system's log"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
NOT_WRITABLE = "{ledger} cannot be written: give this account the right to write it and its folder"


@contextmanager
def on_disk(path: Path | str) -> Iterator[None]:
    """Raise what the disk refuses for *path* as `DiskFull` where there is no room, and as `LedgerFailed` else.

    Without the right to write it is `LedgerFailed` too, in words of its own: after a press the worker has to stop
    over it as over any other fault of the disk, and what became of the press is asked by the next run.
    """
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull(FULL.format(ledger=path)) from error
        if error.errno in NOT_ALLOWED:
            raise LedgerFailed(NOT_WRITABLE.format(ledger=path)) from error
        raise LedgerFailed(FAILED.format(ledger=path)) from error
