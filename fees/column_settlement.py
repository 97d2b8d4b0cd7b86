"""What do a million licence-years owe for what was really mined? Art. 139 over columns, exact, with the rate of each row's day.

Every row is one mineral of one licence in one year. The formulas, rates and roundings are those of ``settlement``,
``price``, ``conversion``, ``output_conversion`` and ``right``: any row can be explained by them, to the same đồng.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fees.column_conversion import Decimals, Rule, conversion_factors, unsound
from fees.column_law import EPOCH, NO_RULE
from fees.column_numbers import Column
from fees.column_output import OutputRule, output_factors, unsound_outputs
from fees.column_settlement_case import SettlementColumns, SettlementLaw
from fees.licence_right import LARGEST_TOTAL, licence_right_fee
from fees.price import fee_price
from fees.right import money_auction_rate
from fees.settlement import settled_quantity
from rules.errors import Code

CHUNK = 32_768
"""Rows computed at a time: what they need stays in the processor's cache, and memory does not grow with the batch."""

_INVALID, _OUT_OF_RANGE = 253, 252
SETTLEMENT_REFUSALS: dict[int, Code] = {
    NO_RULE: Code.NO_RULE_AT_DATE,
    _INVALID: Code.INVALID_INPUT,
    _OUT_OF_RANGE: Code.OUT_OF_RANGE,
}
"""What a figure of ``refused`` says."""

_WORD_BITS = 32
_YEARS = 10_000


class SettledRows(NamedTuple):
    """The settled sum of each row in whole đồng; 0 where ``refused`` names a reason (0: none, else of SETTLEMENT_REFUSALS)."""

    amounts: NDArray[np.int64]
    refused: NDArray[np.uint8]


class SettledLicences(NamedTuple):
    """One entry a licence, ascending: its sum, 0 where ``refused`` names why (of a row, or a sum above 10^18)."""

    licence: NDArray[Any]
    amounts: NDArray[np.int64]
    refused: NDArray[np.uint8]


def settled_sums(columns: SettlementColumns, law: SettlementLaw, *, rounding_vnd: int = 1) -> SettledRows:
    """SL x TL_qđ x G_tn x K_qđ x R of each row, rounded half up once to ``rounding_vnd`` đồng.

    Refused: no rate in the law book on the row's day, a year outside the period or twice, a position outside its list, a
    negative number, a conversion parameter of 0 after rounding, two sources of a rate, a winning rate below the mineral's
    own, a sum won below the start, a sum above 10^18. ``ValueError`` where the columns differ in length or a position is
    not unsigned, ``TypeError`` for inexact numbers.
    """
    size = len(columns)
    positions = (columns.licence, columns.mineral, columns.output_rule, columns.rule)
    numbers = [one.values for one in _numbers(columns)]
    others = [one for one in (columns.year, columns.approved_on, columns.companion) if one is not None]
    if any(len(values) != size for values in (*positions, *numbers, *others)):
        raise ValueError("the columns differ in length")
    if any(values.dtype.kind != "u" for values in positions):
        raise ValueError("positions are unsigned integers")
    if any(values.dtype != np.int64 for values in (columns.year, *numbers)):
        raise TypeError("numbers are int64: whole numbers of their last place")
    answer = SettledRows(np.zeros(size, np.int64), np.zeros(size, np.uint8))
    for start in range(0, size, CHUNK):
        rows = slice(start, start + CHUNK)
        _chunk(columns.at(rows), law, rounding_vnd, SettledRows(answer.amounts[rows], answer.refused[rows]))
    again = _declared_again(columns)
    answer.amounts[again] = 0
    answer.refused[again] = _INVALID
    return answer


def settled_by_licence(licence: NDArray[Any], rows: SettledRows) -> SettledLicences:
    """The printed rows of each licence, added; a licence with a refused row is refused for the reason of its first."""
    order = np.argsort(licence, kind="stable")
    keys, starts = np.unique(licence[order], return_index=True)
    if not len(keys):
        return SettledLicences(keys, np.zeros(0, np.int64), np.zeros(0, np.uint8))
    amounts, refused = rows.amounts[order], rows.refused[order]
    # two words: the low halves of 2^31 rows, and the high halves of 10^18 each, add up below 2^63
    low = np.add.reduceat(amounts & (2**_WORD_BITS - 1), starts)
    high = np.add.reduceat(amounts >> _WORD_BITS, starts) + (low >> _WORD_BITS)
    low &= 2**_WORD_BITS - 1
    top, rest = divmod(LARGEST_TOTAL, 2**_WORD_BITS)
    reasons = np.where((high > top) | ((high == top) & (low > rest)), _OUT_OF_RANGE, 0).astype(np.uint8)
    bad = np.flatnonzero(refused)
    owner = np.searchsorted(starts, bad, side="right") - 1
    reasons[owner[::-1]] = refused[bad[::-1]]  # the first of a licence is written last
    sums = np.where(reasons == 0, (np.where(reasons == 0, high, 0) << _WORD_BITS) + low, 0)
    return SettledLicences(keys, sums, reasons)


def _numbers(columns: SettlementColumns) -> list[Decimals]:
    numbers = [
        columns.output, columns.output_upper, columns.output_lower, columns.price, columns.upper, columns.lower,
        columns.rate, columns.winning_rate, *(columns.money or ()),
    ]  # fmt: skip
    return [one for one in numbers if one is not None]


