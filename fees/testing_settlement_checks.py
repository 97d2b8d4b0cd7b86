"""What every settlement, re-approval and adjustment promises, as checks for any engine of the contract (extra ``testing``).

A check takes ``compute`` (one document in, one result out) and a document that it computes; it raises
:class:`BrokenInvariant` saying what does not hold. Each docstring names the article or the clause of the contract it states.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from fees.testing_checks import (
    check_cautions,
    check_deterministic,
    check_due_dates_ascend,
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_order_of_minerals_is_irrelevant,
    check_total_adds_printed_lines,
    check_trace_re_evaluates,
)
from fees.testing_results import Compute, Json, computed, number_of, require, step_of_rounding
from rules.lawbook import law_book
from rules.number import half_up

Check = Callable[[Compute, Json], None]


def check_settled_lines(compute: Compute, document: Json) -> None:
    """T = Σ Q_i x G_i x R_i (Decree 193/2025 Art. 139(2)) with Q_i = SL_i x TL_qđ: each mineral-year is the product of its
    printed figures, rounded half up once; minerals add their years, the settlement adds its minerals (Art. 139(6))."""
    result, step = computed(compute, document)["result"], step_of_rounding(document)
    for given, mineral in zip(document["minerals"], result["minerals"], strict=True):
        require(given["mineral"] == mineral["mineral"], "the minerals are not in the order of the input")
        for declared, year in zip(given["years"], mineral["years"], strict=True):
            require(declared["year"] == year["year"], "the years are not in the order of the input")
            Q = number_of(declared["output"]) * number_of(year["output_factor"])
            require(number_of(year["quantity"]) == Q, f"{year} is not the output {declared['output']} x TL_qđ")
            exact = Q * number_of(year["price_vnd"]) * number_of(year["rate_percent"]) / 100
            require(year["amount_vnd"] == half_up(exact, step), f"{year} is not Q x G x R = {exact}")
        total = sum(year["amount_vnd"] for year in mineral["years"])
        require(
            mineral["settled_vnd"] == total, f"{mineral['mineral']}: settled_vnd is not the sum {total} of its years"
        )
    total = sum(mineral["settled_vnd"] for mineral in result["minerals"])
    require(
        result["settled_vnd"] == total, f"settled_vnd {result['settled_vnd']} is not the sum of its minerals, {total}"
    )


def check_outcome_is_consistent(compute: Compute, document: Json) -> None:
    """Overpaid, underpaid or even is the sign of settled less paid (Art. 139(8)); what was paid changes no line: paying one
    đồng less, exactly, and one more makes underpaid, even, overpaid."""
    result = computed(compute, document)["result"]
    _require_outcome(result, document["paid_vnd"])
    settled = result["settled_vnd"]
    for paid in {max(settled - 1, 0), settled, min(settled + 1, 10**18)}:
        again = computed(compute, {**document, "paid_vnd": paid})["result"]
        _require_outcome(again, paid)
        require(again["minerals"] == result["minerals"], "what was paid changes the settled lines")


def _require_outcome(result: Json, paid: int) -> None:
    difference = result["settled_vnd"] - paid
    require(result["paid_vnd"] == paid, f"paid_vnd {result['paid_vnd']} is not {paid}")
    require(result["difference_vnd"] == difference, f"difference_vnd is not settled - paid = {difference}")
    outcome = "overpaid" if difference < 0 else "underpaid" if difference > 0 else "even"
    require(result["outcome"] == outcome, f"{result['outcome']} with a difference of {difference}")


def check_offsets_take_the_excess_in_order(compute: Compute, document: Json) -> None:
    """An excess of the first settlement goes to budget debts, then to the next instalments, then to the tax office; of the
    others it is the tax office's (Art. 139(8)(a), (c)). The three are never negative and add up to the excess."""
    result = computed(compute, document)["result"]
    excess = max(-result["difference_vnd"], 0)
    debts, later = result["offset_debts_vnd"], result["offset_next_instalments_vnd"]
    rest = result["excess_for_tax_office_vnd"]
    require(min(debts, later, rest) >= 0, f"an offset is negative: {debts}, {later}, {rest}")
    require(debts + later + rest == excess, f"{debts} + {later} + {rest} is not the excess {excess}")
    if document["case"] != "first":
        require(rest == excess, f"{debts} + {later} offset although this is not the first settlement")
        return
    owed, limit = document.get("budget_debts_vnd") or 0, document.get("next_instalments_vnd")
    require(debts == min(excess, owed), f"{debts} offset against debts of {owed} with an excess of {excess}")
    require(limit is None or later <= limit, f"{later} offset against next instalments of {limit}")
    require(not rest or (limit is not None and later == limit), f"{rest} left while instalments could take more")


