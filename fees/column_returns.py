"""What do a hundred thousand monthly returns owe? Resource tax and environmental fee over columns, exact.

Every row is a case of ``resource_tax`` or ``environmental_fee``; formulas, tables and roundings are those of these
modules, so that any row can be explained by them, to the same đồng.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fees.case import MiningMethod
from fees.column_conversion import Decimals
from fees.column_duties import INVALID, ColumnSums, DatedTable, Day, answer, check_columns, outside, refuse
from fees.column_law import METHODS
from fees.column_numbers import Column
from fees.environmental_fee import FORMULA as FEE
from fees.environmental_fee import TOLERANCE, WHOLE, environmental_fee, mineral_part, salvage_rate, shared_part
from fees.resource_tax import FORMULA as TAX
from fees.resource_tax import resource_tax
from rules.lawbook import LawBook

_WORD = 2**63
_PERCENT_PLACES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxColumns:
    """Returns of the resource tax. ``period``: ``datetime64[D]``, the first day of the month. ``selling_price``: without
    VAT, 0 where nothing was sold. ``provincial_price``: whole đồng, above 0. ``rate``: percent, above 0, at most 100.
    """

    period: Day
    quantity: Decimals
    selling_price: Decimals
    provincial_price: NDArray[np.int64]
    rate: Decimals


class MineralColumns(NamedTuple):
    """One mineral of every row: raw quantity, rate in đồng, share in percent (``None``: no polymetallic ore)."""

    quantity: Decimals
    rate: NDArray[np.int64]
    share: Decimals | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeColumns:
    """Returns of the environmental fee, each of as many minerals. ``method``: unsigned positions in METHODS."""

    period: Day
    overburden: Decimals
    method: NDArray[Any]
    salvage: NDArray[np.bool_]
    minerals: Sequence[MineralColumns]


def resource_taxes(columns: TaxColumns, book: LawBook) -> ColumnSums:
    """The tax of each row: price not below the provincial one, rounded half up once.

    Refused: a period before the law, a number outside the bounds that :class:`TaxColumns` names, a tax above 10^18.
    """
    quantity, selling, rate = columns.quantity.values, columns.selling_price.values, columns.rate.values
    check_columns(len(columns.period), (quantity, selling, rate, columns.provincial_price))
    refused = outside(book, TAX, columns.period)
    bad = (quantity < 0) | (selling < 0) | (columns.provincial_price < 1) | (rate < 1)
    sound = refuse(refused, bad | (rate > 100 * 10**columns.rate.places), INVALID)
    price = taxable_prices(columns.selling_price.at(sound), columns.provincial_price[sound])
    t = Column.of(rate[sound], columns.rate.places + _PERCENT_PLACES)
    return answer(refused, sound, resource_tax(columns.quantity.at(sound).column(), price, t))


def taxable_prices(selling: Decimals, provincial: NDArray[np.int64]) -> Column:
    """The higher of the selling price and the provincial one, exact."""
    scale = 10**selling.places
    sold = selling.values // scale >= provincial  # the provincial price is whole, so the floor decides
    fits = int(provincial.max(initial=0)) * scale < _WORD
    floor = provincial * scale if fits else provincial.astype(object) * scale
    return Column.of(np.where(sold, selling.values, floor), selling.places)


def environmental_fees(columns: FeeColumns, book: LawBook) -> ColumnSums:
    """The fee of each row, rounded half up once.

    Refused: a period before the decree, a negative quantity, a rate below 1 đồng, a method outside its list, shares that
    differ in their whole quantity or do not add up, a fee above 10^18. ``ValueError`` where some minerals have shares and
    others none, or differ in places.
    """
    minerals = columns.minerals
    numbers = [columns.overburden.values, *(one.quantity.values for one in minerals), *(one.rate for one in minerals)]
    numbers += [one.share.values for one in minerals if one.share is not None]
    check_columns(len(columns.period), numbers, (columns.method, columns.salvage))
    refused = outside(book, FEE, columns.period)
    bad = (columns.overburden.values < 0) | (columns.method >= len(METHODS)) | _unsound_shares(minerals)
    for one in minerals:
        bad |= (one.quantity.values < 0) | (one.rate < 1)
    sound = refuse(refused, bad, INVALID)
    period = columns.period[sound]
    f1 = DatedTable.of(book, "environmental_fee.overburden_rate")
    p = DatedTable.of(book, "environmental_fee.salvage_share")
    k = DatedTable.of(book, "environmental_fee.k", tuple(MiningMethod))
    percent = np.where(columns.salvage[sound], p.at(p.place(period)).scaled(_PERCENT_PLACES), 100 * 10**_PERCENT_PLACES)
    salvaged = Column.of(percent.astype(np.int64), 2 * _PERCENT_PLACES)
    parts = [_part(one, sound, salvaged) for one in minerals]
    K = k.at(k.place(period, columns.method[sound]))
    exact = environmental_fee(columns.overburden.at(sound).column(), f1.at(f1.place(period)), reduce(add, parts), K)
    return answer(refused, sound, exact)


def _part(mineral: MineralColumns, sound: NDArray[np.intp], salvaged: Column) -> Column:
    Q2, f2 = mineral.quantity.at(sound).column(), salvage_rate(Column.of(mineral.rate[sound]), salvaged)
    if mineral.share is None:
        return mineral_part(Q2, f2)
    return shared_part(Q2, Column.of(mineral.share.values[sound], mineral.share.places + _PERCENT_PLACES), f2)


def _unsound_shares(minerals: Sequence[MineralColumns]) -> NDArray[np.bool_]:
    """Rows whose shares, or whole quantities, do not fit together."""
    shares = [one.share for one in minerals if one.share is not None]
    if len(shares) not in (0, len(minerals)):
        raise ValueError("either every mineral of a batch has shares, or none")
    bad = np.zeros(len(minerals[0].rate), np.bool_)
    if not shares:
        return bad
    places, whole = shares[0].places, minerals[0].quantity
    if any(one.places != places for one in shares) or any(one.quantity.places != whole.places for one in minerals):
        raise ValueError("quantities of one batch have the same places, and so have shares")
    for one, share in zip(minerals, shares, strict=True):
        bad |= (one.quantity.values != whole.values) | (share.values < 1) | (share.values > 100 * 10**places)
    total = reduce(add, (share.values for share in shares))
    distance = np.abs(total - int(WHOLE) * 10**places)
    return np.asarray(bad | (distance * 10 > int(TOLERANCE * 10) * 10**places))
