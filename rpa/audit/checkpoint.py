"""A checkpoint (c2sp.org/tlog-checkpoint): the log's name, its size and the root of its tree, signed as a note."""

import base64
import re
from dataclasses import dataclass

from rpa.audit.note import NotGenuineError, PrivateKey, PublicKey

TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True)
class Checkpoint:
    """The head of the log *origin* when it held *size* entries."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"

    def sign(self, key: PrivateKey) -> str:
        """Return the checkpoint as a signed note."""
        return key.sign(self.text())


def read_checkpoint(note: str, key: PublicKey) -> Checkpoint:
    """Return the checkpoint in *note*; raise `NotGenuineError` where the log's *key* has not signed it."""
    checkpoint = _parsed(key.read(note))
    if checkpoint is None or checkpoint.origin != key.name:
        raise NotGenuineError(f"it is no checkpoint of the log {key.name}")
    return checkpoint


def checkpoint_of(note: str) -> Checkpoint:
    """Return what *note* says, whoever signed it; raise `NotGenuineError` where it is no checkpoint."""
    text, blank, _ = note.partition("\n\n")
    checkpoint = _parsed(f"{text}\n" if blank else note)
    if checkpoint is None:
        raise NotGenuineError("it is no checkpoint")
    return checkpoint


def _parsed(text: str) -> Checkpoint | None:
    match = TEXT.fullmatch(text)
    return match and Checkpoint(match[1], int(match[2]), base64.b64decode(match[3]))
