"""How is a product or quotient of columns computed without an overflow? Exact whole numbers in one, two or any number of words.

The maxima of the factors, multiplied as Python integers, say how: in one 64-bit word; in two (the whole part and a
remainder below the denominator); or, where even two do not hold, row by row in Python integers.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Words = NDArray[Any]
"""Non-negative whole numbers: ``uint64``, or Python integers (``object``) where one of them passes 64 bits."""

WORD = 2**64
"""Whole numbers below this fit one word."""

_FEWEST_BITS = 8
_FEWEST_ROWS = 64


class Factor(NamedTuple):
    """Whole numbers, none above ``most``: one a row, one for all rows (no dimension), or a table read at ``place``."""

    values: Words
    most: int
    place: NDArray[Any] | None = None

    @classmethod
    def of(cls, values: Words | int) -> Factor:
        """Factor of non-negative whole numbers (``int64``, ``uint64`` or Python integers)."""
        values = np.asarray(values)
        if values.dtype not in (np.int64, np.uint64, object):
            raise TypeError(f"a column of {values.dtype} is not exact: give int64")
        if values.dtype == np.int64:
            values = values.view(np.uint64)
            most = int(values.max(initial=0))
            if most >= WORD // 2:
                raise ValueError("a column holds a negative number")
            return cls(values, most)
        most = int(values.max(initial=0))
        return cls(values.astype(np.uint64) if values.dtype == object and most < WORD else values, most)

    @property
    def size(self) -> int:
        return self.values.size if self.place is None else self.place.size

    def rows(self) -> Words:
        """The factor of each row."""
        return self.values if self.place is None else self.values.take(self.place, mode="clip")

    def part(self, rows: slice) -> Factor:
        """Some of the rows, with their own maximum."""
        if self.place is not None:
            return Factor.of(self.values.take(self.place[rows], mode="clip"))
        return Factor.of(self.values[rows]) if self.values.ndim else self


def constant(value: int) -> tuple[Factor, ...]:
    """One factor for all rows; none where it is 1."""
    if value == 1:
        return ()
    return (Factor(np.array(value, np.uint64 if value < WORD else object), value),)


def merged(left: tuple[Factor, ...], right: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """All factors, tables read at the same place multiplied into one, so that one reading serves them."""
    factors = list(left)
    for factor in right:
        for at, one in enumerate(factors):
            if factor.place is not None and one.place is factor.place and one.most * factor.most < WORD:
                factors[at] = Factor.of(one.values * factor.values)._replace(place=one.place)
                break
        else:
            factors.append(factor)
    return tuple(factors)


def _most(factors: Iterable[Factor]) -> int:
    """A bound of the product, and of every part of it: a factor that is zero throughout counts as one."""
    return prod(max(factor.most, 1) for factor in factors)


def product(factors: list[Factor]) -> Factor:
    """The product in words where its bound allows, else in Python integers."""
    most = _most(factors)
    values: Any = np.uint64(1)
    for at, factor in enumerate(factors):
        rows = factor.rows() if most < WORD else factor.rows().astype(object)
        values = rows if at == 0 else values * rows
    return Factor(np.asarray(values), most)


def quotient(above: list[Factor], below: list[Factor], den: int) -> Factor:
    """Product of ``above`` over product of ``below`` and ``den``, half up."""
    most, divisor = _most(above), _most(below) * den
    fits = most + divisor < WORD
    if not fits and not below and (words := _two_words(above, den, most)) is not None:
        return Factor.of(words)
    size = max((factor.size for factor in (*above, *below)), default=1)
    if not fits and size > _FEWEST_ROWS:
        # a few large rows shall not take all the others with them
        halves = (slice(None, size // 2), slice(size // 2, None))
        parts = [quotient([one.part(rows) for one in above], [one.part(rows) for one in below], den) for rows in halves]
        return Factor.of(np.concatenate([part.values for part in parts]))
    num, over = product(above).values, product([*below, *constant(den)]).values
    if not fits:
        num, over = np.asarray(num, object), np.asarray(over, object)
    # floor((n + floor(v / 2)) / v) is n / v rounded half up for whole n and v, odd or even
    return Factor.of((num + over // 2) // over)


def _two_words(factors: list[Factor], unit: int, most: int) -> Words | None:
    """Product over ``unit``, half up, kept as ``whole + part / unit``; ``None`` where these words do not hold it."""
    bits = 63 - unit.bit_length()  # what a digit of a factor may have beside a part below the unit
    if bits < _FEWEST_BITS or most // unit + 1 >= WORD:
        return None
    first, *rest = _grouped(factors, 2**bits)
    number = product(first).values
    whole = number // unit
    part = number - whole * unit
    for group in rest:
        factor = product(group)
        carry, part = _times(part, factor, unit, bits)
        whole = whole * factor.values + carry
    return np.asarray(whole + (part >= unit - unit // 2))


def _grouped(factors: list[Factor], digit: int) -> list[list[Factor]]:
    """Factors whose products fit: the first group in a word, the others in a digit (or a single factor by itself)."""
    groups: list[list[Factor]] = []
    for factor in sorted(factors, key=lambda one: one.most, reverse=True):
        for at, group in enumerate(groups):
            if _most([*group, factor]) < (digit if at else WORD):
                group.append(factor)
                break
        else:
            groups.append([factor])
    return groups


def _times(part: Words, factor: Factor, unit: int, bits: int) -> tuple[Words, Words]:
    """``part * factor`` as ``(carry, rest)`` with ``carry * unit + rest``, digit by digit of the factor.

    ``part`` and ``rest`` stay below ``unit``, so every sum of a step stays below ``2 * unit * 2**bits <= 2**64``.
    """
    top, *lower = range((factor.most.bit_length() - 1) // bits * bits, -1, -bits) if factor.most else (0,)
    step = part * (factor.values >> top if top else factor.values)
    carry = step // unit
    rest = step - carry * unit
    for shift in lower:
        step = (rest << bits) + part * (factor.values >> shift & (2**bits - 1))
        digit = step // unit
        carry = (carry << bits) + digit
        rest = step - digit * unit
    return carry, rest
