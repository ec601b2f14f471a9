"""Changes of the log's signing key: each is a note that the key before and the new one have both signed.

Whoever trusts one of the keys follows the notes to the others. A note says how large the log was: the key before
signs nothing beyond it, so that one which is stolen after its change is worth nothing.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from rpa.audit.checkpoint import Checkpoint, checkpoint_of, read_checkpoint
from rpa.audit.note import NotGenuineError, PrivateKey, PublicKey

FIRST = "keyonce change of a log's key"
FORM = re.compile(
    re.escape(FIRST) + r"\nsize: (0|[1-9][0-9]*)\nroot: ([A-Za-z0-9+/]{43}=)\nold: (\S+)\nnew: (\S+)\nat: (\S+)\n"
)


@dataclass(frozen=True)
class KeyChange:
    """From the log's *size* on, *new* signs what *old* has signed so far; *root* is that of the tree then."""

    size: int
    root: bytes
    old: PublicKey
    new: PublicKey
    at: str

    def text(self) -> str:
        """Return what is signed."""
        root = base64.b64encode(self.root).decode("ascii")
        return f"{FIRST}\nsize: {self.size}\nroot: {root}\nold: {self.old}\nnew: {self.new}\nat: {self.at}\n"

    def sign(self, old: PrivateKey, new: PrivateKey) -> str:
        """Return the note with both signatures."""
        return old.sign(self.text()) + new.sign(self.text()).rpartition("\n\n")[2]

    @property
    def checkpoint(self) -> Checkpoint:
        """The tree at which the key was changed."""
        return Checkpoint(self.old.name, self.size, self.root)


def read_change(note: str) -> KeyChange:
    """Return what the note says; raise `NotGenuineError` where not both keys have signed it."""
    match = FORM.fullmatch(f"{note.rpartition(chr(10) * 2)[0]}\n")
    if match is None:
        raise NotGenuineError("it is no change of a key")
    try:
        old, new = PublicKey.parse(match[3]), PublicKey.parse(match[4])
    except ValueError as error:
        raise NotGenuineError(str(error)) from None
    for key in (old, new):
        key.read(note)
    if old.name != new.name or old == new:
        raise NotGenuineError("both keys have to be of one log, and not the same")
    return KeyChange(int(match[1]), base64.b64decode(match[2]), old, new, match[5])


@dataclass(frozen=True)
class Keys:
    """The log's keys: the *newest*, and the *changes* that led to it, the oldest first."""

    newest: PublicKey
    changes: tuple[KeyChange, ...] = ()

    @classmethod
    def of(cls, trusted: PublicKey, notes: Iterable[str]) -> Self:
        """Return the keys, of which one is *trusted*; raise `NotGenuineError` where notes do not lead to it."""
        changes = tuple(sorted(map(read_change, notes), key=lambda one: one.size))
        if not changes:
            return cls(trusted)
        if any(before.new != after.old or before.size >= after.size for before, after in pairwise(changes)):
            raise NotGenuineError("one change does not follow from the other")
        if trusted not in {changes[0].old, *(change.new for change in changes)}:
            raise NotGenuineError("the changes do not lead to the log's key")
        return cls(changes[-1].new, changes)

    def at(self, size: int) -> PublicKey:
        """Return the key that signed the log of that size."""
        return next((change.old for change in self.changes if size <= change.size), self.newest)

    def read(self, note: str) -> Checkpoint:
        """Return the checkpoint in *note*; raise `NotGenuineError` where the key of its time did not sign it."""
        return read_checkpoint(note, self.at(checkpoint_of(note).size))
