"""What were the terms and the outcome of an auction in money? Decree 22/2012 Art. 4, 5, 21(3), 24(1), Joint Circular 54/2014 Art. 3-7.

Explored areas were auctioned in đồng until 2025-02-28: the start is the licence-right fee of the day (or a higher approved sum),
bids are start + n x step. For settlements the sum won stands for a rate, R = won / start x R (Decree 193/2025 Art. 139(5)(c)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from fees.auction_2012 import deposit_bounds_known, explained_deposit, explained_payment, say_the_step_is_free
from fees.auction_bounds import check_grid
from fees.case import Fee2019Case
from fees.licence_right import in_force, printed
from fees.licence_right_2019 import Amount2019, explained_total_2019
from fees.result import Computed
from fees.right import money_auction_rate
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyAuctionCase:
    """An auction of an explored area: ``start_vnd`` as approved, or ``fee`` to compute it from, or both (the approved start is
    then not below the fee). ``rate_at_auction`` (percent) stands in where no ``fee`` names the mineral's rate.
    """

    set_on: date
    step_vnd: int
    deposit: Decimal
    start_vnd: int | None = None
    fee: Fee2019Case | None = None
    won_vnd: int | None = None
    rate_at_auction: Decimal | None = None


def money_steps(T_dg: N, T_kd: N, B: N) -> N:
    """n = (T_đg - T_kđ) : B, the steps a sum won lies above the start."""
    return (T_dg - T_kd) / B


def compute_money_auction(case: MoneyAuctionCase, book: LawBook) -> Computed:
    """Compute and explain an auction in money.

    Raises :class:`rules.errors.Refusal`: ``not_in_force`` outside 2012-05-15 to 2025-07-01, ``no_rule_at_date`` from 2025-03-01
    on and for a start to be computed before 2019-09-15, ``out_of_range`` for a deposit outside its band, a start below the fee,
    a sum won below the start or between two steps.
    """
    work = Working(book, case.set_on)
    if not in_force(work, ("set_on",), decree="22/2012/NĐ-CP", other="auction_terms"):
        work.settle()
    deposit_bounds_known(work, case.deposit)
    lines, T_kd = _start(work, case)
    if case.won_vnd is not None:
        check_grid(work, "won_vnd", case.won_vnd, T_kd.value, Fraction(case.step_vnd))
    work.settle()
    trace = work.trace
    cite = work.provision("auction_2012.valid_bid")
    B = trace.define("B", Text("Bước giá", "Step"), Traced.of("B", case.step_vnd), "VND", cite)
    say_the_step_is_free(work, "auction_2012.valid_bid")
    result: dict[str, Any] = {"start_vnd": T_kd.whole(), "step_vnd": case.step_vnd}
    result |= explained_deposit(work, T_kd, case.deposit, "auction_2012.deposit")
    result["minerals"] = [dict(one.printed) for one in lines]
    if case.won_vnd is not None:
        result |= _outcome(work, case, lines, T_kd, B, result["deposit_vnd"])
    work.settle()
    return Computed(result, trace.steps, trace.cautions, trace.not_applied)


def _start(work: Working, case: MoneyAuctionCase) -> tuple[list[Amount2019], Traced]:
    """The starting price, with the lines of the fee it rests on where they were given."""
    lines: list[Amount2019] = []
    fee = None
    if case.fee is not None:
        if not work.book.instrument("67/2019/NĐ-CP").period.contains(work.on):
            work.refuse(
                Code.NO_RULE_AT_DATE,
                ("set_on",),
                "Sổ luật chưa có mức thu trước ngày 15/9/2019 để tính giá khởi điểm: bỏ danh sách khoáng sản, nhập start_vnd đã duyệt.",
                "The law book has no rates before 2019-09-15 to compute a start: leave the minerals out and enter the approved start_vnd.",
            )
            work.settle()
        lines, fee = explained_total_2019(work, case.fee)
    floor = work.provision("auction_2012.start_floor")
    label = Text("Giá khởi điểm", "Starting price")
    if case.start_vnd is None and fee is None:
        work.refuse(
            Code.INVALID_INPUT,
            None,
            "Cần giá khởi điểm đã phê duyệt, hoặc khoáng sản với phương pháp khai thác và vùng để tính giá khởi điểm.",
            "An approved start is needed, or the minerals with mining method and area to compute it from.",
        )
        work.settle()
    if case.start_vnd is None:
        assert fee is not None
        return lines, work.trace.define(
            "T_kđ", label, fee, "VND", (*work.provision("auction_2012.start_explored"), *floor)
        )
    if fee is not None and fee.value > case.start_vnd:
        work.refuse(
            Code.OUT_OF_RANGE,
            ("start_vnd",),
            f"Giá khởi điểm {case.start_vnd} thấp hơn tiền cấp quyền khai thác khoáng sản {fee.whole()}.",
            f"The starting price {case.start_vnd} lies below the licence-right fee {fee.whole()}.",
        )
    start = Text(f"{label.vi} đã phê duyệt", f"Approved {label.en.lower()}")
    return lines, work.trace.define("T_kđ", start, Traced.of("T_kđ", case.start_vnd), "VND", floor)


def _outcome(
    work: Working, case: MoneyAuctionCase, lines: list[Amount2019], T_kd: Traced, B: Traced, deposit_vnd: int
) -> dict[str, Any]:
    trace, cite = work.trace, work.provision("auction_2012.sum_won")
    assert case.won_vnd is not None
    T_dg = trace.define("T_đg", Text("Tiền trúng đấu giá", "Sum won"), Traced.of("T_đg", case.won_vnd), "VND", cite)
    bid = work.provision("auction_2012.valid_bid")
    n = trace.define(
        "n", Text("Số bước giá trên giá khởi điểm", "Steps above the start"), money_steps(T_dg, T_kd, B), "step", bid
    )
    label = Text("Tiền trúng đấu giá so với giá khởi điểm (lần)", "Sum won over the start (times)")
    times = trace.define("k_tđg", label, T_dg / T_kd, "1", cite)
    found: dict[str, Any] = {"won_vnd": case.won_vnd, "steps": n.whole(), "times_start": printed(times)}
    for R, holder in _rates(work, case, lines, found):
        mark = R.formula.removeprefix("R")
        label = Text(
            "Tỷ lệ thu khi quyết toán, quy từ tiền trúng đấu giá", "Rate for settlements that the sum won stands for"
        )
        rate = money_auction_rate(T_dg, T_kd, R)
        cite = work.book.first("settlement.rate_money_auction").cites  # the rule of the settlements to come
        holder["settlement_rate_percent"] = printed(trace.define("R_qt" + mark, label, rate, "%", cite))
    return found | explained_payment(work, T_dg, deposit_vnd)


def _rates(
    work: Working, case: MoneyAuctionCase, lines: list[Amount2019], found: dict[str, Any]
) -> Iterator[tuple[Traced, dict[str, Any]]]:
    """The rates of the auction day with the object that takes the rate they turn into: each line, else the result."""
    if lines:
        found["minerals"] = [dict(one.printed) for one in lines]
        yield from ((one.basis.R, holder) for one, holder in zip(lines, found["minerals"], strict=True))
    elif case.rate_at_auction is not None:
        label = Text("Tỷ lệ thu tại thời điểm đấu giá", "Rate on the auction day")
        cite = work.book.first("settlement.rate_money_auction").cites
        yield work.trace.define("R", label, Traced.percent("R", case.rate_at_auction), "%", cite), found
