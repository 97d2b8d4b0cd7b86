"""What does the engine make of the cases of a licence, and which lines stand behind the sums?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.contract.compute import compute
from api.province.cases import Prepared
from rules.lawbook import LawBook

Json = dict[str, Any]
REAPPROVAL_LIST = 0
"""The key of the re-approval's price list among the years'."""


def computed(cases: Json, prepared: Prepared, book: LawBook) -> Json:
    """The results of a licence without their traces: results by kind, lines, cautions, problems, own rates."""
    result: Json = {"lines": [], "cautions": [], "problems": [], "rates": [one.cited for one in prepared.rates]}
    cautions: dict[tuple[str, str], Json] = {}
    for kind, case in cases.items():
        answer = compute(case, book)
        if not answer["ok"]:
            result["problems"] += [{"kind": kind, **one} for one in answer["errors"]]
            continue
        result[kind] = answer["result"]
        cautions.update({(kind, one["code"]): {"kind": kind, **one} for one in answer["cautions"]})
        lines = _settled if kind == "settlement" else _reapproved
        result["lines"] += lines(case, answer, prepared)
    result["cautions"] = list(cautions.values())
    return result


def _settled(case: Json, answer: Json, prepared: Prepared) -> Iterable[Json]:
    """One line a year, the one mineral of the case."""
    mineral, told = case["minerals"][0], {one["year"]: one for one in case["minerals"][0]["years"]}
    by_year: dict[str, list[Json]] = {}
    for step in answer["trace"]:
        by_year.setdefault(step["symbol"].rpartition("_")[2], []).append(step)
    own = {one.year: one.cited for one in prepared.rates}
    for year in answer["result"]["minerals"][0]["years"]:
        number = year["year"]
        steps = by_year.get(str(number), [])
        articles = _articles(steps)
        if number in own:
            articles = f"{articles}; R: {own[number]['instrument']}, {own[number]['article']}"
        yield {
            "part": "settlement",
            "mineral": mineral["mineral"],
            "year": number,
            "output": told[number]["output"],
            "output_unit": told[number]["output_unit"],
            "output_factor": year["output_factor"],
            "quantity": year["quantity"],
            "tax_price": _value(steps, f"G_tn_{number}"),
            "conversion_factor": year["conversion_factor"],
            "price": year["price_vnd"],
            "rate_percent": year["rate_percent"],
            "amount_vnd": year["amount_vnd"],
            "price_list": prepared.price_lists.get(number, ""),
            "articles": articles,
        }


def _reapproved(case: Json, answer: Json, prepared: Prepared) -> Iterable[Json]:
    given, line = case["minerals"][0], answer["result"]["minerals"][0]
    yield {
        "part": "reapproval",
        "mineral": given["mineral"],
        "year": None,
        "output": given.get("mined_since_2014", ""),
        "output_unit": given.get("output_unit", ""),
        "output_factor": line["output_factor"],
        "quantity": line["remaining_quantity"],
        "tax_price": _value(answer["trace"], "G_tn"),
        "conversion_factor": line["conversion_factor"],
        "price": line["price_vnd"],
        "rate_percent": line["rate_percent"],
        "amount_vnd": line["amount_vnd"],
        "price_list": prepared.price_lists.get(REAPPROVAL_LIST, ""),
        "articles": _articles(answer["trace"]),
    }


def _value(steps: Iterable[Mapping[str, Any]], symbol: str) -> str:
    return next((step["value"] for step in steps if step["symbol"] == symbol), "")


def _articles(steps: Iterable[Mapping[str, Any]]) -> str:
    """Each article once, by instrument, in the order of the computation."""
    found: dict[str, dict[str, None]] = {}
    for step in steps:
        for one in step["cite"]:
            found.setdefault(one["instrument"], {})[one["at"]] = None
    return "; ".join(f"{instrument}: {', '.join(places)}" for instrument, places in found.items())
