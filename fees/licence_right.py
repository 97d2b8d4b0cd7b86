"""What does a mineral right owe? Decree 193/2025 Art. 132: T = Q x G x R, for approvals from 2025-07-02.

Licence-right fee, *tiền cấp quyền khai thác khoáng sản*. Each mineral is computed by itself and rounded once; the total
adds the printed lines.
"""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from fees.case import FeeCase, Flow, MineralLine, Volume
from fees.instalments import equal_instalments, term_of
from fees.line import Line
from fees.price import priced
from fees.quantity import charged_quantity
from fees.rate import fee_rate, non_auction_rate
from fees.result import Computed, FeeResult, LineAmount, computed
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.quantity import Unit
from rules.trace import Text

N = TypeVar("N", bound=Number)

LARGEST_TOTAL = 10**18
"""Totals above this are refused (a limit of the product, not of the law)."""


def licence_right_fee(Q: N, G: N, R: N) -> N:
    """T = Q x G x R."""
    return Q * G * R


def compute_fee(case: FeeCase, book: LawBook) -> Computed:
    """Compute and explain a fee under Decree 193/2025.

    Raises :class:`rules.errors.Refusal` with every problem of the case (not in force before 2025-07-02).
    """
    work = Working(book, case.approved_on)
    lines, total = explained_total(work, case)
    _say_what_did_not_apply(work)
    schedule = equal_instalments(work, total, term_of(case), case.tax_notice_on)
    work.settle()
    result = FeeResult(
        total_vnd=total.whole(),
        payments=schedule.payments,
        annual_vnd=schedule.annual_vnd,
        minerals=lines,
        schedule=schedule.instalments,
    )
    return computed(result, work.trace)


def explained_total(work: Working, case: FeeCase) -> tuple[list[LineAmount], Traced]:
    """The lines of a fee and their total, explained, before any question of when it is paid."""
    if not in_force(work, ("approved_on",), decree="193/2025/NĐ-CP", other="licence_right_fee_2019"):
        work.settle()
    check_term(work, case.licence.issued_on, case.licence.expires_on)
    found = [_line(line, case) for line in open_lines(work, case)]
    work.settle()
    amounts = [one for one in found if one is not None]
    return [line for line, _ in amounts], total_of(work, [amount for _, amount in amounts])


def _line(line: Line, case: FeeCase) -> tuple[LineAmount, Traced] | None:
    Q = charged_quantity(line, case.licence.group)
    price = priced(line, reserve_unit(line.given))
    R = fee_rate(line, companion=is_companion(case, line, line.work.book))
    if Q is None or price is None or R is None:
        return None
    T = rounded_line(line, licence_right_fee(Q, price.G, R), case.rounding_vnd)
    return line_amount(line, Q, price.G, price.K, R, T), T


def open_lines(work: Working, case: FeeCase) -> list[Line]:
    """The mineral lines of a case, ready to be worked on."""
    count = len(case.minerals)
    return [Line.of(work, given, index, count) for index, given in enumerate(case.minerals)]


def reserve_unit(given: MineralLine) -> Unit:
    """Unit of the charged quantity."""
    match given.amount:
        case Flow():
            return Unit.M3_WATER
        case Volume(unit=unit):
            return unit


def is_companion(case: FeeCase, line: Line, book: LawBook) -> bool:
    """Whether another line carries a winning rate at or above its own: then this one may be a companion mineral."""
    for other in case.minerals:
        if other is line.given or other.winning_rate is None or other.discard is not None:
            continue
        own = non_auction_rate(book, other.mineral, case.approved_on)
        if own is not None and other.winning_rate >= own.number():
            return True
    return False


LINE = Text("Tiền cấp quyền", "Licence-right fee")


def rounded_line(
    line: Line,
    exact: Traced,
    step: int,
    provision: str = "licence_right.formula",
    symbol: str = "T",
    label: Text = LINE,
) -> Traced:
    """Round a printed line once, half up, to the đồng or to the province's unit."""
    work = line.work
    cite = work.provision(provision)
    convention = work.line_rounding(step)
    vi, en = label.vi + line.name.vi, label.en + line.name.en
    return work.trace.write(symbol + line.mark, vi, en, exact.half_up(step), "VND", cite, convention)


