"""The verifier on a log of its own, so that each way of tampering is seen by itself."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

import pytest

from rpa.audit.checkpoint import Checkpoint, read_checkpoint
from rpa.audit.entry import Actor, Author, Event, Fact, encode
from rpa.audit.note import COSIGNATURE, PrivateKey
from rpa.audit.tree import Tree, leaf_hash
from rpa.audit.verify import MOST_PROBLEMS, Head, Kept, LogRow, Seal, Verdict, Watch, verify

KEY = PrivateKey.generate("desk/keyonce/1")
AUTHOR = Author(actor=Actor(kind="bot", id="b", name="b"), host="desk", pid=7)
AT = "2026-01-01T00:00:00.000000Z"
SIZE, SEALED = 30, (8, 19, 27)


@dataclass(frozen=True)
class Log:
    """A log as a database would hand it out."""

    rows: tuple[LogRow, ...]
    head: Head
    seals: tuple[Seal, ...]

    def verify(self) -> Verdict:
        """Verify it with the true key."""
        return verify(self.rows, self.head, self.seals, KEY.public)

    def rebuilt(self) -> "Log":
        """Return the log after an intruder without the key made leaves and head fit the entries."""
        rows = tuple(row._replace(leaf=leaf_hash(row.body)) for row in self.rows)
        return replace(self, rows=rows, head=head_of(rows))

    def without_seals_after(self, size: int) -> "Log":
        """Return the log without its later checkpoints."""
        return replace(self, seals=tuple(seal for seal in self.seals if seal.size <= size))


def tree_of(rows: tuple[LogRow, ...]) -> Tree:
    tree = Tree()
    for row in rows:
        tree = tree.add(row.leaf)
    return tree


def head_of(rows: tuple[LogRow, ...]) -> Head:
    return Head(len(rows), tree_of(rows).pack())


def row_of(seq: int, word: str) -> LogRow:
    fact = Fact(event=Event.SECRET_USED, reference=f"R{seq}", reason=word)
    body = encode(fact, AUTHOR, seq=seq, at=datetime(2026, 1, 1, tzinfo=UTC), clock={})
    return LogRow(seq, body, leaf_hash(body), f"R{seq}")


def seal_of(rows: tuple[LogRow, ...], size: int, key: PrivateKey = KEY) -> Seal:
    tree = tree_of(rows[:size])
    return Seal(size, tree.pack(), Checkpoint(KEY.name, size, tree.root()).sign(key).encode())


@pytest.fixture(scope="module")
def log() -> Log:
    rows = tuple(row_of(seq, "as it was") for seq in range(1, SIZE + 1))
    return Log(rows, head_of(rows), tuple(seal_of(rows, size) for size in SEALED))


def changed(log: Log, seq: int) -> Log:
    rows = (*log.rows[: seq - 1], row_of(seq, "as I like it"), *log.rows[seq:])
    return replace(log, rows=rows)


def test_a_whole_log_is_verified(log: Log) -> None:
    verdict = log.verify()

    assert verdict == Verdict(entries=SIZE, checkpoints=3, covered_until=27, problems=(), uncovered_since=AT)
    assert verdict.word == "verified"
    assert verdict.sentence == (
        "Audit trail verified: 30 entries, 3 signed checkpoints; the last 3 not signed yet"
    )


def test_an_empty_log_is_whole() -> None:
    assert verify((), Head(0, b""), (), KEY.public).problems == ()


@pytest.mark.parametrize("seq", [1, 8, 20, SIZE])
def test_an_entry_with_other_bytes_is_named(log: Log, seq: int) -> None:
    row = log.rows[seq - 1]._replace(body=row_of(seq, "as I like it").body)
    verdict = replace(log, rows=(*log.rows[: seq - 1], row, *log.rows[seq:])).verify()

    assert verdict.problems[0].startswith(f"entry {seq} has been changed")
    assert verdict.word == "broken"


@pytest.mark.parametrize("seq", [1, 8, 20, SIZE])
def test_an_entry_replaced_with_its_hash_does_not_fit_the_head(log: Log, seq: int) -> None:
    assert "the tree kept with the log" in changed(log, seq).verify().problems[-1]


@pytest.mark.parametrize("seq", [1, 8, 20, 27])
def test_a_log_rewritten_with_its_tree_does_not_fit_the_checkpoints(log: Log, seq: int) -> None:
    verdict = changed(log, seq).rebuilt().verify()

    assert "the log has been rewritten" in verdict.problems[-1]
    assert verdict.covered_until == max((size for size in SEALED if size < seq), default=0)


def test_what_no_checkpoint_covers_yet_is_told_to_be_uncovered(log: Log) -> None:
    verdict = changed(log, 28).rebuilt().verify()

    assert verdict.problems == ()
    assert verdict.covered_until == 27


@pytest.mark.parametrize("seq", [1, 9, 28])
def test_a_missing_entry_is_named(log: Log, seq: int) -> None:
    cut = replace(log, rows=log.rows[: seq - 1] + log.rows[seq:])

    assert cut.verify().problems[0] == f"entry {seq} is missing or out of its place"
    assert cut.rebuilt().verify().problems[0] == f"entry {seq} is missing or out of its place"


def test_a_missing_entry_whose_followers_are_renumbered_is_seen(log: Log) -> None:
    later = (row._replace(seq=row.seq - 1) for row in log.rows[9:])
    verdict = replace(log, rows=(*log.rows[:8], *later)).rebuilt().verify()

    assert verdict.problems[0].startswith("entry 9 speaks of another number")


@pytest.mark.parametrize("left", [0, 10, 27, 29])
def test_a_cut_tail_is_seen(log: Log, left: int) -> None:
    assert replace(log, rows=log.rows[:left]).verify().problems


@pytest.mark.parametrize("left", [0, 10, 26])
def test_a_cut_tail_with_its_tree_leaves_checkpoints_over_nothing(log: Log, left: int) -> None:
    problems = replace(log, rows=log.rows[:left]).rebuilt().verify().problems

    assert "the log has been cut" in problems[-1]


def test_a_tail_cut_with_its_checkpoints_is_beyond_this_machine(log: Log) -> None:
    # Written down as a limit: only a checkpoint that was kept elsewhere shows it.
    cut = replace(log, rows=log.rows[:10]).rebuilt().without_seals_after(10)

    uncovered = Verdict(entries=10, checkpoints=1, covered_until=8, problems=(), uncovered_since=AT)
    assert cut.verify() == uncovered


def test_two_entries_that_changed_places_are_seen(log: Log) -> None:
    first, second = log.rows[3], log.rows[4]
    bodies = (
        first._replace(body=second.body, leaf=second.leaf),
        second._replace(body=first.body, leaf=first.leaf),
    )
    swapped = replace(log, rows=(*log.rows[:3], *bodies, *log.rows[5:]))

    assert swapped.verify().problems[0].startswith("entry 4 speaks of another number")
    assert "rewritten" in swapped.rebuilt().verify().problems[-1]


def test_entries_in_another_order_are_seen(log: Log) -> None:
    assert replace(log, rows=(*log.rows[:3], log.rows[4], log.rows[3], *log.rows[5:])).verify().problems


def test_an_entry_filed_under_another_reference_is_seen(log: Log) -> None:
    hidden = log.rows[4]._replace(reference=None)

    assert (
        replace(log, rows=(*log.rows[:4], hidden, *log.rows[5:])).verify().problems[0].startswith("entry 5 speaks")
    )


def test_a_checkpoint_signed_by_another_key_is_seen(log: Log) -> None:
    forged = seal_of(log.rows, 19, PrivateKey.generate(KEY.name))
    verdict = replace(log, seals=(log.seals[0], forged, log.seals[2])).verify()

    assert verdict.problems[0].startswith("the checkpoint at 19 is not genuine")


def test_a_checkpoint_kept_under_another_size_is_seen(log: Log) -> None:
    for size in (0, 18, 31):
        moved = log.seals[1]._replace(size=size)
        assert replace(log, seals=(log.seals[0], moved, log.seals[2])).verify().problems


def test_a_log_broken_everywhere_is_told_in_a_hundred_lines(log: Log) -> None:
    rows = tuple(LogRow(seq, b"?", b"", None) for seq in range(500))

    assert len(replace(log, rows=rows).verify().problems) == MOST_PROBLEMS


def flipped(raw: bytes, random: Random) -> bytes:
    bit = random.randrange(len(raw) * 8)
    return raw[: bit // 8] + bytes([raw[bit // 8] ^ 1 << bit % 8]) + raw[bit // 8 + 1 :]


def damaged(log: Log, random: Random) -> Log:
    """Return the log with one bit of it changed, somewhere."""
    number, seal = random.randrange(SIZE), random.randrange(len(log.seals))
    row, sealed = log.rows[number], log.seals[seal]
    rows = [
        row._replace(body=flipped(row.body, random)),
        row._replace(leaf=flipped(row.leaf, random)),
        row._replace(seq=row.seq ^ 1 << random.randrange(16)),
    ]
    seals = [
        sealed._replace(note=flipped(sealed.note, random)),
        sealed._replace(peaks=flipped(sealed.peaks, random)),
        sealed._replace(size=sealed.size ^ 1 << random.randrange(16)),
    ]
    return random.choice(
        [
            *(replace(log, rows=(*log.rows[:number], one, *log.rows[number + 1 :])) for one in rows),
            *(replace(log, seals=(*log.seals[:seal], one, *log.seals[seal + 1 :])) for one in seals),
            replace(log, head=log.head._replace(peaks=flipped(log.head.peaks, random))),
            replace(log, head=log.head._replace(size=log.head.size ^ 1 << random.randrange(16))),
        ]
    )


@pytest.mark.parametrize("seed", range(200))
def test_one_changed_bit_anywhere_is_seen(log: Log, seed: int) -> None:
    assert damaged(log, Random(seed)).verify().problems


@pytest.mark.parametrize("reference", [None, "CL-1", 'a "quote" and \\ more', "Ünïcode"])
@pytest.mark.parametrize("data", [{}, {"seq": 7}, {"reference": "CL-1"}, {"said": '"seq":2,"reference":"CL-1",'}])
def test_an_entry_is_believed_by_its_own_keys_alone(reference: str | None, data: dict[str, object]) -> None:
    fact = Fact(event=Event.SECRET_USED, reference=reference, reason='"reference":"CL-1","seq":2,', data=data)
    first, body = (encode(fact, AUTHOR, seq=n, at=datetime(2026, 1, 1, tzinfo=UTC), clock={}) for n in (1, 2))
    row = LogRow(1, first, leaf_hash(first), reference)

    for kept_as, true in ((reference, True), ("CL-1", reference == "CL-1"), (None, reference is None)):
        rows = (row, LogRow(2, body, leaf_hash(body), kept_as))
        problems = verify(rows, head_of(rows), [], KEY.public).problems
        assert bool(problems) is not true
    assert verify(
        (row, LogRow(2, first, leaf_hash(first), reference)), head_of((row, row)), [], KEY.public
    ).problems


def test_what_passes_for_a_witness_must_be_signed_by_it(log: Log) -> None:
    key, other = (PrivateKey.generate("w.example/1", COSIGNATURE) for _ in range(2))
    note, text = log.seals[1].note.decode(), read_checkpoint(log.seals[1].note.decode(), KEY.public).text()

    def checked(held: str) -> Verdict:
        watch = Watch(witnesses=[key.public], kept=[Kept("w.example/1", held)])
        return verify(log.rows, log.head, log.seals, KEY.public, watch)

    true = checked(note + key.cosign(text, 1))
    assert (true.problems, true.witnessed_until) == ((), 19)
    for forged in (note, note + other.cosign(text, 1), note + key.cosign("another\n1\n", 1)):
        verdict = checked(forged)
        assert "not of this log" in verdict.problems[0]
        assert verdict.witnessed_until == 0
