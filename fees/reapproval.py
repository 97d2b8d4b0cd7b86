"""What does the quantity left on 1 July 2025 owe? Decree 193/2025 Art. 141 with Decree 21/2026: T_pdl = Q_cl x G x R.

Re-approval, *phê duyệt lại tiền cấp quyền khai thác khoáng sản*, of licences older than Law 54/2024: the price of 1 July 2025, the rate in force
on the day of the decision or the one an auction left, paid in equal yearly amounts from 2025 on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict

from fees.case import Flow, MineralLine, Volume
from fees.instalments import Term, equal_instalments
from fees.licence_right import in_force, licence_right_fee, printed, rounded_line, total_of
from fees.line import Line
from fees.output_conversion import output_factor
from fees.price import priced
from fees.rate import fee_rate
from fees.remaining import RemainingLine, quantity_left, water_left
from fees.result import Computed
from fees.right import NoAuction, auction_rate, is_companion
from fees.working import Working
from rules.lawbook import LawBook
from rules.number import Traced
from rules.trace import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReapprovalCase:
    """A re-approval of what was left on 1 July 2025."""

    decided_on: date
    expires_on: date
    minerals: tuple[RemainingLine, ...]
    tax_notice_on: date | None = None
    rounding_vnd: int = 1


class RemainingAmount(TypedDict):
    """The printed line of a mineral."""

    mineral: str
    remaining_quantity: str
    output_factor: str
    price_vnd: str
    conversion_factor: str
    rate_percent: str
    amount_vnd: int


def compute_reapproval(case: ReapprovalCase, book: LawBook) -> Computed:
    """Compute and explain a re-approval.

    Raises :class:`rules.errors.Refusal` with every problem of the case (not in force before 2025-07-02).
    """
    work = Working(book, case.decided_on)
    if not in_force(work, ("decided_on",), decree="193/2025/NĐ-CP"):
        work.settle()
    lines = [_line(work, case, index) for index in range(len(case.minerals))]
    work.settle()
    amounts = [one for one in lines if one is not None]
    total = total_of(work, [amount for _, amount in amounts], provision="reapproval.formula", symbol="T_pdl")
    first_year = int(work.law("reapproval.first_year").number())
    label = Text("Năm đầu của số lần nộp còn lại", "First year of the remaining payments")
    term = Term(first_year, label, case.expires_on, "reapproval.annual")
    schedule = equal_instalments(work, total, term, case.tax_notice_on)
    result = {
        "total_vnd": total.whole(),
        "payments": schedule.payments,
        "annual_vnd": schedule.annual_vnd,
        "schedule": schedule.instalments,
        "minerals": [printed_line for printed_line, _ in amounts],
    }
    return Computed(result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def _line(work: Working, case: ReapprovalCase, index: int) -> tuple[RemainingAmount, Traced] | None:
    mineral = case.minerals[index]
    price_on = work.law("reapproval.price_on")
    given = MineralLine(
        mineral=mineral.mineral,
        amount=Volume(quantity=Decimal(1), unit=mineral.unit),
        price=mineral.price,
        conversion=mineral.conversion,
        discard=mineral.discard,
    )
    base = Line.of(work, given, index, len(case.minerals))
    line = Line(work=work, given=given, path=base.path, mark=base.mark, name=base.name, price_on=price_on.day())
    price = priced(line, mineral.unit)
    if isinstance(mineral.licensed, Flow):
        TL = line.define(
            "TL_qđ",
            "Tỷ lệ quy đổi sản lượng",
            "Output factor",
            Traced.of("1", 1),
            "1",
            work.provision("reapproval.water"),
        )
        Q = water_left(line, mineral, mineral.licensed)
    else:
        factor = output_factor(line, mineral.output_unit, mineral.unit, mineral.conversion)
        if factor is None:
            return None
        TL, Q = factor, quantity_left(line, mineral, factor)
    R = _rate(line, case, mineral)
    if Q is None or price is None or R is None:
        return None
    exact = licence_right_fee(Q, price.G, R)
    T = rounded_line(line, exact, case.rounding_vnd, provision="reapproval.formula")
    amount = RemainingAmount(
        mineral=mineral.mineral,
        remaining_quantity=printed(Q),
        output_factor=printed(TL),
        price_vnd=printed(price.G),
        conversion_factor=printed(price.K),
        rate_percent=printed(R),
        amount_vnd=T.whole(),
    )
    return amount, T


def _rate(line: Line, case: ReapprovalCase, mineral: RemainingLine) -> Traced | None:
    right = mineral.right
    if isinstance(right, NoAuction) or mineral.discard is not None:
        return fee_rate(line, companion=False)
    book, on = line.work.book, line.work.on
    companion = is_companion(book, on, [(one.mineral, one.right) for one in case.minerals if one is not mineral])
    return auction_rate(line, right, companion=companion)
