"""On which terms is a mineral right auctioned? Law 54/2024 Art. 102, Decree 193/2025 Art. 145 and 148(1).

The starting price (*giá khởi điểm*) is the rate of the mineral outside auctions, a percentage for explored and unexplored
areas alike; the step (*bước giá*) is a share of it; the advance deposit (*tiền đặt trước*) is a share of the estimated fee
``T_đt = Σ Q_i x G_i x R_i x H``. Where the area has several minerals one of them is auctioned: the main one, else the dearest.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from fees.auction_bounds import HIGHER, check_grid, deposit_band, within
from fees.auction_case import AuctionCase
from fees.auction_lines import Estimated, estimated_lines, money_equivalents
from fees.auction_notes import say_what_is_not_included, watch_price_list
from fees.licence_right import (
    in_force,
    line_amount,
    printed,
    total_of,
)
from fees.result import Computed
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)

ESTIMATED_TOTAL = Text("Tổng tiền cấp quyền dự tính", "Estimated fee of the area")


def step_rate(R_kd: N, b: N) -> N:
    """Step in points of the rate: the start times the step's share of it (Law 54/2024 Art. 102(2))."""
    return R_kd * b


def deposit(T: N, H: N) -> N:
    """T_đt = T x H with T = Σ Q_i x G_i x R_i (Art. 145(1)(c))."""
    return T * H


class Terms(NamedTuple):
    """The explained terms; ``auctioned`` is one of ``lines``."""

    lines: list[Estimated]
    auctioned: Estimated
    R_kd: Traced
    R_b: Traced
    T: Traced
    T_dt: Traced
    result: dict[str, Any]


