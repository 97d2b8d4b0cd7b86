"""What were the terms and the outcome of an auction by rate before Decree 193/2025? Joint Circular 54/2014 Art. 3(2), 4, 5, 6.

Unexplored areas were auctioned by the rate: the start is the table's rate, bids are start + n x step in points of the rate, and the
sum won is ``T = Q x G x K x R_đg`` once the reserve is known. No area coefficient K2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fees.auction_2012 import deposit_bounds_known, explained_deposit, explained_payment, say_the_step_is_free
from fees.auction_bounds import check_grid
from fees.auction_lines import ESTIMATED
from fees.auction_outcome import percent_of, steps_above
from fees.case import Group, MineralLine, MiningMethod
from fees.licence_right import in_force, printed, reserve_unit, rounded_line, total_of
from fees.licence_right_2019 import auctioned_fee
from fees.line import Line
from fees.price import Priced, priced
from fees.quantity import charged_quantity
from fees.rate import fee_rate
from fees.result import Computed
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Traced
from rules.trace import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAuctionCase:
    """An auction of an unexplored area with one mineral; step and winning rate in points (percent) of the rate."""

    set_on: date
    mining_method: MiningMethod
    mineral: MineralLine
    step_points: Decimal
    deposit: Decimal
    winning_rate: Decimal | None = None
    rounding_vnd: int = 1


def compute_rate_auction(case: RateAuctionCase, book: LawBook) -> Computed:
    """Compute and explain an auction by rate.

    Raises :class:`rules.errors.Refusal`: ``not_in_force`` outside 2014-10-24 to 2025-07-01, ``no_rule_at_date`` before
    2019-09-15 and from 2025-03-01 on, ``out_of_range`` for a deposit outside its band and a winning rate below the start or
    between two steps.
    """
    work = Working(book, case.set_on)
    if not in_force(work, ("set_on",), decree="54/2014/TTLT-BTNMT-BTC", other="auction_terms"):
        work.settle()
    _check_rates_known(work)
    deposit_bounds_known(work, case.deposit)
    line = Line.of(work, case.mineral, 0, 1)
    Q = charged_quantity(line, Group.III)  # old rules count the same for every group
    price = priced(line, reserve_unit(case.mineral))
    R = fee_rate(line, companion=False)
    if R is not None and case.winning_rate is not None:
        check_grid(work, "winning_rate_percent", case.winning_rate, percent_of(R), Fraction(case.step_points))
    work.settle()
    assert Q is not None
    assert price is not None
    assert R is not None
    trace = work.trace
    start = work.provision("auction_2012.start_unexplored")
    R_kd = trace.define(
        "R_kđ", Text("Giá khởi điểm: mức thu của khoáng sản", "Starting price: rate of the mineral"), R, "%", start
    )
    step = Text("Bước giá (điểm % của mức thu)", "Step (points of the rate)")
    R_b = trace.define(
        "R_b", step, Traced.percent("R_b", case.step_points), "%", work.provision("auction_2012.step_unexplored")
    )
    say_the_step_is_free(work, "auction_2012.step_unexplored")
    K = _recovery(line, case)
    T = _amount(line, case, Q, price, K, R_kd, "T", ESTIMATED)
    result: dict[str, Any] = {
        "auctioned_mineral": case.mineral.mineral,
        "start_rate_percent": printed(R_kd),
        "step_rate_percent": printed(R_b),
        "k": printed(K),
        "price_vnd": printed(price.G),
        "conversion_factor": printed(price.K),
        "estimated_fee_vnd": T.whole(),
    }
    result |= explained_deposit(work, T, case.deposit, "auction_2012.deposit_unexplored")
    if case.winning_rate is not None:
        result |= _outcome(line, case, Q, price, K, R_kd, R_b, result["deposit_vnd"])
    work.settle()
    return Computed(result, trace.steps, trace.cautions, trace.not_applied)


def _check_rates_known(work: Working) -> None:
    gap = work.book.gap("licence_right.rate", work.on)
    if gap is None:
        return
    work.refuse(
        Code.NO_RULE_AT_DATE,
        ("set_on",),
        f"Sổ luật chưa có mức thu ngày {work.on:%d/%m/%Y}. {gap.reason.vi}",
        f"The law book has no rate on {work.on}. {gap.reason.en}",
    )
    work.settle()


def _recovery(line: Line, case: RateAuctionCase) -> Traced:
    """K by mining method; 1 for waters whatever the method (Art. 6(1))."""
    work = line.work
    water = work.book.minerals[case.mineral.mineral].water
    row = work.law("auction.k", "water" if water else case.mining_method.value)
    return line.define("K", "Hệ số thu hồi", "Recovery coefficient", Traced.of("K", row.number()), "1", row.cites)


def _amount(
    line: Line, case: RateAuctionCase, Q: Traced, price: Priced, K: Traced, R: Traced, symbol: str, label: Text
) -> Traced:
    exact = auctioned_fee(Q, price.G, K, R)
    rounded = rounded_line(line, exact, case.rounding_vnd, "auction.rate_formula", symbol, label)
    return total_of(line.work, [rounded])


def _outcome(
    line: Line, case: RateAuctionCase, Q: Traced, price: Priced, K: Traced, R_kd: Traced, R_b: Traced, deposit_vnd: int
) -> dict[str, Any]:
    """The sum that a winning rate comes to, for the estimated quantity."""
    work, trace = line.work, line.work.trace
    assert case.winning_rate is not None
    cite = work.provision("rate.auction")
    won = Text("Mức thu trúng đấu giá", "Winning rate")
    R_tdg = trace.define("R_tđg", won, Traced.percent("R_tđg", case.winning_rate), "%", cite)
    steps = Text("Số bước giá trên giá khởi điểm", "Steps above the start")
    n = trace.define("n", steps, steps_above(R_tdg, R_kd, R_b), "step", work.provision("auction_2012.bid"))
    times = Text("Mức trúng đấu giá so với giá khởi điểm (lần)", "Winning rate over the start (times)")
    k = trace.define("k_tđg", times, R_tdg / R_kd, "1", cite)
    T_dg = _amount(line, case, Q, price, K, R_tdg, "T_đg", Text("Tiền trúng đấu giá dự tính", "Estimated sum won"))
    per_unit = trace.define(
        "g_tđg",
        Text("Tiền trúng đấu giá cho một đơn vị", "Sum won per unit"),
        price.G * K * R_tdg,
        f"VND/{reserve_unit(case.mineral)}",
        work.provision("auction.rate_formula"),
    )
    return {
        "winning_rate_percent": printed(R_tdg),
        "steps": n.whole(),
        "times_start": printed(k),
        "won_vnd": T_dg.whole(),
        "won_per_unit_vnd": printed(per_unit),
        **explained_payment(work, T_dg, deposit_vnd),
    }
