"""How does a bidder prove that an entry is in the log without holding the log? A Merkle tree over the entries' hashes (RFC 6962 form)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

_LEAF, _NODE = b"\0", b"\1"
EMPTY: Final = hashlib.sha256(b"").digest()
"""Root of no entries."""


def leaf(entry_hash: str) -> bytes:
    """Leaf of an entry by its hash in hexadecimal digits."""
    return hashlib.sha256(_LEAF + bytes.fromhex(entry_hash)).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Inner node."""
    return hashlib.sha256(_NODE + left + right).digest()


class Tree:
    """A growing tree that keeps one node for each power of two: appending costs a few hashes, the root as many."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def append(self, entry_hash: str) -> None:
        """Add the next entry."""
        height, top = 0, leaf(entry_hash)
        while self._peaks and self._peaks[-1][0] == height:
            top = node(self._peaks.pop()[1], top)
            height += 1
        self._peaks.append((height, top))
        self.size += 1

    def root(self) -> str:
        """Root of all entries so far."""
        if not self._peaks:
            return EMPTY.hex()
        top = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            top = node(peak, top)
        return top.hex()


class Proofs:
    """Proofs for many entries of one log: the tree is built once, each proof is then a walk of a few steps."""

    __slots__ = ("_levels",)

    def __init__(self, hashes: Sequence[str]) -> None:
        level = [leaf(one) for one in hashes]
        self._levels = [level]
        while len(level) > 1:
            pairs = [node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
            level = pairs + level[2 * len(pairs) :]  # an odd last node goes up as it is
            self._levels.append(level)

    def of(self, place: int) -> tuple[str, ...]:
        """Siblings on the way from entry ``place`` (from 0) to the root; ``IndexError`` outside."""
        if not 0 <= place < len(self._levels[0]):
            raise IndexError(place)
        siblings = []
        for level in self._levels[:-1]:
            if place ^ 1 < len(level):
                siblings.append(level[place ^ 1].hex())
            place >>= 1
        return tuple(siblings)


def inclusion_proof(hashes: Sequence[str], place: int) -> tuple[str, ...]:
    """Siblings on the way from entry ``place`` (from 0) to the root of ``hashes``; ``IndexError`` outside."""
    return Proofs(hashes).of(place)


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def proved_root(entry_hash: str, place: int, size: int, proof: Sequence[str]) -> str:
    """The root that a proof leads to from an entry; ``ValueError`` where proof and place do not fit."""
    if not 0 <= place < size:
        raise ValueError("no such place in the log")
    top = _climb(leaf(entry_hash), place, size, [bytes.fromhex(one) for one in proof])
    return top.hex()


def _climb(top: bytes, place: int, size: int, proof: list[bytes]) -> bytes:
    if size == 1:
        if proof:
            raise ValueError("the proof is too long")
        return top
    if not proof:
        raise ValueError("the proof is too short")
    cut, sibling = _split(size), proof[-1]
    if place < cut:
        return node(_climb(top, place, cut, proof[:-1]), sibling)
    return node(sibling, _climb(top, place - cut, size - cut, proof[:-1]))
