"""How does a result of the compute contract read on paper: the sum, when it is due, how it came about, what to beware of?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.pages.chart import chart
from api.pages.figures import HEADLINES, SCHEDULE, cell, facts, tables
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
    figures: Json = result["result"]
    schedule = figures.get(SCHEDULE, [])
    headline = next((name for name in HEADLINES if name in figures), None)
    steps = [_step(step, t) for step in result["trace"]]
    payment_steps = [step for step in steps if schedule and _PAYMENT.fullmatch(step["symbol"])]
    return {
        "headline": None if headline is None else cell(headline, figures[headline], t),
        "in_words": "" if headline is None else _in_words(figures[headline]),
        "facts": facts({name: value for name, value in figures.items() if name != headline}, t),
        "tables": tables(figures, t),
        "schedule": [
            {"number": number, "year": one["year"], "amount": t.money(one["amount_vnd"]), "due": t.day(one["due_on"])}
            for number, one in enumerate(schedule, start=1)
        ],
        "chart": chart(schedule, t),
        "steps": [step for step in steps if step not in payment_steps],
        "payment_steps": payment_steps,
        "cautions": [_told(one, t) for one in result["cautions"]],
        "not_applied": [_told(one, t) for one in result["not_applied"]],
        "digest": result["law"]["digest"],
    }


def _in_words(amount: int | None) -> str:
    return "" if amount is None or not 0 <= amount <= LARGEST else amount_in_words(amount)


def _step(step: Json, t: Speech) -> Json:
    unit = step["unit"]
    value = t.money(int(step["value"])) if unit == "VND" and _is_whole(step["value"]) else None
    if unit == "date":
        value = t.day(step["value"])
    mineral = law_book().minerals.get(step["value"])
    if mineral is not None:
        value = t.text(mineral.name)
    formula, figures = step["formula"], step["substituted"]
    plain_input = formula == step["symbol"]
    return {
        "symbol": step["symbol"],
        "label": t.of(step, "label"),
        "formula": "" if plain_input else formula,
        # a figure that only repeats the value tells nothing
        "figures": "" if figures in (step["value"], f"{step['value']} %") else t.figures(figures, unit),
        "value": value if value is not None else t.measure(step["value"], unit),
        "cite": [cite for place, cite in enumerate(step["cite"]) if cite not in step["cite"][:place]],
        "convention": t.of(step, "convention"),
    }


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _told(one: Mapping[str, Any], t: Speech) -> Json:
    cite: Sequence[Any] = one["cite"]
    return {"code": one["code"], "message": t.of(one, "message"), "cite": cite}
