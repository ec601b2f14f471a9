"""The Merkle tree of RFC 6962 over the log's entries.

Only the peaks are kept: the roots of the complete subtrees, one for each one-bit of the size, the largest first.
They are enough to add an entry in O(log n) and to know the root of everything, so a writer reads no old entries.
"""

from dataclasses import dataclass
from functools import reduce
from hashlib import sha256

HASH_BYTES = 32


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of one entry's stored bytes (RFC 6962, section 2.1)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbouring subtrees (RFC 6962, section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Tree:
    """The tree over *size* entries, as its *peaks*."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def add(self, leaf: bytes) -> "Tree":
        """Return the tree with one more leaf at its end."""
        peaks, complete = [*self.peaks, leaf], self.size
        while complete & 1:
            right, left = peaks.pop(), peaks.pop()
            peaks.append(node_hash(left, right))
            complete >>= 1
        return Tree(self.size + 1, tuple(peaks))

    def root(self) -> bytes:
        """Return the hash that stands for every entry; of no entries, the hash of nothing."""
        if not self.peaks:
            return sha256(b"").digest()
        return reduce(lambda right, left: node_hash(left, right), reversed(self.peaks))

    def pack(self) -> bytes:
        """Return the peaks as one run of bytes, for a database column."""
        return b"".join(self.peaks)

    @classmethod
    def unpack(cls, size: int, packed: bytes) -> "Tree":
        """Return the tree that `pack` wrote; raise ValueError where the bytes don't fit the size."""
        if size < 0 or len(packed) != HASH_BYTES * size.bit_count():
            raise ValueError(f"a tree of {size} entries has other peaks")
        starts = range(0, len(packed), HASH_BYTES)
        return cls(size, tuple(packed[start : start + HASH_BYTES] for start in starts))