def check_additional_due_date(compute: Compute, document: Json) -> None:
    """An additional payment is due after the notice, on a working day; without a notice, or with nothing to pay, there is no
    date (Art. 139(8)(b)). A later notice never falls due earlier under one rule."""
    result = computed(compute, document)["result"]
    due, notice = result["additional_due_on"], document.get("notice_on")
    wanted = result["outcome"] == "underpaid" and notice is not None
    require((due is not None) == wanted, f"additional_due_on is {due}: {result['outcome']}, notice {notice}")
    if due is not None and notice is not None:
        day = date.fromisoformat(due)
        require(day > date.fromisoformat(notice), f"due {due}, noticed {notice}")
        require(law_book().calendar.is_working_day(day), f"due on {due}, a day off")


def check_top_up_shows_both_readings(compute: Compute, document: Json) -> None:
    """The difference and the unpaid quantity re-priced at the cut-off stand side by side and named (Art. 139(8)(b)); the
    second needs a price and a quantity of every mineral; an underpaid result carries ``reading_chosen``."""
    answer = computed(compute, document)
    result = answer["result"]
    top_up = result["top_up"]
    owed = max(result["difference_vnd"], 0)
    require(top_up["difference_vnd"] == owed, f"top_up.difference_vnd {top_up['difference_vnd']} is not {owed}")
    given = all(
        one.get("cutoff_price") is not None and one.get("unpaid_quantity") is not None for one in document["minerals"]
    )
    wanted = given and owed > 0
    require((top_up["repriced_vnd"] is not None) == wanted, f"repriced_vnd is {top_up['repriced_vnd']}, owed {owed}")
    codes = {one["code"] for one in answer["cautions"]}
    require(owed == 0 or "reading_chosen" in codes, "underpaid without the caution reading_chosen")


def check_order_of_years_is_irrelevant(compute: Compute, document: Json) -> None:
    """Minerals and years are settled each by itself (Art. 139(2), (6)): in another order the same lines and sums."""
    turned = copy.deepcopy(document)
    turned["minerals"].reverse()
    for mineral in turned["minerals"]:
        mineral["years"].reverse()
    one, other = (computed(compute, each)["result"] for each in (document, turned))
    for mineral in other["minerals"]:
        mineral["years"].reverse()
    require(one["minerals"] == other["minerals"][::-1], "the lines change with their order")
    for name in set(one) - {"minerals"}:
        require(one[name] == other[name], f"{name} changes with the order of minerals and years")


def check_two_periods_settle_as_one(compute: Compute, document: Json) -> None:
    """Settling in one period or in two that meet at a 31 December gives the same total: years are rounded each by itself
    (contract, Rounding)."""
    whole = {**document, "case": "event"}
    years = sorted({year["year"] for mineral in document["minerals"] for year in mineral["years"]})
    total = computed(compute, whole)["result"]["settled_vnd"]
    for last in years[:-1]:
        parts = [_years_of(whole, low, high) for low, high in ((years[0], last), (last + 1, years[-1]))]
        sums = [computed(compute, part)["result"]["settled_vnd"] for part in parts]
        require(sum(sums) == total, f"up to {last} and from there on {sums}, together not {total}")


def _years_of(document: Json, first: int, last: int) -> Json:
    """The part of a settlement that lies in some years, at the same cut-off: rates won are compared with that day's own."""
    minerals = []
    for mineral in document["minerals"]:
        years = [year for year in mineral["years"] if first <= year["year"] <= last]
        # without cutoff_price: the unpaid quantity belongs to the whole
        kept = {name: value for name, value in mineral.items() if not name.startswith(("cutoff_", "unpaid_"))}
        minerals += [{**kept, "years": years}] if years else []
    return {**document, "minerals": minerals}


