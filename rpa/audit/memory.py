"""What a witness and a signer remember of each log: the largest tree that they ever signed.

A row is a file with the signed note, named by the hash of the log's name. It is on the disk before anything is
answered, and only a tree that goes on from it takes its place (c2sp.org/tlog-witness).
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock

from rpa.audit.checkpoint import Checkpoint, checkpoint_of
from rpa.audit.keys import write_whole
from rpa.audit.proof import extends

MOST_PROOF = 63
"""Hashes that a proof may have."""

OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class RefusedError(Exception):
    """A tree is not signed. *status* is the answer of HTTP, *size* that of the tree that is remembered."""

    def __init__(self, status: int, why: str, size: int | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.size = size


@dataclass(frozen=True)
class Request:
    """What a log asks to be signed: the size that it takes for the last one, the proof, and the checkpoint."""

    old: int
    proof: Sequence[bytes]
    note: str

    def text(self) -> str:
        """Return the request as it is sent."""
        lines = [f"old {self.old}", *(base64.b64encode(one).decode("ascii") for one in self.proof), "", self.note]
        return "\n".join(lines)

    @classmethod
    def parse(cls, text: str) -> "Request":
        """Return the request that `text` wrote; raise `RefusedError` where it is none."""
        head, blank, note = text.partition("\n\n")
        first, *rest = head.split("\n")
        old = OLD.fullmatch(first)
        if not blank or old is None or len(rest) > MOST_PROOF:
            raise RefusedError(400, "the request is not in the form of add-checkpoint")
        try:
            proof = [base64.b64decode(line, validate=True) for line in rest]
        except binascii.Error:
            raise RefusedError(400, "the proof is not in base64") from None
        return cls(int(old[1]), proof, note)


class Memory:
    """The rows, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def newest(self, origin: str) -> str | None:
        """Return the note of the largest tree of the log *origin* that was signed; None where none was."""
        path = self._path(origin)
        return path.read_text("utf-8") if path.exists() else None

    def advance(self, request: Request, new: Checkpoint, sign: Callable[[], str]) -> str:
        """Remember *new* and return what *sign* says of it; raise `RefusedError` where it doesn't go on.

        *sign* gives the whole note. One request is answered after another: two may not both be the next.
        """
        with self._lock:
            note = self.newest(new.origin)
            last = (0, b"") if note is None else _head(checkpoint_of(note))
            if request.old > new.size:
                raise RefusedError(400, "the old tree is larger than the new one")
            if request.old != last[0]:
                raise RefusedError(409, f"the last tree had {last[0]} entries", last[0])
            if new.size == last[0] and new.root != last[1]:
                raise RefusedError(409, "another tree of this size was signed before", last[0])
            if not extends(last, _head(new), request.proof):
                raise RefusedError(422, "the tree does not go on from the last one")
            signed = sign()
            write_whole(self._path(new.origin), signed.removesuffix("\n"), 0o644)
            return signed

    def _path(self, origin: str) -> Path:
        return self._folder / sha256(origin.encode()).hexdigest()


def _head(checkpoint: Checkpoint) -> tuple[int, bytes]:
    return checkpoint.size, checkpoint.root
