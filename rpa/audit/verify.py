"""Verifies a whole log from its stored bytes, believing nothing but the public keys.

Alone it can't see entries that were cut off or rewritten after the last checkpoint together with the head, a log
signed anew with a stolen key, and a whole older state put back. Checkpoints that are kept elsewhere show these: a
witness's signature says that it saw the tree, and what it holds may not be missing here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

from rpa.audit.chain import Keys
from rpa.audit.checkpoint import Checkpoint
from rpa.audit.entry import Event, decode
from rpa.audit.note import NotGenuineError, PublicKey
from rpa.audit.tree import Tree, leaf_hash, node_hash
from rpa.words import counted

MOST_PROBLEMS = 100
"""A log that is broken everywhere is described by its first problems."""


CUT, REWRITTEN = "the log has been cut", "the log has been rewritten"
KEPT_UNDER = "the one it is kept under"


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


class Cosigned(NamedTuple):
    """What a witness said of a checkpoint, as stored."""

    witness: str
    line: str


class Seal(NamedTuple):
    """A checkpoint as stored: its note, the tree at its size, and what witnesses said of it."""

    size: int
    peaks: bytes
    note: bytes
    cosigned: tuple[Cosigned, ...] = ()


class Kept(NamedTuple):
    """A checkpoint that was kept elsewhere, and where."""

    where: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What is known of the log elsewhere: the keys of its *witnesses*, and checkpoints that were *kept*.

    What was kept under a witness's name is what it says itself, and must be signed by it.
    """

    witnesses: Sequence[PublicKey] = ()
    kept: Sequence[Kept] = ()


ALONE = Watch()
"""Nothing is known of the log elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a verification found.

    *covered_until* is the number of the last entry under a checkpoint that holds: later entries are only as safe
    as this machine. *witnessed_until* is that of the last one under a checkpoint that a witness has seen, None
    where no witness is known. *uncovered_since* is when the first entry was written that is not covered so.
    *problems* say in words what does not agree; none means that the log is whole.
    """

    entries: int
    checkpoints: int
    covered_until: int
    problems: tuple[str, ...]
    witnessed_until: int | None = None
    uncovered_since: str | None = None

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
        return f"Audit trail verified: {signed}{since}{self._witnessed}"

    @property
    def _size(self) -> str:
        return counted(self.entries, "entry", "entries")

    @property
    def _witnessed(self) -> str:
        if self.witnessed_until is None:
            return ""
        unseen = self.entries - self.witnessed_until
        return f"; the last {unseen} not seen by a witness yet" if unseen else "; all seen by a witness"


def verify(  # the log as it is kept, and whom is believed
    rows: Iterable[LogRow],
    head: Head,
    seals: Sequence[Seal],
    key: PublicKey,
    watch: Watch = ALONE,
    changes: Sequence[str] = (),
) -> Verdict:
    """Recompute the log of *rows*, in the order of their numbers, and compare it with its heads.

    *changes* are the notes by which its key was changed until it was *key*.
    """
    check = _Check(key, sorted(seals), watch, changes)
    check.rows(rows)
    check.head(head)
    return check.verdict()


