"""What do the columns of the recurring duties share? Sums with their refusals, and dated numbers read for every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fees.column_law import EPOCH, NO_RULE, NOT_IN_FORCE, Table
from fees.column_numbers import Column
from fees.licence_right import LARGEST_TOTAL
from rules.errors import Code
from rules.lawbook import LawBook

INVALID, OUT_OF_RANGE = 253, 252
DUTY_REFUSALS: dict[int, Code] = {
    NOT_IN_FORCE: Code.NOT_IN_FORCE,
    NO_RULE: Code.NO_RULE_AT_DATE,
    INVALID: Code.INVALID_INPUT,
    OUT_OF_RANGE: Code.OUT_OF_RANGE,
}
"""What a figure of :attr:`ColumnSums.refused` says."""
Day = NDArray[np.datetime64]
Refused = NDArray[np.uint8]


class ColumnSums(NamedTuple):
    """The sum of each row in whole đồng; 0 where ``refused`` names a reason (0: none, else a key of DUTY_REFUSALS)."""

    amounts: NDArray[np.int64]
    refused: Refused


class DatedTable:
    """Numbers by the stretch of days between two changes and by key, read for every row at once."""

    def __init__(self, changes: Sequence[date], numbers: Callable[[date], Sequence[Decimal | None]]) -> None:
        """``numbers`` by key on each stretch that begins at a change; before the first one there are none."""
        found = [numbers(day) for day in changes]
        self._starts = np.array([(day - EPOCH).days for day in changes], np.int64)
        self._keys = len(found[0])
        flat = [None] * self._keys + [number for row in found for number in row]
        self._known = np.array([number is not None for number in flat], np.bool_)
        self._table = Table.of(flat)

    @classmethod
    def of(cls, book: LawBook, parameter: str, keys: Sequence[str] = ("",)) -> DatedTable:
        """A number parameter of the book."""
        rows = [row for key in keys for row in book.series[parameter, key].rows]
        found = {key: book.series[parameter, key] for key in keys}

        def numbers(day: date) -> list[Decimal | None]:
            return [None if (row := found[key].at(day)) is None else row.number() for key in keys]

        return cls(changes(rows), numbers)

    def place(self, days: Day, key: NDArray[Any] | int = 0) -> NDArray[np.int64]:
        """The place of each row: its day and the position of its key."""
        stretch = np.searchsorted(self._starts, day_numbers(days), side="right")
        return stretch.astype(np.int64) * self._keys + key

    def at(self, place: NDArray[np.int64], times: int = 1) -> Column:
        """The number of each row, over ``times`` (100 for percent)."""
        return self._table.at(place, times)

    def known(self, place: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the book holds a number for the row."""
        return self._known.take(place, mode="clip")


def day_numbers(days: Day) -> NDArray[np.int64]:
    """Days as whole numbers since 1970-01-01."""
    return days.astype("datetime64[D]", copy=False).view(np.int64)


def changes(rows: Sequence[Any]) -> list[date]:
    """The days on which dated rows begin or end, in order."""
    return sorted({day for row in rows for day in (row.period.start, row.period.end) if day is not None})


def outside(book: LawBook, provision: str, days: Day) -> Refused:
    """NOT_IN_FORCE for the rows on whose day a provision is not in force, else 0."""
    series = book.series[provision, ""]
    table = DatedTable(changes(series.rows), lambda day: [None if series.at(day) is None else Decimal(1)])
    return np.where(table.known(table.place(days)), 0, NOT_IN_FORCE).astype(np.uint8)


def refuse(refused: Refused, bad: NDArray[np.bool_], code: int) -> NDArray[np.intp]:
    """Write a reason where none stands yet; the rows that are still sound."""
    refused[bad & (refused == 0)] = code
    return np.flatnonzero(refused == 0)


def check_columns(size: int, numbers: Sequence[NDArray[Any]], positions: Sequence[NDArray[Any]] = ()) -> None:
    """``ValueError`` where a column has another length or a position is not unsigned, ``TypeError`` for inexact numbers."""
    if any(len(values) != size for values in (*numbers, *positions)):
        raise ValueError("the columns differ in length")
    if any(values.dtype.kind not in "ub" for values in positions):
        raise ValueError("positions are unsigned integers")
    if any(values.dtype != np.int64 for values in numbers):
        raise TypeError("numbers are int64: whole numbers of their last place")


def answer(refused: Refused, sound: NDArray[np.intp], exact: Column) -> ColumnSums:
    """The sums of the sound rows rounded half up once; those above the limit are refused."""
    amounts = np.zeros(len(refused), np.int64)
    whole = exact.half_up(1).scaled()
    large = np.asarray(whole > LARGEST_TOTAL, np.bool_)
    refused[sound[large]] = OUT_OF_RANGE
    amounts[sound] = np.where(large, 0, whole).astype(np.int64)
    return ColumnSums(amounts, refused)