def check_remaining_lines(compute: Compute, document: Json) -> None:
    """T_pdl = Q_cl x G x R (Art. 141(1)); Q_cl is what is licensed less what was mined, with what was mined before 2014 in
    units of output until 2026-01-15 and of the reserve from 2026-01-16 (Art. 141(2)(a)): mined and left make licensed."""
    step = step_of_rounding(document)
    before_in = law_book().get("reapproval.mined_before_2014_in", date.fromisoformat(document["decided_on"])).text()
    for given, line in zip(document["minerals"], computed(compute, document)["result"]["minerals"], strict=True):
        left, TL = number_of(line["remaining_quantity"]), number_of(line["output_factor"])
        exact = left * number_of(line["price_vnd"]) * number_of(line["rate_percent"]) / 100
        require(line["amount_vnd"] == half_up(exact, step), f"{line} is not Q_cl x G x R = {exact}")
        require(left >= 0, f"{line}: a negative remainder")
        if given.get("flow_m3_per_day") is not None:
            hours = number_of(given.get("hours_per_day") or "24")
            wanted = number_of(given["flow_m3_per_day"]) * given["term_days"] * hours / 24
            require(left == wanted, f"{line['mineral']}: {left} is not flow x term = {wanted}")
            continue
        before = number_of(given.get("mined_before_2014") or "0") * (1 if before_in == "reserve" else TL)
        mined = before + number_of(given["mined_since_2014"]) * TL
        licensed = _licensed(given)
        require(
            left + mined == licensed, f"{line['mineral']}: {left} left and {mined} mined are not {licensed} licensed"
        )


def _licensed(given: Json) -> Fraction:
    if given.get("licensed_quantity") is not None:
        return number_of(given["licensed_quantity"])
    if given.get("reserves") is not None:
        order = ("allowed", "mining", "in_design", "geological", "mine")
        return number_of(next(given["reserves"][name] for name in order if given["reserves"].get(name) is not None))
    if given.get("capacity_per_year") is not None:
        return number_of(given["capacity_per_year"]) * int(given["licence_years"])
    names = ("consumption_per_product", "products_per_year", "remaining_years")
    consumption, products, years = (number_of(given[name]) for name in names)
    return consumption * products * years


