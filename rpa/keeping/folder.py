"""A folder, on this machine's disk or on a share that all machines see."""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rpa.audit.keys import write_whole
from rpa.errors import LedgerFailed
from rpa.keeping.base import CHECKPOINT, DOCUMENTS, EVIDENCE, is_hash_of
from rpa.keeping.files import Files
from rpa.keeping.taking import flush_folder, private


@dataclass(frozen=True)
class Folder:
    """Keeps everything below *path*."""

    path: Path

    @property
    def where(self) -> str:
        """Its path."""
        return str(self.path)

    @property
    def documents(self) -> Files:
        """The documents in it."""
        return Files(self.path / DOCUMENTS)

    @property
    def evidence(self) -> "Pictures":
        """The pictures in it."""
        return Pictures(self.path / EVIDENCE)

    @property
    def checkpoint(self) -> "NoteFile":
        """The newest checkpoint in it."""
        return NoteFile(self.path / CHECKPOINT)

    def require(self) -> None:
        """Take it as it is: it is made when the first document comes."""

    def try_out(self) -> None:
        """Raise `LedgerFailed` where it is there and can't be written."""
        if self.path.exists() and not os.access(self.path, os.R_OK | os.W_OK | os.X_OK):
            raise LedgerFailed(f"{self.path} can't be written: give this account the right to")


@dataclass(frozen=True)
class Pictures:
    """Pictures as files of a folder, for this account alone. Raises `OSError` where one can't be written."""

    folder: Path

    @property
    def where(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def keep(self, content: bytes) -> str:
        """Write *content*, so that a half-written file never bears its name."""
        name = sha256(content).hexdigest()
        if (self.folder / name).exists():
            return name
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".") as aside:
            _write(Path(aside) / name, content)
            (Path(aside) / name).replace(self.folder / name)
        flush_folder(self.folder)
        return name

    def read(self, name: str) -> bytes | None:
        """Return the file's bytes, if they are those of its name."""
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        return content if is_hash_of(name, content) else None

    def delete(self, name: str) -> None:
        """Delete the file; raise `OSError` where that can't be done."""
        (self.folder / name).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb", opener=private) as fresh:
        fresh.write(content)
        fresh.flush()
        os.fsync(fresh.fileno())


@dataclass(frozen=True)
class NoteFile:
    """A note in a file."""

    path: Path

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.path)

    def read(self) -> bytes | None:
        """Return what stands in it; raise `LedgerFailed` where it can't be read now."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LedgerFailed(
                f"{self.path} can't be read ({error.strerror}): whether the ledger is whole is unknown"
            ) from None

    def write(self, note: bytes) -> None:
        """Write by a draft of its own: a machine that stood still and wakes up must not spoil another's."""
        draft = self.path.with_name(f"{self.path.name}-{secrets.token_hex(4)}")
        with suppress(OSError):
            try:
                write_whole(draft, note.decode().removesuffix("\n"), 0o644)
                draft.replace(self.path)
            finally:
                draft.unlink(missing_ok=True)
