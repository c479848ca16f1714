"""The Merkle tree of RFC 6962: one hash over many leaves, and the short path from a leaf to it."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, Literal

Step = tuple[Literal["left", "right"], str]  # on which side the other node stands, and its hash in hex

EMPTY: Final = hashlib.sha256(b"").digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node. The prefix keeps a node from passing for a leaf."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Frontier:
    """The full subtrees along the right edge of a growing tree, largest first: all that is needed to go on growing.

    size: leaves so far. One hash for each 1 in the binary digits of size, so at most 63.
    """

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count():
            raise ValueError("a frontier holds one hash for each 1 among the binary digits of its size")

    def copy(self) -> "Frontier":
        return Frontier(self.size, self.hashes)

    def add(self, leaf: bytes) -> None:
        """Appends one leaf."""
        hashes, size, sha256 = self.hashes, self.size, hashlib.sha256
        while size & 1:
            leaf = sha256(b"\1" + hashes.pop() + leaf).digest()
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def extend(self, other: "Frontier", *, block: int) -> None:
        """Appends the tree of at most `block` leaves (a power of two) to a tree whose size is a multiple of it."""
        if self.size % block or other.size > block:
            raise ValueError("trees are joined at the borders of blocks")
        if other.size < block:
            self.hashes += other.hashes
        else:
            joined, blocks = other.hashes[0], self.size // block
            while blocks & 1:
                joined = node(self.hashes.pop(), joined)
                blocks >>= 1
            self.hashes.append(joined)
        self.size += other.size

    def root(self) -> bytes:
        """The hash over all leaves; of no leaf the hash of nothing."""
        if not self.hashes:
            return EMPTY
        found = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            found = node(left, found)
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The hash over leaves that are hashes already."""
    grown = Frontier()
    for leaf in leaves:
        grown.add(leaf)
    return grown.root()


def path_of(leaves: Sequence[bytes], *, index: int) -> list[Step]:
    """The nodes beside the way from leaf `index` up to the root, lowest first; IndexError outside of the leaves."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    steps: list[Step] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        if index < middle:
            steps.append(("right", root_of(leaves[at] for at in range(middle, high)).hex()))
            high = middle
        else:
            steps.append(("left", root_of(leaves[at] for at in range(low, middle)).hex()))
            low = middle
    return steps[::-1]


def climbed(leaf: bytes, *, path: Iterable[Step]) -> bytes:
    """The root that a leaf and its path lead to."""
    for side, other in path:
        beside = bytes.fromhex(other)
        leaf = node(beside, leaf) if side == "left" else node(leaf, beside)
    return leaf