def check_equal_instalments(compute: Compute, document: Json) -> None:
    """T_hn = T : X in whole đồng, the last payment takes the rest (Art. 132(2), 141(4)): one a year without a gap, adding up
    to the total."""
    result = computed(compute, document)["result"]
    schedule, total, payments = result["schedule"], result["total_vnd"], result["payments"]
    if total is None:
        require(payments is None and result["annual_vnd"] is None and not schedule, "nothing adjusted, yet payments")
        return
    years = [one["year"] for one in schedule]
    require(years == list(range(years[0], years[0] + payments)), f"payments is {payments} for the years {years}")
    require(result["annual_vnd"] == total // payments, f"annual_vnd {result['annual_vnd']} is not floor(T / X)")
    require(all(one["amount_vnd"] == total // payments for one in schedule[:-1]), "the payments before the last differ")
    paid = sum(one["amount_vnd"] for one in schedule)
    require(paid == total, f"the schedule sums to {paid}, the total is {total}")


def check_settled_years_keep_their_sum(compute: Compute, document: Json) -> None:
    """Settled years keep their sum, for the others the fee is computed with what is left (Art. 136(3)): leaving the settled
    years out changes nothing else."""
    result = computed(compute, document)["result"]
    kept = sum(one["amount_vnd"] for one in document.get("settled") or ())
    require(result["settled_vnd"] == kept, f"settled_vnd {result['settled_vnd']} is not {kept}")
    alone = computed(compute, {**document, "settled": []})["result"]
    require({**result, "settled_vnd": 0} == alone, "the settled years change what is computed for the others")


def check_adjusted_lines(compute: Compute, document: Json) -> None:
    """Art. 132 with what is left: each line is Q x G x R, rounded once; the total adds them where anything triggers."""
    result, step = computed(compute, document)["result"], step_of_rounding(document)
    for line in result["minerals"]:
        exact = (
            number_of(line["remaining_quantity"]) * number_of(line["price_vnd"]) * number_of(line["rate_percent"]) / 100
        )
        require(line["amount_vnd"] == half_up(exact, step), f"{line} is not Q x G x R = {exact}")
    total = sum(line["amount_vnd"] for line in result["minerals"])
    require(result["total_vnd"] == (total if result["triggered"] else None), f"total_vnd is {result['total_vnd']}")


def check_trigger(compute: Compute, document: Json) -> None:
    """A change of reserve or term always adjusts; otherwise a price that moved by more than the threshold, up or down, or a
    rate that changed (Art. 136(1)) does, and nothing else."""
    result = computed(compute, document)["result"]
    moved = document["reason"] != "price_or_rate"
    threshold = _threshold(document)
    for given, line in zip(document["minerals"], result["minerals"], strict=True):
        if given.get("approved_price_vnd") is not None:
            approved = number_of(given["approved_price_vnd"])
            moved |= abs(number_of(line["price_vnd"]) - approved) / approved > threshold
        if given.get("approved_rate_percent") is not None:
            moved |= number_of(given["approved_rate_percent"]) != number_of(line["rate_percent"])
    require(result["triggered"] is moved, f"triggered is {result['triggered']}, the figures say {moved}")


def check_threshold_is_symmetric(compute: Compute, document: Json) -> None:
    """A price that moved up or down by exactly the threshold does not adjust, one that moved a little further does
    (Art. 136(1)(c): more than 20 %)."""
    share = _threshold(document)
    line = {name: value for name, value in document["minerals"][0].items() if not name.startswith("approved_")}
    for sign in (1, -1):
        for beyond in (0, 1):
            amount = 10**6 * (1 + sign * share) + sign * beyond
            price: Json = {"kind": "raw", "amount": int(amount), "unit": line["quantity_unit"]}
            moved = {**line, "price": price, "conversion": {}, "approved_price_vnd": str(Decimal(10**6))}
            result = computed(compute, {**document, "reason": "price_or_rate", "minerals": [moved]})["result"]
            require(
                result["triggered"] is bool(beyond), f"{amount} against {10**6}: triggered is {result['triggered']}"
            )


def _threshold(document: Json) -> Fraction:
    row = law_book().get("adjustment.price_threshold", date.fromisoformat(document["adjusted_on"]))
    return Fraction(row.number()) / 100


_EXPLAINED: Final[tuple[Check, ...]] = (
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_trace_re_evaluates,
    check_cautions,
    check_deterministic,
)

SETTLEMENT_CHECKS: Final[tuple[Check, ...]] = (
    check_settled_lines,
    check_outcome_is_consistent,
    check_offsets_take_the_excess_in_order,
    check_additional_due_date,
    check_top_up_shows_both_readings,
    check_order_of_years_is_irrelevant,
    check_two_periods_settle_as_one,
    *_EXPLAINED,
)
"""Every invariant of a sound settlement document."""

REAPPROVAL_CHECKS: Final[tuple[Check, ...]] = (
    check_remaining_lines,
    check_total_adds_printed_lines,
    check_equal_instalments,
    check_due_dates_ascend,
    check_order_of_minerals_is_irrelevant,
    *_EXPLAINED,
)
"""Every invariant of a sound re-approval document."""

ADJUSTMENT_CHECKS: Final[tuple[Check, ...]] = (
    check_settled_years_keep_their_sum,
    check_adjusted_lines,
    check_trigger,
    check_threshold_is_symmetric,
    check_equal_instalments,
    check_order_of_minerals_is_irrelevant,
    *_EXPLAINED,
)
"""Every invariant of a sound adjustment document."""

CHECKS_BY_KIND: Final[dict[str, tuple[Check, ...]]] = {
    "settlement": SETTLEMENT_CHECKS,
    "reapproval": REAPPROVAL_CHECKS,
    "adjustment": ADJUSTMENT_CHECKS,
}
"""The invariants by the kind of document."""
