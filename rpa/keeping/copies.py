"""Copies of what is kept elsewhere, on this machine's disk for the time of use, and gone at its end.

What a killed process leaves is deleted by whichever process next makes or deletes something here: a folder is in
use while somebody holds its lock, which the system frees with the process.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from rpa.keeping.taking import make_private


@dataclass(frozen=True)
class Copies:
    """Folders for copies, below *folder* and for this account alone."""

    folder: Path

    @contextmanager
    def room(self) -> Iterator[Path]:
        """Give a folder of one's own, which is gone when the block ends."""
        make_private(self.folder)
        with _locked(self.folder):  # so that nobody deletes it before it is in use
            self._sweep()
            place = Path(mkdtemp(dir=self.folder))
            held = _open(place)
            fcntl.flock(held, fcntl.LOCK_SH)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
            os.close(held)

    def sweep(self) -> None:
        """Delete what processes that are dead have left."""
        if self.folder.is_dir():
            with _locked(self.folder):
                self._sweep()

    def _sweep(self) -> None:
        for place in self.folder.iterdir():
            # It is in use, its user has just deleted it, or it is a file that somebody else has put here.
            with suppress(BlockingIOError, FileNotFoundError, NotADirectoryError):
                _delete_unused(place)


def _delete_unused(place: Path) -> None:
    held = _open(place)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(place)
    finally:
        os.close(held)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    opened = _open(folder)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _open(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
