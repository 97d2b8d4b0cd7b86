"""A column computes what fractions compute, row by row, whatever the size of its numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fees.column_numbers import Column
from rules.number import half_up

PLACES = st.integers(0, 6)
# around every edge: one word, two words, the largest int64
EDGES = [0, 1, 2**31, 2**32 - 1, 2**32, 2**53 + 1, 10**11, 10**18, 2**62, 2**63 - 1]
WORDS = st.one_of(st.sampled_from(EDGES), st.integers(0, 10**4), st.integers(0, 2**63 - 1))
PLACE = {size: np.arange(size, dtype=np.uint16) % 3 for size in (3, 4)}  # tables of one formula share their places


@st.composite
def numbers(draw: st.DrawFn, size: int, *, positive: bool = False) -> tuple[Column, list[Fraction]]:
    """A column and the fractions it stands for: given row by row, read from a table, or one for all rows."""
    least = 1 if positive else 0
    words = WORDS.map(lambda word: max(word, least))
    places = draw(PLACES)
    kind = draw(st.sampled_from(["rows", "table", "constant"]))
    if kind == "rows":
        values = draw(st.lists(words, min_size=size, max_size=size))
        return Column.of(np.array(values, np.int64), places), [Fraction(value, 10**places) for value in values]
    if kind == "table":
        table = draw(st.lists(words, min_size=3, max_size=3))
        column = Column.read(np.array(table, np.int64), PLACE[size], 10**places)
        return column, [Fraction(table[at % 3], 10**places) for at in range(size)]
    value = Fraction(draw(words), draw(st.integers(1, 10**6)))
    return Column.constant(value), [value] * size


def read(column: Column, size: int, places: int = 0) -> list[int]:
    return [int(value) for value in np.broadcast_to(column.scaled(places), size)]


@settings(max_examples=400, deadline=None)
@given(st.data(), st.integers(1, 5), st.integers(0, 4), st.sampled_from([1, 1000]))
def test_products_and_quotients(data: st.DataObject, factors: int, divisors: int, step: int) -> None:
    size = 4
    column, exact = data.draw(numbers(size))
    for _ in range(factors - 1):
        other, values = data.draw(numbers(size))
        column, exact = column * other, [a * b for a, b in zip(exact, values, strict=True)]
    for _ in range(divisors):
        other, values = data.draw(numbers(size, positive=True))
        column, exact = column / other, [a / b for a, b in zip(exact, values, strict=True)]
    assert read(column.half_up(step), size) == [half_up(value, step) for value in exact]
    places = data.draw(PLACES)
    assert read(column.rounded(places), size, places) == [half_up(value * 10**places) for value in exact]


@settings(max_examples=200, deadline=None)
@given(st.data(), st.booleans())
def test_sums_and_differences(data: st.DataObject, quotients: bool) -> None:
    size = 3
    left, left_values = data.draw(numbers(size))
    right, right_values = data.draw(numbers(size))
    if quotients:
        over, over_values = data.draw(numbers(size, positive=True))
        left, left_values = left / over, [a / b for a, b in zip(left_values, over_values, strict=True)]
    total = [a + b for a, b in zip(left_values, right_values, strict=True)]
    assert read((left + right).half_up(1), size) == [half_up(value) for value in total]
    assert read(((left + right) - right).half_up(1), size) == [half_up(value) for value in left_values]
    if any(a < b for a, b in zip(left_values, right_values, strict=True)):
        with pytest.raises(ValueError, match="below zero"):
            left - right


@pytest.mark.parametrize("unit", [10**8, 2 * 10**10, 10**11, 10**14, 3 * 10**15, 2**54, 2**55, 10**17])
@pytest.mark.parametrize("odd", [1, 3, 10**9 + 7, 2**40 + 1, 2**61 - 1, 2**63 - 1])
def test_ties_at_every_width(unit: int, odd: int) -> None:
    """An odd number of halves is rounded up, and its neighbours to their own side: in one word, two, or many."""
    for half in (unit // 2 - 1, unit // 2, unit // 2 + 1):
        for first in (1, 2, 125, 1000):
            if half % first:
                continue
            factors = [odd, half // first, first]
            column = Column.constant(Fraction(1, unit))
            for factor in factors:
                column = column * Column.of(np.array([factor], np.int64))
            assert read(column.half_up(1), 1) == [half_up(Fraction(odd * half, unit))]


@pytest.mark.parametrize(
    ("numbers_of_row", "den"),
    [
        ((2**32, 2**31 - 1), 1),  # just below 2^63
        ((2**32, 2**32 - 1, 3), 10**3),  # past 2^64: two words
        ((2**62, 2**61, 2), 10**17),  # 2^124: two words do not hold this denominator
        ((2**62, 2**62, 2**2), 2**50),  # 2^126
        ((2**63 - 1, 2**63 - 1, 2**63 - 1), 10**11),  # 2^189: Python integers
        ((10**15 * 10**3, 10**15), 10**11),
    ],
)
def test_no_product_overflows_unseen(numbers_of_row: tuple[int, ...], den: int) -> None:
    column = Column.constant(Fraction(1, den))
    exact = Fraction(1, den)
    for number in numbers_of_row:
        column, exact = column * Column.of(np.array([number, 1, 0], np.int64)), exact * number
    assert read(column.half_up(1), 3) == [half_up(exact), half_up(Fraction(1, den)), 0]


def test_a_sum_that_passes_one_word() -> None:
    twice = Column.of(np.array([2**63 - 1, 5], np.int64)) * Column.constant(2)
    assert read(twice + twice, 2) == [2**65 - 4, 20]
    assert read(twice + twice - twice, 2) == [2**64 - 2, 10]


def test_a_few_large_rows_among_many() -> None:
    """Rows that need Python integers are exact, and so are their neighbours."""
    values = np.arange(1, 5001, dtype=np.int64) * 1_000_003
    values[[0, 777, 4999]] = 2**63 - 1
    cube = Column.of(values, 3) * Column.of(values, 3) * Column.of(values, 3)
    assert read(cube.half_up(1), 5000) == [half_up(Fraction(int(value), 1000) ** 3) for value in values]


def test_a_formula_chosen_by_a_table() -> None:
    place = np.array([0, 1, 1, 2], np.uint8)
    Q = Column.of(np.array([10, 20, 30, 40], np.int64))
    K = Column.read(np.array([5, 7, 9], np.int64), place, 10)
    R = Column.read(np.array([1, 2, 3], np.int64), place, 100)
    options = [Q * K * R * Column.constant(200), Q * R * Column.constant(50)]
    chosen = Column.chosen(options, np.array([0, 1, 0], np.uint8), place)
    assert read(chosen.half_up(1), 4) == [10, 20, 30, 216]
    other = Column.of(np.array([11, 21, 31, 41], np.int64))
    for options in ([Q * R, Q * Q * R], [Q * R, other * R], [Q * R, R / Q]):
        with pytest.raises(ValueError, match="differ"):
            Column.chosen(options, np.array([0, 1, 0], np.uint8), place)


def test_refused_operands() -> None:
    one = Column.constant(1)
    with pytest.raises(ValueError, match="negative"):
        Column.of(np.array([3, -1], np.int64))
    with pytest.raises(TypeError, match="float64"):
        Column.of(np.array([0.5]))
    with pytest.raises(ZeroDivisionError):
        one / Column.of(np.array([3, 0], np.int64))
    with pytest.raises(ZeroDivisionError):
        one / Column.constant(0)
    with pytest.raises(ValueError, match="not rounded"):
        Column.of(np.array([15], np.int64), 1).scaled()
