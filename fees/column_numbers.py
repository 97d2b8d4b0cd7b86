"""How is a formula computed exactly for a million rows at once? The columns of :class:`rules.number.Number`.

A product or quotient is kept as its factors until somebody rounds it; ``column_words`` then computes it, the same
factors being read once and no step overflowing unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fees.column_words import WORD, Factor, Words, constant, merged, product, quotient


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

    @classmethod
    def chosen(cls, options: Sequence[Column], which: NDArray[Any], place: NDArray[Any]) -> Column:
        """Of each row the option that ``which`` names at its ``place``.

        The options may differ in tables read there and in constants; ``ValueError`` where they differ in more.
        """
        den = lcm(*(one.den for one in options))
        tables, rests = [], []
        for one in options:
            read = [factor._replace(place=None) for factor in one.above if factor.place is place]
            tables.append(product([*read, *constant(one.num * (den // one.den))]).values)
            rests.append((tuple(factor for factor in one.above if factor.place is not place), one.below))
        above, below = rests[0]
        if any(_identities(rest) != _identities(rests[0]) for rest in rests):
            raise ValueError("the options differ in more than tables read at one place")
        return cls((*above, Factor.of(np.choose(which, tables))._replace(place=place)), below, den=den)

    def __add__(self, other: Column) -> Column:
        left, right, below, den = self._aligned(other)
        if left.most + right.most >= WORD:
            return Column((Factor.of(left.values.astype(object) + right.values.astype(object)),), below, den=den)
        return Column((Factor.of(left.values + right.values),), below, den=den)

    def __sub__(self, other: Column) -> Column:
        left, right, below, den = self._aligned(other)
        if (left.values < right.values).any():
            raise ValueError("a difference lies below zero")
        return Column((Factor.of(left.values - right.values),), below, den=den)

    def __mul__(self, other: Column) -> Column:
        return Column(
            merged(self.above, other.above),
            merged(self.below, other.below),
            num=self.num * other.num,
            den=self.den * other.den,
        )

    def __truediv__(self, other: Column) -> Column:
        if other.num == 0 or not all(factor.rows().all() for factor in other.above):
            raise ZeroDivisionError("a column is divided by zero")
        return Column(
            merged(self.above, other.below),
            merged(self.below, other.above),
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
        return product([*self.above, *constant(num // self.den)]).values

    def _nearest(self, times: int, over: int) -> Factor:
        num, den = self.num * times, self.den * over
        common = gcd(num, den)
        return quotient([*self.above, *constant(num // common)], list(self.below), den // common)

    def _aligned(self, other: Column) -> tuple[Factor, Factor, tuple[Factor, ...], int]:
        """Both numerators over one denominator."""
        den = lcm(self.den, other.den)
        left = product([*self.above, *other.below, *constant(self.num * (den // self.den))])
        right = product([*other.above, *self.below, *constant(other.num * (den // other.den))])
        return left, right, merged(self.below, other.below), den


def _identities(rest: tuple[tuple[Factor, ...], ...]) -> list[list[int]]:
    return [sorted(id(factor.values) for factor in side) for side in rest]
