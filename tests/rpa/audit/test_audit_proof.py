"""Proofs between all small trees, made in two ways and checked in two ways; what is changed in them is refused."""

from random import Random

import pytest

from rpa.audit import verifier
from rpa.audit.proof import Hashes, extends, extension
from rpa.audit.tree import Tree, leaf_hash

SIZE = 33
LEAVES = [leaf_hash(str(number).encode()) for number in range(SIZE)]


def tree(size: int) -> Tree:
    grown = Tree()
    for leaf in LEAVES[:size]:
        grown = grown.add(leaf)
    return grown


TREES = [tree(size) for size in range(SIZE + 1)]
PAIRS = [(old, new) for new in range(1, SIZE + 1) for old in range(1, new)]


def head(size: int) -> tuple[int, bytes]:
    return size, TREES[size].root()


def note(size: int, root: bytes) -> verifier.Note:
    note = verifier.Note.__new__(verifier.Note)
    note.size, note.root = size, root
    return note


def test_every_tree_is_shown_to_go_on_from_every_earlier_one() -> None:
    for old, new in PAIRS:
        proof = extension(TREES[old], LEAVES[old:new])

        assert proof == Hashes(LEAVES[:new]).extension(old)
        assert extends(head(old), head(new), proof)
        assert verifier.goes_on(note(*head(old)), note(*head(new)), proof)


def test_a_changed_consistency_proof_is_refused() -> None:
    random = Random(3)
    for old, new in PAIRS:
        proof = extension(TREES[old], LEAVES[old:new])
        place = random.randrange(len(proof))
        forged = [
            (proof[:-1], head(old), head(new)),
            ([*proof, proof[0]], head(old), head(new)),
            ([*proof[:place], LEAVES[0][::-1], *proof[place + 1 :]], head(old), head(new)),
            (proof, (old, TREES[old - 1].root()), head(new)),
            (proof, head(old), (new, TREES[new - 1].root())),
        ]
        for changed, was, now in forged:
            assert not extends(was, now, changed)
            assert not verifier.goes_on(note(*was), note(*now), changed)


@pytest.mark.parametrize("proof", [[], [LEAVES[0]]])
def test_a_smaller_tree_never_goes_on_from_a_larger_one(proof: list[bytes]) -> None:
    assert not extends(head(7), head(6), proof)
    assert not extends(head(7), (7, TREES[6].root()), proof)
    assert extends(head(7), head(7), proof) is (proof == [])


def test_every_entry_is_shown_to_be_in_its_place_and_in_no_other() -> None:
    for size in range(1, SIZE + 1):
        hashes, root = Hashes(LEAVES[:size]), TREES[size].root()
        for place in range(size):
            path = hashes.path(place)
            assert verifier.led_to(LEAVES[place], place, size, path) == root
            for other in {place ^ 1, size - 1} & set(range(size)) - {place}:
                assert wrong(LEAVES[place], other, size, path, root)
            assert wrong(LEAVES[place - 1], place, size, path, root) or size == 1


def wrong(leaf: bytes, place: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        return verifier.led_to(leaf, place, size, path) != root
    except verifier.Broken:
        return True
