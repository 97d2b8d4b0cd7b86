"""What is a batch of settlements computed from? Licence-years as columns, and the law that they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fees.column_conversion import Decimals, at
from fees.column_law import ColumnLaw, Table
from fees.licence_right import in_force
from fees.right import lowest_rate
from fees.settlement_case import SettlementKind
from fees.settlement_period import check_cutoff, first_year
from fees.working import Working
from rules.lawbook import LawBook


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLaw:
    """What all rows of a batch share: the law book, the case of Art. 139(1), the day of the settlement and of the cut-off.

    ``decimals`` are those of conversion factors on the day of the settlement; years lie from ``first_year`` to
    ``last_year``. ``lowest``: the rate in percent below which nobody won, by mineral.
    """

    columns: ColumnLaw
    cutoff_on: date
    first_year: int
    last_year: int
    decimals: int
    lowest: Table

    @classmethod
    def of(
        cls, book: LawBook, minerals: Sequence[str], *, kind: SettlementKind, settled_on: date, cutoff_on: date
    ) -> SettlementLaw:
        """Compile a book for one case of settlement.

        ``LookupError`` names mineral codes it does not know; :class:`rules.errors.Refusal` where the decree is not in
        force on ``settled_on`` or the cut-off does not fit the case.
        """
        work = Working(book, settled_on)
        in_force(work, ("settled_on",), decree="193/2025/NĐ-CP")
        work.settle()
        check_cutoff(work, kind, cutoff_on)
        work.settle()
        columns = ColumnLaw.of(book, minerals)
        floors = [lowest_rate(book, mineral, settled_on) for mineral in minerals]
        return cls(
            columns=columns,
            cutoff_on=cutoff_on,
            first_year=first_year(work, kind, cutoff_on) or 1,
            last_year=cutoff_on.year,
            decimals=work.places(),
            lowest=Table.of([None if row is None else row.number() for row in floors]),
        )

    def place(self, day: NDArray[np.int64], mineral: NDArray[Any]) -> NDArray[Any]:
        """The place of each row in the tables; neither mining method nor area counts in a settlement."""
        nothing = np.zeros(len(day), np.uint8)
        return self.columns.place(day, mineral, nothing, nothing)


class MoneyAuctions(NamedTuple):
    """Auctions won as a sum: đồng won (0 where a row has none), đồng at the start, percent on the auction day."""

    won: Decimals
    start: Decimals
    rate: Decimals

    def at(self, rows: slice | NDArray[np.intp]) -> MoneyAuctions:
        """Some of the rows."""
        return MoneyAuctions(self.won.at(rows), self.start.at(rows), self.rate.at(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementColumns:
    """Licence-years as columns of one length; no number may be negative.

    ``licence``: unsigned, any number below 2^32 that tells licences apart. ``year``: ``int64``. ``mineral``: unsigned
    positions in the minerals of the law. ``output``: SL in the unit declared, with TL_qđ by ``output_rule``,
    ``output_upper``, ``output_lower`` (see :func:`fees.column_output.output_factors`). ``price``: G_tn, đồng, with K_qđ
    by ``rule`` (:class:`fees.column_conversion.Rule`), ``upper``, ``lower``.

    The rate is the table's of 1 January, or of the day of approval for years before its year (``approved_on``:
    ``datetime64[D]``, NaT where there was none), unless a row has one of: ``rate`` (percent the user entered),
    ``winning_rate`` (percent), ``money`` (each 0 where a row has none). ``companion``: rows that may carry a winning
    rate below their own.
    """

    licence: NDArray[Any]
    year: NDArray[np.int64]
    mineral: NDArray[Any]
    output: Decimals
    output_rule: NDArray[np.uint8]
    output_upper: Decimals
    output_lower: Decimals
    price: Decimals
    rule: NDArray[np.uint8]
    upper: Decimals
    lower: Decimals
    approved_on: NDArray[np.datetime64] | None = None
    rate: Decimals | None = None
    winning_rate: Decimals | None = None
    money: MoneyAuctions | None = None
    companion: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.year)

    def at(self, rows: slice | NDArray[np.intp]) -> SettlementColumns:
        """Some of the rows."""
        return SettlementColumns(
            licence=at(self.licence, rows),
            year=at(self.year, rows),
            mineral=at(self.mineral, rows),
            output=self.output.at(rows),
            output_rule=at(self.output_rule, rows),
            output_upper=self.output_upper.at(rows),
            output_lower=self.output_lower.at(rows),
            price=self.price.at(rows),
            rule=at(self.rule, rows),
            upper=self.upper.at(rows),
            lower=self.lower.at(rows),
            approved_on=None if self.approved_on is None else at(self.approved_on, rows),
            rate=None if self.rate is None else self.rate.at(rows),
            winning_rate=None if self.winning_rate is None else self.winning_rate.at(rows),
            money=None if self.money is None else self.money.at(rows),
            companion=None if self.companion is None else at(self.companion, rows),
        )
