"""How does a result of the compute contract read on paper: the sum, when it is due, how it came about, what to beware of?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.pages.chart import chart
from api.pages.rendering import TEMPLATES, environment
from api.pages.speech import Speech
from rules.formats import Lang
from rules.lawbook import law_book
from rules.words import LARGEST, amount_in_words

Json = dict[str, Any]
_PAYMENT: Final = re.compile(r"[TGR]_\d{4}[ab]?")


def explanation_html(result: Json, lang: Lang) -> str:
    """A whole HTML document that explains one result (or says what is wrong with its case); nothing else is needed."""
    t = Speech(lang)
    template = environment().get_template("explanation.html")
    style = (TEMPLATES / "static" / "khoangsan.css").read_text("utf-8")
    return template.render(t=t, x=explanation(result, t) if result["ok"] else None, result=result, style=style)


def explanation(result: Json, t: Speech) -> Json:
    """The values of a computed result, printed in one language, in the shape that ``_explanation.html`` takes."""
    fee: Json = result["result"]
    steps = [_step(step, t) for step in result["trace"]]
    return {
        "id": result["id"],
        "kind": result["kind"],
        "total": t.money(fee["total_vnd"]),
        "in_words": amount_in_words(fee["total_vnd"]) if fee["total_vnd"] <= LARGEST else "",
        "payments": fee["payments"],
        "annual": t.money(fee["annual_vnd"]),
        "first_payment": t.money(fee["first_payment_vnd"]) if "first_payment_vnd" in fee else None,
        "old_law": "k1" in fee,
        "minerals": [_mineral(line, t) for line in fee["minerals"]],
        "schedule": [
            {"number": number, "year": one["year"], "amount": t.money(one["amount_vnd"]), "due": t.day(one["due_on"])}
            for number, one in enumerate(fee["schedule"], start=1)
        ],
        "chart": chart(fee["schedule"], t),
        "steps": [step for step in steps if not _PAYMENT.fullmatch(step["symbol"])],
        "payment_steps": [step for step in steps if _PAYMENT.fullmatch(step["symbol"])],
        "cautions": [_told(one, t) for one in result["cautions"]],
        "not_applied": [_told(one, t) for one in result["not_applied"]],
        "digest": result["law"]["digest"],
    }


def _mineral(line: Json, t: Speech) -> Json:
    known = law_book().minerals.get(line["mineral"])
    return {
        "name": t.text(known.name) if known else line["mineral"],
        "quantity": t.number(line["quantity"]),
        "price": t.number(line["price_vnd"]),
        "factor": t.number(line["conversion_factor"]),
        "rate": f"{t.number(line['rate_percent'])} %",
        "coefficients": " × ".join(t.number(line[name]) for name in ("k1", "k2") if name in line),
        "amount": t.money(line["amount_vnd"]),
    }


def _step(step: Json, t: Speech) -> Json:
    unit = step["unit"]
    value = t.money(int(step["value"])) if unit == "VND" and _is_whole(step["value"]) else None
    if unit == "date":
        value = t.day(step["value"])
    formula, figures = step["formula"], step["substituted"]
    plain_input = formula == step["symbol"]
    return {
        "symbol": step["symbol"],
        "label": t.of(step, "label"),
        "formula": "" if plain_input else formula,
        # a figure that only repeats the value tells nothing
        "figures": "" if figures in (step["value"], f"{step['value']} %") else t.figures(figures, unit),
        "value": value if value is not None else _with_unit(step["value"], unit, t),
        "cite": [cite for place, cite in enumerate(step["cite"]) if cite not in step["cite"][:place]],
        "convention": t.of(step, "convention"),
    }


def _with_unit(value: str, unit: str, t: Speech) -> str:
    """``15 years`` is a term, but 2026 is a year by itself."""
    if unit == "year" and len(value) == 4 and value.isdecimal():
        return value
    return f"{t.number(value, unit)} {t.unit(unit)}".strip()


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _told(one: Mapping[str, Any], t: Speech) -> Json:
    cite: Sequence[Any] = one["cite"]
    return {"code": one["code"], "message": t.of(one, "message"), "cite": cite}
