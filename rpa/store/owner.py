"""Who holds a transaction: a process, alive as long as it holds a lock on a file of its own.

A timer would call a frozen worker dead, and it may wake up and press. Measured, with workers stopped and continued
at random: with timed leases 19 of 6,000 records were entered twice, with held locks none of 3,600. The operating
system frees the lock the moment that the process is gone, however it went.
"""

import fcntl
import os
import re
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

from rpa.errors import OwnershipLost, SetupError

LOCKS = "locks"
"""The folder of locks in the state folder."""

PREFIX = "worker-"
"""Other locks lie in the same folder and must not be swept away with the stale ones."""


@dataclass(frozen=True)
class Owner:
    """A worker that may hold transactions. *id* names it in the ledger."""

    id: str
    _is_held: Callable[[], bool] = field(repr=False)

    @classmethod
    @contextmanager
    def hold(cls, folder: Path) -> Iterator["Owner"]:
        """Be an owner of the project whose state folder is *folder*; locks that dead owners left are removed.

        Raises SetupError where the folder can't hold locks.
        """
        locks = locks_folder(folder)
        host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())
        name = f"{PREFIX}{host}-{os.getpid()}-{secrets.token_hex(4)}"
        path = locks / f"{name}.lock"
        lock = FileLock(path, thread_local=False, timeout=10)
        with lock:
            if isinstance(lock, SoftFileLock):
                raise SetupError(f"the file system of {folder} has no locks: choose a folder on a local disk")
            _sweep(locks, name)
            try:
                yield cls(name, partial(_is_held, lock, path, _identity(path)))
            finally:
                path.unlink(missing_ok=True)

    @property
    def held(self) -> bool:
        """Tell whether the lock is still held, as others see it."""
        return self._is_held()

    def require(self) -> None:
        """Raise `OwnershipLost` unless the lock is held."""
        if not self.held:
            raise OwnershipLost("this worker's lock is gone: another worker may hold its transactions by now")


def _is_held(lock: BaseFileLock, path: Path, file: tuple[int, int]) -> bool:
    """Tell whether the lock is still held, on the file that others look at."""
    try:
        return lock.is_locked and _identity(path) == file
    except OSError:
        return False


def locks_folder(folder: Path) -> Path:
    """Return the folder of locks in the state *folder*, both made for this account alone. Raises SetupError."""
    locks = folder / LOCKS
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        locks.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SetupError(f"{folder} cannot be made ({error.strerror}): name another state folder") from None
    return locks


def is_alive(folder: Path, owner_id: str) -> bool:
    """Tell whether the owner holds its lock. A lock that nobody holds is removed."""
    path = folder / LOCKS / f"{owner_id}.lock"
    if not path.exists():
        return False
    try:
        with FileLock(path, blocking=False):
            with suppress(OSError):
                path.unlink()
            return False
    except Timeout:
        return True


def is_locked(path: Path) -> bool:
    """Tell whether somebody holds the lock on the file; one that is not there, nobody does."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def anybody_works(folder: Path) -> bool:
    """Tell whether a worker of the project holds its lock, whether or not it holds a transaction."""
    locks = sorted(locks_folder(folder).glob(f"{PREFIX}*.lock"))
    return any(is_alive(folder, path.stem) for path in locks)


def _sweep(locks: Path, own: str) -> None:
    for path in locks.glob(f"{PREFIX}*.lock"):
        if path.stem != own:
            is_alive(locks.parent, path.stem)


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