def line_amount(line: Line, Q: Traced, G: Traced, K: Traced, R: Traced, T: Traced) -> LineAmount:
    """The printed line of a mineral."""
    return {
        "mineral": line.given.mineral,
        "quantity": printed(Q),
        "price_vnd": printed(G),
        "conversion_factor": printed(K),
        "rate_percent": printed(R),
        "amount_vnd": T.whole(),
    }


def printed(number: Traced) -> str:
    """The figure of a step, as its step prints it."""
    assert number.text is not None  # every operand of a fee was written as a step
    return number.text


TOTAL = Text("Tổng tiền cấp quyền (cộng các dòng in)", "Total fee (sum of the printed lines)")


def total_of(
    work: Working,
    amounts: list[Traced],
    label: Text = TOTAL,
    provision: str = "licence_right.each_mineral",
    symbol: str = "T",
) -> Traced:
    """Sum of the printed lines; refuses a total above 10^18 đồng."""
    total = amounts[0]
    for amount in amounts[1:]:
        total = total + amount
    if total.num > LARGEST_TOTAL * total.den:
        work.refuse(
            Code.OUT_OF_RANGE,
            None,
            "Tổng số tiền vượt 10^18 đồng: kiểm tra đơn vị của trữ lượng và giá.",
            "The total exceeds 10^18 đồng: check the units of quantity and price.",
        )
        work.settle()
    if len(amounts) == 1:
        return total
    return work.trace.define(symbol, label, total, "VND", work.provision(provision))


def in_force(work: Working, path: tuple[str, ...], *, decree: str, other: str = "") -> bool:
    """Whether the decree of this kind is in force on the case's day; refuses where it is not."""
    instrument = work.book.instrument(decree)
    if instrument.period.contains(work.on):
        return True
    end = instrument.period.end
    until = "" if end is None else f" đến trước {end:%d/%m/%Y}"
    sort = Text("Nghị định", "Decree") if decree.endswith("NĐ-CP") else Text("Thông tư liên tịch", "Joint Circular")
    work.refuse(
        Code.NOT_IN_FORCE,
        path,
        f"{sort.vi} {decree} có hiệu lực từ {instrument.period.start:%d/%m/%Y}{until}; ngày {work.on:%d/%m/%Y} nằm ngoài."
        + (f" Xem kind = {other}." if other else ""),
        f"{sort.en} {decree} is in force from {instrument.period.start}{'' if end is None else f' to before {end}'}; "
        f"{work.on} lies outside." + (f" See kind = {other}." if other else ""),
    )
    return False


def check_term(work: Working, issued: date, expires: date) -> None:
    """A licence ends no earlier than it begins."""
    if expires < issued:
        work.refuse(
            Code.INVALID_INPUT,
            ("licence", "expires_on"),
            f"Ngày hết hạn {expires:%d/%m/%Y} trước ngày cấp {issued:%d/%m/%Y}.",
            f"The licence expires on {expires}, before it was issued on {issued}.",
        )


def _say_what_did_not_apply(work: Working) -> None:
    formula = work.provision("licence_right.formula")
    start: date = work.book.first("licence_right.last_year_counts_from").period.start
    work.trace.did_not_apply(
        "no_k1_k2",
        Text(
            f"Không nhân hệ số K1 (thu hồi), K2 (vùng kinh tế - xã hội): công thức từ {start:%d/%m/%Y} chỉ còn Q × G × R.",
            f"No coefficients K1 (recovery) and K2 (area): since {start} the formula is Q × G × R alone.",
        ),
        formula,
    )
    work.trace.did_not_apply(
        "no_first_share",
        Text(
            "Không thu một lần theo ngưỡng, không thu lần đầu 30 %, không chia hai kỳ: tiền chia đều theo năm.",
            "No one-off threshold, no 30 % first payment, no half-yearly terms: the fee is paid in equal yearly amounts.",
        ),
        work.provision("licence_right.annual"),
    )
