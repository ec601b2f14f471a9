"""Verifies a whole log from its stored bytes, believing nothing but the public key.

What it can't see: entries that were cut off or rewritten after the last checkpoint together with the head, a log
signed anew with a stolen key, and a whole older state put back. Against these, checkpoints must be kept elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rpa.audit.checkpoint import read_checkpoint
from rpa.audit.entry import decode
from rpa.audit.note import NotGenuineError, PublicKey
from rpa.audit.tree import Tree, leaf_hash
from rpa.words import counted

MOST_PROBLEMS = 100
"""A log that is broken everywhere is described by its first problems."""


class LogRow(NamedTuple):
    """An entry as stored. *reference* stands in a column of its own for looking up, and must agree."""

    seq: int
    body: bytes
    leaf: bytes
    reference: str | None


class Head(NamedTuple):
    """The tree as stored."""

    size: int
    peaks: bytes


class Seal(NamedTuple):
    """A checkpoint as stored: its note, and the tree at its size."""

    size: int
    peaks: bytes
    note: bytes


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a verification found.

    *covered_until* is the number of the last entry under a checkpoint that holds: later entries are only as safe
    as this machine. *problems* say in words what does not agree; none means that the log is whole.
    """

    entries: int
    checkpoints: int
    covered_until: int
    problems: tuple[str, ...]

    @property
    def word(self) -> str:
        """One word for programs: `verified` or `broken`."""
        return "broken" if self.problems else "verified"

    @property
    def sentence(self) -> str:
        """One line for people; the entries that no checkpoint covers yet are told apart."""
        if self.problems:
            return f"The audit trail is broken: {counted(len(self.problems), 'problem')} in {self._size}"
        uncovered = self.entries - self.covered_until
        signed = f"{self._size}, {counted(self.checkpoints, 'signed checkpoint')}"
        since = f"; the last {uncovered} not signed yet" if uncovered else ""
        return f"Audit trail verified: {signed}{since}"

    @property
    def _size(self) -> str:
        return counted(self.entries, "entry", "entries")


def verify(rows: Iterable[LogRow], head: Head, seals: Sequence[Seal], key: PublicKey) -> Verdict:
    """Recompute the log of *rows*, in the order of their numbers, and compare it with its heads."""
    check = _Check(key, sorted(seals))
    for row in rows:
        check.row(row)
    check.head(head)
    return check.verdict()


class _Check:
    def __init__(self, key: PublicKey, seals: list[Seal]) -> None:
        self._key = key
        self._due = seals
        self._sealed = 0
        self._covered = 0
        self._tree = Tree()
        self._next = 1
        self._problems: list[str] = []

    def row(self, row: LogRow) -> None:
        if row.seq != self._next:
            self._problem(f"entry {self._next} is missing or out of its place")
        if leaf_hash(row.body) != row.leaf:
            self._problem(f"entry {row.seq} has been changed: its bytes are not those of its hash")
        elif not _says(row):
            self._problem(f"entry {row.seq} speaks of another number or reference than the one it is kept under")
        self._next = row.seq + 1
        self._tree = self._tree.add(leaf_hash(row.body))
        while self._due and self._due[0].size == self._tree.size:
            self._seal(self._due.pop(0))

    def head(self, head: Head) -> None:
        for seal in self._due:
            self._sealed += 1
            self._problem(f"the checkpoint at {seal.size} covers entries that are not there: the log has been cut")
        if head != Head(self._tree.size, self._tree.pack()):
            self._problem(f"the tree kept with the log, of {head.size} entries, is not that of its entries")

    def verdict(self) -> Verdict:
        return Verdict(
            entries=self._tree.size,
            checkpoints=self._sealed,
            covered_until=self._covered,
            problems=tuple(self._problems),
        )

    def _seal(self, seal: Seal) -> None:
        self._sealed += 1
        try:
            checkpoint = read_checkpoint(seal.note.decode(errors="replace"), self._key)
        except NotGenuineError as error:
            self._problem(f"the checkpoint at {seal.size} is not genuine: {error}")
            return
        if checkpoint.size != seal.size or seal.peaks != self._tree.pack():
            self._problem(f"the checkpoint at {seal.size} is kept with another size or tree")
        if checkpoint.root == self._tree.root():
            self._covered = seal.size
        else:
            self._problem(
                f"the checkpoint at {seal.size} was signed over other entries: the log has been rewritten"
            )

    def _problem(self, words: str) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(words)


def _says(row: LogRow) -> bool:
    try:
        entry = decode(row.body)
    except ValueError:
        return False
    return entry.get("seq") == row.seq and entry.get("reference") == row.reference
