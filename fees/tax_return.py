"""When is a month's tax or fee declared and paid? Decree 252/2026 Art. 10(2) and Law 108/2025 Art. 14(1)(a); before, Law 38/2019.

Who computes the sum pays by the last day of the return (*hạn nộp hồ sơ khai thuế*): a day of the month after the period,
moved to the next working day. A period that ended under the older law follows it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from fees.due import yearly_due
from fees.working import Working
from rules.errors import Code, Path
from rules.lawbook import MonthDay
from rules.trace import Text

DAY: Final = "tax_return.monthly_day"


def next_month(period: date) -> date:
    """The first day of the month after that of ``period``; ``OverflowError`` in the last month of the calendar."""
    return period.replace(day=monthrange(period.year, period.month)[1]) + timedelta(days=1)


def monthly_due(work: Working, period: date, path: Path) -> date | None:
    """The last day for the return and the payment of the month that begins on ``period``, after the holiday shift.

    Refuses (``no_rule_at_date``) a month before the law book's first rule, and the last month of the calendar.
    """
    try:
        following = next_month(period)
    except OverflowError:
        following = period
    row = work.book.find(DAY, following - timedelta(days=1))
    if row is None or following == period:
        start = work.book.first(DAY).period.start
        work.refuse(
            Code.NO_RULE_AT_DATE,
            path,
            f"Sổ luật có hạn khai theo tháng cho các tháng từ {start:%m/%Y}; không tính được hạn của kỳ {period:%m/%Y}.",
            f"The law book has the monthly due dates of months from {start:%Y-%m}; that of {period:%Y-%m} is not known.",
        )
        return None
    if not row.settled:
        work.lean_on(row.cite)
    day = int(row.number())
    due = yearly_due(work, MonthDay(month=following.month, day=day), following.year, None)
    on = following - timedelta(days=1)
    more = [found for name in ("tax_return.payment", "late_interest.last_day") if (found := work.book.find(name, on))]
    label = Text(
        f"Hạn khai và nộp của kỳ {period:%m/%Y}: ngày {day} của tháng sau, dời sang ngày làm việc kế tiếp nếu là ngày nghỉ",
        f"Return and payment of {period:%Y-%m}: day {day} of the next month, moved to a working day",
    )
    cite = (row.cite, *(one.cite for one in more), work.book.periods_cite)
    work.trace.note("due", label, due.isoformat(), "date", cite)
    return due
