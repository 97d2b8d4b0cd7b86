"""How was a fee under Decree 67/2019 paid? Art. 9(1)-(3), Decree 126/2020 Art. 18(6); yearly re-pricing of Art. 10(1).

Once and whole up to the thresholds; else a first payment of 30 % of a yearly share and equal yearly payments over the
first half of the term, at once by 31 May or in two halves by 31 May and 31 October. Each later year follows the rule in
force on its 1 January, so an old decision that still runs is paid by 31 May alone from 2026 on.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, TypeVar

from dateutil.relativedelta import relativedelta

from fees.case import Fee2019Case, Split
from fees.due import first_due, yearly_due
from fees.instalments import payment_label
from fees.price import fee_price
from fees.result import Instalment, instalment
from fees.working import Working
from rules.errors import Code
from rules.lawbook import MonthDay
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)
MONTHS = 12


def first_payment(T: N, X: N, two: N, share: N) -> N:
    """T_lđ = T : (X : 2) x 30 %."""
    return T / (X / two) * share


def later_payment(T: N, T_ld: N, X: N, two: N, one: N) -> N:
    """T_hn = (T - T_lđ) : [(X : 2) - 1]."""
    return (T - T_ld) / (X / two - one)


def later_count(X: N, two: N, one: N) -> N:
    """Payments after the first within the first half of the term: (X : 2) - 1, a part counting as one."""
    return X / two - one


def repriced(T_hn: N, G_n: N, G: N) -> N:
    """T_n = T_hn x G_n : G; with rates, T_n = T_hn x R_n : R (Decree 67/2019 Art. 10(1)(b), (c))."""
    return T_hn * G_n / G


class Basis(NamedTuple):
    """Factor, price and rate of the only mineral of a licence, which a re-pricing compares with."""

    K: Traced
    G: Traced
    R: Traced


class Schedule2019(NamedTuple):
    """The payments of a fee; ``payments`` counts years."""

    payments: int
    annual_vnd: int
    first_payment_vnd: int
    instalments: list[Instalment]


def payments_2019(work: Working, total: Traced, case: Fee2019Case, basis: Basis | None) -> Schedule2019:
    """One payment or several; ``basis`` is that of the only mineral, ``None`` where there are several."""
    trace = work.trace
    months = months_of_term(case.licence.issued_on, case.licence.expires_on)
    term_cite = work.provision("licence_right_2019.one_off")
    given_months = trace.define(
        "M", Text("Thời hạn khai thác, tháng", "Licence term, months"), Traced.of("M", months), "month", term_cite
    )
    X = trace.define(
        "X",
        Text("Thời hạn khai thác, năm", "Licence term, years"),
        given_months / Traced.of("12", MONTHS),
        "year",
        term_cite,
        work.book.conventions["part_month"],
    )
    _check_repricing(work, case, basis)
    work.settle()
    first_day = first_due(work, case.tax_notice_on, ("tax_notice_on",))
    work.settle()
    if _paid_at_once(work, total, X, case):
        year = case.approved_on.year
        paid = trace.define(f"T_{year}", payment_label(1, year, first_day), total, "VND", term_cite)
        amount = paid.whole()
        count = Text("Số lần (năm) nộp", "Years of payment")
        trace.define("n", count, Traced.of("n", 1), "payment", term_cite)
        return Schedule2019(1, amount, amount, [instalment(year, amount, first_day)])
    return _several(work, total, X, case, basis, first_day)


def months_of_term(issued_on: date, expires_on: date) -> int:
    """Months of a term counted from the day of issue; a part month counts as a whole one (house convention)."""
    months = (expires_on.year - issued_on.year) * MONTHS + expires_on.month - issued_on.month
    if issued_on + relativedelta(months=months) < expires_on:
        months += 1
    elif months and issued_on + relativedelta(months=months - 1) >= expires_on:
        months -= 1
    return months


def _paid_at_once(work: Working, total: Traced, X: Traced, case: Fee2019Case) -> bool:
    years = work.law("licence_right_2019.one_off_term_years", case.licensed_by)
    sum_limit = work.law("licence_right_2019.one_off_total", case.licensed_by)
    two = work.law("licence_right_2019.term_divisor").number()
    limit = max(years.number(), two)  # up to X = 2 the first half of the term leaves no later payment
    at_once = X.value <= limit or total.value <= sum_limit.number()
    vi = f"thời hạn đến {years.number()} năm hoặc tổng tiền đến {sum_limit.number():,} đồng".replace(",", ".")
    en = f"a term up to {years.number()} years or a total up to VND {sum_limit.number():,}"
    if at_once:
        value = Text("Thu một lần 100 %: " + vi, "Paid at once: " + en)
        work.trace.define("T_1 lần", value, total, "VND", (*years.cites, *work.provision("licence_right_2019.one_off")))
    else:
        work.trace.did_not_apply(
            "not_paid_at_once",
            Text(f"Không thu một lần: chỉ thu một lần khi {vi}.", f"Not paid at once: that needs {en}."),
            years.cites,
        )
    return at_once


def _several(
    work: Working, total: Traced, X: Traced, case: Fee2019Case, basis: Basis | None, first_day: date | None
) -> Schedule2019:
    trace = work.trace
    share = work.law("licence_right_2019.first_share")
    halving = work.law("licence_right_2019.term_divisor")
    two, one = Traced.of("2", halving.number()), Traced.of("1", 1)
    first_cite, later_cite = work.provision("licence_right_2019.first_payment"), work.provision("licence_right.annual")
    percent = Traced.percent("30 %", share.number())
    percent.formula = percent.shown
    T_ld = trace.define(
        "T_lđ",
        Text("Tiền nộp lần đầu", "First payment"),
        first_payment(total, X, two, percent).half_up(1),
        "VND",
        (*first_cite, *share.cites),
        work.book.conventions["first_payment_rounding"],
    )
    count = trace.define(
        "N",
        Text("Số năm nộp sau lần đầu, trong nửa đầu thời hạn", "Later payments within the first half of the term"),
        later_count(X, two, one).ceiling(),
        "payment",
        later_cite,
    )
    T_hn = trace.define(
        "T_hn",
        Text("Tiền nộp hằng năm từ lần thứ hai (phần nguyên)", "Yearly payment from the second on (whole part)"),
        later_payment(total, T_ld, X, two, one).floor(),
        "VND",
        later_cite,
        work.book.conventions["equal_instalments"],
    )
    payments = trace.define(
        "n", Text("Số lần (năm) nộp", "Years of payment"), count + one, "payment", later_cite
    ).whole()
    year = case.approved_on.year
    trace.define(f"T_{year}", payment_label(1, year, first_day), T_ld, "VND", first_cite)
    instalments = [instalment(year, T_ld.whole(), first_day)]
    for index in range(1, payments):
        base = T_hn
        if index == payments - 1:
            base = total - T_ld - T_hn * Traced.of("(n − 2)", payments - 2) if payments > 2 else total - T_ld
        instalments.extend(_year(work, year + index, index + 1, base, case, basis, first_day))
    return Schedule2019(payments, T_hn.whole(), T_ld.whole(), instalments)


def _year(
    work: Working, year: int, number: int, base: Traced, case: Fee2019Case, basis: Basis | None, first_day: date | None
) -> list[Instalment]:
    """The payment of one later year, whole or in halves, re-priced where a re-pricing holds."""
    trace = work.trace
    rule = work.book.find("licence_right.later_due", date(year, 1, 1)) or work.law("licence_right.later_due")
    days = rule.value
    assert isinstance(days, tuple)
    cite = (*work.provision("licence_right.annual"), rule.cite, work.book.periods_cite)
    amount = _repriced(work, year, base, case, basis)
    if case.split is Split.ONE or len(days) == 1:
        due = yearly_due(work, days[0], year, first_day)
        paid = trace.define(f"T_{year}", payment_label(number, year, due), amount, "VND", cite)
        return [instalment(year, paid.whole(), due)]
    whole = trace.define(f"T_{year}", Text(f"Năm {year}", f"Year {year}"), amount, "VND", cite)
    return _halves(work, year, number, whole, days, first_day)


def _halves(
    work: Working, year: int, number: int, whole: Traced, days: tuple[MonthDay, ...], first_day: date | None
) -> list[Instalment]:
    convention = work.book.conventions["half_payment"]
    cite = work.law("licence_right.later_due", on=date(year, 1, 1)).cites
    dues = [yearly_due(work, day, year, first_day) for day in days]
    label = payment_label(number, year, dues[0])
    half = (whole / Traced.of("2", len(days))).floor()
    first = work.trace.define(f"T_{year}a", _term(label, 1), half, "VND", cite, convention)
    label = payment_label(number, year, dues[1])
    second = work.trace.define(f"T_{year}b", _term(label, 2), whole - first, "VND", cite, convention)
    return [instalment(year, one.whole(), due) for one, due in zip((first, second), dues, strict=True)]


def _term(label: Text, number: int) -> Text:
    return Text(f"{label.vi}, kỳ {number}", f"{label.en}, term {number}")


def _repriced(work: Working, year: int, base: Traced, case: Fee2019Case, basis: Basis | None) -> Traced:
    """T_n = T_hn x G_n : G and T_n = T_hn x R_n : R, with the latest price and the latest rate up to the year."""
    held = sorted((one for one in case.repricing if one.year <= year), key=lambda one: one.year)
    prices = [one.price_amount for one in held if one.price_amount is not None]
    rates = [one.rate for one in held if one.rate is not None]
    if basis is None or not held:
        return base
    trace, amount = work.trace, base
    if prices:
        cite = work.provision("licence_right_2019.repricing_price")
        label = Text(f"Giá tính thuế tài nguyên năm {year}", f"Resource-tax price of {year}")
        G_tn = trace.define(f"G_tn_{year}", label, Traced.of(f"G_tn_{year}", prices[-1]), "VND", cite)
        label = Text(f"Giá tính tiền năm {year}", f"Fee price of {year}")
        G_n = trace.define(f"G_{year}", label, fee_price(G_tn, basis.K), "VND", cite)
        amount = repriced(amount, G_n, basis.G)
    if rates:
        cite = work.provision("licence_right_2019.repricing_rate")
        label = Text(f"Mức thu năm {year}", f"Rate of {year}")
        R_n = trace.define(f"R_{year}", label, Traced.percent(f"R_{year}", rates[-1]), "%", cite)
        amount = repriced(amount, R_n, basis.R)
        trace.caution(
            "user_rate",
            Text(
                "Mức thu của lần điều chỉnh do người dùng nhập; kiểm tra với bảng mức thu của năm đó.",
                "The rate of the re-pricing was entered by the user; check it against that year's table.",
            ),
            cite,
        )
    return amount.half_up(1)


def _check_repricing(work: Working, case: Fee2019Case, basis: Basis | None) -> None:
    if not case.repricing:
        return
    if basis is None:
        work.refuse(
            Code.INVALID_INPUT,
            ("repricing",),
            "Điều chỉnh giá hằng năm (Điều 10) tính theo G của một khoáng sản; tách hồ sơ cho từng khoáng sản.",
            "Yearly re-pricing (Art. 10) goes by the G of one mineral; compute each mineral as its own case.",
        )
    seen: set[tuple[int, str]] = set()
    for index, one in enumerate(case.repricing):
        for name in ("price_amount", "rate"):
            if getattr(one, name) is not None and (one.year, name) in seen:
                work.refuse(
                    Code.INVALID_INPUT,
                    ("repricing", index, "year"),
                    f"Năm {one.year} đã có một điều chỉnh cùng loại; giữ một dòng.",
                    f"Year {one.year} already has a re-pricing of this sort; keep one.",
                )
            if getattr(one, name) is not None:
                seen.add((one.year, name))
