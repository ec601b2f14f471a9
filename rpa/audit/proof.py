"""Proofs about the tree (RFC 6962, section 2.1): an entry is in it, and a later tree goes on from an earlier one.

They are made from hashes alone. Checking one needs no log, only the two heads, or the head and the entry.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from rpa.audit.tree import Tree, node_hash


def extension(old: Tree, later: Sequence[bytes]) -> list[bytes]:
    """Return the proof that the tree of *old* and the leaves *later* extends *old* (RFC 6962, 2.1.2).

    Earlier leaves are not needed: what the proof says of them are peaks of *old*.
    """
    if old.size == 0:
        return []
    return _subproof(old.size, 0, old.size + len(later), _Growth(old, later).root)


def extends(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Tell whether *proof* shows that *new* goes on from *old*, both a size and a root (RFC 9162, 2.1.4.2)."""
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size in {0, new_size}:
        return not proof and (old_size == 0 or old_root == new_root)
    way = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    if old_size > new_size or not way:
        return False
    left, last = old_size - 1, new_size - 1
    while left & 1:
        left, last = left >> 1, last >> 1
    old_hash = new_hash = way[0]
    for step in way[1:]:
        if last == 0:
            return False
        if left & 1 or left == last:
            old_hash, new_hash = node_hash(step, old_hash), node_hash(step, new_hash)
            while left and not left & 1:
                left, last = left >> 1, last >> 1
        else:
            new_hash = node_hash(new_hash, step)
        left, last = left >> 1, last >> 1
    return (old_hash, new_hash, last) == (old_root, new_root, 0)


class Hashes:
    """Every hash of a whole tree, to prove much about it; of a million leaves some 100 MB while they last."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            alone = below[-1:] if len(below) % 2 else []
            self._levels.append([*(node_hash(left, right) for left, right in pairs), *alone])

    def path(self, index: int) -> list[bytes]:
        """Return the proof that the leaf numbered *index*, from 0, is in the tree (RFC 6962, 2.1.1)."""
        way = []
        for level in self._levels[:-1]:
            if index ^ 1 < len(level):
                way.append(level[index ^ 1])
            index >>= 1
        return way

    def extension(self, size: int) -> list[bytes]:
        """Return the proof that this tree extends the one of its first *size* leaves."""
        return _subproof(size, 0, len(self._levels[0]), self._root) if size else []

    def _root(self, start: int, end: int) -> bytes:
        level = (end - start - 1).bit_length()
        return self._levels[level][start >> level]


Root = Callable[[int, int], bytes]
"""Gives the root of the subtree over the leaves from one number to another."""


def _subproof(size: int, start: int, end: int, root: Root) -> list[bytes]:
    """Return SUBPROOF (RFC 6962, 2.1.2) for the leaves from *start* to *end*, of which the old tree has *size*."""
    if start + size == end:
        return [root(start, end)] if start else []
    half = 1 << (end - start - 1).bit_length() - 1
    middle = start + half
    if size <= half:
        return [*_subproof(size, start, middle, root), root(middle, end)]
    return [*_subproof(size - half, middle, end, root), root(start, middle)]


@dataclass(frozen=True)
class _Growth:
    old: Tree
    later: Sequence[bytes]

    def root(self, start: int, end: int) -> bytes:
        """Return a peak of the old tree, or the root over later leaves."""
        if start < self.old.size:
            return self._peaks[start]
        tree = Tree()
        for leaf in self.later[start - self.old.size : end - self.old.size]:
            tree = tree.add(leaf)
        return tree.root()

    @cached_property
    def _peaks(self) -> dict[int, bytes]:
        """The old tree's peaks by the number of their first leaf."""
        sizes = [1 << place for place in reversed(range(self.old.size.bit_length())) if self.old.size >> place & 1]
        return dict(zip(accumulate(sizes, initial=0), self.old.peaks, strict=False))
