"""The contract of a place where documents, evidence and the newest checkpoint are kept, for as long as needed.

What fails there raises `LedgerFailed`: whoever works stops over it as over a ledger that can't be written. Nothing
is promised without it, and what is promised already is asked of its system by the next run.
"""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from rpa.documents.base import Document
from rpa.errors import DocumentProblem

CHECKPOINT, DOCUMENTS, EVIDENCE = "checkpoint", "documents", "evidence"
"""What things are called there, whatever kind of place it is."""

Keep = Callable[[str, bytes], Document]
"""Keeps content under a file's name."""


class Documents(Protocol):
    """Documents by what they hold: each under its SHA-256 and the name that it came with."""

    def keep(self, path: Path) -> AbstractContextManager[Document]:
        """Keep *path*, and give it as a document whose file can be read until the block ends.

        The hash is that of the bytes that are kept, also where the file changes meanwhile. Raises
        `DocumentProblem` for what is larger than any reader takes, what is no file but a link or a device, and
        what this account may not open.
        """
        ...

    def trying(self) -> AbstractContextManager[Keep]:
        """Give what keeps content that came out of another document; its files can be read until the block ends.

        Where a `DocumentProblem` is raised meanwhile, what was not kept before is not kept. `Keep` raises one for
        what is larger than any reader takes, and for a name that no plain file has.
        """
        ...

    def fetched(self, sha256: str, name: str) -> AbstractContextManager[Document]:
        """Give a document that is kept; its file can be read until the block ends.

        Raises `DocumentProblem` where it is not kept any more, or is not what was kept.
        """
        ...

    def holds(self, sha256: str) -> bool:
        """Tell whether the document is kept, under whatever name."""
        ...

    def delete(self, sha256: str) -> None:
        """Delete it, if it is kept, under all its names."""
        ...


class Evidence(Protocol):
    """Masked pictures, each under the SHA-256 of its bytes."""

    @property
    def where(self) -> str:
        """The place, for people."""
        ...

    def keep(self, content: bytes) -> str:
        """Keep a picture; return its name once it would outlast a loss of power."""
        ...

    def read(self, name: str) -> bytes | None:
        """Return a picture; None where it is not kept, or is not what was kept."""
        ...

    def delete(self, name: str) -> None:
        """Delete a picture, if it is kept."""
        ...


class Note(Protocol):
    """One small text that outlasts a ledger that is put back."""

    @property
    def name(self) -> str:
        """The place, for people."""
        ...

    def read(self) -> bytes | None:
        """Return what stands there, None where nothing does."""
        ...

    def write(self, note: bytes) -> None:
        """Replace it whole; where that can't be done, the older one stays."""
        ...


class Keeping(Protocol):
    """One place for all of it."""

    @property
    def where(self) -> str:
        """The place, for people."""
        ...

    @property
    def documents(self) -> Documents:
        """The documents there."""
        ...

    @property
    def evidence(self) -> Evidence:
        """The pictures there."""
        ...

    @property
    def checkpoint(self) -> Note:
        """The newest checkpoint there."""
        ...

    def require(self) -> None:
        """Raise `LedgerFailed`, in words that say what to do, where it can't be reached."""
        ...

    def try_out(self) -> None:
        """Do as `require`, and see too whether this account may do there all that it has to."""
        ...


def is_hash_of(sha256: str, content: bytes) -> bool:
    """Tell whether the content is the one that bears this hash."""
    return hashlib.sha256(content).hexdigest() == sha256


def gone(place: str) -> DocumentProblem:
    """Return in words that what was kept at *place* is there no more."""
    return DocumentProblem("missing", f"{place} is not there any more: put it back, or enter the record by hand")


def changed(place: str) -> DocumentProblem:
    """Return in words that what is at *place* is not what was kept there."""
    return DocumentProblem(
        "damaged", f"{place} was changed since it was kept: put back what it was, by its SHA-256"
    )
