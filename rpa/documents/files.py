"""Documents kept by what they hold: one folder per SHA-256, with the name that the file came with."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader, BufferedWriter, BytesIO
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

from rpa.documents.base import Document
from rpa.documents.preflight import refuse_huge
from rpa.errors import DocumentProblem

_CHUNK = 1 << 20
_LONGEST_NAME = 255
"""Bytes of a name in a folder, on every file system that Linux has."""


@dataclass(frozen=True)
class Files:
    """Keeps a copy of every document, so that each value can be traced to its place for as long as needed.

    What it writes is for its own account alone.
    """

    folder: Path

    def keep(self, path: Path) -> Document:
        """Return *path* as a document, kept; nothing is copied where it is kept already.

        The hash is that of the bytes that are kept, also where the file changes meanwhile. Raises
        `DocumentProblem` for what is larger than any reader takes, what is no file but a link or a device, and
        what this account may not open; `OSError` where the copy can't be written.
        """
        with _opened(path) as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            if not self.path(sha256, path.name).exists():
                source.seek(0)
                sha256 = self._copied(source, path.name)
        kept = self.path(sha256, path.name)
        return Document(kept, sha256, kept.stat().st_size)

    @contextmanager
    def trying(self) -> Iterator[Callable[[str, bytes], Document]]:
        """Yield what keeps content that came out of another document, under a file's name; see `_content`.

        Where a `DocumentProblem` is raised meanwhile, what was not kept before is gone again.
        """
        new: list[Path] = []

        def keep(name: str, content: bytes) -> Document:
            return self._content(name, content, new)

        try:
            yield keep
        except DocumentProblem:
            for path in new:
                path.unlink()
                with suppress(OSError):  # it has come under another name too
                    path.parent.rmdir()
            raise

    def _content(self, name: str, content: bytes, new: list[Path]) -> Document:
        """Keep *content*, and tell in *new* what was not there yet.

        Raises `DocumentProblem` for what is larger than any reader takes, and a name that no plain file has.
        """
        refuse_huge(len(content))
        if not _is_plain(name):
            raise DocumentProblem("unexpected", "a file in it has a name that no file can have")
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256, name)
        if not path.exists():
            new.append(path)
            self._copied(BytesIO(content), name)
        return Document(path, sha256, len(content))

    def path(self, sha256: str, name: str) -> Path:
        """Return where a document is kept."""
        return self.folder / sha256 / name

    def _copied(self, source: BinaryIO, name: str) -> str:
        """Copy so that a half-written file never bears the name; return the hash of what was written."""
        _make_private(self.folder)
        with _draft_in(self.folder) as (place, draft):
            sha256 = _copy(source, draft)
            kept = self.path(sha256, name)
            _make_private(kept.parent)
            place.replace(kept)
        flush_folder(kept.parent)
        return sha256


def _is_plain(name: str) -> bool:
    """Tell whether *name* is one of a file in a folder, and leads nowhere else."""
    fits = 0 < len(name.encode(errors="surrogateescape")) <= _LONGEST_NAME
    return fits and name.isprintable() and name not in {".", ".."} and "/" not in name


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    """Open a plain file of a sensible size; what it is and how large is asked of the file that is open."""
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


def _open_plain(path: str, flags: int) -> int:
    """Open without following a link, and without waiting: a pipe that nobody writes to would keep the run."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _unopened(refusal: OSError) -> DocumentProblem:
    if refusal.errno == errno.ELOOP:
        return DocumentProblem("unexpected", "it is a link to another place; put the file itself there")
    return DocumentProblem(
        "unexpected", f"it can't be opened ({refusal.strerror}); look at the rights of the file"
    )


@contextmanager
def _draft_in(folder: Path) -> Iterator[tuple[Path, BufferedWriter]]:
    """Yield a new file, for this account alone; it is gone afterwards unless it was renamed."""
    file, name = mkstemp(dir=folder, prefix="draft-")
    try:
        with os.fdopen(file, "wb") as draft:
            yield Path(name), draft
    finally:
        Path(name).unlink(missing_ok=True)


def _copy(source: BinaryIO, draft: BufferedWriter) -> str:
    """Copy to the disk, and return the SHA-256 of the copy; the source may have grown since it was looked at."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        refuse_huge(size)
        digest.update(chunk)
        draft.write(chunk)
    draft.flush()
    os.fsync(draft.fileno())
    return digest.hexdigest()


def _make_private(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for this account alone."""
    if not folder.exists():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def flush_folder(folder: Path) -> None:
    """Have the new name survive a loss of power, as the bytes do."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