def compute_terms(case: AuctionCase, book: LawBook) -> Computed:
    """Compute and explain the terms of an auction.

    Raises :class:`rules.errors.Refusal` with every problem: ``not_in_force`` before 2025-07-02, ``out_of_range`` for a step
    or a deposit outside its bounds (the message names them).
    """
    work = Working(book, case.set_on)
    terms = explained_terms(work, case)
    work.settle()
    return Computed(terms.result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def explained_terms(work: Working, case: AuctionCase, winning_rate: Decimal | None = None) -> Terms:
    """The terms with all their steps; problems of the case, and of the rate that won, are thrown together."""
    if not in_force(work, ("set_on",), decree="193/2025/NĐ-CP", other="auction_money_2012, auction_rate_2012"):
        work.settle()
    watch_price_list(work, case)
    found = estimated_lines(work, case)
    place = _auctioned_place(work, case, found)
    lawful_step = _check_bounds(work, case, place)
    if winning_rate is not None and place is not None and (one := found[place]) is not None:
        start = one.R.value * 100
        step = start * Fraction(case.step_of_start) / 100 if lawful_step else None
        check_grid(work, "winning_rate_percent", winning_rate, start, step)
    work.settle()
    lines = [one for one in found if one is not None]
    assert place is not None
    auctioned = lines[place]
    T = total_of(work, [one.T for one in lines], ESTIMATED_TOTAL, "auction.deposit")
    _say_which_is_auctioned(work, case, auctioned)
    R_kd, R_b, steps = _starting_price(work, case, auctioned)
    T_dt, deposits = _deposit(work, case, auctioned, T)
    say_what_is_not_included(work)
    result = {
        "auctioned_mineral": auctioned.line.given.mineral,
        **steps,
        **deposits,
        "estimated_fee_vnd": T.whole(),
        "deposit_vnd": T_dt.whole(),
        "money_equivalents": money_equivalents(auctioned, R_kd, R_b),
        "minerals": [line_amount(one.line, one.Q, one.price.G, one.price.K, one.R, one.T) for one in lines],
    }
    return Terms(lines, auctioned, R_kd, R_b, T, T_dt, result)


def _auctioned_place(work: Working, case: AuctionCase, found: list[Estimated | None]) -> int | None:
    """Place of the auctioned mineral: the main one, else the first of the dearest; never what the mine discards.

    ``None`` where nothing can be auctioned (written down) or where a line could not be computed.
    """
    sold = [place for place, given in enumerate(case.minerals) if given.discard is None]
    if case.main is not None and case.main not in sold:
        work.refuse(
            Code.INVALID_INPUT,
            ("minerals", case.main, "main"),
            "Đất đá thải, quặng đuôi không phải khoáng sản đưa ra đấu giá; bỏ main ở dòng này.",
            "Waste rock and tailings are not the auctioned mineral; remove main from this line.",
        )
        return None
    if not sold:
        work.refuse(
            Code.INVALID_INPUT,
            ("minerals",),
            "Không có khoáng sản nào để đấu giá: mọi dòng đều là đất đá thải, quặng đuôi.",
            "No mineral is left to auction: every line is waste rock or tailings.",
        )
        return None
    if case.main is not None or len(sold) == 1:
        return sold[0] if case.main is None else case.main
    fees = [(place, one.T.whole()) for place in sold if (one := found[place]) is not None]
    if len(fees) < len(sold):
        return None
    return max(fees, key=lambda one: one[1])[0]


def _check_bounds(work: Working, case: AuctionCase, place: int | None) -> bool:
    """Step and deposit within their bounds; which band the deposit has is open while the auctioned mineral is. Whether the
    step keeps its own.
    """
    step = Text("Bước giá so với giá khởi điểm", "The step as a share of the starting price")
    lawful = within(
        work,
        "step_percent_of_start",
        step,
        case.step_of_start,
        work.law("auction.step_min"),
        work.law("auction.step_max"),
    )
    if place is None:
        return lawful
    band = deposit_band(work, case.group, case.minerals[place].mineral)
    low, high = work.law("auction.deposit_min", band), work.law("auction.deposit_max", band)
    within(work, "deposit_percent", Text("Tiền đặt trước", "The deposit"), case.deposit, low, high)
    return lawful


def _say_which_is_auctioned(work: Working, case: AuctionCase, auctioned: Estimated) -> None:
    if case.main is not None:
        label, cite = (
            Text("Khoáng sản đấu giá: khoáng sản chính", "Auctioned: the main mineral"),
            "auction.main_mineral",
        )
    elif len(case.minerals) == 1:
        label, cite = Text("Khoáng sản đấu giá", "Auctioned mineral"), "auction.starting_price"
    else:
        label = Text("Khoáng sản đấu giá: có tiền cấp quyền dự tính cao nhất", "Auctioned: the dearest mineral")
        cite = "auction.dearest_mineral"
    mineral = auctioned.line.given.mineral
    work.trace.note("mineral", label, mineral, "1", work.provision(cite))


def _starting_price(work: Working, case: AuctionCase, auctioned: Estimated) -> tuple[Traced, Traced, dict[str, str]]:
    """Start and step in points of the rate, with the smallest and the largest step."""
    trace = work.trace
    start = Text("Giá khởi điểm: tỷ lệ thu của khoáng sản đấu giá", "Starting price: rate of the auctioned mineral")
    R_kd = trace.define("R_kđ", start, auctioned.R, "%", work.provision("auction.starting_price"))
    low, high = work.law("auction.step_min"), work.law("auction.step_max")
    bounds = {}
    for name, row, label in (
        ("min", low, Text("Bước giá tối thiểu", "Smallest step")),
        ("max", high, Text("Bước giá tối đa", "Largest step")),
    ):
        share = Text(f"{label.vi}, so với giá khởi điểm", f"{label.en} as a share of the start")
        b = trace.define(f"b_{name}", share, Traced.percent(f"b_{name}", row.number()), "%", row.cites)
        bounds[name] = trace.define(f"R_b_{name}", label, step_rate(R_kd, b), "%", row.cites)
    cite = work.provision("auction.step")
    share = Text("Bước giá, so với giá khởi điểm", "Step as a share of the start")
    b = trace.define("b", share, Traced.percent("b", case.step_of_start), "%", cite)
    R_b = trace.define(
        "R_b", Text("Bước giá (điểm % của tỷ lệ thu)", "Step (points of the rate)"), step_rate(R_kd, b), "%", cite
    )
    return (
        R_kd,
        R_b,
        {
            "start_rate_percent": printed(R_kd),
            "step_rate_percent": printed(R_b),
            "step_min_percent": printed(bounds["min"]),
            "step_max_percent": printed(bounds["max"]),
        },
    )


def _deposit(work: Working, case: AuctionCase, auctioned: Estimated, T: Traced) -> tuple[Traced, dict[str, str]]:
    """The deposit and the band it was chosen from."""
    trace = work.trace
    band = deposit_band(work, case.group, auctioned.line.given.mineral)
    which = Text("khung chung", "general band")
    if band == HIGHER:
        which = Text("nhóm IV; cát, sỏi lòng sông, lòng hồ, biển", "group IV; river, lake and sea sand and gravel")
    printed_bounds = {}
    for name, label in (("min", Text("tối thiểu", "Smallest")), ("max", Text("tối đa", "Largest"))):
        row = work.law(f"auction.deposit_{name}", band)
        text = Text(f"Tỷ lệ đặt trước {label.vi} ({which.vi})", f"{label.en} deposit rate ({which.en})")
        bound = trace.define(f"H_{name}", text, Traced.percent(f"H_{name}", row.number()), "%", row.cites)
        printed_bounds[f"deposit_percent_{name}"] = printed(bound)
    cite = work.provision("auction.deposit")
    H = trace.define("H", Text("Tỷ lệ đặt trước", "Deposit rate"), Traced.percent("H", case.deposit), "%", cite)
    T_dt = trace.define(
        "T_đt",
        Text("Tiền đặt trước", "Advance deposit"),
        deposit(T, H).half_up(1),
        "VND",
        cite,
        work.book.conventions["line_rounding"],
    )
    return T_dt, printed_bounds
