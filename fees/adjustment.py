"""When and to what is an approved fee adjusted? Decree 193/2025 Art. 136 with Decree 21/2026.

Adjustment, *điều chỉnh tiền cấp quyền khai thác khoáng sản*: settled years keep their sum; for the others the fee of Art. 132 is computed again
with what is left of the licensed quantity, the price and the rate of the day of adjustment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from fees.case import Conversion, MineralLine, Price, Volume
from fees.instalments import Term, equal_instalments
from fees.licence_right import in_force, licence_right_fee, printed, rounded_line, total_of
from fees.line import Line
from fees.price import Priced, priced
from fees.rate import fee_rate
from fees.result import Computed
from fees.right import NoAuction, Right, auction_rate, is_companion
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.quantity import Unit
from rules.trace import Text

N = TypeVar("N", bound=Number)


def price_change(G: N, G_0: N) -> N:
    """Change of the fee price as a share of the approved one (Art. 136(1)(c))."""
    return (G - G_0) / G_0


class Reason(StrEnum):
    """Why a fee is adjusted (Art. 136(1)(a), (b), (c))."""

    RESERVE = "reserve"
    TERM = "term"
    PRICE_OR_RATE = "price_or_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedLine:
    """One mineral. ``approved_price`` (đồng per unit, exact) and ``approved_rate`` (percent) are those of the approval."""

    mineral: str
    remaining: Decimal
    unit: Unit
    right: Right
    price: Price
    conversion: Conversion = field(default_factory=Conversion)
    approved_price: Decimal | None = None
    approved_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentCase:
    """An adjustment; ``settled`` are the years already settled with their sums, in đồng."""

    adjusted_on: date
    reason: Reason
    first_unsettled_year: int
    expires_on: date
    minerals: tuple[AdjustedLine, ...]
    settled: tuple[tuple[int, int], ...] = ()
    tax_notice_on: date | None = None
    rounding_vnd: int = 1


class _Line(NamedTuple):
    printed: dict[str, Any]
    amount: Traced
    triggers: bool


def compute_adjustment(case: AdjustmentCase, book: LawBook) -> Computed:
    """Compute and explain an adjustment.

    Where nothing triggers one, ``triggered`` is false and the approved amounts go on (``total_vnd`` and the amounts after it are
    ``None``). Raises :class:`rules.errors.Refusal` with every problem of the case (not in force before 2025-07-02).
    """
    work = Working(book, case.adjusted_on)
    if not in_force(work, ("adjusted_on",), decree="193/2025/NĐ-CP"):
        work.settle()
    _check_years(work, case)
    found = [_line(work, case, index) for index in range(len(case.minerals))]
    work.settle()
    lines = [one for one in found if one is not None]
    settled = _settled(work, case)
    if not any(one.triggers for one in lines):
        work.trace.did_not_apply(
            "not_adjusted",
            Text(
                "Không điều chỉnh: giá không thay đổi quá ngưỡng và tỷ lệ thu không đổi; số tiền đã phê duyệt giữ nguyên.",
                "Not adjusted: no price moved beyond the threshold and no rate changed; the approved amounts go on.",
            ),
            work.provision("adjustment.price_or_rate"),
        )
        empty: dict[str, Any] = {"total_vnd": None, "payments": None, "annual_vnd": None, "schedule": []}
        return _computed(work, {"triggered": False, "settled_vnd": settled} | empty, lines)
    total = total_of(work, [one.amount for one in lines], provision="adjustment.remaining")
    label = Text("Năm đầu chưa quyết toán", "First year not settled")
    term = Term(case.first_unsettled_year, label, case.expires_on, "licence_right.annual")
    schedule = equal_instalments(work, total, term, case.tax_notice_on)
    result = {
        "triggered": True,
        "settled_vnd": settled,
        "total_vnd": total.whole(),
        "payments": schedule.payments,
        "annual_vnd": schedule.annual_vnd,
        "schedule": schedule.instalments,
    }
    return _computed(work, result, lines)


def _computed(work: Working, result: dict[str, Any], lines: list[_Line]) -> Computed:
    result["minerals"] = [one.printed for one in lines]
    return Computed(result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def _line(work: Working, case: AdjustmentCase, index: int) -> _Line | None:
    mineral = case.minerals[index]
    given = MineralLine(
        mineral=mineral.mineral,
        amount=Volume(quantity=mineral.remaining, unit=mineral.unit),
        price=mineral.price,
        conversion=mineral.conversion,
    )
    line = Line.of(work, given, index, len(case.minerals))
    cite = (*work.provision("adjustment.remaining"), *work.provision(f"adjustment.{case.reason}"))
    quantity = Traced.of("Q" + line.mark, mineral.remaining)
    Q = line.define("Q", "Trữ lượng còn lại", "Remaining licensed quantity", quantity, mineral.unit, cite)
    price = priced(line, mineral.unit)
    R = _rate(line, case, mineral)
    if price is None or R is None:
        return None
    triggers = case.reason is not Reason.PRICE_OR_RATE
    change = None
    if not triggers:
        change = _change(line, mineral, price)
        triggers = _moved(line, mineral, change, R)
    T = rounded_line(line, licence_right_fee(Q, price.G, R), case.rounding_vnd, provision="adjustment.remaining")
    shown = {
        "mineral": mineral.mineral,
        "remaining_quantity": printed(Q),
        "price_vnd": printed(price.G),
        "conversion_factor": printed(price.K),
        "rate_percent": printed(R),
        "price_change_percent": None if change is None else printed(change),
        "amount_vnd": T.whole(),
    }
    return _Line(shown, T, triggers)


def _rate(line: Line, case: AdjustmentCase, mineral: AdjustedLine) -> Traced | None:
    if isinstance(mineral.right, NoAuction):
        return fee_rate(line, companion=False)
    book, on = line.work.book, line.work.on
    companion = is_companion(book, on, [(one.mineral, one.right) for one in case.minerals if one is not mineral])
    return auction_rate(line, mineral.right, companion=companion)


def _change(line: Line, mineral: AdjustedLine, price: Priced) -> Traced | None:
    """Change of G against the approved price; ``None`` where the approved price was not given."""
    if mineral.approved_price is None:
        return None
    cite = line.work.provision("adjustment.price_or_rate")
    approved = Traced.of("G_0" + line.mark, mineral.approved_price)
    G_0 = line.define(
        "G_0", "Giá tính tiền khi phê duyệt", "Fee price at approval", approved, f"VND/{mineral.unit}", cite
    )
    return line.define("δ", "Thay đổi của giá", "Change of the price", price_change(price.G, G_0), "%", cite)


def _moved(line: Line, mineral: AdjustedLine, change: Traced | None, R: Traced) -> bool:
    """Whether G moved beyond the threshold, up or down, or R changed."""
    threshold = Fraction(line.work.law("adjustment.price_threshold").number()) / 100
    moved = change is not None and abs(change.value) > threshold
    rate_changed = mineral.approved_rate is not None and R.value * 100 != Fraction(mineral.approved_rate)
    return moved or rate_changed


def _settled(work: Working, case: AdjustmentCase) -> int:
    amounts = [
        work.trace.define(
            f"T_qt_{year}", Text(f"Năm {year} đã quyết toán", f"Settled year {year}"),
            Traced.of(f"T_qt_{year}", amount), "VND", work.provision("adjustment.settled_years"),
        )
        for year, amount in case.settled
    ]  # fmt: skip
    label = Text("Các năm đã quyết toán giữ nguyên", "Settled years keep their sum")
    total = total_of(work, amounts or [Traced.of("ΣT_qt", 0)], label, "adjustment.settled_years", "ΣT_qt")
    if not amounts:
        work.trace.define("ΣT_qt", label, total, "VND", work.provision("adjustment.settled_years"))
    return total.whole()


def _check_years(work: Working, case: AdjustmentCase) -> None:
    if case.first_unsettled_year > case.expires_on.year:
        work.refuse(
            Code.INVALID_INPUT,
            ("first_unsettled_year",),
            f"Năm {case.first_unsettled_year} sau năm hết thời hạn {case.expires_on.year}.",
            f"Year {case.first_unsettled_year} lies after the term ends in {case.expires_on.year}.",
        )
    seen: set[int] = set()
    for index, (year, _) in enumerate(case.settled):
        if year in seen:
            work.refuse(
                Code.INVALID_INPUT,
                ("settled", index, "year"),
                f"Năm {year} khai hai lần.",
                f"Year {year} is declared twice.",
            )
        seen.add(year)
        if year >= case.first_unsettled_year:
            work.refuse(
                Code.INVALID_INPUT,
                ("settled", index, "year"),
                f"Năm {year} vừa đã quyết toán vừa nằm trong các năm chưa quyết toán.",
                f"Year {year} is both settled and among the years not settled.",
            )
    if case.reason is Reason.PRICE_OR_RATE:
        for index, mineral in enumerate(case.minerals):
            if mineral.approved_price is None and mineral.approved_rate is None:
                work.refuse(
                    Code.MISSING_PARAMETER,
                    ("minerals", index, "approved_price_vnd"),
                    "Cần giá hoặc tỷ lệ khi phê duyệt để biết có thay đổi không.",
                    "The price or the rate at approval is needed to see whether it changed.",
                )
