"""What every restoration deposit promises; and that a check which passes a wrong engine would be seen."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from example_counts import examples
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from api.contract import compute
from api.contract.examples import EXAMPLES
from api.contract.schemas import schema_of
from fees.testing import (
    ESCROW_CHECKS,
    ESCROW_SCHEDULE_CHECKS,
    RESTORATION_COST_CHECKS,
    BrokenInvariant,
    Compute,
    Json,
    check_chaining_is_associative,
    check_days_late,
    check_deposits_sum_to_total,
    check_first_share_by_term,
    check_index_never_falls_with_rising_prices,
    check_indexing_by_100_is_the_identity,
    check_interest_is_between_its_rates,
    check_parts_sum_to_works,
    check_payments_are_all_counted,
    check_regime_is_cited,
    check_which_deposits_are_indexed,
    escrow_documents,
    escrow_schedule_documents,
    restoration_cost_documents,
)

KINDS = ("escrow", "escrow_schedule", "restoration_cost")
VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in KINDS}


@pytest.mark.gate
@settings(max_examples=examples(150, 10_000))
@given(document=escrow_documents())
def test_escrows(document: Json) -> None:
    VALIDATORS["escrow"].validate(document)
    for check in ESCROW_CHECKS:
        check(compute, document)


@pytest.mark.gate
@settings(max_examples=examples(100, 10_000))
@given(document=escrow_schedule_documents())
def test_escrow_schedules(document: Json) -> None:
    VALIDATORS["escrow_schedule"].validate(document)
    for check in ESCROW_SCHEDULE_CHECKS:
        check(compute, document)


@pytest.mark.gate
@settings(max_examples=examples(100, 10_000))
@given(document=restoration_cost_documents())
def test_restoration_costs(document: Json) -> None:
    VALIDATORS["restoration_cost"].validate(document)
    for check in RESTORATION_COST_CHECKS:
        check(compute, document)


Wrong = Callable[[Json], Any]
"""Makes a sound answer wrong."""


def engine(wrong: Wrong) -> Compute:
    def computed(document: Json) -> Json:
        answer = copy.deepcopy(compute(document))
        wrong(answer)
        return answer

    return computed


def in_result(**values: Any) -> Wrong:
    return lambda answer: answer["result"].update(values)


def in_line(at: int, **values: Any) -> Wrong:
    return lambda answer: answer["result"]["instalments"][at].update(values)


def dearer_with_every_index(answer: Json) -> None:
    """An engine that adds what it multiplies: each index counts from 100 up."""
    for line in answer["result"]["instalments"]:
        steps = [
            step
            for step in answer["trace"]
            if step["symbol"].startswith("CPI_") and int(step["symbol"][4:8]) < line["year"]
        ]
        if line["amount_vnd"] is not None:
            line["amount_vnd"] = line["base_vnd"] + sum(1 for step in steps if step["value"] != "100")


def dearer_at_100(answer: Json) -> None:
    answer["result"]["instalments"][1]["amount_vnd"] += 1


def cited_elsewhere(answer: Json) -> None:
    next(step for step in answer["trace"] if step["symbol"] == "p")["cite"][0]["instrument"] = "1/1999"


RISING = EXAMPLES["escrow"]
OLD = EXAMPLES["escrow"] | {"regime": "38/2015"}
SCHEDULE = EXAMPLES["escrow_schedule"]
COST = EXAMPLES["restoration_cost"]


@pytest.mark.parametrize(
    ("check", "document", "wrong"),
    [
        (check_deposits_sum_to_total, RISING, in_line(1, base_vnd=1)),
        (check_deposits_sum_to_total, RISING, in_result(total_base_vnd=1)),
        (check_deposits_sum_to_total, RISING, in_line(1, number=1)),
        (check_deposits_sum_to_total, RISING, in_line(2, year=2030)),
        (check_first_share_by_term, RISING, in_result(first_percent="20")),
        (check_first_share_by_term, RISING, in_result(mode="one_off")),
        (check_first_share_by_term, RISING, in_result(first_base_vnd=1)),
        (check_first_share_by_term, RISING, in_line(2, base_vnd=1)),
        (check_first_share_by_term, RISING, lambda answer: answer["result"]["instalments"].pop()),
        (check_which_deposits_are_indexed, RISING, in_line(0, amount_vnd=None)),
        (check_which_deposits_are_indexed, RISING, in_line(5, index="1.1", amount_vnd=5)),
        (check_which_deposits_are_indexed, OLD, in_line(0, index="1.0284")),
        (check_indexing_by_100_is_the_identity, RISING, dearer_at_100),
        (check_chaining_is_associative, RISING, dearer_with_every_index),
        (check_index_never_falls_with_rising_prices, RISING, in_line(0, amount_vnd=1)),
        (check_regime_is_cited, RISING, cited_elsewhere),
        (check_payments_are_all_counted, SCHEDULE, in_result(credit_vnd=1)),
        (check_payments_are_all_counted, SCHEDULE, in_result(balance_vnd=1)),
        (check_payments_are_all_counted, SCHEDULE, in_line(0, open_vnd=1)),
        (check_payments_are_all_counted, SCHEDULE, in_result(indexed_vnd=1)),
        (check_days_late, SCHEDULE, in_line(0, days_late=1)),
        (check_days_late, SCHEDULE, in_line(2, days_late=0)),
        (check_days_late, SCHEDULE, in_line(5, days_late=3)),
        (check_interest_is_between_its_rates, SCHEDULE, in_result(earned_vnd=10**9)),
        (check_parts_sum_to_works, COST, in_result(works_vnd=1)),
        (check_parts_sum_to_works, COST, in_result(restoration_cost_vnd=None)),
        (check_parts_sum_to_works, COST, lambda answer: answer["result"]["parts"][0].update(amount_vnd=1)),
        (check_parts_sum_to_works, COST, lambda answer: answer["result"]["items"][0].update(amount_vnd=1)),
    ],
)  # fmt: skip
def test_a_wrong_engine_is_caught(check: Callable[[Compute, Json], None], document: Json, wrong: Wrong) -> None:
    check(compute, copy.deepcopy(document))
    with pytest.raises(BrokenInvariant):
        check(engine(wrong), copy.deepcopy(document))
