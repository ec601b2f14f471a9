"""The tree against the roots of RFC 6962's reference implementation, and against the RFC's own definition."""

from hashlib import sha256

import pytest

from rpa.audit.tree import Tree, leaf_hash, node_hash

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def tree_of(entries: list[bytes]) -> Tree:
    tree = Tree()
    for entry in entries:
        tree = tree.add(leaf_hash(entry))
    return tree


def defined_root(entries: list[bytes]) -> bytes:
    """Return the root as RFC 6962 defines it in section 2.1, word by word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return leaf_hash(entries[0])
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    return node_hash(defined_root(entries[:split]), defined_root(entries[split:]))


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_root_is_that_of_the_reference_implementation(size: int) -> None:
    assert tree_of(ENTRIES[:size]).root().hex() == ROOTS[size]


def test_the_root_of_every_size_is_as_the_rfc_defines_it() -> None:
    entries = [str(number).encode() for number in range(130)]

    for size in range(130):
        assert tree_of(entries[:size]).root() == defined_root(entries[:size])


def test_a_tree_comes_back_whole_from_its_bytes() -> None:
    for size in range(40):
        tree = tree_of([str(number).encode() for number in range(size)])

        assert Tree.unpack(size, tree.pack()) == tree


@pytest.mark.parametrize(
    ("size", "packed"), [(1, b""), (0, b"x"), (2, b"x" * 64), (-1, b"x" * 32), (3, b"x" * 63)]
)
def test_bytes_that_are_no_tree_of_that_size_are_refused(size: int, packed: bytes) -> None:
    with pytest.raises(ValueError, match="other peaks"):
        Tree.unpack(size, packed)
