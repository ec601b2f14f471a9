"""Files that others put there: opened without following a link, and without waiting for whoever writes a pipe."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY


def sha256_of(path: Path) -> str | None:
    """Return the hash of a plain file; None for anything else, and what this account may not open."""
    try:
        number = os.open(path, _PLAIN)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            return None
        with os.fdopen(number, "rb", closefd=False) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    finally:
        os.close(number)


@contextmanager
def held(folder: Path, *below: str) -> Iterator[int]:
    """Hold a folder, the innermost of those *below* one another, whatever their paths come to mean meanwhile.

    Gives its descriptor. Raises `OSError` where one of them is a link.
    """
    number = os.open(folder, _FOLDER)
    try:
        for name in below:
            inner = os.open(name, _FOLDER, dir_fd=number)
            os.close(number)
            number = inner
        yield number
    finally:
        os.close(number)


def flush(folder: Path) -> None:
    """Have the files of *folder*, and their names, survive a loss of power."""
    for path in folder.iterdir():
        with suppress(PermissionError):  # not written by us
            sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Have what was written survive a loss of power; raise `OSError` where it can't be."""
    number = os.open(path, _PLAIN)
    try:
        os.fsync(number)
    finally:
        os.close(number)
