"""Verify an exported audit trail: `python3 verify.py [FOLDER]`. Needs Python 3.10 and the package `cryptography`.

This one file shares no code with the program that wrote the trail, so that a mistake in one shows in the other. It
believes nothing in the folder but its bytes: the tree of RFC 6962 is computed from the entries, and compared with
checkpoints that the log (c2sp.org/tlog-checkpoint) and its witnesses (c2sp.org/tlog-cosignature) have signed.

A key that came with the export proves only that the export fits itself. Give the keys that you were given by other
people: --key for the log's, --witness for a witness's; and with --checkpoint what a witness or a file holds of it.

Exit codes: 0 verified, 1 broken, 2 wrong use, 4 verified, but the last entries are under no such checkpoint.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

VERIFIED, BROKEN, NOT_COVERED = 0, 1, 4
LOG, WITNESS = 1, 4  # the types of Ed25519 keys in notes
TYPED_BYTES, COSIGNED, LINES = 33, 4 + 8 + 64, 3  # of a key with its type, of a signature with its id and time
MOST = 100  # problems that are told
SIGNATURE = re.compile("\u2014 (\\S+) (\\S+)")
READER = json.JSONDecoder()
CHANGE = re.compile(
    "keyonce change of a log's key\nsize: (0|[1-9][0-9]*)\nroot: (\\S+)\nold: (\\S+)\nnew: (\\S+)\nat: \\S+\n"
)
REWRITTEN = "over other entries: the log has been rewritten"


class Broken(Exception):
    """Something does not agree."""


class Key:
    """A public key as notes write it: name+id+base64(type, 32 bytes)."""

    def __init__(self, text: str, kind: int) -> None:
        name, identity, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        self.name, self.kind, self.raw = name, kind, raw[1:]
        self.id = sha256(name.encode() + b"\n" + raw).digest()[:4]
        if len(raw) != TYPED_BYTES or raw[0] != kind or self.id.hex() != identity:
            raise ValueError(f"this is no such key: {text.strip()}")

    def check(self, note: Signed) -> None:
        """Raise Broken where this key has not signed the note."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        own = [raw[4:] for name, raw in note.signatures if name == self.name and raw[:4] == self.id]
        if len(own) != 1 or (self.kind == LOG and note.origin != self.name):
            raise Broken(f"{self.name} has not signed it")
        signature, message = own[0], note.text
        if self.kind == WITNESS:
            at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {at}\n{message}"
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message.encode())
        except InvalidSignature:
            raise Broken(f"the signature of {self.name} is false") from None


class Signed:
    """A text with its signatures, which speaks of the tree of a log at a size."""

    origin: str
    size: int
    root: bytes

    def __init__(self, text: str) -> None:
        body, blank, lines = text.partition("\n\n")
        found = [SIGNATURE.fullmatch(line) for line in lines.rstrip("\n").split("\n")]
        if not blank or None in found:
            raise Broken("this is no signed note")
        self.text = f"{body}\n"
        self.signatures = [(one[1], decoded(one[2])) for one in found if one is not None]


class Note(Signed):
    """A checkpoint."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        parts = self.text.split("\n")[:-1]
        if len(parts) != LINES or not re.fullmatch("0|[1-9][0-9]*", parts[1]):
            raise Broken("this is no checkpoint")
        self.origin, self.size, self.root = parts[0], int(parts[1]), decoded(parts[2])

    def seen_by(self, witnesses: list[Key]) -> list[str]:
        """Return which of the witnesses have signed it; raise Broken for a false signature of theirs.

        Theirs is what bears their name or the id of their key, and is as long as such a signature.
        """
        named = {part for name, raw in self.signatures if len(raw) == COSIGNED for part in (name, raw[:4])}
        saw = [key for key in witnesses if key.name in named or key.id in named]
        for key in saw:
            key.check(self)
        return [key.name for key in saw]


class Change(Signed):
    """A change of the log's key, which the key before and the new one have both signed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        match = CHANGE.fullmatch(self.text)
        if match is None:
            raise Broken("keys.txt holds what is no change of a key")
        self.old, self.new = Key(match[3], LOG), Key(match[4], LOG)
        self.origin, self.size, self.root = self.old.name, int(match[1]), decoded(match[2])
        self.old.check(self)
        self.new.check(self)


