"""Where does a simulation take its chance from? SHA-256 of a seed and a counter: the same draws on every machine and Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws from SHA-256 of a seed and a counter."""

    __slots__ = ("_at", "_seed")

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._at = 0

    def below(self, size: int) -> int:
        """A whole number from 0 to ``size - 1``."""
        self._at += 1
        drawn = hashlib.sha256(b"%b/%d" % (self._seed, self._at)).digest()
        return int.from_bytes(drawn[:8]) % size

    def one_in(self, many: int) -> bool:
        """True once in ``many``."""
        return self.below(many) == 0

    def of(self, choices: Sequence[T]) -> T:
        """One of several."""
        return choices[self.below(len(choices))]

    def hex(self) -> str:
        """256 bits in hexadecimal digits."""
        self._at += 1
        return hashlib.sha256(b"%b/%d/nonce" % (self._seed, self._at)).hexdigest()
