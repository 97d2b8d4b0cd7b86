"""Which rates and coefficients hold for each row of a column? The law book as tables, compiled once for many batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from math import lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fees.case import Area, MiningMethod
from fees.column_numbers import Column
from fees.rate import non_auction_rate
from rules.dated import Period
from rules.lawbook import LawBook

EPOCH = date(1970, 1, 1)
METHODS = tuple(MiningMethod)
AREAS = tuple(Area)


class Decree(IntEnum):
    """The decrees whose formulas are computed."""

    D67_2019 = 0
    D193_2025 = 1


_NUMBERS = {"67/2019/NĐ-CP": Decree.D67_2019, "193/2025/NĐ-CP": Decree.D193_2025}
_PARAMETERS = (
    "licence_right.line", "licence_right.rate", "licence_right.k1", "licence_right.k2", "auction.k", "conversion.decimals",
)  # fmt: skip


NOT_IN_FORCE, NO_RULE = 255, 254
"""The state of a place where no decree is in force, or where the decree has no rate for the mineral."""


class Table(NamedTuple):
    """``values / den`` for every place."""

    values: NDArray[np.int64]
    den: int

    @classmethod
    def of(cls, numbers: Sequence[Decimal | None]) -> Table:
        """A table of exact numbers; a place without a number holds 0 and is read by no row."""
        ratios = [(0, 1) if number is None else number.as_integer_ratio() for number in numbers]
        den = lcm(*(ratio[1] for ratio in ratios))
        return cls(np.array([num * (den // own) for num, own in ratios], np.int64), den)

    def at(self, place: NDArray[Any], times: int = 1) -> Column:
        """The number of each row, over ``times`` (100 for percent)."""
        return Column.read(self.values, place, self.den * times)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLaw:
    """The book by place, a number made of the period, mineral, mining method and area of a row.

    ``starts`` are the days (since 1970-01-01) on which anything changes; ``minerals`` the codes that the mineral column
    counts by position. Mining methods and areas are counted as METHODS and AREAS list them. ``state`` says which of
    ``decimals`` conversion factors are rounded to, or NO_RULE or NOT_IN_FORCE. ``rate`` is in percent.
    """

    minerals: tuple[str, ...]
    starts: tuple[int, ...]
    decimals: tuple[int, ...]
    state: NDArray[np.uint8]
    decree: NDArray[np.uint8]
    rate: Table
    k1: Table
    k2: Table
    auction_k: Table

    @classmethod
    def of(cls, book: LawBook, minerals: Sequence[str]) -> ColumnLaw:
        """Compile a book; ``LookupError`` names the codes it does not know."""
        unknown = [code for code in minerals if code not in book.minerals]
        if unknown:
            raise LookupError(f"unknown mineral codes: {', '.join(unknown)}")
        changes = _changes(book)
        days = [changes[0] - timedelta(days=1), *changes]
        decimals = sorted({int(row.number()) for row in book.series["conversion.decimals", ""].rows})
        places = [
            (day, mineral, method, area) for day in days for mineral in minerals for method in METHODS for area in AREAS
        ]

        def table(number: Callable[[date, str, MiningMethod, Area], Decimal | None]) -> Table:
            return Table.of([number(*place) for place in places])

        def by_method(parameter: str) -> Table:
            return table(lambda day, mineral, method, _: _recovery(book, parameter, day, mineral, method))

        return cls(
            minerals=tuple(minerals),
            starts=tuple((day - EPOCH).days for day in changes),
            decimals=tuple(decimals),
            state=np.array([_state(book, day, mineral, decimals) for day, mineral, _, _ in places], np.uint8),
            decree=np.array([_decree(book, day) or 0 for day, _, _, _ in places], np.uint8),
            rate=table(lambda day, mineral, method, area: _rate(book, day, mineral)),
            k1=by_method("licence_right.k1"),
            k2=table(lambda day, mineral, method, area: _number(book, "licence_right.k2", day, area)),
            auction_k=by_method("auction.k"),
        )

    def place(
        self, day: NDArray[np.int64], mineral: NDArray[Any], method: NDArray[Any], area: NDArray[Any]
    ) -> NDArray[Any]:
        """The place of each row; ``day`` counts from 1970-01-01. Positions out of their list give any place."""
        place: NDArray[Any] = np.zeros(len(day), np.uint16 if len(self.state) <= np.iinfo(np.uint16).max else np.uint32)
        for start in self.starts:
            np.add(place, day >= start, out=place)
        for count, position in ((len(self.minerals), mineral), (len(METHODS), method), (len(AREAS), area)):
            np.multiply(place, count, out=place)
            np.add(place, position, out=place, casting="unsafe")
        return place


def _changes(book: LawBook) -> list[date]:
    periods: list[Period] = [one.period for one in book.instruments if one.number in _NUMBERS]
    periods += [row.period for (name, _), series in book.series.items() if name in _PARAMETERS for row in series.rows]
    return sorted({day for period in periods for day in (period.start, period.end) if day is not None})


def _decree(book: LawBook, day: date) -> Decree | None:
    for one in book.instruments:
        if one.number in _NUMBERS and one.period.contains(day):
            return _NUMBERS[one.number]
    return None


def _state(book: LawBook, day: date, mineral: str, decimals: list[int]) -> int:
    if _decree(book, day) is None:
        return NOT_IN_FORCE
    if non_auction_rate(book, mineral, day) is None:
        return NO_RULE
    return decimals.index(int(book.get("conversion.decimals", day).number()))


def _rate(book: LawBook, day: date, mineral: str) -> Decimal | None:
    row = non_auction_rate(book, mineral, day)
    return None if row is None else row.number()


def _recovery(book: LawBook, parameter: str, day: date, mineral: str, method: MiningMethod) -> Decimal | None:
    return _number(book, parameter, day, "water" if book.minerals[mineral].water else method)


def _number(book: LawBook, parameter: str, day: date, key: str) -> Decimal | None:
    row = book.find(parameter, day, key)
    return None if row is None else row.number()
