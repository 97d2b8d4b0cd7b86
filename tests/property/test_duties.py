"""What every recurring duty promises; and that a check which passes a wrong engine would be seen."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from example_counts import examples
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api.contract import compute
from api.contract.examples import EXAMPLES
from api.contract.schemas import schema_of
from fees.testing import DUTY_CHECKS_BY_KIND, DUTY_DOCUMENTS, BrokenInvariant, Json, check_refusal, spoiled
from fees.testing_duty_checks import (
    Check,
    check_appraisal_grows_with_the_cost,
    check_contribution_lines,
    check_extension_is_never_dearer,
    check_fee_is_linear_in_quantities,
    check_interest_is_proportional_to_the_days,
    check_open_pit_pays_its_coefficient,
    check_order_of_charged_minerals_is_irrelevant,
    check_return_is_due_on_a_working_day,
    check_tax_is_q_g_t,
)

VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in DUTY_DOCUMENTS}
APPRAISAL = {"kind": "licence_fee", "granted_on": "2026-03-02", "licence_class": "reserve_appraisal"}
Wrong = Callable[[Json, Json], None]


@pytest.mark.gate
@pytest.mark.parametrize("kind", DUTY_DOCUMENTS)
def test_duties(kind: str) -> None:
    @settings(max_examples=examples(100, 10_000))
    @given(document=DUTY_DOCUMENTS[kind]())
    def holds(document: Json) -> None:
        VALIDATORS[kind].validate(document)
        for check in DUTY_CHECKS_BY_KIND[kind]:
            check(compute, document)

    holds()


@pytest.mark.gate
@pytest.mark.parametrize("kind", DUTY_DOCUMENTS)
def test_every_fault_of_a_duty_is_named(kind: str) -> None:
    @settings(max_examples=examples(5, 200))
    @given(document=DUTY_DOCUMENTS[kind]())
    def is_named(document: Json) -> None:
        for broken in spoiled(document):
            check_refusal(compute, broken)

    is_named()


def adds(name: str, when: Callable[[Json], bool] = lambda document: True, by: int = 5) -> Wrong:
    return lambda document, answer: (
        answer["result"].update({name: answer["result"][name] + by}) if when(document) else None
    )


@pytest.mark.parametrize(
    ("check", "document", "wrong"),
    [
        (check_tax_is_q_g_t, EXAMPLES["resource_tax"], adds("tax_vnd")),
        (
            check_tax_is_q_g_t,
            EXAMPLES["resource_tax"],
            lambda document, answer: answer["result"].update(taxable_price_vnd="85000"),
        ),
        (
            check_return_is_due_on_a_working_day,
            EXAMPLES["resource_tax"] | {"with_due_date": True},
            lambda document, answer: answer["result"].update(due_on="2026-09-20"),
        ),
        (
            check_return_is_due_on_a_working_day,
            EXAMPLES["environmental_fee"] | {"with_due_date": True},
            adds("fee_vnd", lambda document: bool(document["with_due_date"])),
        ),
        (check_fee_is_linear_in_quantities, EXAMPLES["environmental_fee"], adds("fee_vnd")),
        (
            check_open_pit_pays_its_coefficient,
            EXAMPLES["environmental_fee"],
            adds("fee_vnd", lambda document: document["mining_method"] == "other"),
        ),
        (
            check_order_of_charged_minerals_is_irrelevant,
            EXAMPLES["environmental_fee"]
            | {"minerals": [{"quantity": str(n), "rate_vnd_per_unit": 5} for n in (1, 2)]},
            adds("fee_vnd", lambda document: document["minerals"][0]["quantity"] == "1"),
        ),
        (check_interest_is_proportional_to_the_days, EXAMPLES["late_interest"], adds("interest_vnd")),
        (check_interest_is_proportional_to_the_days, EXAMPLES["late_interest"], adds("days", by=1)),
        (
            check_extension_is_never_dearer,
            EXAMPLES["licence_fee"],
            adds("licence_fee_vnd", lambda document: document["procedure"] == "transfer", by=10**8),
        ),
        (
            check_appraisal_grows_with_the_cost,
            APPRAISAL | {"exploration_cost_vnd": 10**9},
            adds("licence_fee_vnd", lambda document: document["exploration_cost_vnd"] > 10**9),
        ),
        (check_contribution_lines, EXAMPLES["infrastructure_contribution"], adds("contribution_vnd")),
    ],
)
def test_a_wrong_engine_is_caught(check: Check, document: Json, wrong: Wrong) -> None:
    def engine(asked: Json) -> Json:
        answer = copy.deepcopy(compute(asked))
        wrong(asked, answer)
        return answer

    check(compute, document)
    with pytest.raises(BrokenInvariant):
        check(engine, document)


def test_the_strategies_leave_nothing_out() -> None:
    seen: set[object] = set()

    @settings(max_examples=300, database=None, derandomize=True, phases=[Phase.generate])
    @given(data=st.data())
    def draw(strategy: st.SearchStrategy[Json], data: st.DataObject) -> None:
        document = data.draw(strategy)
        seen.update({document["kind"], document.get("mining_method"), document.get("procedure")})
        seen.update({document.get("licence_class"), len(document.get("minerals", ()))})
        seen.update(name for name, value in document.items() if value is not None)
        seen.update(name for one in document.get("minerals", ()) for name, value in one.items() if value is not None)
        seen.update({("salvage", document.get("salvage")), ("nil", document.get("quantity") == "0")})

    for strategy in DUTY_DOCUMENTS.values():
        draw(strategy())
    wanted = {*DUTY_DOCUMENTS, "open_pit", "underground", "other", "grant", "extension", "transfer", 1, 2, 3, 4}
    wanted |= {"selling_price_vnd", "resource_code", "with_due_date", "grade_share_percent", "frame_line", "unit"}
    wanted |= {"reserve_appraisal", "exploration", "area_ha", "capacity_m3_per_year", "rounding_vnd", ("nil", True)}
    wanted |= {("salvage", True), ("salvage", False)}
    assert wanted <= seen, wanted - seen
