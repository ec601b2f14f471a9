"""Documents kept by what they hold: one folder per SHA-256, with the name that the file came with."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from rpa.documents.base import Document


@dataclass(frozen=True)
class Files:
    """Keeps a copy of every document, so that each value can be traced to its place for as long as needed."""

    folder: Path

    def keep(self, path: Path) -> Document:
        """Return *path* as a document, kept; nothing is copied where it is kept already."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        kept = self.path(sha256, path.name)
        if not kept.exists():
            _copy(path, kept)
        return Document(kept, sha256, kept.stat().st_size)

    def path(self, sha256: str, name: str) -> Path:
        """Return where a document is kept."""
        return self.folder / sha256 / name


def _copy(path: Path, kept: Path) -> None:
    """Copy so that a half-written file never bears the name: write beside it, flush to disk, rename."""
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("rb") as source, NamedTemporaryFile(dir=kept.parent, delete=False) as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())
    Path(copy.name).replace(kept)