def _declared_again(columns: SettlementColumns) -> NDArray[np.intp]:
    """Rows whose licence, mineral and year stood before."""
    key = columns.licence.astype(np.uint64) * np.uint64(2**8) + columns.mineral.astype(np.uint64)
    key *= np.uint64(_YEARS)
    key += (columns.year % _YEARS).view(np.uint64)
    ascending = np.sort(key)
    if not (ascending[1:] == ascending[:-1]).any():
        return np.zeros(0, np.intp)
    order = np.argsort(key, kind="stable")
    again: NDArray[np.intp] = order[1:][key[order[1:]] == key[order[:-1]]]
    return again


def _chunk(given: SettlementColumns, law: SettlementLaw, step: int, answer: SettledRows) -> None:
    """Compute some rows into their part of the answer."""
    place = law.place(_day_of_law(given), given.mineral)
    state = answer.refused
    _refuse_invalid(given, law, state)
    for rows, R in _rates(given, law, place, state):
        part = given.at(rows)
        Q = settled_quantity(part.output.column(), _output_factors(part, law))
        G = fee_price(part.price.column(), conversion_factors(part.rule, part.upper, part.lower, law.decimals))
        whole = licence_right_fee(Q, G, R).half_up(step).scaled()
        large = whole > LARGEST_TOTAL
        if large.any():
            state[rows[large]] = _OUT_OF_RANGE
            whole = np.where(large, 0, whole)
        answer.amounts[rows] = whole


def _output_factors(part: SettlementColumns, law: SettlementLaw) -> Column:
    return output_factors(part.output_rule, part.output_upper, part.output_lower, law.decimals)


def _day_of_law(given: SettlementColumns) -> NDArray[np.int64]:
    """1 January of the year, or the day of approval for years before its year; in days since 1970-01-01."""
    years = (given.year - EPOCH.year).astype("datetime64[Y]")
    days = years.astype("datetime64[D]")
    if given.approved_on is not None:
        approved = given.approved_on.astype("datetime64[D]", copy=False)
        days = np.where(years < approved.astype("datetime64[Y]"), approved, days)  # NaT is never later
    counted: NDArray[np.int64] = days.view(np.int64)
    return counted


def _refuse_invalid(given: SettlementColumns, law: SettlementLaw, state: NDArray[np.uint8]) -> None:
    bad = (given.year < law.first_year) | (given.year > law.last_year)
    bad |= given.mineral >= len(law.columns.minerals)
    bad |= (given.rule >= len(Rule)) | (given.output_rule >= len(OutputRule))
    sources = np.zeros(len(given), np.uint8)
    for number in (given.rate, given.winning_rate, given.money and given.money.won):
        if number is not None:
            bad |= number.values < 0
            sources += number.values > 0
    bad |= sources > 1
    bad |= (given.output.values < 0) | (given.price.values < 0)
    bad |= unsound_outputs(given.output_rule, given.output_upper, given.output_lower, law.decimals)
    wrong = unsound(given.rule, given.upper, given.lower, law.decimals)
    if wrong is not None:
        bad |= wrong
    if given.money is not None:
        bad |= (given.money.won.values > 0) & ((given.money.start.values <= 0) | (given.money.rate.values <= 0))
    state[bad] = _INVALID


def _rates(
    given: SettlementColumns, law: SettlementLaw, place: NDArray[Any], state: NDArray[np.uint8]
) -> Iterator[tuple[NDArray[np.intp], Column]]:
    """Sound rows by the source of their rate, each with its R; the others are refused on the way."""
    table = state == 0
    if given.rate is not None:
        entered = table & (given.rate.values > 0)
        table &= ~entered
        yield from _entered(np.flatnonzero(entered), given.rate)
    if given.winning_rate is not None:
        won = table & (given.winning_rate.values > 0)
        table &= ~won
        low = won & (given.winning_rate.values < _lowest_rates(given, law, given.winning_rate.places))
        if given.companion is not None:
            low &= ~given.companion
        state[low] = _OUT_OF_RANGE
        yield from _entered(np.flatnonzero(won & ~low), given.winning_rate)
    if given.money is not None:
        paid = table & (given.money.won.values > 0)
        table &= ~paid
        low = paid & (given.money.won.values < given.money.start.values)
        state[low] = _OUT_OF_RANGE
        rows = np.flatnonzero(paid & ~low)
        if len(rows):
            won_vnd, start_vnd, percent = given.money.at(rows)
            rate = Column.of(percent.values, percent.places + 2)
            yield rows, money_auction_rate(won_vnd.column(), start_vnd.column(), rate)
    unknown = table & (law.columns.state.take(place, mode="clip") >= NO_RULE)
    state[unknown] = NO_RULE
    rows = np.flatnonzero(table & ~unknown)
    if len(rows):
        yield rows, law.columns.rate.at(place[rows], 100)


def _entered(rows: NDArray[np.intp], percent: Decimals) -> Iterator[tuple[NDArray[np.intp], Column]]:
    if len(rows):
        yield rows, Column.of(percent.values[rows], percent.places + 2)


def _lowest_rates(given: SettlementColumns, law: SettlementLaw, places: int) -> NDArray[np.int64]:
    """The rate below which nobody won, as the smallest whole number of ``places`` not below it; 0 without one."""
    least = np.array([-(-int(value) * 10**places // law.lowest.den) for value in law.lowest.values], np.int64)
    lowest: NDArray[np.int64] = least.take(given.mineral, mode="clip")
    return lowest