class Keys:
    """The log's keys: one is believed, and changes lead from it to the others, each for its part of the log."""

    def __init__(self, believed: Key, changes: list[Change]) -> None:
        self.changes = sorted(changes, key=lambda one: one.size)
        for before, after in pairwise(self.changes):
            if before.new.raw != after.old.raw or before.size >= after.size:
                raise Broken("one change of the log's key does not follow from the other")
        all_keys = [one.old for one in self.changes[:1]] + [one.new for one in self.changes] or [believed]
        if (believed.name, believed.raw) not in [(key.name, key.raw) for key in all_keys]:
            raise Broken("the changes of the log's key do not lead to the one that is given")
        self.newest = all_keys[-1]

    def at(self, size: int) -> Key:
        """Return the key that signed the log of that size."""
        return next((one.old for one in self.changes if size <= one.size), self.newest)


class Tree:
    """The tree while it grows: the roots of its complete parts, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf at the end."""
        place = self.size
        while place % 2:
            leaf = node(self.parts.pop(), leaf)
            place //= 2
        self.parts.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the hash that stands for every entry."""
        if not self.parts:
            return sha256().digest()
        return reduce(lambda right, left: node(left, right), self.parts[::-1])


def leaf_of(body: bytes) -> bytes:
    """Return the hash of an entry."""
    return sha256(b"\0" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbours."""
    return sha256(b"\1" + left + right).digest()


def decoded(text: str) -> bytes:
    """Return the bytes; raise Broken for another spelling than the one that they have."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Broken("a text is not in base64") from None
    if base64.b64encode(raw).decode() != text:
        raise Broken("a text is in an unusual base64")
    return raw


def led_to(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root that *proof* leads to from a leaf (RFC 9162, 2.1.3.2); raise Broken for a false length."""
    last, root = size - 1, leaf
    for step in proof:
        if last == 0:
            raise Broken("a proof is too long")
        if index % 2 or index == last:
            root = node(step, root)
            while index and not index % 2:
                index, last = index // 2, last // 2
        else:
            root = node(root, step)
        index, last = index // 2, last // 2
    if last:
        raise Broken("a proof is too short")
    return root


def prove(note: Signed, number: int, body: bytes, proofs: dict[str, list[str]]) -> None:
    """Raise Broken where no proof shows that the log of the checkpoint has this entry under this number."""
    proof = [decoded(step) for step in proofs[str(number)]]
    if not 0 < number <= note.size or led_to(leaf_of(body), number - 1, note.size, proof) != note.root:
        raise Broken(f"entry {number} is not in the log")


def goes_on(old: Signed, new: Signed, proof: list[bytes]) -> bool:
    """Tell whether *new* goes on from *old* by *proof* (RFC 9162, 2.1.4.2)."""
    if old.size in {0, new.size}:
        return not proof and (old.size == 0 or old.root == new.root)
    at, last, steps = old.size - 1, new.size - 1, list(proof)
    while at % 2:
        at, last = at // 2, last // 2
    if at and not steps:
        return False
    was = now = steps.pop(0) if at else old.root
    for step in steps:
        if last == 0:
            return False
        if at % 2 or at == last:
            was, now = node(step, was), node(step, now)
            while at and not at % 2:
                at, last = at // 2, last // 2
        else:
            now = node(now, step)
        at, last = at // 2, last // 2
    return (was, now, last) == (old.root, new.root, 0)


@dataclass
class Held:
    """A checkpoint that the log has signed, where it is held, and which witnesses saw it."""

    note: Note | Change
    where: str
    saw: list[str]


