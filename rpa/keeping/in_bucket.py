"""Documents, evidence and the newest checkpoint in a bucket, under the names that they have in a folder.

What is read on this machine is a copy, there for the time of use. Nothing that is fetched is used before its bytes
are seen to be those of its hash.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rpa.documents.base import Document
from rpa.errors import LedgerFailed
from rpa.keeping.base import CHECKPOINT, DOCUMENTS, EVIDENCE, Keep, changed, gone, is_hash_of
from rpa.keeping.bucket import Bucket
from rpa.keeping.copies import Copies
from rpa.keeping.taking import copy, opened, private, refuse_unfit


@dataclass(frozen=True)
class InBucket:
    """Keeps everything in *bucket*; *copies* are on this machine."""

    bucket: Bucket
    copies: Copies

    @property
    def where(self) -> str:
        """The bucket and prefix."""
        return str(self.bucket.address)

    @property
    def documents(self) -> "DocumentsInBucket":
        """The documents in it."""
        return DocumentsInBucket(self.bucket, self.copies)

    @property
    def evidence(self) -> "PicturesInBucket":
        """The pictures in it."""
        return PicturesInBucket(self.bucket)

    @property
    def checkpoint(self) -> "NoteInBucket":
        """The newest checkpoint in it."""
        return NoteInBucket(self.bucket)

    def require(self) -> None:
        """Raise `LedgerFailed` where the bucket is not there, refuses or can't be reached."""
        self.copies.sweep()
        self.bucket.require()

    def try_out(self) -> None:
        """Do as `require`, and see whether the access key may write and delete."""
        self.bucket.try_out()


@dataclass(frozen=True)
class DocumentsInBucket:
    """Documents as objects `documents/SHA256/NAME`."""

    bucket: Bucket
    copies: Copies

    @contextmanager
    def keep(self, path: Path) -> Iterator[Document]:
        """Copy the file, send the copy there unless it is there, and give the copy."""
        with self.copies.room() as room:
            document = _taken(path, room / path.name)
            self._send(document)
            yield document

    @contextmanager
    def trying(self) -> Iterator[Keep]:
        """Give what puts content aside; it is sent once the block has ended well."""
        kept: list[Document] = []
        with self.copies.room() as room:

            def keep(name: str, content: bytes) -> Document:
                refuse_unfit(name, content)
                kept.append(_aside(room, hashlib.sha256(content).hexdigest(), name, content))
                return kept[-1]

            yield keep
            for document in kept:
                self._send(document)

    @contextmanager
    def fetched(self, sha256: str, name: str) -> Iterator[Document]:
        """Give a copy of what is there."""
        content = self.bucket.read(_key(sha256, name))
        if content is None:
            raise gone(self._place(sha256))
        if not is_hash_of(sha256, content):
            raise changed(self._place(sha256))
        with self.copies.room() as room:
            yield _aside(room, sha256, name, content)

    def holds(self, sha256: str) -> bool:
        """Tell whether an object bears the hash."""
        return bool(self.bucket.names(f"{DOCUMENTS}/{sha256}"))

    def delete(self, sha256: str) -> None:
        """Delete what bears the hash, and here what a killed process has left of anything."""
        for name in self.bucket.names(f"{DOCUMENTS}/{sha256}"):
            self.bucket.delete(name)
        self.copies.sweep()

    def _send(self, document: Document) -> None:
        """Send it unless it is there; an object of another size is not what was sent once."""
        key = _key(document.sha256, document.path.name)
        if self.bucket.size(key) != document.size:
            self.bucket.write(key, document.path)

    def _place(self, sha256: str) -> str:
        """Return the place without the file's name, which may be a person's."""
        return f"{DOCUMENTS}/{sha256} in {self.bucket.address}"


@dataclass(frozen=True)
class PicturesInBucket:
    """Pictures as objects `evidence/SHA256`."""

    bucket: Bucket

    @property
    def where(self) -> str:
        """What begins the names of the pictures."""
        return self.bucket.address.of(EVIDENCE)

    def keep(self, content: bytes) -> str:
        """Send a picture; one that is there already is the same."""
        name = hashlib.sha256(content).hexdigest()
        self.bucket.write(f"{EVIDENCE}/{name}", content)
        return name

    def read(self, name: str) -> bytes | None:
        """Return a picture, if its bytes are those of its name."""
        content = self.bucket.read(f"{EVIDENCE}/{name}")
        return content if content is not None and is_hash_of(name, content) else None

    def delete(self, name: str) -> None:
        """Delete a picture."""
        self.bucket.delete(f"{EVIDENCE}/{name}")


@dataclass(frozen=True)
class NoteInBucket:
    """The object `checkpoint`: written, as its file on a share, while no other machine writes to the ledger."""

    bucket: Bucket

    @property
    def name(self) -> str:
        """What it is called, and where."""
        return f"{CHECKPOINT} in {self.bucket.address}"

    def read(self) -> bytes | None:
        """Return what stands there; raise `LedgerFailed` where that can't be known now."""
        return self.bucket.read(CHECKPOINT)

    def write(self, note: bytes) -> None:
        """Replace it; where that can't be done, the older one stays."""
        with suppress(LedgerFailed):
            self.bucket.write(CHECKPOINT, note)


def _key(sha256: str, name: str) -> str:
    """Return an object's name; bytes of a file's name that are no text are spelled out."""
    spelled = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return f"{DOCUMENTS}/{sha256}/{spelled}"


def _taken(path: Path, target: Path) -> Document:
    """Copy a file that is taken in; the hash is that of the copy."""
    with opened(path) as source, open(target, "xb", opener=private) as draft:
        sha256 = copy(source, draft)
    return Document(target, sha256, target.stat().st_size)


def _aside(room: Path, sha256: str, name: str, content: bytes) -> Document:
    """Write content under its name, beside others of the same name."""
    folder = room / sha256
    folder.mkdir(mode=0o700, exist_ok=True)
    with open(folder / name, "wb", opener=private) as file:
        file.write(content)
    return Document(folder / name, sha256, len(content))
