"""Which conversion parameters does a licence lack? Asked of the engine itself, with a tonne of output at one đồng."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from api.contract.compute import compute
from api.province.facts import FACTS
from api.province.prices import asked_alike
from api.province.records import Province
from api.store.province import LicenceFacts
from rules.errors import Code

_FACTS = (
    "bulking_factor", "density", "grade", "price_grade", "grade_unit", "kaolin_recovery", "kaolin_state", "output_state",
    "factor", "output_factor", "factor_source",
)  # fmt: skip


def conversion_of(facts: LicenceFacts, grade: str | None = None, grade_unit: str | None = None) -> dict[str, str]:
    """The contract's conversion of a mineral; ``grade`` is the one mined in a year and goes before the deposit's,
    ``grade_unit`` the one its price list says."""
    conversion = {name: value for name in _FACTS if (value := getattr(facts, name)) is not None}
    told = {"grade": grade, "grade_unit": grade_unit}
    return {**conversion, **{name: value for name, value in told.items() if value is not None}}


def lacking(
    province: Province,
    mineral: str,
    reserve: str,
    output: str,
    price: dict[str, Any],
    conversion: dict[str, str],
    on: date,
    day: date,
) -> tuple[tuple[str, str], ...]:
    """What the engine misses to convert this output and the price of ``day`` to this reserve, in both languages."""
    asked = asked_alike(province, price, day)
    key = json.dumps([mineral, reserve, output, asked, conversion, on.isoformat()], sort_keys=True)
    if key not in province.conversions:
        document = {
            "kind": "settlement",
            "case": "first",
            "settled_on": on.isoformat(),
            "cutoff_on": province.days.cutoff.isoformat(),
            "paid_vnd": 0,
            "minerals": [
                {
                    "mineral": mineral,
                    "quantity_unit": reserve,
                    "right": {"by": "no_auction"},
                    "years": [
                        {
                            "year": province.days.cutoff.year,
                            "output": "1",
                            "output_unit": output,
                            "price": asked,
                            "conversion": conversion,
                        }
                    ],
                }
            ],
        }
        answer = compute(document, province.book)
        found = [_told(one) for one in answer.get("errors", ())]
        province.conversions[key] = tuple(dict.fromkeys(found))
    return province.conversions[key]


def _told(problem: dict[str, Any]) -> tuple[str, str]:
    """A missing parameter by the name of its column, anything else as the engine says it."""
    field = FACTS.get(str(problem["field"]).rpartition(".")[2])
    if problem["code"] == Code.MISSING_PARAMETER and field is not None:
        return field.label_vi, field.label_en
    return problem["message_vi"].rstrip("."), problem["message_en"].rstrip(".")
