"""Taking a file in: what it is and how large is asked of the file that is open, and what is copied is hashed."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from rpa.documents.preflight import refuse_huge
from rpa.errors import DocumentProblem

_CHUNK = 1 << 20
_LONGEST_NAME = 255
"""Bytes of a name in a folder, on every file system that Linux has."""


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a plain file of a sensible size; raise `DocumentProblem` for anything else."""
    try:
        source = open(path, "rb", opener=_open_plain)  # noqa: SIM115  # a path takes no opener; closed below
    except OSError as refusal:
        raise _unopened(refusal) from refusal
    with source:
        found = os.fstat(source.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise DocumentProblem("unexpected", "it is no file but a pipe or a device")
        refuse_huge(found.st_size)
        yield source


def copy(source: BinaryIO, draft: BinaryIO) -> str:
    """Copy, and return the SHA-256 of the copy; the source may have grown since it was looked at."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        refuse_huge(size)
        digest.update(chunk)
        draft.write(chunk)
    draft.flush()
    return digest.hexdigest()


def refuse_unfit(name: str, content: bytes) -> None:
    """Raise `DocumentProblem` for content larger than any reader takes, and a name that no plain file has."""
    refuse_huge(len(content))
    if not _is_plain(name):
        raise DocumentProblem("unexpected", "a file in it has a name that no file can have")


def private(name: str, flags: int) -> int:
    """Open a file for this account alone."""
    return os.open(name, flags, 0o600)


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for this account alone."""
    if not folder.exists():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def flush_folder(folder: Path) -> None:
    """Have the new name survive a loss of power, as the bytes do."""
    opened_folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened_folder)
    finally:
        os.close(opened_folder)


def _is_plain(name: str) -> bool:
    """Tell whether *name* is one of a file in a folder, and leads nowhere else."""
    fits = 0 < len(name.encode(errors="surrogateescape")) <= _LONGEST_NAME
    return fits and name.isprintable() and name not in {".", ".."} and "/" not in name


def _open_plain(path: str, flags: int) -> int:
    """Open without following a link, and without waiting: a pipe that nobody writes to would keep the run."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _unopened(refusal: OSError) -> DocumentProblem:
    if refusal.errno == errno.ELOOP:
        return DocumentProblem("unexpected", "it is a link to another place; put the file itself there")
    return DocumentProblem(
        "unexpected", f"it can't be opened ({refusal.strerror}); look at the rights of the file"
    )
