"""What every settlement, re-approval and adjustment promises; and that a check which passes a wrong engine would be seen."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from example_counts import examples
from hypothesis import Phase, given, settings
from jsonschema import Draft202012Validator

from api.contract import compute
from api.contract.examples import EXAMPLES
from api.contract.schemas import schema_of
from fees.testing import (
    ADJUSTMENT_CHECKS,
    REAPPROVAL_CHECKS,
    SETTLEMENT_CHECKS,
    BrokenInvariant,
    Compute,
    Json,
    adjustment_documents,
    check_additional_due_date,
    check_adjusted_lines,
    check_equal_instalments,
    check_offsets_take_the_excess_in_order,
    check_order_of_years_is_irrelevant,
    check_outcome_is_consistent,
    check_remaining_lines,
    check_settled_lines,
    check_settled_years_keep_their_sum,
    check_threshold_is_symmetric,
    check_top_up_shows_both_readings,
    check_trigger,
    check_two_periods_settle_as_one,
    reapproval_documents,
    settlement_documents,
)
from rules.lawbook import law_book

VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in ("settlement", "reapproval", "adjustment")}
OVERPAID = EXAMPLES["settlement"] | {"budget_debts_vnd": 1000, "next_instalments_vnd": 1000}
UNDERPAID = EXAMPLES["settlement"] | {"paid_vnd": 5}


@pytest.mark.gate
@settings(max_examples=examples(150, 10_000))
@given(document=settlement_documents())
def test_settlements(document: Json) -> None:
    VALIDATORS["settlement"].validate(document)
    for check in SETTLEMENT_CHECKS:
        check(compute, document)


@pytest.mark.gate
@settings(max_examples=examples(150, 10_000))
@given(document=reapproval_documents())
def test_reapprovals(document: Json) -> None:
    VALIDATORS["reapproval"].validate(document)
    for check in REAPPROVAL_CHECKS:
        check(compute, document)


@pytest.mark.gate
@settings(max_examples=examples(150, 10_000))
@given(document=adjustment_documents())
def test_adjustments(document: Json) -> None:
    VALIDATORS["adjustment"].validate(document)
    for check in ADJUSTMENT_CHECKS:
        check(compute, document)


Wrong = Callable[[Json, Json], Any]
"""Makes a sound answer (second) to a document (first) wrong."""


def engine(wrong: Wrong) -> Compute:
    def computed(document: Json) -> Json:
        answer = copy.deepcopy(compute(document))
        wrong(document, answer)
        return answer

    return computed


def in_result(**values: Any) -> Wrong:
    return lambda document, answer: answer["result"].update(values)


def in_first_line(**values: Any) -> Wrong:
    return lambda document, answer: answer["result"]["minerals"][0].update(values)


def later_years_cost_more(document: Json, answer: Json) -> None:
    if len(document["minerals"][0]["years"]) > 1:
        answer["result"]["settled_vnd"] += 1


def first_year_pays_more(document: Json, answer: Json) -> None:
    answer["result"]["minerals"][0]["years"][0]["amount_vnd"] += 1


def settled_years_count(document: Json, answer: Json) -> None:
    answer["result"]["annual_vnd"] += len(document.get("settled") or ())


def falls_are_ignored(document: Json, answer: Json) -> None:
    if document["minerals"][0]["price"]["amount"] < 10**6:
        answer["result"]["triggered"] = False


@pytest.mark.parametrize(
    ("check", "document", "wrong"),
    [
        (check_settled_lines, OVERPAID, first_year_pays_more),
        (check_settled_lines, OVERPAID, in_first_line(settled_vnd=1)),
        (check_settled_lines, OVERPAID, in_result(settled_vnd=1)),
        (check_outcome_is_consistent, OVERPAID, in_result(outcome="even")),
        (check_outcome_is_consistent, OVERPAID, in_result(difference_vnd=1)),
        (check_offsets_take_the_excess_in_order, OVERPAID, in_result(offset_debts_vnd=0)),
        (check_offsets_take_the_excess_in_order, OVERPAID, in_result(offset_next_instalments_vnd=1001)),
        (check_offsets_take_the_excess_in_order, UNDERPAID, in_result(excess_for_tax_office_vnd=5)),
        (check_additional_due_date, OVERPAID, in_result(additional_due_on="2027-01-05")),
        (check_additional_due_date, UNDERPAID, in_result(additional_due_on=None)),
        (check_additional_due_date, UNDERPAID, in_result(additional_due_on="2027-01-01")),
        (check_top_up_shows_both_readings, OVERPAID, in_result(top_up={"difference_vnd": 1, "repriced_vnd": None})),
        (check_top_up_shows_both_readings, UNDERPAID, lambda document, answer: answer["cautions"].clear()),
        (check_order_of_years_is_irrelevant, OVERPAID, first_year_pays_more),
        (check_two_periods_settle_as_one, OVERPAID, later_years_cost_more),
        (check_remaining_lines, EXAMPLES["reapproval"], in_first_line(remaining_quantity="5")),
        (check_remaining_lines, EXAMPLES["reapproval"], in_first_line(amount_vnd=5)),
        (check_equal_instalments, EXAMPLES["reapproval"], in_result(annual_vnd=5)),
        (check_equal_instalments, EXAMPLES["reapproval"], lambda document, answer: answer["result"]["schedule"].pop()),
        (check_settled_years_keep_their_sum, EXAMPLES["adjustment"], in_result(settled_vnd=5)),
        (check_settled_years_keep_their_sum, EXAMPLES["adjustment"], settled_years_count),
        (check_adjusted_lines, EXAMPLES["adjustment"], in_first_line(amount_vnd=5)),
        (check_adjusted_lines, EXAMPLES["adjustment"], in_result(total_vnd=5)),
        (check_trigger, EXAMPLES["adjustment"], in_result(triggered=False)),
        (check_threshold_is_symmetric, EXAMPLES["adjustment"], falls_are_ignored),
    ],
)
def test_a_wrong_engine_is_caught(check: Callable[[Compute, Json], None], document: Json, wrong: Wrong) -> None:
    check(compute, copy.deepcopy(document))
    with pytest.raises(BrokenInvariant):
        check(engine(wrong), copy.deepcopy(document))


@pytest.mark.gate
def test_the_strategies_leave_nothing_out() -> None:
    seen: set[Any] = set()

    def see(document: Json) -> None:
        seen.update({document["kind"], document.get("case"), document.get("reason"), document.get("rounding_vnd")})
        seen.update(name for name in document if document[name] is not None)
        result = compute(document)["result"]
        seen.update({result.get("outcome"), ("triggered", result.get("triggered"))})
        seen.update(("repriced",) if result.get("top_up", {}).get("repriced_vnd") else ())
        for mineral in document["minerals"]:
            seen.update({mineral["mineral"], mineral["right"]["by"], mineral.get("as")})
            seen.update(name for name in mineral if mineral[name] is not None)
            for one in (mineral, *mineral.get("years", ())):
                seen.update(name for name in one if one[name] is not None)
                seen.update({one.get("price", {}).get("kind"), one.get("output_unit")})
                seen.update(one.get("conversion") or ())

    for strategy in (settlement_documents(), reapproval_documents(), adjustment_documents()):
        draws = settings(max_examples=400, database=None, derandomize=True, phases=[Phase.generate])
        draws(given(document=strategy)(see))()

    minerals = set(law_book().minerals)
    assert len(minerals - seen) < len(minerals) // 4  # a draw of this size misses a few codes by chance
    wanted = {
        "first",
        "periodic",
        "event",
        "closure",
        "reserve",
        "term",
        "price_or_rate",
        1,
        1000,
    }
    wanted |= {"overpaid", "underpaid", "even", "repriced", ("triggered", True), ("triggered", False)}
    wanted |= {"no_auction", "rate_auction", "money_auction", "waste_rock", "tailings", "rate_percent", "notice_on"}
    wanted |= {"raw", "ore_grade", "concentrate", "component", "ore_bands", "kaolin_unsieved", "kaolin_sieved"}
    wanted |= {"determined", "frame_average", "m3_in_situ", "m3_loose", "tonne", "kg", "m3_water", "output_factor"}
    wanted |= {"kaolin_recovery", "output_state", "bulking_factor", "density", "fee_approved_on", "cutoff_conversion"}
    wanted |= {"licensed_quantity", "reserves", "capacity_per_year", "products_per_year", "flow_m3_per_day", "settled"}
    assert wanted <= seen, wanted - seen


def test_a_settlement_ahead_of_its_cut_off_is_computed_and_says_so() -> None:
    case = {**EXAMPLES["settlement"], "case": "event", "cutoff_on": "2026-12-31"}
    codes = {
        day: [one["code"] for one in compute({**case, "settled_on": day})["not_applied"]]
        for day in ("2026-12-30", "2026-12-31")
    }
    assert "cutoff_ahead" in codes["2026-12-30"]
    assert "cutoff_ahead" not in codes["2026-12-31"]
