"""The test material itself: a check that passes a wrong engine, or a strategy that leaves a part out, is a defect."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from api.contract import compute
from fees.testing import (
    BrokenInvariant,
    Compute,
    Json,
    check_cautions,
    check_deterministic,
    check_due_dates_ascend,
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_fee_is_linear_in_quantity,
    check_fee_is_monotone_in_price,
    check_fee_is_monotone_in_rate,
    check_line_is_q_g_r,
    check_order_of_minerals_is_irrelevant,
    check_refusal,
    check_schedule_sums_to_total,
    check_total_adds_printed_lines,
    check_trace_re_evaluates,
    evaluate,
    fee_documents,
    spoiled,
)
from rules.lawbook import law_book

Wrong = Callable[[Json, Json], None]
"""Makes a sound answer (second) to a document (first) wrong."""

DOCUMENT: Json = {
    "id": "a",
    "kind": "licence_right_fee",
    "approved_on": "2026-03-02",
    "licence": {"issued_on": "2026-02-10", "expires_on": "2036-02-10", "group": "III"},
    "tax_notice_on": "2026-03-10",
    "minerals": [
        {
            "mineral": mineral,
            "quantity": quantity,
            "quantity_unit": "m3_in_situ",
            "price": {"kind": "raw", "amount": 90001, "unit": "m3_loose"},
            "conversion": {"bulking_factor": "1.4755"},
            "winning_rate_percent": rate,
        }
        for mineral, quantity, rate in (("construction_stone", "1250000.5", "7.5"), ("fill_material", "33333.3", None))
    ],
}


def engine(wrong: Wrong) -> Compute:
    def computed(document: Json) -> Json:
        answer = copy.deepcopy(compute(document))
        wrong(document, answer)
        return answer

    return computed


def line_of(answer: Json) -> Json:
    line: Json = answer["result"]["minerals"][0]
    return line


def shift_quantities(document: Json, answer: Json) -> None:
    if document["minerals"][0]["quantity"] != DOCUMENT["minerals"][0]["quantity"]:
        line_of(answer)["amount_vnd"] += 2


def dearer_when_cheaper(document: Json, answer: Json) -> None:
    if document["minerals"][0]["price"]["amount"] < 90001:
        line_of(answer)["amount_vnd"] *= 3


def dearer_without_auction(document: Json, answer: Json) -> None:
    if document["minerals"][0].get("winning_rate_percent") is None:
        line_of(answer)["amount_vnd"] *= 9


def first_line_pays_more(document: Json, answer: Json) -> None:
    line_of(answer)["amount_vnd"] += 1


def set_in_last_step(name: str, value: Any) -> Wrong:
    return lambda document, answer: answer["trace"][-1].__setitem__(name, value)


class Counter:
    """An engine whose answers differ from call to call."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, document: Json, answer: Json) -> None:
        self.calls += 1
        answer["result"]["total_vnd"] += self.calls