@dataclass
class Report:
    """What was found: problems, and how far checkpoints reach, *since* when the first entry is not covered."""

    problems: list[str] = field(default_factory=list)
    entries: int = 0
    checkpoints: int = 0
    covered: int = 0
    since: str | None = None
    seen: set[str] = field(default_factory=set)

    def problem(self, words: str) -> None:
        """Note what does not agree."""
        if len(self.problems) < MOST:
            self.problems.append(words)


class Export:
    """What is verified: the folder, and whose keys are believed."""

    def __init__(self, folder: Path, key: Key, witnesses: list[Key]) -> None:
        self.folder, self.witnesses = folder, witnesses
        self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
        self.report = Report()
        self.dropped: list[int] = []
        self.pruned: list[tuple[int, int]] = []
        changes = folder / "keys.txt"
        self.keys = Keys(key, [Change(text) for text in notes_of(changes)] if changes.exists() else [])
        self.changed = [Held(one, "the change of the key", []) for one in self.keys.changes]
        self.own = self.believed(folder / "checkpoints.txt", "the export")
        self.report.checkpoints = len(self.own)

    def verify(self, kept: list[Path]) -> Report:
        """Verify everything, also against the checkpoints of the files *kept*."""
        theirs = [one for path in kept for one in self.believed(path, str(path))]
        if self.manifest["complete"]:
            self.whole(sorted(self.own + theirs + self.changed, key=lambda one: one.note.size))
        else:
            self.some(theirs)
        return self.report

    def believed(self, path: Path, where: str) -> list[Held]:
        """Return the checkpoints in a file that the log has signed; each other one is a problem."""
        found = []
        for text in notes_of(path):
            try:
                note = Note(text)
                self.keys.at(note.size).check(note)
                found.append(Held(note, where, note.seen_by(self.witnesses)))
            except Broken as error:
                self.report.problem(f"{where} holds a checkpoint that is not genuine: {error}")
        return found

    def whole(self, due: list[Held]) -> None:
        """Compute the tree of all entries and compare every checkpoint with it."""
        tree, report = Tree(), self.report
        with (self.folder / "entries.ndjson").open("rb") as lines:
            for line in lines:
                self.entry(tree, line.removesuffix(b"\n"))
                while due and due[0].note.size <= tree.size:
                    self.compare(due.pop(0), tree)
        report.entries = tree.size
        in_time = {n for first, last in self.pruned for n in range(max(first, 1), min(last, tree.size) + 1)}
        for number in self.dropped:
            if number not in in_time:
                report.problem(f"entry {number} has no content, and no entry says that it was dropped in its time")
        for one in due:
            held = f"{one.where} holds a checkpoint at {one.note.size}"
            report.problem(f"{held}, but there are {tree.size} entries: the log has been cut")

    def entry(self, tree: Tree, body: bytes) -> None:
        """Add an entry to the tree; of one whose body was deleted in its time, the hash that is left."""
        number, leaf = tree.size + 1, leaf_of(body)
        try:
            said = READER.decode(body.decode("ascii"))
            if said["seq"] != number:
                self.report.problem(f"entry {said['seq']} stands where entry {number} should")
            if len(said) == 2 and "leaf" in said:  # noqa: PLR2004  # its number, and the hash
                leaf = decoded(said["leaf"])
                self.dropped.append(number)
            if said.get("event") == "log.pruned":
                self.pruned += [(int(first), int(last)) for first, last in said["data"]["ranges"]]
            if self.report.since is None:
                self.report.since = said.get("at", "an entry whose body was deleted")
        except (ValueError, KeyError, TypeError, AttributeError, Broken):
            self.report.problem(f"entry {number} can't be read")
        tree.add(leaf)

    def compare(self, one: Held, tree: Tree) -> None:
        """Compare a checkpoint with the tree at its size."""
        if (one.note.size, one.note.root) != (tree.size, tree.root()):
            self.report.problem(f"{one.where} holds a checkpoint at {one.note.size} {REWRITTEN}")
        else:
            self.cover(one)

    def cover(self, one: Held) -> None:
        """Note how far a checkpoint reaches, if somebody has seen it who was to."""
        if one.saw or not self.witnesses:
            self.report.covered, self.report.since = one.note.size, None
            self.report.seen |= set(one.saw)

    def some(self, kept: list[Held]) -> None:
        """Check that each of some entries is in the tree of one checkpoint, and that the other ones lead to it."""
        newest = next((one for one in self.own if one.note.size == self.manifest["checkpoint"]), None)
        if newest is None:
            self.report.problem(f"the checkpoint at {self.manifest['checkpoint']} is missing")
            return
        proofs = json.loads((self.folder / "proofs.json").read_text("utf-8"))
        with (self.folder / "entries.ndjson").open("rb") as lines:
            for line in lines:
                self.part(newest.note, line.removesuffix(b"\n"), proofs["inclusion"])
        for one in [*self.own, *kept, *self.changed]:
            self.led(one, newest.note, proofs["consistency"].get(str(one.note.size)))
        self.report.since = str(self.manifest["made"])
        self.cover(newest)

    def part(self, note: Signed, body: bytes, proofs: dict[str, list[str]]) -> None:
        """Check that one entry is in the tree."""
        self.report.entries += 1
        try:
            prove(note, json.loads(body)["seq"], body, proofs)
        except Broken as error:
            self.report.problem(str(error))
        except (ValueError, KeyError, TypeError):
            self.report.problem(f"entry {self.report.entries} of the export can't be read")

    def led(self, one: Held, newest: Signed, proof: list[str] | None) -> None:
        """Check that the tree of the newest checkpoint goes on from that of another."""
        held = f"{one.where} holds a checkpoint at {one.note.size}"
        if one.note.size > newest.size:
            self.report.problem(f"{held}, a later one: make a new export")
        elif proof is None and one.note.size != newest.size:
            self.report.problem(f"{held} that this export says nothing of: export everything")
        elif not goes_on(one.note, newest, [decoded(step) for step in proof or []]):
            self.report.problem(f"{held} {REWRITTEN}")


