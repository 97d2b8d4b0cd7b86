"""How many payments, how much each, and when? Decree 193/2025 Art. 132(2) and 137(2)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, TypeVar

from fees.case import FeeCase
from fees.due import first_due, yearly_due
from fees.result import Instalment, instalment
from fees.working import Working
from rules.lawbook import MonthDay
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


def annual_amount(T: N, X: N) -> N:
    """T_hn = T : X."""
    return T / X


def payments_with_last_year(last: N, first: N, one: N) -> N:
    """X where the term ends on or after 1 July: every calendar year from the first to the last."""
    return last - first + one


def payments_without_last_year(last: N, first: N) -> N:
    """X where the term ends before 1 July: the last year is not counted."""
    return last - first


class Schedule(NamedTuple):
    """The payments of a fee."""

    payments: int
    annual_vnd: int
    instalments: list[Instalment]


class Term(NamedTuple):
    """The years a fee is paid over: from ``first_year`` (named by ``label``, set by ``provision``) to the end."""

    first_year: int
    label: Text
    expires_on: date
    provision: str


FROM_ISSUE = Text("Năm cấp giấy phép", "Year of issue")


def term_of(case: FeeCase) -> Term:
    """The term of a newly approved fee: from the year of the licence."""
    return Term(case.licence.issued_on.year, FROM_ISSUE, case.licence.expires_on, "licence_right.annual")


def equal_instalments(work: Working, total: Traced, term: Term, tax_notice_on: date | None) -> Schedule:
    """Equal yearly payments over a term; the last takes the rest (house convention)."""
    X = count_payments(work, term)
    cite = work.provision(term.provision)
    exact = annual_amount(total, X)
    T_hn = work.trace.define(
        "T_hn",
        Text("Tiền nộp hằng năm (phần nguyên)", "Yearly payment (whole part)"),
        exact.floor(),
        "VND",
        cite,
        work.book.conventions["equal_instalments"],
    )
    payments, annual = X.whole(), T_hn.whole()
    first_day = first_due(work, tax_notice_on, ("tax_notice_on",))
    work.settle()
    instalments = []
    rule = work.law("licence_right.later_due")
    assert isinstance(rule.value, tuple)
    (yearly_day,) = rule.value
    first_cite = (*cite, work.law("licence_right.first_due", on=tax_notice_on).cite)
    later_cite = (*cite, rule.cite, work.book.periods_cite)
    for index in range(payments):
        year = term.first_year + index
        due = first_day if index == 0 else yearly_due(work, yearly_day, year, first_day)
        number = T_hn
        if index == payments - 1:
            number = last_payment(total, T_hn, payments)
        label = payment_label(index + 1, year, due)
        paid = work.trace.define(f"T_{year}", label, number, "VND", later_cite if index else first_cite)
        instalments.append(instalment(year, paid.whole(), due))
    return Schedule(payments, annual, instalments)


def last_payment(total: Traced, T_hn: Traced, payments: int) -> Traced:
    """What is left after all equal payments but the last."""
    if payments == 1:
        return total
    return total - T_hn * Traced.of("(X − 1)", payments - 1)


def payment_label(number: int, year: int, due: date | None) -> Text:
    """Label of a payment with its due date."""
    vi = "chưa có thông báo nộp tiền" if due is None else f"hạn {due:%d/%m/%Y}"
    en = "no payment notice yet" if due is None else f"due {due}"
    return Text(f"Lần {number}, năm {year}, {vi}", f"Payment {number}, year {year}, {en}")


def count_payments(work: Working, term: Term) -> Traced:
    """X (*số lần nộp*): calendar years from the first year; the last counts unless the term ends before 1 July."""
    trace, expires_on = work.trace, term.expires_on
    rule = work.law("licence_right.last_year_counts_from")
    assert isinstance(rule.value, MonthDay)
    cite = work.provision(term.provision)
    first = trace.define("N_đ", term.label, Traced.of("N_đ", term.first_year), "year", cite)
    last = trace.define(
        "N_c", Text("Năm hết thời hạn", "Year the term ends"), Traced.of("N_c", expires_on.year), "year", cite
    )
    counts_from = rule.value.of(expires_on.year)
    convention = None
    counted = expires_on >= counts_from
    X = payments_with_last_year(last, first, Traced.of("1", 1)) if counted else payments_without_last_year(last, first)
    if X.num < 1:
        X = Traced.of("1", 1)
        convention = work.book.conventions["at_least_one"]
    elif not counted:
        trace.did_not_apply(
            "last_year_not_counted",
            Text(
                f"Năm {expires_on.year} không tính là một lần nộp vì thời hạn kết thúc ngày {expires_on:%d/%m/%Y}, "
                f"trước ngày {counts_from:%d/%m}.",
                f"Year {expires_on.year} is not counted as a payment: the term ends on {expires_on}, before "
                f"{counts_from}.",
            ),
            rule.cites,
        )
    return trace.define("X", Text("Số lần nộp", "Number of payments"), X, "payment", cite, convention)
