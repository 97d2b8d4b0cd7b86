"""What does a winning rate mean for every mineral of the area? Decree 193/2025 Art. 148(2)-(3), Law 54/2024 Art. 105.

The winning rate lies on the grid ``start + n x step``. The rates of the other known minerals follow it,
``R_đg,i = R_i x R_tđg : R_kđ``; waste rock and tailings keep the rate outside auctions.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from fees.auction_case import OutcomeCase
from fees.auction_lines import ESTIMATED, Estimated
from fees.auction_terms import ESTIMATED_TOTAL, Terms, explained_terms
from fees.licence_right import licence_right_fee, line_amount, printed, reserve_unit, rounded_line, total_of
from fees.result import Computed, LineAmount
from fees.working import Working
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


def companion_rate(R_i: N, R_tdg: N, R_kd: N) -> N:
    """R_đg,i = R_i x R_tđg : R_kđ (Art. 148(2))."""
    return R_i * R_tdg / R_kd


def steps_above(R_tdg: N, R_kd: N, R_b: N) -> N:
    """n = (R_tđg - R_kđ) : R_b, the steps a winning rate lies above the start."""
    return (R_tdg - R_kd) / R_b


class Won(NamedTuple):
    """One mineral at the winning rate."""

    start: Estimated
    R: Traced
    T: Traced

    def amount(self) -> LineAmount:
        """The printed line."""
        one = self.start
        return line_amount(one.line, one.Q, one.price.G, one.price.K, self.R, self.T)


class Outcome(NamedTuple):
    """The explained outcome with the terms it came from; ``unit_price`` is đồng per unit of the auctioned mineral."""

    terms: Terms
    lines: list[Won]
    unit_price: Traced
    result: dict[str, Any]


def compute_outcome(case: OutcomeCase, book: LawBook) -> Computed:
    """Compute and explain the outcome of an auction.

    Raises :class:`rules.errors.Refusal` as :func:`fees.auction_terms.compute_terms` does, and ``out_of_range`` for a winning
    rate below the start or off the grid of steps.
    """
    work = Working(book, case.terms.set_on)
    outcome = explained_outcome(work, case)
    work.settle()
    return Computed(outcome.result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def explained_outcome(work: Working, case: OutcomeCase) -> Outcome:
    """Terms and outcome with all their steps."""
    terms = explained_terms(work, case.terms, case.winning_rate)
    trace, cite = work.trace, work.provision("rate.auction")
    won = Text("Tỷ lệ thu trúng đấu giá", "Winning rate")
    R_tdg = trace.define("R_tđg", won, Traced.percent("R_tđg", case.winning_rate), "%", cite)
    n = trace.define(
        "n",
        Text("Số bước giá trên giá khởi điểm", "Steps above the start"),
        steps_above(R_tdg, terms.R_kd, terms.R_b),
        "step",
        work.provision("auction.step"),
    )
    lines = [_won(work, case, terms, one, R_tdg) for one in terms.lines]
    T = total_of(work, [one.T for one in lines], _at_winning(ESTIMATED_TOTAL), "rate.auction", "T_đg")
    _say_what_keeps_its_rate(work, lines)
    price, unit = terms.auctioned.price.G, reserve_unit(terms.auctioned.line.given)
    per_unit = trace.define(
        "g_tđg",
        Text("Tiền cấp quyền cho một đơn vị theo mức trúng đấu giá", "Fee per unit at the winning rate"),
        price * R_tdg,
        f"VND/{unit}",
        cite,
    )
    ratio = trace.define(
        "k_tđg",
        Text("Mức trúng đấu giá so với giá khởi điểm (lần)", "Winning rate over the start (times)"),
        R_tdg / terms.R_kd,
        "1",
        work.provision("rate.companion"),
    )
    auctioned = next(one for one in lines if one.start is terms.auctioned)
    result = {
        **terms.result,
        "winning_rate_percent": printed(R_tdg),
        "steps": n.whole(),
        "times_start": printed(ratio),
        "start_fee_vnd": terms.T.whole(),
        "estimated_fee_vnd": T.whole(),
        "money_equivalents": {
            **terms.result["money_equivalents"],
            "won_vnd": auctioned.T.whole(),
            "won_per_unit_vnd": printed(per_unit),
        },
        "minerals": [one.amount() for one in lines],
    }
    return Outcome(terms, lines, per_unit, result)


def percent_of(rate: Traced) -> Fraction:
    """A rate as the percentage that it prints."""
    return rate.value * 100


def _won(work: Working, case: OutcomeCase, terms: Terms, start: Estimated, R_tdg: Traced) -> Won:
    """One mineral at its rate after the auction."""
    line = start.line
    if line.given.discard is not None:
        return Won(start, start.R, start.T)
    if start is terms.auctioned:
        R, provision = R_tdg, "rate.auction"
    else:
        provision = "rate.companion"
        cite = work.provision(provision)
        exact = companion_rate(start.R, R_tdg, terms.R_kd)
        R = line.define(
            "R_đg", "Tỷ lệ thu theo kết quả đấu giá", "Rate that follows the winning rate", exact, "%", cite
        )
    T = rounded_line(
        line,
        licence_right_fee(start.Q, start.price.G, R),
        case.terms.rounding_vnd,
        provision,
        "T_đg",
        _at_winning(ESTIMATED),
    )
    return Won(start, R, T)


def _at_winning(label: Text) -> Text:
    return Text(f"{label.vi} theo mức trúng đấu giá", f"{label.en} at the winning rate")


def _say_what_keeps_its_rate(work: Working, lines: list[Won]) -> None:
    for one in lines:
        line = one.start.line
        if line.given.discard is None:
            continue
        work.trace.did_not_apply(
            "winning_rate_not_for_waste",
            Text(
                f"Không dùng tỷ lệ trúng đấu giá{line.name.vi}: đất đá thải, quặng đuôi lấy tỷ lệ của khu vực không đấu giá.",
                f"The winning rate{line.name.en} is not used: waste rock and tailings take the non-auction rate.",
            ),
            work.provision(f"rate.{line.given.discard}"),
        )
