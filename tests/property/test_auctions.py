"""What every auction promises; that a check which passes a wrong engine would be seen; what terms and notes say."""

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
    AUCTION_CHECKS_BY_KIND,
    AUCTION_KINDS,
    AuctionKind,
    BrokenInvariant,
    Compute,
    Json,
    auction_documents,
    check_deposit_is_monotone_in_its_rate,
    check_deposit_is_share_of_estimate,
    check_old_deposit,
    check_old_line,
    check_old_outcome,
    check_order_of_area_minerals_is_irrelevant,
    check_plan_spreads_each_scenario,
    check_rates_follow_the_winning_rate,
    check_step_is_share_of_start,
    check_the_auctioned_mineral,
    check_the_estimate_adds_its_lines,
    check_the_start_as_outcome_is_the_terms,
)

Wrong = Callable[[Json, Json], None]


@pytest.mark.gate
@pytest.mark.parametrize("kind", AUCTION_KINDS)
def test_every_auction_keeps_its_promises(kind: AuctionKind) -> None:
    valid = Draft202012Validator(schema_of(kind))

    @settings(max_examples=examples(60, 5_000))
    @given(document=auction_documents(kind))
    def promises(document: Json) -> None:
        valid.validate(document)
        for check in AUCTION_CHECKS_BY_KIND[kind]:
            check(compute, document)

    promises()


def engine(wrong: Wrong) -> Compute:
    def computed(document: Json) -> Json:
        answer = copy.deepcopy(compute(document))
        wrong(document, answer["result"])
        return answer

    return computed


def put(**values: Any) -> Wrong:
    return lambda document, result: result.update(values)


def deposit_falls_with_its_rate(document: Json, result: Json) -> None:
    result["deposit_vnd"] = int(10**12 / float(document["deposit_percent"]))


def last_mineral_is_auctioned(document: Json, result: Json) -> None:
    result["auctioned_mineral"] = document["minerals"][-1]["mineral"]


def companion_keeps_its_rate(document: Json, result: Json) -> None:
    result["minerals"][1]["rate_percent"] = "3"


def first_line_pays_more(document: Json, result: Json) -> None:
    result["minerals"][0]["amount_vnd"] += 1


def step_at_the_start(document: Json, result: Json) -> None:
    if document.get("winning_rate_percent") == "5":
        result["steps"] = 1


