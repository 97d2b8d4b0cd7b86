"""What may be sent to a session, as JSON Schema for the OpenAPI document: read off the engine's own commands."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from api.sessions.reading import TYPES
from auction_engine.commands_before import ApprovePlan


def order_schemas() -> dict[str, Any]:
    """Components by name: every command with its ``type``, the order that carries one, and the plan that begins a session."""
    asked = [(name, "validation", TypeAdapter(kind)) for name, kind in TYPES.items()]
    own, definitions = TypeAdapter.json_schemas(asked, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    found: dict[str, Any] = dict(definitions.get("$defs", {}))
    refs = []
    for name in TYPES:
        kind = own[name, "validation"]
        reference = kind.get("$ref", "").rpartition("/")[2]
        shape = found.get(reference, kind)
        found[name] = {
            **shape,
            "properties": {"type": {"const": name}, **shape.get("properties", {})},
            "required": ["type", *shape.get("required", [])],
            "additionalProperties": False,
        }
        refs.append({"$ref": f"#/components/schemas/{name}"})
    plan = found[ApprovePlan.__name__]
    found["AuctionOrder"] = {
        "type": "object",
        "required": ["command"],
        "additionalProperties": False,
        "properties": {
            "command": {"oneOf": refs, "discriminator": {"propertyName": "type"}},
            "expected": {"type": ["integer", "null"], "minimum": 0, "description": "Sequence the sender saw last"},
        },
    }
    found["AuctionPlan"] = {
        "type": "object",
        "required": ["plan"],
        "additionalProperties": False,
        "properties": {
            "session": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"},
            "plan": {
                **plan,
                "properties": {key: value for key, value in plan["properties"].items() if key != "type"},
                "required": [one for one in plan["required"] if one != "type"],
            },
        },
    }
    return found
