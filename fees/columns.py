"""What do a million mineral rights owe? The formulas of both decrees over columns, exact, with the law of each row's day.

Every row is a licence of one mineral. The formulas, rates and roundings are those of ``licence_right``,
``licence_right_2019``, ``price`` and ``conversion``: any row can be explained by them, to the same đồng.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from fees.column_law import AREAS, METHODS, NO_RULE, NOT_IN_FORCE, ColumnLaw, Decree, Regime
from fees.column_numbers import Column, Words
from fees.conversion import grade_ratio, loose_to_in_situ, loose_to_tonne
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


class Decimals(NamedTuple):
    """Decimals as whole numbers of their last place: 1475 with 3 places is 1.475."""

    values: NDArray[np.int64]
    places: int = 0

    def at(self, rows: Any) -> Decimals:
        """Some of the rows."""
        return Decimals(_at(self.values, rows), self.places)

    def column(self) -> Column:
        return Column.of(self.values, self.places)


class Rule(IntEnum):
    """How the conversion factor K_qđ is found; named after the function of ``fees.conversion``."""

    SAME_UNIT = 0
    LOOSE_TO_IN_SITU = 1
    LOOSE_TO_TONNE = 2
    GRADE_RATIO = 3
    DETERMINED = 4


_NEEDS = {Rule.SAME_UNIT: 0, Rule.LOOSE_TO_IN_SITU: 1, Rule.LOOSE_TO_TONNE: 2, Rule.GRADE_RATIO: 2, Rule.DETERMINED: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeColumns:
    """Licences as columns of one length; none may be negative.

    ``approved_on``: ``datetime64[D]``. ``mineral``, ``method``, ``area``: unsigned positions in the minerals of the
    :class:`ColumnLaw`, in METHODS and in AREAS (the last two count under Decree 67/2019 alone). ``quantity``: unit of
    reserve. ``price``: resource-tax price G_tn, đồng. ``rule``: one :class:`Rule` for all rows or ``uint8`` for each.
    ``upper``, ``lower``: H_n, C_m or the determined factor; D or C (any number where the rule does not ask).
    ``winning_rate``: percent won at auction, 0 where none was.
    """

    approved_on: NDArray[np.datetime64]
    mineral: NDArray[Any]
    method: NDArray[Any]
    area: NDArray[Any]
    quantity: Decimals
    price: Decimals
    rule: Rule | NDArray[np.uint8]
    upper: Decimals
    lower: Decimals
    winning_rate: Decimals | None = None

    def __len__(self) -> int:
        return len(self.approved_on)


class ColumnFees(NamedTuple):
    """The fee of each row in whole đồng; 0 where ``refused`` names a reason (0: none, else a key of REFUSALS)."""

    amounts: NDArray[np.int64]
    refused: NDArray[np.uint8]


def licence_right_fees(columns: FeeColumns, law: ColumnLaw, *, rounding_vnd: int = 1) -> ColumnFees:
    """The fee of each row, rounded half up to ``rounding_vnd`` đồng, by the decree in force on its day.

    Refused: no decree in force, no rate for the mineral, a position outside its list, a negative number, a conversion
    parameter of 0 after rounding, a winning rate below the mineral's own, a fee above 10^18.
    ``ValueError`` where the columns differ in length.
    """
    size = len(columns)
    arrays = [getattr(columns, field.name) for field in fields(columns)]
    if any(len(one.values if isinstance(one, Decimals) else one) != size for one in arrays if not _common(one)):
        raise ValueError("the columns differ in length")
    answer = ColumnFees(np.zeros(size, np.int64), np.zeros(size, np.uint8))
    for start in range(0, size, CHUNK):
        rows = slice(start, start + CHUNK)
        _chunk(columns, rows, law, rounding_vnd, ColumnFees(answer.amounts[rows], answer.refused[rows]))
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Rows at work: all that the formulas read."""

    place: NDArray[Any]
    quantity: Decimals
    price: Decimals
    rule: Rule | NDArray[np.uint8]
    upper: Decimals
    lower: Decimals
    winning_rate: Decimals | None

    def at(self, rows: NDArray[np.intp]) -> _Part:
        if len(rows) == len(self.place):
            return self
        return _Part(
            place=_at(self.place, rows),
            quantity=self.quantity.at(rows),
            price=self.price.at(rows),
            rule=self.rule if isinstance(self.rule, Rule) else _at(self.rule, rows),
            upper=self.upper.at(rows),
            lower=self.lower.at(rows),
            winning_rate=None if self.winning_rate is None else self.winning_rate.at(rows),
        )


def _chunk(columns: FeeColumns, rows: slice, law: ColumnLaw, step: int, answer: ColumnFees) -> None:
    """Compute some rows into their part of the answer."""
    day = columns.approved_on[rows].astype("datetime64[D]", copy=False).view(np.int64)
    mineral, method, area = columns.mineral[rows], columns.method[rows], columns.area[rows]
    winning = None if columns.winning_rate is None else columns.winning_rate.at(rows)
    part = _Part(
        place=law.place(day, mineral, method, area),
        quantity=columns.quantity.at(rows),
        price=columns.price.at(rows),
        rule=columns.rule if isinstance(columns.rule, Rule) else columns.rule[rows],
        upper=columns.upper.at(rows),
        lower=columns.lower.at(rows),
        winning_rate=winning,
    )
    state = law.regime.take(part.place, mode="clip")
    for positions, count in ((mineral, len(law.minerals)), (method, len(METHODS)), (area, len(AREAS))):
        if positions.max() >= count:
            state[positions >= count] = _INVALID
    if not isinstance(part.rule, Rule) and part.rule.max() >= len(Rule):
        state[part.rule >= len(Rule)] = _INVALID
    for given in (part.quantity, part.price, winning):
        if given is not None and given.values.min() < 0:
            state[given.values < 0] = _INVALID
    for code, regime in enumerate(law.regimes):
        found = np.flatnonzero(state == code)
        unsound = _unsound(part.at(found), regime)
        if unsound.any():
            state[found[unsound]] = _INVALID
            found = found[~unsound]
        for won, chosen in _by_auction(part, found, state, law):
            _write(part.at(chosen), chosen, regime, won, law, step, answer.amounts, state)
    np.copyto(answer.refused, state, where=state >= _OUT_OF_RANGE)