@dataclass
class _Growing:
    """The tree while it grows: as `Tree`, made for speed."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        complete, peaks = self.size, self.peaks
        while complete & 1:
            leaf = node_hash(peaks.pop(), leaf)
            complete >>= 1
        peaks.append(leaf)
        self.size += 1

    def tree(self) -> Tree:
        return Tree(self.size, tuple(self.peaks))


class _Check:
    def __init__(self, key: PublicKey, seals: list[Seal], watch: Watch, changes: Sequence[str]) -> None:
        self._due = seals
        self._witnesses = {one.name: one for one in watch.witnesses}
        self._sealed = self._covered = 0
        self._witnessed = 0 if watch.witnesses else None
        self._since: str | None = None
        self._tree = _Growing()
        self._dropped: list[int] = []
        self._pruned: list[tuple[int, int]] = []
        self._problems: list[str] = []
        self._keys = self._known_keys(key, changes)
        changed = [("the change of the key", one.checkpoint) for one in self._keys.changes]
        self._kept = sorted([*changed, *self._read(watch.kept)], key=lambda one: one[1].size)

    def rows(self, rows: Iterable[LogRow]) -> None:
        tree, expected = self._tree, 1
        self._heads()
        stop = self._next_head()
        for seq, body, leaf, reference in rows:
            if seq != expected:
                self._problem(f"entry {expected} is missing or out of its place")
            expected = seq + 1
            true = leaf_hash(body) if body else leaf
            if not body:
                self._dropped.append(seq)
            elif true != leaf:
                self._problem(f"entry {seq} has been changed: its bytes are not those of its hash")
            elif not (self._since and _says_plainly(seq, body, reference)) and not self._says(
                seq, body, reference
            ):
                self._problem(f"entry {seq} speaks of another number or reference than {KEPT_UNDER}")
            tree.add(true)
            if tree.size == stop:
                self._heads()
                stop = self._next_head()

    def head(self, head: Head) -> None:
        told = {n for first, last in self._pruned for n in range(max(first, 1), min(last, self._tree.size) + 1)}
        for seq in self._dropped:
            if seq not in told:
                self._problem(f"entry {seq} has no content, and no entry says that it was dropped in its time")
        for seal in self._due:
            self._sealed += 1
            self._problem(f"the checkpoint at {seal.size} covers entries that are not there: the log has been cut")
        for where, checkpoint in self._kept:
            self._problem(f"{where} holds a checkpoint at {checkpoint.size}, entries that are not there: {CUT}")
        tree = self._tree.tree()
        if head != Head(tree.size, tree.pack()):
            self._problem(f"the tree kept with the log, of {head.size} entries, is not that of its entries")

    def verdict(self) -> Verdict:
        return Verdict(
            entries=self._tree.size,
            checkpoints=self._sealed,
            covered_until=self._covered,
            problems=tuple(self._problems),
            witnessed_until=self._witnessed,
            uncovered_since=self._since,
        )

    def _says(self, seq: int, body: bytes, reference: str | None) -> bool:
        """Tell whether the entry speaks of what it is kept under; note when the first uncovered one was made."""
        try:
            entry = decode(body)
            if entry.get("event") == Event.LOG_PRUNED:
                self._pruned += [(int(first), int(last)) for first, last in entry["data"]["ranges"]]
        except (ValueError, KeyError, TypeError):
            return False
        if self._since is None:
            self._since = str(entry.get("at"))
        return bool(entry.get("seq") == seq and entry.get("reference") == reference)

    def _known_keys(self, key: PublicKey, changes: Sequence[str]) -> Keys:
        try:
            return Keys.of(key, changes)
        except NotGenuineError as error:
            self._problem(f"what is kept of changes of the log's key is not genuine: {error}")
            return Keys(key)

    def _read(self, kept: Iterable[Kept]) -> Iterable[tuple[str, Checkpoint]]:
        for where, note in kept:
            try:
                held = self._keys.read(note)
                if where in self._witnesses:
                    self._witnesses[where].cosigned(note)
                yield where, held
            except NotGenuineError as error:
                self._problem(f"{where} holds a checkpoint that is not of this log: {error}")

    def _next_head(self) -> int:
        due = [seal.size for seal in self._due[:1]] + [one.size for _, one in self._kept[:1]]
        return min(due, default=0)

    def _heads(self) -> None:
        """Compare the tree with every head of its size."""
        while self._due and self._due[0].size <= self._tree.size:
            self._seal(self._due.pop(0))
        while self._kept and self._kept[0][1].size <= self._tree.size:
            where, held = self._kept.pop(0)
            if held.root == self._tree.tree().root():
                self._cover(held.size, witnessed=where in self._witnesses)
            else:
                self._problem(f"{where} holds one at {held.size} over other entries: {REWRITTEN}")

    def _seal(self, seal: Seal) -> None:
        self._sealed += 1
        tree = self._tree.tree()
        try:
            checkpoint = self._keys.read(seal.note.decode(errors="replace"))
        except NotGenuineError as error:
            self._problem(f"the checkpoint at {seal.size} is not genuine: {error}")
            return
        if checkpoint.size != seal.size or seal.peaks != tree.pack():
            self._problem(f"the checkpoint at {seal.size} is kept with another size or tree")
        if checkpoint.root == tree.root():
            saw = [self._saw(seal, one) for one in seal.cosigned]
            self._cover(seal.size, witnessed=True in saw)
        else:
            self._problem(f"the checkpoint at {seal.size} was signed over other entries: {REWRITTEN}")

    def _cover(self, size: int, *, witnessed: bool) -> None:
        self._covered = size
        if witnessed:
            self._witnessed = size
        if witnessed or not self._witnesses:
            self._since = None

    def _saw(self, seal: Seal, said: Cosigned) -> bool:
        witness = self._witnesses.get(said.witness)
        if witness is None:
            return False
        try:
            witness.cosigned(seal.note.decode() + said.line)
        except NotGenuineError as error:
            self._problem(f"what {said.witness} said of the checkpoint at {seal.size} is not genuine: {error}")
            return False
        return True

    def _problem(self, words: str) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(words)


def _says_plainly(seq: int, body: bytes, reference: str | None) -> bool:
    """Tell whether the bytes say so, without making data of them: that takes half of the time of all the rest.

    A quote inside of a text has a backslash before it, so a key that stands once is the entry's own. Where this
    says no, the entry may still say so in another way.
    """
    if b',"seq":%d,' % seq not in body or body.count(b'"seq":') != 1 or PRUNED in body:
        return False
    if reference is None:
        return b'"reference":' not in body
    said = b'"reference":' + encode_basestring_ascii(reference).encode("ascii") + b","
    return said in body and body.count(b'"reference":') == 1


PRUNED = b'"%s"' % Event.LOG_PRUNED.encode("ascii")
