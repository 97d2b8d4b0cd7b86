"""What do a million mineral rights owe? The formulas of both decrees over columns, exact, with the law of each row's day.

Every row is a licence of one mineral. The formulas, rates and roundings are those of ``licence_right``,
``licence_right_2019``, ``price`` and ``conversion``: any row can be explained by them, to the same đồng.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fees.column_conversion import Decimals, Rule, Rules, at, conversion_factors, unsound
from fees.column_law import AREAS, METHODS, NO_RULE, NOT_IN_FORCE, ColumnLaw, Decree
from fees.column_numbers import Column
from fees.licence_right import LARGEST_TOTAL, licence_right_fee
from fees.licence_right_2019 import auctioned_fee, licence_right_fee_2019
from fees.price import fee_price
from rules.errors import Code

CHUNK = 32_768
"""Rows computed at a time: what they need stays in the processor's cache, and memory does not grow with the batch."""

_INVALID, _OUT_OF_RANGE = 253, 252
REFUSALS: dict[int, Code] = {
    NOT_IN_FORCE: Code.NOT_IN_FORCE,
    NO_RULE: Code.NO_RULE_AT_DATE,
    _INVALID: Code.INVALID_INPUT,
    _OUT_OF_RANGE: Code.OUT_OF_RANGE,
}
"""What a figure of :attr:`ColumnFees.refused` says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeColumns:
    """Licences as columns of one length; no number may be negative.

    ``approved_on``: ``datetime64[D]``. ``mineral``, ``method``, ``area``: unsigned positions in the minerals of the
    :class:`ColumnLaw`, in METHODS and in AREAS (the last two count under Decree 67/2019 alone). ``quantity``: unit of
    reserve. ``price``: resource-tax price G_tn, đồng. ``rule``: one for all rows or ``uint8`` for each.
    ``upper``, ``lower``: H_n, C_m or the determined factor; D or C (any number where the rule does not ask).
    ``winning_rate``: percent won at auction, 0 where none was.
    """

    approved_on: NDArray[np.datetime64]
    mineral: NDArray[Any]
    method: NDArray[Any]
    area: NDArray[Any]
    quantity: Decimals
    price: Decimals
    rule: Rules
    upper: Decimals
    lower: Decimals
    winning_rate: Decimals | None = None

    def __len__(self) -> int:
        return len(self.approved_on)

    def at(self, rows: slice | NDArray[np.intp]) -> FeeColumns:
        """Some of the rows."""
        return FeeColumns(
            approved_on=at(self.approved_on, rows),
            mineral=at(self.mineral, rows),
            method=at(self.method, rows),
            area=at(self.area, rows),
            quantity=self.quantity.at(rows),
            price=self.price.at(rows),
            rule=self.rule if isinstance(self.rule, Rule) else at(self.rule, rows),
            upper=self.upper.at(rows),
            lower=self.lower.at(rows),
            winning_rate=None if self.winning_rate is None else self.winning_rate.at(rows),
        )


class ColumnFees(NamedTuple):
    """The fee of each row in whole đồng; 0 where ``refused`` names a reason (0: none, else a key of REFUSALS)."""

    amounts: NDArray[np.int64]
    refused: NDArray[np.uint8]


def licence_right_fees(columns: FeeColumns, law: ColumnLaw, *, rounding_vnd: int = 1) -> ColumnFees:
    """The fee of each row, rounded half up to ``rounding_vnd`` đồng, by the decree in force on its day.

    Refused: no decree in force, no rate for the mineral, a position outside its list, a negative number, a conversion
    parameter of 0 after rounding, a winning rate below the mineral's own, a fee above 10^18.
    ``ValueError`` where the columns differ in length or a position is not unsigned, ``TypeError`` for inexact numbers.
    """
    size = len(columns)
    if any(len(values) != size for values in (*_positions(columns), *_numbers(columns))):
        raise ValueError("the columns differ in length")
    if any(values.dtype.kind != "u" for values in _positions(columns)):
        raise ValueError("positions are unsigned integers")
    if any(values.dtype != np.int64 for values in _numbers(columns)):
        raise TypeError("numbers are int64: whole numbers of their last place")
    answer = ColumnFees(np.zeros(size, np.int64), np.zeros(size, np.uint8))
    for start in range(0, size, CHUNK):
        rows = slice(start, start + CHUNK)
        _chunk(columns.at(rows), law, rounding_vnd, ColumnFees(answer.amounts[rows], answer.refused[rows]))
    return answer


def _positions(columns: FeeColumns) -> list[NDArray[Any]]:
    positions = [columns.mineral, columns.method, columns.area]
    return positions if isinstance(columns.rule, Rule) else [*positions, columns.rule]


def _numbers(columns: FeeColumns) -> list[NDArray[np.int64]]:
    numbers = [columns.quantity, columns.price, columns.upper, columns.lower]
    return [one.values for one in (*numbers, columns.winning_rate) if one is not None]


def _chunk(given: FeeColumns, law: ColumnLaw, step: int, answer: ColumnFees) -> None:
    """Compute some rows into their part of the answer."""
    day = given.approved_on.astype("datetime64[D]", copy=False).view(np.int64)
    place = law.place(day, given.mineral, given.method, given.area)
    state = law.state.take(place, mode="clip")
    _refuse_invalid(given, law, state)
    for code, places in enumerate(law.decimals):
        found = np.flatnonzero(state == code)
        rows, there = _some(given, place, found)
        bad = unsound(rows.rule, rows.upper, rows.lower, places)
        if bad is not None and bad.any():
            state[found[bad]] = _INVALID
            found = found[~bad]
            rows, there = _some(given, place, found)
        _write(rows, there, found, places, law, step, answer.amounts, state)
    if state.max() >= _OUT_OF_RANGE:
        np.copyto(answer.refused, state, where=state >= _OUT_OF_RANGE)


def _refuse_invalid(given: FeeColumns, law: ColumnLaw, state: NDArray[np.uint8]) -> None:
    counts = (len(law.minerals), len(METHODS), len(AREAS), len(Rule))
    for positions, count in zip(_positions(given), counts, strict=False):
        if positions.max() >= count:
            state[positions >= count] = _INVALID
    for number in (given.quantity, given.price, given.winning_rate):
        if number is not None and number.values.min() < 0:
            state[number.values < 0] = _INVALID


def _some(given: FeeColumns, place: NDArray[Any], rows: NDArray[np.intp]) -> tuple[FeeColumns, NDArray[Any]]:
    """Some of the rows, without a copy where they are all."""
    return (given, place) if len(rows) == len(place) else (given.at(rows), at(place, rows))


def _write(
    rows: FeeColumns,
    place: NDArray[Any],
    found: NDArray[np.intp],
    places: int,
    law: ColumnLaw,
    step: int,
    amounts: NDArray[np.int64],
    state: NDArray[np.uint8],
) -> None:
    """Compute rows whose law is known; those with a winning rate apart."""
    if rows.winning_rate is not None:
        winning = rows.winning_rate.values
        low = (winning > 0) & (winning < _least_rates(law, rows.winning_rate.places).take(place, mode="clip"))
        state[found[low]] = _OUT_OF_RANGE
        won, rest = np.flatnonzero((winning > 0) & ~low), np.flatnonzero(winning == 0)
        if len(won):
            part, there = _some(rows, place, won)
            _store(_auctioned_fees(part, there, places, law), found[won], step, amounts, state)
        rows, place = _some(replace(rows, winning_rate=None), place, rest)
        found = found[rest]
    if len(found):
        _store(_fees(rows, place, places, law), found, step, amounts, state)


def _least_rates(law: ColumnLaw, places: int) -> NDArray[np.int64]:
    """The mineral's own rate by place, as the smallest whole number of ``places`` that is not below it."""
    return np.array([-(-int(value) * 10**places // law.rate.den) for value in law.rate.values], np.int64)


def _store(
    fees: Column, found: NDArray[np.intp], step: int, amounts: NDArray[np.int64], state: NDArray[np.uint8]
) -> None:
    whole = fees.half_up(step).scaled()
    if whole.max() > LARGEST_TOTAL:
        large = whole > LARGEST_TOTAL
        state[found[large]] = _OUT_OF_RANGE
        whole = np.where(large, 0, whole)
    if len(found) == len(amounts):
        amounts[:] = whole
    else:
        amounts[found] = whole


def _fees(rows: FeeColumns, place: NDArray[Any], places: int, law: ColumnLaw) -> Column:
    Q, G, R = rows.quantity.column(), _price(rows, places), law.rate.at(place, 100)
    by_decree = {
        Decree.D67_2019: licence_right_fee_2019(Q, G, law.k1.at(place), law.k2.at(place), R),
        Decree.D193_2025: licence_right_fee(Q, G, R),
    }
    return Column.chosen([by_decree[one] for one in Decree], law.decree, place)


def _auctioned_fees(rows: FeeColumns, place: NDArray[Any], places: int, law: ColumnLaw) -> Column:
    assert rows.winning_rate is not None
    R_dg = Column.of(rows.winning_rate.values, rows.winning_rate.places + 2)
    Q, G = rows.quantity.column(), _price(rows, places)
    by_decree = {
        Decree.D67_2019: auctioned_fee(Q, G, law.auction_k.at(place), R_dg),
        Decree.D193_2025: licence_right_fee(Q, G, R_dg),
    }
    return Column.chosen([by_decree[one] for one in Decree], law.decree, place)


def _price(rows: FeeColumns, places: int) -> Column:
    return fee_price(rows.price.column(), conversion_factors(rows.rule, rows.upper, rows.lower, places))