def notes_of(path: Path) -> list[str]:
    """Return the checkpoints in a file; after each stands an empty line."""
    said = path.read_text("utf-8", errors="replace").rstrip("\n")
    blocks = said.split("\n\n") if said else []
    return [f"{text}\n\n{lines}\n" for text, lines in zip(blocks[::2], blocks[1::2], strict=True)]


def key_of(given: str, kind: int) -> Key:
    """Return the key that is given as a text or a file."""
    return Key(Path(given).read_text("utf-8") if Path(given).is_file() else given, kind)


def main(arguments: list[str] | None = None) -> int:
    """Verify what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Verify an exported audit trail.")
    parser.add_argument("folder", nargs="?", default=Path(__file__).parent, type=Path)
    parser.add_argument("--key", help="the log's public key, text or file, as other people gave it to you")
    parser.add_argument("--witness", action="append", help="a witness's public key, text or file")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path, help="checkpoints kept elsewhere")
    asked = parser.parse_args(arguments)
    try:
        theirs = asked.witness or (asked.folder / "witnesses.pub").read_text("utf-8").split()
        key = key_of(asked.key or str(asked.folder / "audit.pub"), LOG)
        export = Export(asked.folder, key, [key_of(one, WITNESS) for one in theirs])
        report = export.verify(asked.checkpoint)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Broken) as error:
        say(f"BROKEN: it can't be read: {error}")
        return BROKEN
    if asked.key is None:
        say(f"The log's key came with the export: compare it with one from other people.\n  {key.name}")
    return told(report)


def told(report: Report) -> int:
    """Say what was found; return the exit code."""
    for words in report.problems:
        say(f"BROKEN: {words}")
    if report.problems:
        return BROKEN
    by = f", seen by {', '.join(sorted(report.seen))}" if report.seen else ""
    size = f"{report.entries} entries, {report.checkpoints} checkpoints"
    say(f"verified: {size}, covered until entry {report.covered}{by}")
    if report.since is not None:
        say(f"NOT COVERED since {report.since}")
        return NOT_COVERED
    return VERIFIED


def say(words: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main())
