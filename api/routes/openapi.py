"""The OpenAPI document: FastAPI's own, with the contract's shapes among its components."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from api.contract.kinds import KINDS
from api.contract.ledger import MODELS
from api.sessions.schemas import order_schemas
from rules.errors import Code

_CITE = {
    "type": "object",
    "required": ["instrument", "at", "confidence"],
    "properties": {
        "instrument": {"type": "string", "examples": ["193/2025/NĐ-CP"]},
        "at": {"type": "string", "examples": ["Điều 132 khoản 1"]},
        "confidence": {"enum": ["VERIFIED", "SECONDARY", "RECALLED", "OPEN"]},
    },
}
_CITES = {"type": "array", "items": {"$ref": "#/components/schemas/Citation"}}
_TEXT = {"type": "string"}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": required | (optional or {})}


_ID = {"type": ["string", "integer", "null"]}
_SHAPES: dict[str, Any] = {
    "Citation": _CITE,
    "Step": _object(
        dict.fromkeys(("symbol", "label_vi", "label_en", "formula", "substituted", "value", "unit"), _TEXT)
        | {"cite": _CITES},
        {"convention_vi": _TEXT, "convention_en": _TEXT},
    ),
    "Note": _object({"code": _TEXT, "message_vi": _TEXT, "message_en": _TEXT, "cite": _CITES}),
    "Problem": _object(
        {
            "code": {"enum": [code.value for code in Code]},
            "field": {"type": ["string", "null"]},
            "message_vi": _TEXT,
            "message_en": _TEXT,
        }
    ),
    "Result": _object(
        {
            "id": _ID,
            "kind": _TEXT,
            "ok": {"const": True},
            "result": {"type": "object"},
            "trace": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
            "cautions": {"type": "array", "items": {"$ref": "#/components/schemas/Note"}},
            "not_applied": {"type": "array", "items": {"$ref": "#/components/schemas/Note"}},
            "law": _object({"digest": _TEXT}),
        }
    ),
    "ErrorResult": _object(
        {
            "id": _ID,
            "kind": {"type": ["string", "null"]},
            "ok": {"const": False},
            "error": {"$ref": "#/components/schemas/Problem"},
            "errors": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Problem"}},
        }
    ),
}


def with_contract(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The application's ``openapi`` function with the contract's schemas added once."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        if "ErrorResult" not in schemas:
            shapes = [*(kind.model for kind in KINDS.values()), *MODELS.values()]
            models = [(shape, "validation") for shape in shapes]
            _, definitions = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
            schemas.update(definitions["$defs"])
            schemas.update(order_schemas())
            schemas.update(_SHAPES)
        return document

    return openapi
