"""The published JSON Schema of each kind."""

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
