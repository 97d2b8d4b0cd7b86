"""When is the licence-right fee paid, year by year? Decree 193/2025 Art. 132(2), 137(2), 141(4).

What the ledger holds stands as notified; other years come from the approved schedule, and where there is none from the term of
the licence alone, without amounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fees.obligation import Duty, DutyKind, Instalment, LicenceLife, NotifiedDebt, ObligationsCase, Rule, State
from fees.obligation_dates import DutyDates
from fees.obligation_state import cites_of, duty_of
from rules.lawbook import LawBook, MonthDay
from rules.trace import Text

_NO_NOTICE: Final = Text(
    "Chưa có thông báo nộp tiền của cơ quan thuế: hạn tính từ ngày thông báo.",
    "No payment notice of the tax office yet: the due date runs from it.",
)
_NO_RULE: Final = Text(
    "Sổ luật không có hạn nộp của năm này: nhập hạn theo thông báo.",
    "The law book has no due date for this year: enter that of the notice.",
)


def fee_duties(case: ObligationsCase, life: LicenceLife, dates: DutyDates) -> Iterator[Duty]:
    """The payments of the fee, also those whose day waits for a notice."""
    named = {debt.name: debt for debt in case.debts or ()}
    schedule = implied(life, dates.book) if case.schedule is None else case.schedule
    first = min((one.year for one in schedule), default=None)
    for one in schedule:
        debt = named.pop(one.name, None)
        if debt is not None:
            yield _notified(case, debt, dates)
            continue
        is_first = case.schedule is not None and one.year == first and one.half in (None, 1)
        rule = _instalment_rule(case, one, dates, is_first=is_first)
        amount = None if case.schedule is None else one.amount_vnd
        if isinstance(rule, Text):
            if is_first or case.from_on.year <= one.year <= case.until_on.year:
                yield Duty(DutyKind.FEE_INSTALMENT, one.name, None, rule, State.UNKNOWN, amount, None)
        else:
            yield duty_of(case, DutyKind.FEE_INSTALMENT, one.name, rule, amount)
    for debt in named.values():
        yield _notified(case, debt, dates)


def _notified(case: ObligationsCase, debt: NotifiedDebt, dates: DutyDates) -> Duty:
    kind = DutyKind.FEE_TOP_UP if debt.top_up else DutyKind.FEE_INSTALMENT
    why = Text("Hạn ghi trên thông báo nộp tiền.", "Due date of the payment notice.")
    parameter = "settlement.top_up_due" if debt.top_up else "licence_right.later_due"
    rule = dates.given(debt.due_on, why, cites_of(dates.book, parameter, debt.due_on))
    if not debt.top_up and debt.name.isdecimal():
        yearly = dates.instalment(int(debt.name), None)
        rule = yearly if yearly is not None and yearly.due_on == rule.due_on else rule
    return duty_of(case, kind, debt.name, rule, debt.amount_vnd, debt.open_vnd)


def _instalment_rule(case: ObligationsCase, one: Instalment, dates: DutyDates, *, is_first: bool) -> Rule | Text:
    """The day of a payment nobody has notified yet, or what it waits for."""
    yearly = dates.instalment(one.year, one.half)
    if is_first and case.first_notice_on is not None:
        return dates.first_instalment(case.first_notice_on) or _NO_RULE
    if one.due_on is not None:
        if yearly is not None and yearly.due_on == dates.book.calendar.next_working_day(one.due_on):
            return yearly
        why = Text("Hạn theo quyết định, thông báo nộp tiền.", "Due date of the decision or notice.")
        return dates.given(one.due_on, why, cites_of(dates.book, "licence_right.later_due", one.due_on))
    if is_first:
        return _NO_NOTICE
    return yearly or _NO_RULE


def implied(life: LicenceLife, book: LawBook) -> tuple[Instalment, ...]:
    """The years of payment that follow from the term alone (Decree 193/2025 Art. 132(2), 141(4)), without amounts.

    The first year waits for its notice and is left to the decision; amounts are unknown until the fee is approved.
    """
    counted = book.first("licence_right.last_year_counts_from").value
    law = book.instrument("54/2024/QH15").period.start
    last = life.expires_on.year
    assert isinstance(counted, MonthDay)
    if life.expires_on < counted.of(last):
        last -= 1
    first = max(life.issued_on.year, law.year) + 1
    return tuple(Instalment(year=year, amount_vnd=0) for year in range(first, last + 1))
