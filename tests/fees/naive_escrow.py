"""Restoration deposits once more, naively and from the articles alone: integers, fractions, one loop for each sentence.

Decree 08/2022 Art. 37, Circular 38/2015 Art. 12-13, Decision 71/2008 with Circular 34/2009. Nothing of the engine is used.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Json = dict[str, Any]


def nearest(value: Fraction) -> int:
    """Half a đồng and more goes up."""
    whole = value.numerator // value.denominator
    return whole + (value - whole >= Fraction(1, 2))


def bases(regime: str, total: int, months: int) -> tuple[int, list[int]]:
    """The share of the first deposit in percent and every deposit before price slip."""
    if months <= 12 if regime == "08/2022" else months < 36:
        return 100, [total]
    percent = 15
    if months < 240:
        percent = 20
    if months < 120:
        percent = 25
    years = 0
    while years * 12 < months:
        years += 1
    first = nearest(Fraction(total * percent, 100))
    found, left = [first], total - first
    equal = left // (years - 1)
    for _ in range(years - 2):
        found.append(equal)
        left -= equal
    return percent, [*found, left]


def index_of(year: int, approved: int, reading: Json, cpi: dict[int, Fraction]) -> Fraction | None:
    """What prices have slipped to by a year; nothing where an index is not known."""
    start = approved + 1 if reading["from"] == "next_year" else approved
    preceding = list(range(start, year))
    if reading["kind"] == "last_year":
        preceding = preceding[-1:]
    index = Fraction(1)
    for one in preceding:
        if one not in cpi:
            return None
        index *= cpi[one] / 100
    return index


def eight(value: Fraction) -> str:
    digits = str(nearest(value * 10**8)).rjust(9, "0")
    return f"{digits[:-8]}.{digits[-8:]}"


def deposits(
    regime: str, total: int, months: int, first_year: int, approved: int, reading: Json | None, cpi: dict[int, Fraction]
) -> tuple[int, list[Json]]:
    """The share of the first deposit and the table of deposits."""
    percent, amounts = bases(regime, total, months)
    lines = []
    for at, base in enumerate(amounts):
        year = first_year + at
        indexed = regime == "08/2022" or (regime == "38/2015" and at > 0)
        index: Fraction | None = Fraction(1)
        if indexed:
            assert reading is not None
            index = index_of(year, approved, reading, cpi)
        lines.append(
            {
                "number": at + 1,
                "year": year,
                "base_vnd": base,
                "index": None if index is None else eight(index),
                "amount_vnd": None if index is None else nearest(base * index),
            }
        )
    return percent, lines


def months_of(document: Json) -> int:
    years = document.get("licence_years")
    return document["licence_months"] if years is None else 12 * years


def escrow(document: Json) -> Json:
    """The result of a document of ``escrow``."""
    reading = document.get("index")
    cpi = {int(year): Fraction(value) for year, value in reading["cpi"].items()} if reading else {}
    approved = int(document["plan_approved_on"][:4])
    percent, lines = deposits(
        document["regime"], document["total_vnd"], months_of(document), document["first_year"], approved, reading, cpi
    )
    return {
        "mode": "one_off" if percent == 100 else "instalments",
        "first_percent": str(percent),
        "first_base_vnd": lines[0]["base_vnd"],
        "instalments": lines,
        "total_base_vnd": sum(line["base_vnd"] for line in lines),
    }


def schedule(document: Json, tables: dict[tuple[str, str], dict[int, str]]) -> Json:
    """The figures of a document of ``escrow_schedule``, but for its due dates; ``tables`` are the published indices."""
    reading, cpi = document.get("index"), {}
    if reading:
        measure = reading["measure"]
        if reading.get("national_fallback"):
            cpi.update(tables.get(("national", measure), {}))
        cpi.update(tables.get((reading.get("area") or "", measure), {}))
        cpi.update({int(year): value for year, value in (reading.get("cpi") or {}).items()})
    known = {year: Fraction(value) for year, value in cpi.items()}
    months = months_of(document)
    total = document.get("total_vnd")
    if total is None:
        project = document["project"]
        total = nearest(Fraction(months, 12) * project["project_cost_vnd"] / project["project_years"])
    percent, lines = deposits(
        document["regime"], total, months, document["first_year"], int(document["plan_approved_on"][:4]), reading, known
    )
    extra: list[Json] = []
    supplement = document.get("supplement")
    if supplement:
        _, extra = deposits(
            document["regime"],
            supplement["total_vnd"],
            months_of(supplement),
            supplement["first_year"],
            int(supplement["plan_approved_on"][:4]),
            reading,
            known,
        )
    pay(lines, extra, document)
    payments, refunds = document.get("payments") or [], document.get("refunds") or []
    paid, back = (sum(one["amount_vnd"] for one in moved) for moved in (payments, refunds))
    return {
        "total_base_vnd": total,
        "first_percent": str(percent),
        "instalments": lines,
        "supplement_instalments": extra,
        "indexed_vnd": sum(line["amount_vnd"] or 0 for line in [*lines, *extra]),
        "paid_vnd": paid,
        "refunded_vnd": back,
        "balance_vnd": paid - back,
        "credit_vnd": paid - sum(line["paid_vnd"] or 0 for line in [*lines, *extra]),
        "earned_vnd": earned(document, payments, refunds),
        "refund_vnd": given_back(document, paid, back),
        "recosting": recosting(document, total),
    }


def pay(lines: list[Json], extra: list[Json], document: Json) -> None:
    """Every payment, from the first day to the last, goes to the oldest deposit still open."""
    for line in [*lines, *extra]:
        line["paid_vnd"] = line["open_vnd"] = line["completed_on"] = None
    queue = sorted([*lines, *extra], key=lambda line: line["year"])  # of one year, the plan's own first
    queue = [line for line in queue if line["amount_vnd"] is not None]
    for line in queue:
        line["paid_vnd"], line["open_vnd"] = 0, line["amount_vnd"]
    for payment in sorted(document.get("payments") or [], key=lambda one: one["paid_on"]):
        left = payment["amount_vnd"]
        for line in queue:
            part = min(left, line["open_vnd"])
            if part:
                line["paid_vnd"] += part
                line["open_vnd"] -= part
                left -= part
                if line["open_vnd"] == 0:
                    line["completed_on"] = payment["paid_on"]


def earned(document: Json, payments: list[Json], refunds: list[Json]) -> int | None:
    """Interest, counted one payment, one refund and one rate at a time, from its day to the day of reckoning."""
    terms = document.get("interest")
    if not terms:
        return None
    as_of = date.fromisoformat(document["as_of"])
    rates = sorted(
        ((date.fromisoformat(one["from"]), Fraction(one["percent"])) for one in terms["rates"]), key=lambda one: one[0]
    )
    exact = Fraction(0)
    moved = [(one["paid_on"], one["amount_vnd"]) for one in payments]
    moved += [(one["refunded_on"], -one["amount_vnd"]) for one in refunds]
    for on, amount in moved:
        start = date.fromisoformat(on)
        for at, (begins, percent) in enumerate(rates):
            ends = rates[at + 1][0] if at + 1 < len(rates) else date.max
            days = (min(ends, as_of) - max(begins, start)) // timedelta(days=1)
            if days > 0:
                exact += amount * percent * days / 100 / terms["days_per_year"]
    return nearest(exact)


def given_back(document: Json, paid: int, back: int) -> int | None:
    asked = document.get("refund")
    if not asked:
        return None
    if asked["because"] != "progress":
        return paid - back
    return max(0, nearest(paid * Fraction(asked["percent"]) / 100 - back))


def recosting(document: Json, total: int) -> bool | None:
    """Works above 115 % of the total, or an item above 110 % of its estimate."""
    facts = document.get("recosting")
    if not facts:
        return None
    dearer = facts.get("cost_vnd") is not None and facts["cost_vnd"] * 100 > total * 115
    return dearer or any(
        Fraction(item["actual"]) * 100 > Fraction(item["estimated"]) * 110 for item in facts.get("items") or []
    )


def restoration_cost(document: Json) -> Json:
    """The result of a document of ``restoration_cost``, but for the rows it repeats."""
    parts: dict[str, int] = {}
    for item in document["items"]:
        cost = nearest(Fraction(item["quantity"]) * Fraction(item["unit_price_vnd"]))
        parts[item["part"]] = parts.get(item["part"], 0) + cost
    works = sum(parts.values())

    def extra(name: str, other: int | None) -> int | None:
        given = document.get(name)
        if not given:
            return None
        if given.get("percent") is None:
            return int(given["amount_vnd"])
        base: int | None = works
        if given.get("of") == "works_and_administration":
            base = None if other is None else works + other
        return None if base is None else nearest(Fraction(given["percent"]) * base / 100)

    administration = extra("administration", None)
    contingency = extra("contingency", administration)
    whole = None if administration is None or contingency is None else works + administration + contingency
    return {
        "restoration_cost_vnd": whole,
        "works_vnd": works,
        "administration_vnd": administration,
        "contingency_vnd": contingency,
        "parts": parts,
    }
