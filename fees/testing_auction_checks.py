"""What terms, outcomes, payment plans and old auctions promise, as checks for any engine of the contract (extra ``testing``).

A check takes ``compute`` (one document in, one result out) and a document that it computes; it raises
:class:`BrokenInvariant` saying what does not hold. Each docstring names the article or clause of the contract it states.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Final

from fees.testing_checks import (
    check_cautions,
    check_deterministic,
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_line_is_q_g_r,
    check_trace_re_evaluates,
)
from fees.testing_results import Compute, Json, computed, number_of, require, step_of_rounding
from rules.lawbook import law_book
from rules.number import half_up

Check = Callable[[Compute, Json], None]


def check_step_is_share_of_start(compute: Compute, document: Json) -> None:
    """The step is 1-10 % of the starting price, in points of the rate (Law 54/2024 Art. 102(2)); so are its bounds."""
    result, on = computed(compute, document)["result"], date.fromisoformat(document["set_on"])
    start = number_of(result["start_rate_percent"])
    shares = {
        "step_rate_percent": number_of(document["step_percent_of_start"]),
        "step_min_percent": Fraction(law_book().get("auction.step_min", on).number()),
        "step_max_percent": Fraction(law_book().get("auction.step_max", on).number()),
    }
    for name, share in shares.items():
        require(number_of(result[name]) == start * share / 100, f"{name} is not {share} % of the start {start}")
    inside = number_of(result["step_min_percent"]) <= number_of(result["step_rate_percent"])
    require(
        inside and number_of(result["step_rate_percent"]) <= number_of(result["step_max_percent"]), "step out of band"
    )


def check_deposit_is_share_of_estimate(compute: Compute, document: Json) -> None:
    """T_đt = H x Σ Q_i x G_i x R_i with the rates of Annex III, whatever was won (Decree 193/2025 Art. 145(1)(c))."""
    result = computed(compute, document)["result"]
    estimate = result.get("start_fee_vnd", result["estimated_fee_vnd"])
    share = number_of(document["deposit_percent"]) / 100
    require(result["deposit_vnd"] == half_up(estimate * share), f"deposit_vnd is not {share} of {estimate}")


def check_deposit_is_monotone_in_its_rate(compute: Compute, document: Json) -> None:
    """A higher H never makes a smaller deposit, and changes nothing else (Art. 145(1))."""
    result = computed(compute, document)["result"]
    at = {}
    for bound in ("deposit_percent_min", "deposit_percent_max"):
        other = computed(compute, {**document, "deposit_percent": result[bound]})["result"]
        at[bound] = other["deposit_vnd"]
        kept = [name for name in result if name not in ("deposit_vnd", "scenarios", "after_deposit_vnd")]
        require(all(other[name] == result[name] for name in kept), "the deposit's rate changes more than the deposit")
    require(
        at["deposit_percent_min"] <= result["deposit_vnd"] <= at["deposit_percent_max"],
        f"the deposit {result['deposit_vnd']} does not lie between {at}",
    )


def check_the_estimate_adds_its_lines(compute: Compute, document: Json) -> None:
    """The estimated fee of the area adds the printed lines (contract, Rounding)."""
    result = computed(compute, document)["result"]
    total = sum(line["amount_vnd"] for line in result["minerals"])
    require(result["estimated_fee_vnd"] == total, f"estimated_fee_vnd is not the sum of its lines, {total}")


def check_the_auctioned_mineral(compute: Compute, document: Json) -> None:
    """The main mineral is auctioned, else the first of the dearest (Art. 148(1)); never waste rock or tailings."""
    result = computed(compute, _terms_of(document))["result"]
    given = document["minerals"]
    sold = [index for index, line in enumerate(given) if line.get("as") is None]
    main = [index for index in sold if given[index].get("main")]
    fees = [result["minerals"][index]["amount_vnd"] for index in sold]
    place = main[0] if main else sold[fees.index(max(fees))]
    mineral = given[place]["mineral"]
    require(result["auctioned_mineral"] == mineral, f"{result['auctioned_mineral']} is auctioned, not {mineral}")
    rate = result["minerals"][place]["rate_percent"]
    require(result["start_rate_percent"] == rate, f"the start {result['start_rate_percent']} is not the rate {rate}")


def check_order_of_area_minerals_is_irrelevant(compute: Compute, document: Json) -> None:
    """In another order the same lines, estimate and deposit, but where two minerals tie for the auction (contract)."""
    turned = {**document, "minerals": document["minerals"][::-1]}
    amounts = [one["amount_vnd"] for one in computed(compute, _terms_of(document))["result"]["minerals"]]
    tie = not any(line.get("main") for line in document["minerals"]) and len(set(amounts)) < len(amounts)
    if tie:
        return
    one, other = (computed(compute, each)["result"] for each in (document, turned))
    require(one["minerals"] == other["minerals"][::-1], "the lines change with their order")
    for name in ("auctioned_mineral", "start_rate_percent", "estimated_fee_vnd", "deposit_vnd"):
        require(one[name] == other[name], f"{name} changes with the order of the minerals")


def check_the_start_as_outcome_is_the_terms(compute: Compute, document: Json) -> None:
    """Won at the start itself (n = 0), every rate, line and sum is that of the terms (Art. 148(2))."""
    terms = computed(compute, _terms_of(document))["result"]
    at_start = {**document, "winning_rate_percent": terms["start_rate_percent"]}
    outcome = computed(compute, at_start)["result"]
    require(outcome["steps"] == 0 and outcome["times_start"] == "1", "won at the start, yet steps above it")
    for name in ("auctioned_mineral", "estimated_fee_vnd", "deposit_vnd", "minerals"):
        require(outcome[name] == terms[name], f"{name} at the start is {outcome[name]}, the terms say {terms[name]}")


def check_rates_follow_the_winning_rate(compute: Compute, document: Json) -> None:
    """R_đg,i = R_i x R_tđg : R_kđ, exact; waste rock and tailings keep R_i (Art. 148(2)-(3)); the rate is start + n x step."""
    terms, result = (computed(compute, each)["result"] for each in (_terms_of(document), document))
    won, start = number_of(result["winning_rate_percent"]), number_of(result["start_rate_percent"])
    require(won == number_of(document["winning_rate_percent"]), "another winning rate than was given")
    grid = start + result["steps"] * number_of(result["step_rate_percent"])
    require(won == grid and result["steps"] >= 0, f"{won} is not start + {result['steps']} steps")
    for given, before, after in zip(document["minerals"], terms["minerals"], result["minerals"], strict=True):
        times = 1 if given.get("as") else won / start
        require(number_of(after["rate_percent"]) == number_of(before["rate_percent"]) * times, f"{after} from {before}")


def check_plan_spreads_each_scenario(compute: Compute, document: Json) -> None:
    """T_hn = T : X (Art. 132(2)): floor(T / X), the last takes the rest; the expected scenario is the outcome itself; more
    reserve or a higher price never costs less; times_deposit is T over the deposit to two decimals."""
    result = computed(compute, document)["result"]
    X, cells = result["payments"], result["scenarios"]
    names = ("low", "expected", "high")
    where = [(cell["quantity_level"], cell["price_level"]) for cell in cells]
    require(where == [(q, p) for q in names for p in names], f"the scenarios are {where}")
    for cell in cells:
        require(cell["annual_vnd"] == cell["total_vnd"] // X, f"{cell} does not spread over {X} payments")
        paid = cell["annual_vnd"] * (X - 1) + cell["last_vnd"]
        require(paid == cell["total_vnd"], f"{cell} pays {paid}")
        times = None
        if result["deposit_vnd"]:
            times = Fraction(half_up(Fraction(100 * cell["total_vnd"], result["deposit_vnd"])), 100)
        found = cell["times_deposit"]
        require(times == (None if found is None else number_of(found)), f"{cell} is {times} times the deposit")
    require(cells[4]["total_vnd"] == result["estimated_fee_vnd"], "the expected scenario is not the outcome")
    totals = [cell["total_vnd"] for cell in cells]
    rows, columns = [totals[i : i + 3] for i in (0, 3, 6)], [totals[i::3] for i in range(3)]
    require(all(line == sorted(line) for line in (*rows, *columns)), f"the totals do not ascend: {totals}")


def check_old_deposit(compute: Compute, document: Json) -> None:
    """The old deposit is a share of the starting price, or of the sum at the starting rate (Decree 22/2012 Art. 5(1))."""
    result = computed(compute, document)["result"]
    start = result["start_vnd"] if "start_vnd" in result else result["estimated_fee_vnd"]
    share = number_of(document["deposit_percent"]) / 100
    require(result["deposit_vnd"] == half_up(start * share), f"deposit_vnd is not {share} of {start}")


def check_old_outcome(compute: Compute, document: Json) -> None:
    """A bid is start + n x step (Decree 22/2012 Art. 21(3)); R for settlements is won / start x R (Decree 193/2025 Art. 139(5)(c));
    the deposit counts towards the sum won (Decree 22/2012 Art. 5(3)), its parts add up."""
    result = computed(compute, document)["result"]
    if "won_vnd" not in result:
        return
    names = ("won_vnd", "start_vnd", "step_vnd")
    if "winning_rate_percent" in result:
        names = ("winning_rate_percent", "start_rate_percent", "step_rate_percent")
    won, start, step = (number_of(str(result[name])) for name in names)
    require(won == start + result["steps"] * step, f"{won} is not {start} + {result['steps']} x {step}")
    require(number_of(result["times_start"]) == won / start, "times_start is not won over start")
    for line in result.get("minerals", ()):
        if "settlement_rate_percent" in line:
            exact = won / start * number_of(line["rate_percent"])
            require(number_of(line["settlement_rate_percent"]) == exact, f"{line} should settle at {exact}")
    after = result["won_vnd"] - result["deposit_vnd"]
    require(result["after_deposit_vnd"] == after, f"after_deposit_vnd is not {after}")
    if "payment_mode" in result:
        parts = result["first_payment_vnd"] + (result["rest_vnd"] or 0)
        require(parts == result["won_vnd"], f"the parts of the sum won add up to {parts}")


def _terms_of(document: Json) -> Json:
    """The terms that an outcome or a plan rests on."""
    asked = copy.deepcopy(document)
    asked["kind"] = "auction_terms"
    for name in ("winning_rate_percent", "licence", "price_low_percent", "price_high_percent"):
        asked.pop(name, None)
    for line in asked["minerals"]:
        for name in ("quantity_low", "quantity_high"):
            line.pop(name, None)
    return asked


def check_old_line(compute: Compute, document: Json) -> None:
    """T = Q x G x K x R of the one mineral (Joint Circular 54/2014 Art. 6(1)), at the start and at the rate won."""
    result, step = computed(compute, document)["result"], step_of_rounding(document)
    quantity = number_of(document["minerals"][0]["quantity"])
    for rate, amount in (("start_rate_percent", "estimated_fee_vnd"), ("winning_rate_percent", "won_vnd")):
        if rate in result:
            exact = quantity * number_of(result["price_vnd"]) * number_of(result["k"]) * number_of(result[rate]) / 100
            require(result[amount] == half_up(exact, step), f"{amount} is not Q x G x K x R = {exact}")


_EXPLAINED: Final[tuple[Check, ...]] = (
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_trace_re_evaluates,
    check_cautions,
    check_deterministic,
)
AUCTION_TERMS_CHECKS: Final[tuple[Check, ...]] = (
    check_line_is_q_g_r,
    check_the_estimate_adds_its_lines,
    check_step_is_share_of_start,
    check_deposit_is_share_of_estimate,
    check_deposit_is_monotone_in_its_rate,
    check_the_auctioned_mineral,
    check_order_of_area_minerals_is_irrelevant,
    *_EXPLAINED,
)
"""Every invariant of sound terms."""
AUCTION_OUTCOME_CHECKS: Final[tuple[Check, ...]] = (
    *AUCTION_TERMS_CHECKS,
    check_the_start_as_outcome_is_the_terms,
    check_rates_follow_the_winning_rate,
)
"""Every invariant of a sound outcome."""
PAYMENT_PLAN_CHECKS: Final[tuple[Check, ...]] = (
    *AUCTION_OUTCOME_CHECKS,
    check_plan_spreads_each_scenario,
)
"""Every invariant of a sound payment plan."""
AUCTION_CHECKS_BY_KIND: Final[dict[str, tuple[Check, ...]]] = {
    "auction_terms": AUCTION_TERMS_CHECKS,
    "auction_outcome": AUCTION_OUTCOME_CHECKS,
    "payment_plan": PAYMENT_PLAN_CHECKS,
    "auction_money_2012": (check_old_deposit, check_old_outcome, check_deposit_is_monotone_in_its_rate, *_EXPLAINED),
    "auction_rate_2012": (
        check_old_deposit,
        check_old_line,
        check_old_outcome,
        check_deposit_is_monotone_in_its_rate,
        *_EXPLAINED,
    ),
}
"""The invariants by the kind of document."""
