"""What do many licences and appraised reserves cost in fees? The sums of ``licence_fee`` over columns, exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR
from operator import ge, gt, le, lt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fees.column_conversion import Decimals
from fees.column_duties import (
    INVALID,
    ColumnSums,
    DatedTable,
    Day,
    answer,
    check_columns,
    day_numbers,
    outside,
    refuse,
)
from fees.column_law import EPOCH, NO_RULE
from fees.column_numbers import Column
from fees.licence_fee import PAYABLE, STEPS, TARIFF, Procedure, appraisal_fee, extended_fee
from rules.lawbook import LawBook
from rules.tariff import Applies, Condition, TariffLine

PROCEDURES: Final = tuple(Procedure)
_COMPARE: Final = {"<": (lt, ROUND_CEILING), "<=": (le, ROUND_FLOOR), ">": (gt, ROUND_FLOOR), ">=": (ge, ROUND_CEILING)}
"""A whole number lies below a bound just where it lies below its ceiling, and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceColumns:
    """Licences. ``of_class``: unsigned positions in the classes of the tariff; ``procedure``: in PROCEDURES. ``area`` in
    ha and ``capacity`` in m³ a year, above 0 where the class asks for them.
    """

    granted_on: Day
    of_class: NDArray[Any]
    procedure: NDArray[Any]
    area: Decimals
    capacity: Decimals


def licence_fees(columns: LicenceColumns, book: LawBook) -> ColumnSums:
    """The fee of each licence.

    Refused: a day before the circular, a position outside its list, a measure of 0 where the class asks for one, a class
    that the tariff does not hold on the day.
    """
    positions, size = (columns.of_class, columns.procedure), len(columns.granted_on)
    check_columns(size, (columns.area.values, columns.capacity.values), positions)
    classes = book.tariffs[TARIFF].classes()
    refused = outside(book, PAYABLE, columns.granted_on)
    refuse(refused, (columns.of_class >= len(classes)) | (columns.procedure >= len(PROCEDURES)), INVALID)
    measures = {"area": columns.area, "capacity": columns.capacity}
    for position, asked in enumerate(classes.values()):
        for name in asked:
            refuse(refused, (columns.of_class == position) & (measures[name].values <= 0), INVALID)
    full = np.zeros(size, np.int64)
    for series in book.tariffs[TARIFF].lines.values():
        for line in series.rows:
            full[_holds(line, columns, list(classes), measures)] = int(line.most)
    sound = refuse(refused, full == 0, NO_RULE)
    share = DatedTable.of(book, "licence_fee.extension_share")
    fees = Column.of(full[sound])
    cut = share.at(share.place(columns.granted_on[sound])).scaled(2)
    whole = columns.procedure[sound] == PROCEDURES.index(Procedure.GRANT)
    percent = np.where(whole, 100 * 100, cut).astype(np.int64)
    return answer(refused, sound, extended_fee(fees, Column.of(percent, 2 + 2)))


def appraisal_fees(noticed_on: Day, cost: NDArray[np.int64], book: LawBook) -> ColumnSums:
    """The fee for appraising each reserve, by its exploration cost in whole đồng.

    Refused: a day before the circular, a negative cost, a fee above 10^18.
    """
    check_columns(len(noticed_on), (cost,))
    refused = outside(book, PAYABLE, noticed_on)
    sound = refuse(refused, cost < 0, INVALID)
    days, given = noticed_on[sound], cost[sound]
    keys = sorted(key for name, key in book.series if name == f"{STEPS}.from")
    begin, base, share = (DatedTable.of(book, f"{STEPS}.{name}", keys) for name in ("from", "base", "share"))
    step = np.zeros(len(given), np.int64)
    for position in range(1, len(keys)):
        step += begin.at(begin.place(days, position)).scaled().astype(np.int64) < given
    C, B = Column.of(given), begin.at(begin.place(days, step))
    A, p = base.at(base.place(days, step)), share.at(share.place(days, step), 100)
    return answer(refused, sound, appraisal_fee(A, C, B, p))


def _holds(
    line: TariffLine, columns: LicenceColumns, classes: list[str], measures: dict[str, Decimals]
) -> NDArray[np.bool_]:
    """The rows for which a line of the tariff holds."""
    day = day_numbers(columns.granted_on)
    inside = day >= (line.period.start - EPOCH).days
    if line.period.end is not None:
        inside &= day < (line.period.end - EPOCH).days
    any_of = np.zeros(len(day), np.bool_)
    for one in line.applies:
        any_of |= _alternative(one, columns, classes, measures)
    return np.asarray(inside & any_of)


def _alternative(
    one: Applies, columns: LicenceColumns, classes: list[str], measures: dict[str, Decimals]
) -> NDArray[np.bool_]:
    found = columns.of_class == classes.index(one.of_class)
    for condition in one.conditions:
        found &= _true(condition, measures[condition.measure])
    return np.asarray(found)


def _true(condition: Condition, measure: Decimals) -> NDArray[np.bool_]:
    compare, rounding = _COMPARE[condition.sign]
    bound = int(condition.bound.scaleb(measure.places).to_integral_value(rounding))
    return np.asarray(compare(measure.values, bound))
