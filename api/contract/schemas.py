"""The published JSON Schema of each kind, and one worked example of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from api.contract.kinds import KINDS


@cache
def schema_of(kind: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a kind's case. Raises ``KeyError`` for an unknown kind."""
    schema = KINDS[kind].model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for definition in [schema, *schema.get("$defs", {}).values()]:
        _optional_may_be_null(definition)
    return schema


def _optional_may_be_null(definition: dict[str, Any]) -> None:
    """Drop the defaults pydantic prints; null already stands among the types of an optional field."""
    for field in definition.get("properties", {}).values():
        if field.get("default", ...) is None:
            del field["default"]


EXAMPLES: dict[str, dict[str, Any]] = {
    "licence_right_fee": {
        "id": "a",
        "kind": "licence_right_fee",
        "approved_on": "2026-03-02",
        "licence": {"issued_on": "2026-02-10", "expires_on": "2036-02-10", "group": "III"},
        "tax_notice_on": "2026-03-10",
        "minerals": [
            {
                "mineral": "construction_stone",
                "quantity": "1250000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 90000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.475"},
            }
        ],
    },
    "licence_right_fee_2019": {
        "id": "b",
        "kind": "licence_right_fee_2019",
        "approved_on": "2021-03-02",
        "licence": {"issued_on": "2021-02-10", "expires_on": "2036-02-10", "group": "III"},
        "mining_method": "open_pit",
        "area": "difficult",
        "licensed_by": "province",
        "split": "halves",
        "tax_notice_on": "2021-03-10",
        "repricing": [{"year": 2024, "price_amount": 100000}],
        "minerals": [
            {
                "mineral": "construction_stone",
                "quantity": "1250000",
                "quantity_unit": "m3_in_situ",
                "price": {"kind": "raw", "amount": 90000, "unit": "m3_loose"},
                "conversion": {"bulking_factor": "1.475"},
            }
        ],
    },
}
"""A small sound case of each kind, computed in the documentation and in the tests."""
