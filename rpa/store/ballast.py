"""A file that only takes up room: on a full disk it is given up, so that the end of a press can still be written.

Nothing is promised while it is missing, because then there might be no room for the end of the story.
"""

import os
from contextlib import suppress
from pathlib import Path

from rpa.errors import LedgerFailed
from rpa.store.faults import on_disk

BALLAST = "ballast"
BYTES = 256 * 1024
"""Enough for some dozens of moves: each writes a few pages of 4 KiB."""


def keep(folder: Path) -> None:
    """Make the file unless it is there; raise `DiskFull` or `LedgerFailed` where the disk does not take it."""
    path = folder / BALLAST
    if path.exists():
        return
    draft = path.with_suffix(".new")
    try:
        with on_disk(path):
            _fill(draft)
            draft.replace(path)
    except LedgerFailed:
        with suppress(OSError):  # where nothing can be written, nothing can be deleted either
            draft.unlink(missing_ok=True)
        raise


def give_up(folder: Path) -> bool:
    """Free its room; tell whether there was any to free."""
    try:
        (folder / BALLAST).unlink()
    except FileNotFoundError:
        return False
    return True


def _fill(path: Path) -> None:
    with path.open("wb") as file:
        file.write(bytes(BYTES))
        file.flush()
        os.fsync(file.fileno())
