"""What do the years as typed come to already, and what holds the others up? Computed again while the officer types."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.contract import compute
from api.pages import fields, settlefields
from api.pages.fields import Spec
from api.pages.figures import cell
from api.pages.form import Case
from api.pages.formview import name_of
from api.pages.rates import rate_address
from api.pages.settlecase import Cases
from api.pages.speech import Speech
from rules.errors import Code
from rules.trace import Text

Json = dict[str, Any]
_OF_YEAR: Final = re.compile(r"minerals\[(\d+)\]\.years\[(\d+)\]")
_PART: Final = re.compile(r"[^.\[\]]+")
_PREFIX: Final = re.compile(r"^m\d+_(?:y\d+_)?")
_MISSING: Final = ("Thiếu trường bắt buộc", "Required field")
NO_RATE: Final = Text(
    "sổ luật chưa có R của ngày này: nhập R theo văn bản của thời điểm đó",
    "the law book has no R of that day: enter the R of the instrument of that time",
)
_SPECS: Final[dict[str, Spec]] = {
    **fields.CONVERSION, **settlefields.OUTPUT_CONVERSION, **settlefields.MINERAL, **settlefields.SETTLEMENT,
    **settlefields.YEAR,
    "price_unit": settlefields.MINERAL["price_unit"],
    **{spec.key: spec for several in settlefields.RIGHT.values() for spec in several},
}  # fmt: skip
"""The fields of a settlement by name, without the mark of mineral and row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLine:
    """One computed year beside the grid."""

    mineral: str
    year: str
    quantity: str
    price: str
    rate: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The computation beside the grid: the years that can be computed, their sum, and what holds the others up.

    ``rate_address``: where a rate that the law book lacks is entered once for the province; empty where none is missing.
    """

    lines: tuple[LiveLine, ...]
    total: str
    whole: bool
    problems: tuple[str, ...]
    rate_address: str = ""


def live(cases: Cases, t: Speech) -> Live:
    """The settlement of the years that can be computed, and what is wrong with the others."""
    document = _without_unread(cases.settlement)
    document.setdefault("paid_vnd", 0)
    if not any(line["years"] for line in document["minerals"]):
        return Live(lines=(), total="", whole=False, problems=())
    result = compute(document)
    problems, rate_at = _problems(cases.settlement, result, t), _rate_address(cases.settlement, result)
    if not result["ok"]:
        bad = {(int(hit[1]), int(hit[2])) for one in result["errors"] if (hit := _OF_YEAR.match(one["field"] or ""))}
        kept = [
            {**line, "years": [year for at, year in enumerate(line["years"]) if (index, at) not in bad]}
            for index, line in enumerate(document["minerals"])
        ]
        document["minerals"] = [line for line in kept if line["years"]]
        result = compute(document) if document["minerals"] and bad else result
    if not result["ok"]:
        return Live(lines=(), total="", whole=False, problems=problems, rate_address=rate_at)
    figures = result["result"]
    lines = tuple(
        LiveLine(
            mineral=cell("mineral", mineral["mineral"], t).text if len(figures["minerals"]) > 1 else "",
            year=str(year["year"]),
            quantity=t.number(year["quantity"]),
            price=t.number(year["price_vnd"]),
            rate=t.number(year["rate_percent"]),
            amount=t.number(year["amount_vnd"]),
        )
        for mineral in figures["minerals"]
        for year in mineral["years"]
    )
    total = t.money(figures["settled_vnd"])
    return Live(lines=lines, total=total, whole=not problems, problems=problems, rate_address=rate_at)


def is_rate_missing(problem: Json) -> bool:
    """Whether the law book has no rate for a year: an officer enters it."""
    return problem["code"] == Code.NO_RULE_AT_DATE and str(problem["field"]).endswith("rate_percent")


def _rate_address(case: Case, result: Json) -> str:
    """Where to enter the rates that are missing, those of the first mineral that lacks one."""
    days: dict[str, list[date]] = {}
    for problem in result.get("errors", ()):
        hit = _OF_YEAR.match(problem["field"] or "")
        if is_rate_missing(problem) and hit is not None:
            mineral = case.document["minerals"][int(hit[1])]
            year = mineral["years"][int(hit[2])].get("year")
            if type(year) is int and year in range(1, 10000):
                days.setdefault(str(mineral.get("mineral", "")), []).append(date(year, 1, 1))
    return next((rate_address(mineral, tuple(found)) for mineral, found in days.items()), "")


def _without_unread(case: Case) -> Json:
    """The document without the answers that could not be read: the contract might read them, and otherwise."""
    document = copy.deepcopy(case.document)
    for path, name in case.names.items():
        if name not in case.unread:
            continue
        inner: Any = document
        *parts, last = _PART.findall(path)
        for part in parts:
            inner = inner[int(part)] if part.isdigit() else inner.get(part, {})
        # a list or an object takes its name from one of its fields, which has a path of its own
        if isinstance(inner.get(last), str | int):
            del inner[last]
    return document


def _problems(case: Case, result: Json, t: Speech) -> tuple[str, ...]:
    """What is wrong, the same thing of several years said once."""
    found: dict[tuple[str, str], list[str]] = {}
    for problem in result.get("errors", ()):
        path = problem["field"] or ""
        name = name_of(case, path) or ""
        spec = _SPECS.get(_PREFIX.sub("", name))
        hit = _OF_YEAR.match(path)
        year = ""
        if hit is not None:
            year = str(case.document["minerals"][int(hit[1])]["years"][int(hit[2])].get("year", "?"))
        said = t.text(case.unread[name]) if name in case.unread else t.of(problem, "message")
        if is_rate_missing(problem) and hit is not None:
            said = t.text(NO_RATE)
        if spec is not None and any(sign in said for sign in _MISSING):
            said = t("chưa nhập", "not filled in")
        key = (t.text(spec.label) if spec else "", said)
        found.setdefault(key, []).append(year)
    return tuple(
        ": ".join(part for part in (label, said) if part)
        + (f" ({', '.join(dict.fromkeys(years))})" if years[0] else "")
        for (label, said), years in found.items()
    )
