"""What does late interest come to for a hundred thousand payments? The sums of ``late_interest`` over columns, exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from fees.column_duties import INVALID, ColumnSums, DatedTable, Day, answer, check_columns, day_numbers, refuse
from fees.column_law import EPOCH, NO_RULE
from fees.column_numbers import Column
from fees.late_interest import RATE, late_interest
from rules.lawbook import LawBook


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestColumns:
    """Payments: whole đồng, the due dates as noticed, the days the money came (``datetime64[D]``)."""

    amount: NDArray[np.int64]
    due_on: Day
    paid_on: Day


def late_interests(columns: InterestColumns, book: LawBook) -> ColumnSums:
    """The interest of each row, rounded half up once.

    Refused: a due date before the law book's first rate, a negative amount, an interest above 10^18.
    """
    check_columns(len(columns.amount), (columns.amount, day_numbers(columns.due_on), day_numbers(columns.paid_on)))
    table = DatedTable.of(book, RATE)
    refused = np.where(table.known(table.place(columns.due_on)), 0, NO_RULE).astype(np.uint8)
    sound = refuse(refused, columns.amount < 0, INVALID)
    first = shifted_due(columns.due_on[sound], book) + 1
    after = np.maximum(day_numbers(columns.paid_on[sound]), first)  # the day of payment bears no interest
    B = Column.of(columns.amount[sound])
    by_rate: dict[Decimal, NDArray[np.int64]] = {}
    for row in book.series[RATE, ""].rows:
        start, end = (row.period.start - EPOCH).days, row.period.end
        last = after if end is None else np.minimum(after, (end - EPOCH).days)
        days = np.maximum(last - np.maximum(first, start), 0)
        rate = row.number()
        by_rate[rate] = by_rate[rate] + days if rate in by_rate else days
    rates = [late_interest(B, Column.constant(rate / 100), Column.of(days)) for rate, days in by_rate.items()]
    return answer(refused, sound, reduce(add, rates))


def shifted_due(due_on: Day, book: LawBook) -> NDArray[np.int64]:
    """The due dates moved to working days, as days since 1970-01-01; each day of the calendar is asked for once."""
    days, place = np.unique(day_numbers(due_on), return_inverse=True)
    shifted = [(book.calendar.next_working_day(EPOCH + timedelta(days=int(day))) - EPOCH).days for day in days]
    return np.array(shifted, np.int64)[place]
