"""What does a payment made too late cost? Law 108/2025 Art. 16(2)(a) and Decree 252/2026 Art. 26(1); before, Law 38/2019 Art. 59.

Late interest, *tiền chậm nộp*: a daily share of what is late, for every day from the one after the due date to the one
before the money reaches the budget. The due date is that after the holiday shift. Interest bears no interest. A span that
crosses a change of the rate is summed by part and rounded half up once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Final, NamedTuple, TypeVar

from fees.due import yearly_due
from fees.licence_right import LARGEST_TOTAL
from fees.result import Computed
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook, MonthDay, Row
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)
RATE: Final = "late_interest.daily_rate"
DAYS: Final = "late_interest.days"
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateInterestCase:
    """An amount in whole đồng, the due date as the notice states it, the day the money reached the budget."""

    amount_vnd: int
    due_on: date
    paid_on: date


class RatePart(NamedTuple):
    """Days of a span on which one rate holds."""

    rate: Row
    days: int


def late_interest(B: N, r: N, d: N) -> N:
    """I = B x r x d: what is late, the share of a day, the days."""
    return B * r * d


def interest_days(paid: date, shifted_due: date) -> int:
    """Days that bear interest: from the day after the (shifted) due date to the day before the payment, never negative."""
    return max(0, (paid - shifted_due).days - 1)


def rate_parts(book: LawBook, first: date, days: int) -> list[RatePart] | None:
    """``days`` days from ``first`` on, cut where the rate's row changes; ``None`` where a day has no rate."""
    parts: list[RatePart] = []
    while days > 0:
        row = book.find(RATE, first)
        if row is None:
            return None
        end = row.period.end
        part = days if end is None else min(days, (end - first).days)
        parts.append(RatePart(row, part))
        days -= part
        if days:
            first += timedelta(days=part)
    return parts


def compute_late_interest(case: LateInterestCase, book: LawBook) -> Computed:
    """Compute and explain the late interest of one payment.

    Raises :class:`rules.errors.Refusal`: ``no_rule_at_date`` for a due date before the law book's first rate,
    ``out_of_range`` for an interest above 10^18 đồng.
    """
    work = Working(book, max(case.due_on, case.paid_on))
    if book.find(RATE, case.due_on) is None:
        start = book.first(RATE).period.start
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("due_on",),
            f"Sổ luật có mức tính tiền chậm nộp cho hạn nộp từ {start:%d/%m/%Y}; hạn nộp {case.due_on:%d/%m/%Y} sớm hơn.",
            f"The law book has the late interest of due dates from {start}; {case.due_on} is earlier.",
        )
    work.settle()
    shifted = _shifted(work, case.due_on)
    days = _days(work, case, shifted)
    parts = rate_parts(book, shifted + _ONE_DAY, days.whole()) if days.num else [RatePart(book.get(RATE, shifted), 0)]
    assert parts is not None  # rates have no hole after the first one
    exact = _exact(work, case.amount_vnd, days, parts)
    amount = work.trace.define(
        "I",
        Text("Tiền chậm nộp (làm tròn một lần)", "Late interest (rounded once)"),
        exact.half_up(1),
        "VND",
        [part.rate.cite for part in parts],
        book.conventions["line_rounding"],
    )
    if amount.whole() > LARGEST_TOTAL:
        work.refuse(
            Code.OUT_OF_RANGE,
            None,
            "Tiền chậm nộp vượt 10^18 đồng: kiểm tra số tiền và ngày.",
            "The interest exceeds 10^18 đồng: check the amount and the dates.",
        )
    work.settle()
    result = {"due_on_shifted": shifted.isoformat(), "days": days.whole(), "interest_vnd": amount.whole()}
    return Computed(result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def _shifted(work: Working, due_on: date) -> date:
    shifted = yearly_due(work, MonthDay(month=due_on.month, day=due_on.day), due_on.year, None)
    label = Text("Hạn nộp sau khi dời ngày nghỉ", "Due date after the holiday shift")
    row = work.book.find("late_interest.last_day", due_on)
    cite = (work.book.periods_cite, *(row.cites if row else ()))
    work.trace.note("due", label, shifted.isoformat(), "date", cite)
    return shifted


def _days(work: Working, case: LateInterestCase, shifted: date) -> Traced:
    """The days that bear interest, as a step: N - 1, or 0 where nothing is late."""
    trace, cite = work.trace, work.provision(DAYS)
    trace.note(
        "paid", Text("Ngày tiền vào ngân sách", "Day the money reached the budget"), f"{case.paid_on}", "date", cite
    )
    label = Text("Số ngày tính tiền chậm nộp", "Days that bear interest")
    late = (case.paid_on - shifted).days
    if late < 1:
        trace.did_not_apply(
            "not_late",
            Text(
                f"Nộp ngày {case.paid_on:%d/%m/%Y}, không sau hạn {shifted:%d/%m/%Y}: không có tiền chậm nộp.",
                f"Paid on {case.paid_on}, not after the due date {shifted}: no late interest.",
            ),
            cite,
        )
        return trace.define("d", label, Traced.of("d", 0), "day", cite)
    N_ = trace.define(
        "N", Text("Số ngày từ hạn nộp đến ngày nộp", "Days from the due date to the payment"), Traced.of("N", late),
        "day", cite,
    )  # fmt: skip
    return trace.define("d", label, N_ - Traced.of("1", 1), "day", cite)


def _exact(work: Working, amount_vnd: int, days: Traced, parts: Sequence[RatePart]) -> Traced:
    """The exact interest over all parts, each with its rate and days as steps."""
    trace, several = work.trace, len(parts) > 1
    cite = work.provision(DAYS)
    B = trace.define("B", Text("Số tiền nộp chậm", "Amount paid late"), Traced.of("B", amount_vnd), "VND", cite)
    sums = []
    for number, part in enumerate(parts, start=1):
        mark = f"_{number}" if several else ""
        if not part.rate.settled:
            work.lean_on(part.rate.cite)
        start = part.rate.period.start
        label = Text(
            f"Mức tính một ngày ({part.rate.cite.instrument}, từ {start:%d/%m/%Y})",
            f"Rate a day ({part.rate.cite.instrument}, from {start})",
        )
        r = trace.define("r" + mark, label, Traced.percent("r" + mark, part.rate.number()), "%", part.rate.cites)
        d = days
        if several:
            label = Text("Số ngày theo mức này", "Days at this rate")
            d = trace.define("d" + mark, label, Traced.of("d" + mark, part.days), "day", part.rate.cites)
        sums.append(late_interest(B, r, d))
    return reduce(add, sums)