def dear_low_price(document: Json, result: Json) -> None:
    cell = result["scenarios"][0]
    cell.update(total_vnd=10**12, annual_vnd=10**12 // result["payments"])


def settlement_rate_of_the_start(document: Json, result: Json) -> None:
    result["minerals"][0]["settlement_rate_percent"] = "5"


@pytest.mark.parametrize(
    ("kind", "check", "wrong"),
    [
        ("auction_terms", check_step_is_share_of_start, put(step_rate_percent="0.3")),
        ("auction_terms", check_step_is_share_of_start, put(step_max_percent="0.15")),
        ("auction_terms", check_deposit_is_share_of_estimate, put(deposit_vnd=477000001)),
        ("auction_terms", check_deposit_is_monotone_in_its_rate, deposit_falls_with_its_rate),
        ("auction_terms", check_the_estimate_adds_its_lines, first_line_pays_more),
        ("auction_outcome", check_deposit_is_share_of_estimate, put(deposit_vnd=1237500000)),
        ("auction_outcome", check_the_auctioned_mineral, put(auctioned_mineral="fill_material")),
        ("auction_outcome", check_the_auctioned_mineral, put(start_rate_percent="3")),
        ("auction_outcome", check_order_of_area_minerals_is_irrelevant, last_mineral_is_auctioned),
        ("auction_outcome", check_rates_follow_the_winning_rate, companion_keeps_its_rate),
        ("auction_outcome", check_rates_follow_the_winning_rate, put(steps=29)),
        ("auction_outcome", check_the_start_as_outcome_is_the_terms, step_at_the_start),
        ("payment_plan", check_plan_spreads_each_scenario, put(payments=5)),
        ("payment_plan", check_plan_spreads_each_scenario, dear_low_price),
        ("payment_plan", check_plan_spreads_each_scenario, put(deposit_vnd=1)),
        ("auction_money_2012", check_old_deposit, put(deposit_vnd=1)),
        ("auction_money_2012", check_old_outcome, put(steps=19)),
        ("auction_money_2012", check_old_outcome, settlement_rate_of_the_start),
        ("auction_money_2012", check_old_outcome, put(after_deposit_vnd=5761000000)),
        ("auction_money_2012", check_old_outcome, put(first_payment_vnd=5760000000)),
        ("auction_rate_2012", check_old_line, put(won_vnd=18016171876)),
        ("auction_rate_2012", check_old_line, put(k="1")),
        ("auction_rate_2012", check_old_outcome, put(times_start="2")),
    ],
)
def test_a_wrong_engine_is_caught(kind: str, check: Callable[[Compute, Json], None], wrong: Wrong) -> None:
    document = copy.deepcopy(EXAMPLES[kind])
    check(compute, document)
    with pytest.raises(BrokenInvariant):
        check(engine(wrong), document)


def test_the_strategies_leave_nothing_out() -> None:
    seen: set[Any] = set()

    def see(document: Json) -> None:
        result = compute(document)["result"]
        seen.update({document["kind"], document.get("group"), document.get("explored"), document.get("rounding_vnd")})
        seen.update(name for name in document if document[name] is not None)
        seen.update({result.get("payment_mode"), result.get("deposit_percent_max"), len(document.get("minerals", ()))})
        seen.update({"at the start"} if result.get("steps") == 0 else {"above the start"} if "steps" in result else ())
        for line in document.get("minerals", ()):
            seen.update({line["mineral"], line["price"]["kind"], line.get("as"), line.get("main")})
            seen.update(name for name in line if line[name] is not None)

    for kind in AUCTION_KINDS:
        draws = settings(max_examples=200, database=None, derandomize=True, phases=[Phase.generate])
        draws(given(document=auction_documents(kind))(see))()

    wanted = {*AUCTION_KINDS, "I", "II", "III", "IV", True, False, 2, 3, 1000, None, "30", "50", "15", "20"}
    wanted |= {"one_off", "instalments", "at the start", "above the start", "waste_rock", "tailings", "price_list_on"}
    wanted |= {
        "start_vnd",
        "won_vnd",
        "rate_at_auction_percent",
        "flow_m3_per_day",
        "quantity_low",
        "river_sand_gravel",
    }
    wanted |= {
        "raw",
        "ore_grade",
        "concentrate",
        "component",
        "ore_bands",
        "kaolin_sieved",
        "determined",
        "frame_average",
    }
    assert wanted <= seen, wanted - seen


@pytest.mark.parametrize(
    ("since", "old"), [("2025-03-01", True), ("2025-03-02", False), ("2026-03-02", False), (None, False)]
)
def test_an_old_price_list_is_pointed_out(since: str | None, old: bool) -> None:
    answer = compute({**EXAMPLES["auction_terms"], "price_list_on": since})
    notes = {one["code"]: one for one in answer["not_applied"]}
    assert ("price_list_old" in notes) is old
    if old:
        assert "Quy ước" in notes["price_list_old"]["message_vi"]


def test_the_terms_say_what_the_start_leaves_out() -> None:
    notes = {one["code"]: one for one in compute(EXAMPLES["auction_terms"])["not_applied"]}
    assert {"start_is_a_rate", "start_excludes", "deposit_not_offset"} <= set(notes)
    assert "thuế tài nguyên" in notes["start_excludes"]["message_vi"]
    assert notes["deposit_not_offset"]["cite"][0]["at"] == "Điều 102 khoản 3"


def test_explored_and_unexplored_areas_have_the_same_start() -> None:
    explored, unexplored = (compute({**EXAMPLES["auction_terms"], "explored": value}) for value in (True, False))
    assert explored["result"] == unexplored["result"]
    labels = [
        next(step for step in one["trace"] if step["symbol"] == "Q")["label_vi"] for one in (explored, unexplored)
    ]
    assert labels == ["Trữ lượng, khối lượng đưa ra đấu giá", "Tài nguyên, khối lượng đưa ra đấu giá"]


def test_all_faults_of_terms_are_told_at_once() -> None:
    document = {**EXAMPLES["auction_outcome"], "step_percent_of_start": "11", "deposit_percent": "51"}
    errors = compute(document)["errors"]
    assert [(one["code"], one["field"]) for one in errors] == [
        ("out_of_range", "step_percent_of_start"),
        ("out_of_range", "deposit_percent"),
    ]
