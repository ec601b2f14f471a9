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
    match = TEXT.fullmatch(key.read(note))
    if match is None or match[1] != key.name:
        raise NotGenuineError(f"it is no checkpoint of the log {key.name}")
    return Checkpoint(match[1], int(match[2]), base64.b64decode(match[3]))
