"""How is a formula computed exactly for a million rows at once? The columns of :class:`rules.number.Number`.

A product or quotient is kept as its factors until somebody rounds it; then the maxima of the factors, multiplied as
Python integers, say how it is computed: in one 64-bit word, in two (the whole part and a remainder below the
denominator), or, where even two do not hold, row by row in Python integers. No step can overflow unseen.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm, prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Words = NDArray[Any]
"""Non-negative whole numbers: ``uint64``, or Python integers (``object``) where one of them passes 64 bits."""

_WORD = 2**64
_FEWEST_BITS = 8
_FEWEST_ROWS = 64


class Factor(NamedTuple):
    """Whole numbers, none above ``most``: one a row, one for all rows (no dimension), or a table read at ``place``."""

    values: Words
    most: int
    place: NDArray[Any] | None = None

    @classmethod
    def of(cls, values: Words) -> Factor:
        """Factor of non-negative whole numbers (``int64``, ``uint64`` or Python integers)."""
        if values.dtype == np.int64:
            values = values.view(np.uint64)
            most = int(values.max(initial=0))
            if most >= _WORD // 2:
                raise ValueError("a column holds a negative number")
            return cls(values, most)
        most = int(values.max(initial=0))
        return cls(values.astype(np.uint64) if values.dtype == object and most < _WORD else values, most)

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


class Column:
    """Exact non-negative numbers, one a row: ``num / den`` times the factors above over the factors below.

    Division by zero raises ``ZeroDivisionError``, a difference below zero ``ValueError``: inputs that could cause them
    are refused before a formula runs.
    """

    __slots__ = ("above", "below", "den", "num")

    def __init__(
        self, above: tuple[Factor, ...], below: tuple[Factor, ...] = (), *, num: int = 1, den: int = 1
    ) -> None:
        common = gcd(num, den)
        self.above = above
        self.below = below
        self.num = num // common
        self.den = den // common

    @classmethod
    def of(cls, values: Words, places: int = 0) -> Column:
        """Decimals given as whole numbers of their last place: 1475 with 3 places is 1.475."""
        return cls((Factor.of(values),), den=10**places)

    @classmethod
    def read(cls, table: NDArray[np.int64], place: NDArray[Any], den: int) -> Column:
        """``table / den`` read at the ``place`` of each row; columns read at one ``place`` array share one reading."""
        return cls((Factor.of(table)._replace(place=place),), den=den)

    @classmethod
    def constant(cls, value: Decimal | int | Fraction) -> Column:
        """One number for all rows."""
        num, den = value.as_integer_ratio()
        return cls((), num=num, den=den)

    def __add__(self, other: Column) -> Column:
        left, right, below, den = self._aligned(other)
        if left.most + right.most >= _WORD:
            return Column((Factor.of(left.values.astype(object) + right.values.astype(object)),), below, den=den)
        return Column((Factor.of(np.asarray(left.values + right.values)),), below, den=den)

    def __sub__(self, other: Column) -> Column:
        left, right, below, den = self._aligned(other)
        if (left.values < right.values).any():
            raise ValueError("a difference lies below zero")
        return Column((Factor.of(np.asarray(left.values - right.values)),), below, den=den)

    def __mul__(self, other: Column) -> Column:
        return Column(
            _merged(self.above, other.above),
            _merged(self.below, other.below),
            num=self.num * other.num,
            den=self.den * other.den,
        )

    def __truediv__(self, other: Column) -> Column:
        if other.num == 0 or not all(factor.rows().all() for factor in other.above):
            raise ZeroDivisionError("a column is divided by zero")
        return Column(
            _merged(self.above, other.below),
            _merged(self.below, other.above),
            num=self.num * other.den,
            den=self.den * other.num,
        )

    def rounded(self, places: int) -> Column:
        scale = 10**places
        if not self.below and scale % self.den == 0:
            return self
        return Column((self._nearest(scale, 1),), den=scale)

    def half_up(self, step: int) -> Column:
        if not self.below and self.num % (self.den * step) == 0:
            return self
        return Column((self._nearest(1, step),), num=step)

    def scaled(self, places: int = 0) -> Words:
        """The whole numbers of the last of ``places``; ``ValueError`` where a number has more places."""
        num = self.num * 10**places
        if self.below or num % self.den:
            raise ValueError(f"the column is not rounded to {places} places")
        return _product([*self.above, *_constant(num // self.den)]).values

    def _nearest(self, times: int, over: int) -> Factor:
        num, den = self.num * times, self.den * over
        common = gcd(num, den)
        return _quotient([*self.above, *_constant(num // common)], list(self.below), den // common)

    def _aligned(self, other: Column) -> tuple[Factor, Factor, tuple[Factor, ...], int]:
        """Both numerators over one denominator."""
        den = lcm(self.den, other.den)
        left = _product([*self.above, *other.below, *_constant(self.num * (den // self.den))])
        right = _product([*other.above, *self.below, *_constant(other.num * (den // other.den))])
        return left, right, _merged(self.below, other.below), den


def _constant(value: int) -> tuple[Factor, ...]:
    if value == 1:
        return ()
    return (Factor(np.array(value, np.uint64 if value < _WORD else object), value),)


def _merged(left: tuple[Factor, ...], right: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """All factors, tables read at the same place multiplied into one, so that one reading serves them."""
    merged = list(left)
    for factor in right:
        for at, one in enumerate(merged):
            if factor.place is not None and one.place is factor.place and one.most * factor.most < _WORD:
                merged[at] = Factor.of(one.values * factor.values)._replace(place=one.place)
                break
        else:
            merged.append(factor)
    return tuple(merged)


def _most(factors: Iterable[Factor]) -> int:
    """A bound of the product, and of every part of it: a factor that is zero throughout counts as one."""
    return prod(max(factor.most, 1) for factor in factors)


def _product(factors: list[Factor]) -> Factor:
    """The product in words where its bound allows, else in Python integers."""
    fits = _most(factors) < _WORD
    values: Any = np.uint64(1)
    for at, factor in enumerate(factors):
        rows = factor.rows() if fits else factor.rows().astype(object)
        values = rows if at == 0 else values * rows
    return Factor.of(np.asarray(values))


def _quotient(above: list[Factor], below: list[Factor], den: int) -> Factor:
    """Product of ``above`` over product of ``below`` and ``den``, half up."""
    most, divisor = _most(above), _most(below) * den
    fits = most + divisor < _WORD
    if not fits and not below and (words := _two_words(above, den, most)) is not None:
        return Factor.of(words)
    size = max((factor.size for factor in (*above, *below)), default=1)
    if not fits and size > _FEWEST_ROWS:
        # a few large rows shall not take all the others with them
        halves = (slice(None, size // 2), slice(size // 2, None))
        parts = [
            _quotient([one.part(rows) for one in above], [one.part(rows) for one in below], den) for rows in halves
        ]
        return Factor.of(np.concatenate([part.values for part in parts]))
    num = _product(above).values
    if not fits:
        num = num.astype(object)
    over = _product(below).values * den if below else den
    # floor((n + floor(v / 2)) / v) is n / v rounded half up for whole n and v, odd or even
    return Factor.of(np.asarray((num + over // 2) // over))


def _two_words(factors: list[Factor], unit: int, most: int) -> Words | None:
    """Product over ``unit``, half up, kept as ``whole + part / unit``; ``None`` where these words do not hold it."""
    bits = 63 - unit.bit_length()  # what a digit of a factor may have beside a part below the unit
    if bits < _FEWEST_BITS or most // unit + 1 >= _WORD or any(factor.most >= _WORD for factor in factors):
        return None
    first, *rest = _grouped(factors, 2**bits)
    number = _product(first).values
    whole = number // unit
    part = number - whole * unit
    for group in rest:
        factor = _product(group)
        carry, part = _times(part, factor, unit, bits)
        whole = whole * factor.values + carry
    return np.asarray(whole + (part >= unit - unit // 2))


def _grouped(factors: list[Factor], digit: int) -> list[list[Factor]]:
    """Factors whose products fit: the first group in a word, the others in a digit (or a single factor by itself)."""
    groups: list[list[Factor]] = []
    for factor in sorted(factors, key=lambda one: one.most, reverse=True):
        for at, group in enumerate(groups):
            if _most([*group, factor]) < (digit if at else _WORD):
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