def append_caution(code: str) -> Wrong:
    text = {"message_vi": "Chú ý", "message_en": "Note", "cite": []}
    return lambda document, answer: answer["cautions"].append({"code": code, **text})


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (check_line_is_q_g_r, first_line_pays_more),
        (check_total_adds_printed_lines, lambda document, answer: answer["result"].update(total_vnd=1)),
        (check_fee_is_linear_in_quantity, shift_quantities),
        (check_fee_is_monotone_in_price, dearer_when_cheaper),
        (check_fee_is_monotone_in_rate, dearer_without_auction),
        (check_order_of_minerals_is_irrelevant, first_line_pays_more),
        (check_schedule_sums_to_total, lambda document, answer: answer["result"]["schedule"].pop()),
        (check_schedule_sums_to_total, lambda document, answer: answer["result"].update(annual_vnd=1)),
        (check_due_dates_ascend, lambda document, answer: answer["result"]["schedule"][-1].update(due_on="2026-01-01")),
        (check_due_dates_ascend, lambda document, answer: answer["result"]["schedule"][0].update(due_on=None)),
        (check_every_figure_is_in_the_trace, lambda document, answer: line_of(answer).update(price_vnd="1.23456")),
        (check_every_step_is_cited, set_in_last_step("cite", [])),
        (check_every_step_is_cited, set_in_last_step("label_vi", "")),
        (check_trace_re_evaluates, set_in_last_step("value", "1")),
        (check_trace_re_evaluates, set_in_last_step("formula", "T : 3")),
        (check_trace_re_evaluates, set_in_last_step("formula", "T_hn + mới")),
        (check_trace_re_evaluates, set_in_last_step("substituted", "2 + 2")),
        (check_cautions, append_caution("secondary_parameter")),
        (check_cautions, append_caution("looks_odd")),
        (check_deterministic, Counter()),
        (check_deterministic, lambda document, answer: document.update(seen=True)),
        (check_deterministic, lambda document, answer: answer["law"].update(digest="")),
    ],
)
def test_a_wrong_engine_is_caught(check: Callable[[Compute, Json], None], wrong: Wrong) -> None:
    check(compute, copy.deepcopy(DOCUMENT))
    with pytest.raises(BrokenInvariant):
        check(engine(wrong), copy.deepcopy(DOCUMENT))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda document, answer: answer.update(ok=True),
        lambda document, answer: answer["error"].update(field="minerals"),
        lambda document, answer: answer["error"].update(code="odd"),
        lambda document, answer: [one.update(message_en=one["message_vi"]) for one in answer["errors"]],
        lambda document, answer: answer["errors"].reverse() or answer.update(error=answer["errors"][0]),
    ],
    ids=["accepts", "another field", "another code", "one language", "another order"],
)
def test_a_wrong_refusal_is_caught(wrong: Wrong) -> None:
    broken = next(spoiled({**DOCUMENT, "minerals": [{**DOCUMENT["minerals"][0], "quantity": "x"}]}))
    first = broken._replace(field="minerals[0].quantity")
    check_refusal(compute, first)
    with pytest.raises(BrokenInvariant):
        check_refusal(engine(wrong), first)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 × 3", "7"),
        ("(1 + 2) × 3", "9"),
        ("7 − 2 − 1", "4"),
        ("12 : 4 : 3", "1"),
        ("12 : (4 : 2)", "6"),
        ("2/3 × 3", "2"),
        ("50 % × 8", "4"),
        ("7/3 %", "7/300"),
        ("Q × 24 giờ", "240"),
        ("K1 × K1₂", "6"),
        ("T_1 lần : 2", "5"),
        ("round(2.0005; 3)", "2.001"),
        ("round(1 : 3; 3)", "0.333"),
        ("half_up(1500; 1000)", "2000"),
        ("half_up(1499.9; 1000)", "1000"),
        ("floor(7 : 2) + ceil(7 : 2)", "7"),
        ("floor(Q : 3)", "3"),
    ],
)
def test_the_grammar_of_formulas(text: str, value: str) -> None:
    known = {"Q": Fraction(10), "K1": Fraction(2), "K1₂": Fraction(3), "T_1 lần": Fraction(10)}
    assert evaluate(text, known) == Fraction(value)


@pytest.mark.parametrize(
    "text", ["", "Q ×", "(Q", "Q)", "P", "Q : 0", "1 ** 2", "round(Q)", "1,000 + 1", "__import__(1)"]
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(BrokenInvariant):
        evaluate(text, {"Q": Fraction(10)})


def test_the_strategies_leave_nothing_out() -> None:
    seen: set[Any] = set()

    @settings(max_examples=1000, database=None, derandomize=True, phases=[Phase.generate])
    @given(document=fee_documents())
    def draw(document: Json) -> None:
        seen.update({document["kind"], len(document["minerals"]), document["licence"]["group"]})
        seen.update(document.get(name) for name in ("mining_method", "area", "licensed_by", "split", "rounding_vnd"))
        seen.update(("repricing",) if document.get("repricing") else ())
        for line in document["minerals"]:
            seen.update({line["mineral"], line["price"]["kind"], line.get("as"), line.get("quantity_unit")})
            present = (name for name in line if line[name] is not None)
            seen.update(present)
            seen.update(line.get("conversion") or ())

    draw()
    minerals = set(law_book().minerals)
    assert len(minerals - seen) < len(minerals) // 4  # a draw of this size misses a few codes by chance
    wanted = {"I", "II", "III", "IV", 1, 2, 3, 1000, None, "repricing", "flow_m3_per_day"}
    wanted |= {"raw", "ore_grade", "concentrate", "component", "ore_bands", "kaolin_unsieved", "kaolin_sieved"}
    wanted |= {"determined", "frame_average", "waste_rock", "tailings", "exempt_quantity", "winning_rate_percent"}
    wanted |= {"m3_in_situ", "m3_loose", "tonne", "kg", "m3_water", "open_pit", "underground", "halves", "one"}
    wanted |= {"especially_difficult", "difficult", "other", "ministry", "province", "grade_unit", "kaolin_recovery"}
    assert wanted <= seen, wanted - seen
