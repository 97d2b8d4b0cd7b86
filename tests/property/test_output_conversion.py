"""TL_qđ of Annex V on every declaration of output, and its fit with K_qđ of Annex IV."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from example_counts import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fees.case import Conversion, KaolinState, MineralLine, RawPrice, Volume
from fees.line import Line
from fees.output_conversion import output_factor
from fees.testing import Json, output_declarations, period_of, re_evaluate
from fees.working import Working
from rules.errors import Code
from rules.lawbook import law_book
from rules.number import Traced
from rules.quantity import Unit

pytestmark = pytest.mark.gate
DAYS = st.dates(period_of("licence_right_fee").start, date(2027, 12, 31))


def converted(declaration: Json, output: str, on: date) -> tuple[Traced | None, Working]:
    work = Working(law_book(), on)
    reserve = Unit(declaration["quantity_unit"])
    given_line = MineralLine(
        mineral=declaration["mineral"],
        amount=Volume(quantity=Decimal(1), unit=reserve),
        price=RawPrice(amount=1, unit=reserve),
    )
    values: dict[str, Any] = {
        name: KaolinState(value) if name.endswith("state") else Decimal(value)
        for name, value in declaration["conversion"].items()
    }
    return output_factor(Line.of(work, given_line, 0, 1), Unit(output), reserve, Conversion(**values)), work


@settings(max_examples=examples(200, 5_000))
@given(declaration=output_declarations(), on=DAYS)
def test_every_declared_output_converts(declaration: Json, on: date) -> None:
    for year in declaration["years"]:
        factor, work = converted(declaration, year["output_unit"], on)
        work.settle()
        assert factor is not None
        assert factor.value > 0
        assert factor.value * 1000 == int(factor.value * 1000)
        re_evaluate(work.trace.steps)
        assert all(step["cite"] for step in work.trace.steps)
        if year["output_unit"] == declaration["quantity_unit"] and declaration["mineral"] != "kaolin":
            assert factor.value == 1


@given(declaration=output_declarations(), on=DAYS)
def test_a_loose_metre_comes_to_the_ground_by_the_tonne_as_by_the_metre(declaration: Json, on: date) -> None:
    """D / H_n tonnes of a loose metre, 1 / D metres of a tonne: together 1 / H_n, within the three roundings."""
    if declaration["mineral"] == "kaolin":
        return
    in_situ, tonne = (declaration | {"quantity_unit": unit} for unit in ("m3_in_situ", "tonne"))
    straight = exact(converted(in_situ, "m3_loose", on))
    by_tonne = exact(converted(tonne, "m3_loose", on)) * exact(converted(in_situ, "tonne", on))
    assert abs(straight - by_tonne) <= Fraction(1, 1000) * 10


def exact(found: tuple[Traced | None, Working]) -> Fraction:
    factor, work = found
    work.settle()
    assert factor is not None
    return factor.value


@given(declaration=output_declarations(), on=DAYS, unit=st.sampled_from([Unit.KG, Unit.M3_WATER]))
def test_units_without_a_rule_are_refused(declaration: Json, on: date, unit: Unit) -> None:
    factor, work = converted(declaration, unit, on)
    assert factor is None
    assert [(problem.code, problem.path) for problem in work.problems] == [
        (Code.UNIT_MISMATCH, ("minerals", 0, "output_unit"))
    ]
