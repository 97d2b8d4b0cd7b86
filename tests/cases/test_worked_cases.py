"""The worked cases of tests/cases/*.toml: whole contract cases, TL_qđ, C_m. annex_examples.toml says how to add one."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from api.contract import compute
from fees.case import Conversion, KaolinState, MineralLine, RawPrice, Volume
from fees.conversion import average_grade
from fees.line import Line
from fees.output_conversion import output_factor
from fees.testing import CHECKS_BY_KIND, FEE_CHECKS, re_evaluate
from fees.working import Working
from rules.citation import Confidence
from rules.errors import Refusal
from rules.lawbook import law_book
from rules.number import Traced
from rules.quantity import Unit

FOLDER = Path(__file__).parent
SORTS = ("compute", "output", "grade")
Case = dict[str, Any]


def cases(sort: str) -> list[Any]:
    """Every case of one sort, with the base document it names."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        file = tomllib.loads(path.read_text("utf-8"))
        for case in file.get(sort, ()):
            case["base"] = file["base"][case["base"]] if "base" in case else {}
            found.append(pytest.param(case, id=f"{path.stem}: {case['id']}"))
    return found


def merged(base: Any, over: Any) -> Any:
    """``base`` completed by ``over``: objects are merged, anything else is replaced."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{name: merged(base.get(name), value) for name, value in over.items()}}
    return over


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Where ``found`` does not hold what is expected of it; what is not expected is free."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            one for name, value in expected.items() for one in differences(value, found.get(name), f"{path}.{name}")
        ]
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return [f"{path}: {len(found)} entries instead of {len(expected)}"]
        return [
            one
            for index, (wanted, value) in enumerate(zip(expected, found, strict=True))
            for one in differences(wanted, value, f"{path}[{index}]")
        ]
    return [] if same(expected, found) else [f"{path}: {found!r} instead of {expected!r}"]


def same(expected: Any, found: Any) -> bool:
    if expected == "":
        return found is None
    if isinstance(expected, str) and isinstance(found, str):
        try:
            return Fraction(expected) == Fraction(found)
        except ValueError:
            return expected == found
    return type(expected) is type(found) and expected == found


def assert_steps(case: Case, trace: list[Any]) -> None:
    values = {step["symbol"]: step["value"] for step in trace}
    assert differences(case.get("steps", {}), values) == []


def assert_cautions(case: Case, cautions: list[Any]) -> None:
    if "cautions" in case:
        assert sorted(one["code"] for one in cautions) == case["cautions"]


@pytest.mark.parametrize("case", cases("compute"))
def test_contract_case(case: Case) -> None:
    document = merged(case["base"], case.get("document", {}))
    answer = compute(document)
    if "error" in case:
        assert not answer["ok"]
        assert differences(case["error"], answer["error"]) == []
        return
    assert answer["ok"], answer.get("errors")
    assert differences(case.get("result", {}), answer["result"]) == []
    assert_steps(case, answer["trace"])
    assert_cautions(case, answer["cautions"])
    for check in CHECKS_BY_KIND.get(document["kind"], FEE_CHECKS):
        check(compute, document)


@pytest.mark.parametrize("case", cases("output"))
def test_output_factor(case: Case) -> None:
    work = Working(law_book(), date.fromisoformat(case["on"]))
    reserve = Unit(case["quantity_unit"])
    given = MineralLine(
        mineral=case["mineral"],
        amount=Volume(quantity=Decimal(1), unit=reserve),
        price=RawPrice(amount=1, unit=reserve),
    )
    line = Line.of(work, given, 0, 1)
    found = output_factor(line, Unit(case["output_unit"]), reserve, conversion_of(case["conversion"]))
    if "error" in case:
        assert found is None
        with pytest.raises(Refusal) as refusal:
            work.settle()
        (problem,) = refusal.value.problems
        assert (problem.code, problem.field) == (case["error"]["code"], case["error"]["field"])
        return
    work.settle()
    assert found is not None
    assert found.value == Fraction(case["factor"])
    assert_steps(case, work.trace.steps)
    assert_cautions(case, list(work.trace.cautions))
    re_evaluate(work.trace.steps)
    assert all(step["cite"] for step in work.trace.steps)


def conversion_of(given: dict[str, str]) -> Conversion:
    """The domain value of a conversion written as the contract writes it."""
    values: dict[str, Any] = dict(given)
    for name in ("bulking_factor", "density", "kaolin_recovery", "output_factor"):
        if name in values:
            values[name] = Decimal(values[name])
    for name in ("kaolin_state", "output_state"):
        if name in values:
            values[name] = KaolinState(values[name])
    return Conversion(**values)


@pytest.mark.parametrize("case", cases("grade"))
def test_average_grade(case: Case) -> None:
    metal, ore = (Traced.of(symbol, Decimal(case[name])) for symbol, name in (("Q_kl", "metal"), ("Q_q", "ore")))
    percent = average_grade(metal, ore) * Traced.of("100 %", 100)
    assert percent.rounded(3).value == Fraction(case["percent"])


@pytest.mark.parametrize("case", [case for sort in SORTS for case in cases(sort)])
def test_every_case_says_where_it_comes_from(case: Case) -> None:
    assert case["confidence"] in {Confidence.VERIFIED, Confidence.SECONDARY}
    assert case["law"]
    assert case["confidence"] == "VERIFIED" or case.get("source") or "khung giá" in case["law"]
    named = {
        "id",
        "law",
        "source",
        "confidence",
        "inferred",
        "base",
        "document",
        "result",
        "steps",
        "cautions",
        "error",
    }
    named |= {"on", "mineral", "output_unit", "quantity_unit", "conversion", "factor", "metal", "ore", "percent"}
    assert set(case) <= named, "a misspelt key would test nothing"
    assert case.keys() & {"result", "steps", "error", "factor", "percent"}


def test_all_worked_examples_are_cases() -> None:
    found = {param.values[0]["id"].split()[0] for sort in SORTS for param in cases(sort)}
    assert {f"A{number}" for number in range(1, 19)} <= found
    assert {f"G{number}" for number in range(1, 5)} <= found