def _unsound(part: _Part, regime: Regime) -> NDArray[np.bool_]:
    """Rows in which a conversion parameter that the rule needs is 0 after rounding, or negative."""
    unsound = np.zeros(len(part.place), np.bool_)
    for number, given in enumerate((part.upper, part.lower), start=1):
        least = max(1, -(-(10**given.places) // (2 * 10**regime.places)))  # the smallest that is not rounded to 0
        if given.values.min(initial=least) >= least:
            continue
        for rule, where in _by_rule(part.rule):
            if _NEEDS[rule] >= number:
                unsound |= where & (given.values < least)
    return unsound


def _by_auction(
    part: _Part, found: NDArray[np.intp], state: NDArray[np.uint8], law: ColumnLaw
) -> list[tuple[bool, NDArray[np.intp]]]:
    """Rows with the table's rate and rows with a winning rate; a rate below the mineral's own is refused."""
    if part.winning_rate is None:
        return [(False, found)]
    winning = _at(part.winning_rate.values, found)
    scale = 10**part.winning_rate.places
    own = np.array([-(-int(value) * scale // law.rate.den) for value in law.rate.values], np.int64)
    low = (winning > 0) & (winning < own.take(_at(part.place, found), mode="clip"))
    state[found[low]] = _OUT_OF_RANGE
    return [(False, found[winning == 0]), (True, found[(winning > 0) & ~low])]


def _write(
    part: _Part,
    chosen: NDArray[np.intp],
    regime: Regime,
    won: bool,
    law: ColumnLaw,
    step: int,
    amounts: NDArray[np.int64],
    state: NDArray[np.uint8],
) -> None:
    if not len(chosen):
        return
    fees = _fees(part, regime, won, law).half_up(step).scaled()
    if fees.max() > LARGEST_TOTAL:
        large = fees > LARGEST_TOTAL
        state[chosen[large]] = _OUT_OF_RANGE
        fees = np.where(large, 0, fees)
    amounts[chosen] = fees.astype(np.int64, copy=False)


def _fees(part: _Part, regime: Regime, won: bool, law: ColumnLaw) -> Column:
    Q = part.quantity.column()
    G = fee_price(part.price.column(), _conversion_factor(part, regime.places))
    if won:
        assert part.winning_rate is not None
        R = Column.of(part.winning_rate.values, part.winning_rate.places + 2)
    else:
        R = law.rate.at(part.place, 100)
    match regime.decree:
        case Decree.D193_2025:
            return licence_right_fee(Q, G, R)
        case Decree.D67_2019 if won:
            return auctioned_fee(Q, G, law.auction_k.at(part.place), R)
        case Decree.D67_2019:
            return licence_right_fee_2019(Q, G, law.k1.at(part.place), law.k2.at(part.place), R)
    assert_never(regime.decree)


def _conversion_factor(part: _Part, places: int) -> Column:
    """K_qđ of each row, its parameters and itself rounded to ``places``."""
    if isinstance(part.rule, Rule):
        return _factor(part.rule, part.upper, part.lower, places)
    factors: Words = np.zeros(len(part.place), np.uint64)
    for rule, where in _by_rule(part.rule):
        chosen = np.flatnonzero(where)
        if len(chosen):
            found = _factor(rule, part.upper.at(chosen), part.lower.at(chosen), places).scaled(places)
            factors = factors.astype(np.promote_types(factors.dtype, found.dtype), copy=False)
            factors[chosen] = found
    return Column.of(factors, places)


def _factor(rule: Rule, upper: Decimals, lower: Decimals, places: int) -> Column:
    match rule:
        case Rule.SAME_UNIT:
            return Column.constant(1)
        case Rule.LOOSE_TO_IN_SITU:
            return loose_to_in_situ(upper.column().rounded(places)).rounded(places)
        case Rule.LOOSE_TO_TONNE:
            return loose_to_tonne(upper.column().rounded(places), lower.column().rounded(places)).rounded(places)
        case Rule.GRADE_RATIO:
            return grade_ratio(upper.column().rounded(places), lower.column().rounded(places)).rounded(places)
        case Rule.DETERMINED:
            return upper.column().rounded(places)
    assert_never(rule)


def _by_rule(rule: Rule | NDArray[np.uint8]) -> list[tuple[Rule, Any]]:
    """Each rule with the rows it holds for (``True``: all)."""
    return [(rule, True)] if isinstance(rule, Rule) else [(one, rule == one) for one in Rule]


def _common(column: object) -> bool:
    return column is None or isinstance(column, Rule)


def _at(values: NDArray[Any], rows: slice | NDArray[np.intp]) -> NDArray[Any]:
    return values[rows] if isinstance(rows, slice) else values.take(rows, mode="clip")
