"""What does the engine make of the cases of a licence, and which lines stand behind the sums?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.contract.compute import compute
from api.province.cases import Prepared
from api.province.reapprovals import REAPPROVAL_LIST
from rules.lawbook import LawBook

Json = dict[str, Any]
Mark = tuple[str, str]
"""Subscript of a mineral (empty where there is one alone) and year (empty where a step is of no year)."""
_OF_MINERAL: Final = re.compile(r"minerals\[(\d+)\]")
_SUBSCRIPTS: Final = "₀₁₂₃₄₅₆₇₈₉"


def computed(cases: Json, prepared: Prepared, book: LawBook) -> Json:
    """The results of a licence without their traces: results by kind, lines, cautions, problems, own rates."""
    result: Json = {"lines": [], "cautions": [], "problems": [], "rates": [one.cited for one in prepared.rates]}
    cautions: dict[tuple[str, str], Json] = {}
    for kind, case in cases.items():
        answer = compute(case, book)
        if not answer["ok"]:
            result["problems"] += [{"kind": kind, **_named(one, case, book)} for one in answer["errors"]]
            continue
        result[kind] = answer["result"]
        cautions.update({(kind, one["code"]): {"kind": kind, **one} for one in answer["cautions"]})
        lines = _settled if kind == "settlement" else _reapproved
        result["lines"] += lines(case, answer, prepared)
    result["cautions"] = list(cautions.values())
    return result


def _named(problem: Json, case: Json, book: LawBook) -> Json:
    """A problem that says its mineral where the licence has several."""
    hit = _OF_MINERAL.match(problem["field"] or "")
    if hit is None or len(case["minerals"]) == 1:
        return problem
    name = book.minerals[case["minerals"][int(hit[1])]["mineral"]].name
    said = {"message_vi": f"{name.vi}: {problem['message_vi']}", "message_en": f"{name.en}: {problem['message_en']}"}
    return {**problem, **said}


def _settled(case: Json, answer: Json, prepared: Prepared) -> Iterable[Json]:
    """One line a mineral and year."""
    by_mark = _by_mark(answer["trace"])
    own = {(one.mineral, one.year): one.cited for one in prepared.rates}
    several = len(case["minerals"]) > 1
    for index, (given, mineral) in enumerate(zip(case["minerals"], answer["result"]["minerals"], strict=True)):
        code, mark = given["mineral"], _mark(index, several=several)
        won = [step for step in by_mark.get((mark, ""), ()) if step["symbol"] == f"R{mark}"]
        told = {one["year"]: one for one in given["years"]}
        for year in mineral["years"]:
            number = year["year"]
            steps = by_mark.get((mark, str(number)), [])
            articles = _articles([*steps, *won])
            if cited := own.get((code, number)):
                articles = f"{articles}; R: {cited['instrument']}, {cited['article']}"
            yield {
                "part": "settlement",
                "mineral": code,
                "year": number,
                "output": told[number]["output"],
                "output_unit": told[number]["output_unit"],
                "output_factor": year["output_factor"],
                "quantity": year["quantity"],
                "tax_price": _value(steps, f"G_tn{mark}_{number}"),
                "conversion_factor": year["conversion_factor"],
                "price": year["price_vnd"],
                "rate_percent": year["rate_percent"],
                "amount_vnd": year["amount_vnd"],
                "price_list": prepared.price_lists.get(code, {}).get(number, ""),
                "articles": articles,
            }


def _reapproved(case: Json, answer: Json, prepared: Prepared) -> Iterable[Json]:
    """One line a mineral."""
    by_mark = _by_mark(answer["trace"])
    several = len(case["minerals"]) > 1
    for index, (given, line) in enumerate(zip(case["minerals"], answer["result"]["minerals"], strict=True)):
        mark = _mark(index, several=several)
        steps = by_mark[mark, ""] if several else answer["trace"]
        yield {
            "part": "reapproval",
            "mineral": given["mineral"],
            "year": None,
            "output": given.get("mined_since_2014", ""),
            "output_unit": given.get("output_unit", ""),
            "output_factor": line["output_factor"],
            "quantity": line["remaining_quantity"],
            "tax_price": _value(steps, f"G_tn{mark}"),
            "conversion_factor": line["conversion_factor"],
            "price": line["price_vnd"],
            "rate_percent": line["rate_percent"],
            "amount_vnd": line["amount_vnd"],
            "price_list": prepared.price_lists.get(given["mineral"], {}).get(REAPPROVAL_LIST, ""),
            "articles": _articles(steps),
        }


def _mark(index: int, *, several: bool) -> str:
    """How the steps of a mineral are told apart from those of the others."""
    return "".join(_SUBSCRIPTS[int(figure)] for figure in str(index + 1)) if several else ""


def _by_mark(steps: Iterable[Json]) -> dict[Mark, list[Json]]:
    """The steps by the mineral and year that their symbols name: "T₂_2021" is of the second mineral in 2021."""
    found: dict[Mark, list[Json]] = {}
    for step in steps:
        head, _, year = step["symbol"].rpartition("_")
        if not (year.isascii() and year.isdigit()) or not head:
            head, year = step["symbol"], ""
        bare = head.rstrip(_SUBSCRIPTS)
        found.setdefault((head[len(bare) :], year), []).append(step)
    return found


def _value(steps: Iterable[Mapping[str, Any]], symbol: str) -> str:
    return next((step["value"] for step in steps if step["symbol"] == symbol), "")


def _articles(steps: Iterable[Mapping[str, Any]]) -> str:
    """Each article once, by instrument, in the order of the computation."""
    found: dict[str, dict[str, None]] = {}
    for step in steps:
        for one in step["cite"]:
            found.setdefault(one["instrument"], {})[one["at"]] = None
    return "; ".join(f"{instrument}: {', '.join(places)}" for instrument, places in found.items())
