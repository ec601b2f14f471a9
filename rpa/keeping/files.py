"""Documents in a folder: one folder per SHA-256, with the name that the file came with."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedWriter, BytesIO
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

from rpa.documents.base import Document
from rpa.errors import DocumentProblem, LedgerFailed
from rpa.keeping.base import Keep, changed, gone
from rpa.keeping.taking import copy, flush_folder, make_private, opened, refuse_unfit

AWAY = "{} is not there: see that the share is mounted, or correct `documents` in rpa.toml"
UNREAD = "{} can't be read ({}): see to the disk or the share, then try again"


@dataclass(frozen=True)
class Files:
    """Keeps a copy of every document, so that each value can be traced to its place for as long as needed.

    What it writes is for its own account alone. Raises `OSError` where a copy can't be written.
    """

    folder: Path

    @contextmanager
    def keep(self, path: Path) -> Iterator[Document]:
        """Give the copy; nothing is copied where it is kept already."""
        with opened(path) as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            if not self.path(sha256, path.name).exists():
                source.seek(0)
                sha256 = self._copied(source, path.name)
        kept = self.path(sha256, path.name)
        yield Document(kept, sha256, kept.stat().st_size)

    @contextmanager
    def trying(self) -> Iterator[Keep]:
        """Give what keeps content as it comes; where a `DocumentProblem` is raised, what is new is gone again."""
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
        """Keep *content*, and tell in *new* what was not there yet."""
        refuse_unfit(name, content)
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256, name)
        if not path.exists():
            new.append(path)
            self._copied(BytesIO(content), name)
        return Document(path, sha256, len(content))

    @contextmanager
    def fetched(self, sha256: str, name: str) -> Iterator[Document]:
        """Give the copy itself, once its bytes are seen to be those of its hash."""
        path = self.path(sha256, name)
        try:
            with path.open("rb") as kept:
                found, size = hashlib.file_digest(kept, "sha256").hexdigest(), os.fstat(kept.fileno()).st_size
        except FileNotFoundError:
            if not self.folder.is_dir():  # nothing at all is there: this is no matter of one document
                raise LedgerFailed(AWAY.format(self.folder)) from None
            raise gone(str(path.parent)) from None
        except OSError as error:
            raise LedgerFailed(UNREAD.format(path.parent, error.strerror)) from error
        if found != sha256:
            raise changed(str(path.parent))
        yield Document(path, sha256, size)

    def holds(self, sha256: str) -> bool:
        """Tell whether its folder is there."""
        return (self.folder / sha256).exists()

    def delete(self, sha256: str) -> None:
        """Delete its folder; raise `OSError` where that can't be done."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.folder / sha256)

    def path(self, sha256: str, name: str) -> Path:
        """Return where a document is kept."""
        return self.folder / sha256 / name

    def _copied(self, source: BinaryIO, name: str) -> str:
        """Copy so that a half-written file never bears the name; return the hash of what was written."""
        make_private(self.folder)
        with _draft_in(self.folder) as (place, draft):
            sha256 = copy(source, draft)
            os.fsync(draft.fileno())
            kept = self.path(sha256, name)
            make_private(kept.parent)
            place.replace(kept)
        flush_folder(kept.parent)
        return sha256


@contextmanager
def _draft_in(folder: Path) -> Iterator[tuple[Path, BufferedWriter]]:
    """Yield a new file, for this account alone; it is gone afterwards unless it was renamed."""
    file, name = mkstemp(dir=folder, prefix="draft-")
    try:
        with os.fdopen(file, "wb") as draft:
            yield Path(name), draft
    finally:
        Path(name).unlink(missing_ok=True)
