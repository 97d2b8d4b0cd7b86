"""What does the fee cost in zen-engine, as a graph of three decision tables and an expression?

Each table has one row for each code and span of dates with one value. The engine keeps the compiled graph behind a
key: measured, that is three to four times as fast as the handle `create_decision` returns, so it is the way that counts.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from typing import Any

import orjson
import zen

from bench.data import LAW, Case
from bench.measure import Traced

Evaluate = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]
_TRACE = {"trace": True}


def by_key() -> Evaluate:
    """Evaluate through the engine, which compiled the graph when it loaded it."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"fee": graph()}}})
    return lambda context, options: engine.evaluate("fee", context, options)


def by_handle() -> Evaluate:
    """Evaluate through the decision handle, as the project's first example does."""
    return zen.ZenEngine().create_decision(zen.ZenDecisionContent(json.dumps(graph()))).evaluate


def traced(evaluate: Evaluate) -> Traced:
    """One licence, traced; clock readings stay out of the hash. Zen counts in decimals of 28 digits."""

    def fee(case: Case) -> tuple[int, str]:
        context = {
            "quantity": float(case.quantity),
            "price": case.price,
            "bulking": float(case.bulking),
            "density": float(case.density),
            "mineral": case.mineral,
            "method": case.method,
            "area": case.area,
            "approved_on": _number(case.approved_on),
        }
        answer = evaluate(context, _TRACE)
        del answer["performance"]
        for step in answer["trace"].values():
            del step["performance"]
        document = orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)
        return answer["result"]["fee"], sha256(document).hexdigest()

    return fee


def graph() -> dict[str, Any]:
    """The fee as a JSON decision model."""
    tables = [
        _table("rate_percent", "mineral", "rate", 100),
        _table("method_tenths", "method", "method_factor", 10),
        _table("area_hundredths", "area", "area_factor", 100),
    ]
    formula = {
        "conversion_factor": "round(bulking / density, 3)",
        "fee_price": "price * $.conversion_factor",
        "fee": "round(quantity * $.fee_price * method_factor * area_factor * rate)",
    }
    content = {
        "expressions": [{"id": key, "key": key, "value": value} for key, value in formula.items()],
        "passThrough": False,
    }
    names = [table["id"] for table in tables]
    return {
        "nodes": [
            _node("request", "inputNode", {}),
            *tables,
            _node("formula", "expressionNode", content),
            _node("response", "outputNode", {}),
        ],
        "edges": [
            *(_edge("request", name) for name in (*names, "formula")),
            *(_edge(name, "formula") for name in names),
            _edge("formula", "response"),
        ],
    }


def _table(name: str, field: str, output: str, scale: int) -> dict[str, Any]:
    rules = [
        {"_id": f"{code}-{at}", "code": f'"{code}"', "day": span, "value": str(Decimal(value) / scale)}
        for code, values in LAW[name].items()
        for at, (span, value) in enumerate(_spans(values))
    ]
    inputs = [
        {"id": "code", "name": field, "field": field},
        {"id": "day", "name": "approved_on", "field": "approved_on"},
    ]
    outputs = [{"id": "value", "name": output, "field": output}]
    return _node(
        output,
        "decisionTableNode",
        {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules, "passThrough": False},
    )


def _spans(values: list[int]) -> list[tuple[str, int]]:
    """(condition on the day, value) for each run of equal values; the first has no beginning and the last no end."""
    starts = [at for at in range(len(values)) if at == 0 or values[at] != values[at - 1]]
    days = [_number(LAW["from"][at]) for at in starts]
    conditions = (
        [""]
        if len(starts) == 1
        else [f"< {days[1]}", *(f"[{a}..{b})" for a, b in pairwise(days[1:])), f">= {days[-1]}"]
    )
    return [(condition, values[at]) for condition, at in zip(conditions, starts, strict=True)]


def _number(iso: str) -> int:
    return int(iso.replace("-", ""))


def _node(name: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": content}


def _edge(source: str, target: str) -> dict[str, str]:
    return {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
