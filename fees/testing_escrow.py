"""Documents of the restoration deposit and what each of its results promises (extra ``testing``).

:func:`escrow_documents`, :func:`escrow_schedule_documents` and :func:`restoration_cost_documents` draw sound documents;
:data:`ESCROW_CHECKS`, :data:`ESCROW_SCHEDULE_CHECKS` and :data:`RESTORATION_COST_CHECKS` are their invariants.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hypothesis import strategies as st

from fees.escrow_index import IndexKind, IndexStart
from fees.escrow_plan import INSTRUMENTS, Regime
from fees.escrow_refund import Because
from fees.restoration_cost import Part, ShareOf
from fees.testing_checks import (
    check_cautions,
    check_deterministic,
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_trace_re_evaluates,
)
from fees.testing_prices import decimal_texts
from fees.testing_results import Compute, Json, computed, number_of, require
from rules.cpi import Measure
from rules.lawbook import law_book
from rules.number import half_up, plain

Check = Callable[[Compute, Json], None]
_MONTHS: Final = st.one_of(
    st.sampled_from([1, 11, 12, 13, 24, 35, 36, 37, 119, 120, 121, 239, 240, 241, 360]), st.integers(1, 600)
)
_YEARS: Final = st.one_of(st.sampled_from([1, 2, 3, 9, 10, 19, 20, 30]), st.integers(1, 50))
_TOTALS: Final = st.one_of(st.integers(1, 100), st.integers(1, 10**12), st.integers(1, 10**15))
_CPI: Final = decimal_texts("80", "130", 4)


def _terms() -> st.SearchStrategy[Json]:
    years = st.builds(lambda value: {"licence_years": value}, _YEARS)
    return st.one_of(years, st.builds(lambda value: {"licence_months": value}, _MONTHS))


@st.composite
def escrow_documents(draw: st.DrawFn) -> Json:
    """Sound documents of ``escrow``: every regime and reading, terms around every band, indices known up to some year."""
    regime = draw(st.sampled_from(Regime))
    approved = draw(st.dates(date(2008, 6, 26), date(2027, 12, 31)))
    document: Json = {
        "kind": "escrow",
        "regime": regime.value,
        "plan_approved_on": approved.isoformat(),
        "total_vnd": draw(_TOTALS),
        **draw(_terms()),
        "first_year": approved.year + draw(st.integers(0, 5)),
    }
    if regime is not Regime.CIRCULAR_34_2009 or draw(st.booleans()):
        known = draw(st.integers(0, 20))
        cpi = {str(approved.year + at): draw(_CPI) for at in range(known)}
        document["index"] = {**draw(_readings()), "cpi": cpi}
    return document


def _readings() -> st.SearchStrategy[Json]:
    return st.builds(
        lambda kind, start: {"kind": kind.value, "from": start.value},
        st.sampled_from(IndexKind),
        st.sampled_from(IndexStart),
    )


@st.composite
def escrow_schedule_documents(draw: st.DrawFn) -> Json:
    """Sound documents of ``escrow_schedule``: a plan with payments, refunds, rates, and what may happen to it."""
    document = draw(escrow_documents()) | {"kind": "escrow_schedule"}
    as_of = date(2026, 1, 29) + timedelta(days=draw(st.integers(0, 1500)))
    document["as_of"] = as_of.isoformat()
    if "index" in document:
        index = document["index"]
        index |= {"measure": draw(st.sampled_from(Measure)).value, "national_fallback": draw(st.booleans())}
        if draw(st.booleans()):
            index["area"] = draw(st.sampled_from(sorted(law_book().cpi.areas)))
        _without_holes(document)
    if document["regime"] == Regime.CIRCULAR_34_2009 and draw(st.booleans()):
        years = 50 if "licence_years" in document else 600 // 12
        document["project"] = {
            "project_cost_vnd": document.pop("total_vnd") + 9999,
            "project_years": draw(st.integers(years, 99)),
        }
    document |= draw(_happenings(as_of))
    return document


def _without_holes(document: Json) -> None:
    """Give every index from the approval to the last one that the law book may add, so that no hole is left between."""
    first = int(document["plan_approved_on"][:4])
    cpi = document["index"]["cpi"]
    for year in range(first, 2026):
        cpi.setdefault(str(year), "103.5")


@st.composite
def _happenings(draw: st.DrawFn, as_of: date) -> Json:
    days = st.dates(date(2009, 1, 1), as_of)
    payments: list[Json] = [
        {"paid_on": on.isoformat(), "amount_vnd": draw(st.integers(1, 10**9))}
        for on in draw(st.lists(days, max_size=6))
    ]
    found: Json = {"payments": payments}
    if draw(st.booleans()) and payments:
        last = max(payments, key=lambda one: one["paid_on"])
        back = draw(st.integers(1, sum(one["amount_vnd"] for one in payments)))
        found["refunds"] = [{"refunded_on": last["paid_on"], "amount_vnd": back}]
    if draw(st.booleans()):
        later = draw(
            st.lists(
                st.builds(lambda on, rate: {"from": on.isoformat(), "percent": rate}, days, decimal_texts("0", "9", 2)),
                max_size=3,
            )
        )
        rates = {one["from"]: one for one in ({"from": "2008-01-01", "percent": "0.3"}, *later)}  # one a day
        found["interest"] = {"days_per_year": draw(st.sampled_from([360, 365])), "rates": list(rates.values())}
    starts = draw(st.one_of(st.none(), days))
    if starts is not None:
        found["starts_on"] = starts.isoformat()
        found["cpi_announced_on"] = {str(year): f"{year}-12-29" for year in range(starts.year, starts.year + 4)}
    because = draw(st.one_of(st.none(), st.sampled_from(Because)))
    if because is not None:
        found["refund"] = {"because": because.value, "on": as_of.isoformat()}
        if because is Because.PROGRESS:
            found["refund"]["percent"] = draw(decimal_texts("0", "100", 2))
    if draw(st.booleans()):
        begun = draw(days)
        found["supplement"] = {
            "plan_approved_on": "2027-01-04",
            "total_vnd": draw(st.integers(1, 10**12)),
            **draw(_terms()),
            "first_year": 2027,
            "starts_on": begun.isoformat(),
        }
    if draw(st.booleans()):
        items = [
            {
                "item": f"Hạng mục {at}",
                "estimated": draw(decimal_texts("0.1", "1000", 2)),
                "actual": draw(decimal_texts("0", "1200", 2)),
            }
            for at in range(draw(st.integers(0, 3)))
        ]
        found["recosting"] = {
            "on": "2021-06-01",
            "cost_vnd": draw(st.one_of(st.none(), st.integers(0, 10**13))),
            "items": items,
        }
    found["transferred_on"] = [on.isoformat() for on in draw(st.lists(days, max_size=2))]
    return found


@st.composite
def restoration_cost_documents(draw: st.DrawFn) -> Json:
    """Sound documents of ``restoration_cost``: items of every part, administration and contingency in every form or absent."""
    items = [
        {
            "part": draw(st.sampled_from(Part)).value,
            "item": f"Hạng mục {at}",
            "quantity": draw(decimal_texts("0", "100000", 3)),
            "unit": draw(st.sampled_from(["m³", "ha", "cây", "%"])),
            "unit_price_vnd": draw(decimal_texts("0", "10000000", 1)),
        }
        for at in range(draw(st.integers(1, 6)))
    ]
    days = st.one_of(st.dates(date(2008, 6, 26), date(2013, 5, 14)), st.dates(date(2015, 8, 17), date(2028, 1, 1)))
    document: Json = {"kind": "restoration_cost", "priced_on": draw(days).isoformat(), "items": items}
    for name in ("administration", "contingency"):
        share: Json = {"percent": draw(decimal_texts("0", "100", 2))}
        if name == "contingency" and draw(st.booleans()):
            share["of"] = draw(st.sampled_from(ShareOf)).value
        ways = [None, share, {"amount_vnd": draw(st.integers(0, 10**12))}]
        document[name] = draw(st.sampled_from(ways))
    return document


def _plans(document: Json, result: Json) -> Iterator[tuple[Json, Json, list[Json]]]:
    """What was asked, the figures and the deposits: of the plan and of its supplement."""
    yield document, result, result["instalments"]
    if result.get("supplement"):
        yield document["supplement"], result["supplement"], result["supplement_instalments"]


def check_deposits_sum_to_total(compute: Compute, document: Json) -> None:
    """The bases add up to the sum to deposit (Circular 38/2015 Art. 12(1)-(2)); they are numbered by year, without a hole."""
    result = computed(compute, document)["result"]
    for asked, facts, lines in _plans(document, result):
        total = sum(line["base_vnd"] for line in lines)
        require(total == facts["total_base_vnd"], f"the bases sum to {total}, not {facts['total_base_vnd']}")
        if asked.get("total_vnd") is not None:
            require(facts["total_base_vnd"] == asked["total_vnd"], "the total is not the one given")
        require(
            [line["number"] for line in lines] == list(range(1, len(lines) + 1)), "deposits are not numbered in order"
        )
        years = [line["year"] for line in lines]
        require(years == list(range(asked["first_year"], asked["first_year"] + len(lines))), f"years {years}")


def check_first_share_by_term(compute: Compute, document: Json) -> None:
    """One payment up to a year (Decree 08/2022 Art. 37(5)(a)) or under three years (before), else 25, 20 or 15 % by term, as
    many later deposits as whole years remain; the first is half up, later ones whole and equal, the last takes the rest."""
    regime = Regime(document["regime"])
    for asked, facts, lines in _plans(document, computed(compute, document)["result"]):
        months = asked.get("licence_months") or 12 * asked["licence_years"]
        once = months <= 12 if regime is Regime.DECREE_08_2022 else months < 36
        share = 100 if once else 25 if months < 120 else 20 if months < 240 else 15
        require(number_of(facts["first_percent"]) == share, f"{months} months: first share {facts['first_percent']}")
        require(facts["mode"] == ("one_off" if once else "instalments"), f"{months} months: {facts['mode']}")
        require(len(lines) == (1 if once else -(-months // 12)), f"{months} months: {len(lines)} deposits")
        first = half_up(Fraction(facts["total_base_vnd"] * share, 100))
        require(facts["first_base_vnd"] == first == lines[0]["base_vnd"], "the first base is not p x A, half up")
        if not once:
            equal = (facts["total_base_vnd"] - first) // (len(lines) - 1)
            require(all(line["base_vnd"] == equal for line in lines[1:-1]), f"later bases are not {equal}")


def check_which_deposits_are_indexed(compute: Compute, document: Json) -> None:
    """Decree 08/2022 indexes every deposit, Circular 38/2015 from the second on (Art. 12(3)), the rules of 2008 none; a
    deposit has an index and an amount, or neither, and none after one that has neither."""
    regime = Regime(document["regime"])
    for _, _, lines in _plans(document, computed(compute, document)["result"]):
        known = [line["index"] is not None for line in lines]
        require(
            known == [line["amount_vnd"] is not None for line in lines], "an amount without an index, or the reverse"
        )
        require(known == sorted(known, reverse=True), "a later deposit is indexed and an earlier one is not")
        free = len(lines) if regime is Regime.CIRCULAR_34_2009 else regime is Regime.CIRCULAR_38_2015
        for line in lines[:free]:
            require(line["amount_vnd"] == line["base_vnd"] and number_of(line["index"]) == 1, f"{line} is indexed")


def check_indexing_by_100_is_the_identity(compute: Compute, document: Json) -> None:
    """A year without any rise (100) leaves every amount at its base."""
    if not document.get("index", {}).get("cpi"):
        return
    flat = copy.deepcopy(document)
    flat["index"]["cpi"] = dict.fromkeys(flat["index"]["cpi"], "100")
    for _, _, lines in _plans(flat, computed(compute, flat)["result"]):
        for line in lines:
            require(line["amount_vnd"] in (None, line["base_vnd"]), f"100 changes {line}")


def check_chaining_is_associative(compute: Compute, document: Json) -> None:
    """Two years at CPI a and b slip prices as one at a x b : 100 and one at 100."""
    index = document.get("index")
    if not index or index["kind"] != IndexKind.CHAIN.value:
        return
    counted = [
        year
        for year in sorted(index["cpi"])
        if index["from"] == "approval_year" or year > document["plan_approved_on"][:4]
    ]
    if len(counted) < 2:
        return
    one, other = counted[:2]
    merged = copy.deepcopy(document)
    product = Decimal(index["cpi"][one]) * Decimal(index["cpi"][other]) / 100
    merged["index"]["cpi"] |= {one: plain(*product.as_integer_ratio()), other: "100"}
    before, after = (computed(compute, each)["result"]["instalments"] for each in (document, merged))
    for line, moved in zip(before, after, strict=True):
        if line["year"] != int(other):
            require(line == moved, f"chained in two steps {line}, in one {moved}")


def check_index_never_falls_with_rising_prices(compute: Compute, document: Json) -> None:
    """Where every index is at least 100, no deposit is below its base."""
    if any(Decimal(cpi) < 100 for cpi in document.get("index", {}).get("cpi", {}).values()):
        return
    for line in computed(compute, document)["result"]["instalments"]:
        require(line["amount_vnd"] is None or line["amount_vnd"] >= line["base_vnd"], f"{line} is below its base")


def check_payments_are_all_counted(compute: Compute, document: Json) -> None:
    """What is paid in is paid towards deposits or beyond them; what is held is paid less given back; paid plus open is due."""
    result = computed(compute, document)["result"]
    paid = sum(one["amount_vnd"] for one in document.get("payments") or ())
    back = sum(one["amount_vnd"] for one in document.get("refunds") or ())
    lines = [*result["instalments"], *result["supplement_instalments"]]
    towards = sum(line["paid_vnd"] or 0 for line in lines)
    require(paid == result["paid_vnd"] == towards + result["credit_vnd"], "payments are lost or counted twice")
    require(result["balance_vnd"] == paid - back, "the principal held is not paid less given back")
    for line in lines:
        if line["amount_vnd"] is not None:
            require(
                line["paid_vnd"] + line["open_vnd"] == line["amount_vnd"], f"{line}: paid and open are not the amount"
            )
    require(result["indexed_vnd"] == sum(line["amount_vnd"] or 0 for line in lines), "indexed_vnd is not the sum")


def check_days_late(compute: Compute, document: Json) -> None:
    """A deposit complete on or before its due date is no day late, an open one is late up to the day of reckoning."""
    as_of = date.fromisoformat(document["as_of"])
    result = computed(compute, document)["result"]
    for line in (*result["instalments"], *result["supplement_instalments"]):
        if line["due_on"] is None or line["amount_vnd"] is None:
            require(line["days_late"] is None, f"{line}: late without a due date or amount")
            continue
        due = date.fromisoformat(line["due_on"])
        until = as_of if line["open_vnd"] else date.fromisoformat(line["completed_on"] or line["due_on"])
        require(line["days_late"] == max(0, (until - due).days), f"{line}: not {(until - due).days} days late")


def check_interest_is_between_its_rates(compute: Compute, document: Json) -> None:
    """Interest is never negative and never above the largest rate on all that was paid in for the whole time."""
    terms, result = document.get("interest"), computed(compute, document)["result"]
    if terms is None:
        require(result["earned_vnd"] is None, "interest without a rate")
        return
    paid = document.get("payments") or [{"paid_on": document["as_of"], "amount_vnd": 0}]
    days = (date.fromisoformat(document["as_of"]) - date.fromisoformat(min(one["paid_on"] for one in paid))).days
    largest = max(Fraction(rate["percent"]) for rate in terms["rates"]) / 100
    most = half_up(sum(one["amount_vnd"] for one in paid) * largest * days / terms["days_per_year"])
    require(0 <= result["earned_vnd"] <= most, f"interest of {result['earned_vnd']} is not within 0 and {most}")


def check_parts_sum_to_works(compute: Compute, document: Json) -> None:
    """Items add up to parts, parts to the works, and these with administration and contingency to the total, if both are known."""
    result = computed(compute, document)["result"]
    for part in result["parts"]:
        of_part = sum(item["amount_vnd"] for item in result["items"] if item["part"] == part["part"])
        require(part["amount_vnd"] == of_part, f"{part} is not the sum of its items, {of_part}")
    for item in result["items"]:
        exact = number_of(item["quantity"]) * number_of(item["unit_price_vnd"])
        require(item["amount_vnd"] == half_up(exact), f"{item} is not quantity x unit price = {exact}")
    require(result["works_vnd"] == sum(part["amount_vnd"] for part in result["parts"]), "the works are not their parts")
    extras = [result["administration_vnd"], result["contingency_vnd"]]
    whole = None if None in extras else result["works_vnd"] + sum(extras)
    require(result["restoration_cost_vnd"] == whole, f"the total is {result['restoration_cost_vnd']}, not {whole}")


def check_regime_is_cited(compute: Compute, document: Json) -> None:
    """The share of the first deposit is cited from the instrument of the regime that was chosen."""
    steps = {step["symbol"]: step for step in computed(compute, document)["trace"]}
    (cite,) = steps["p"]["cite"]
    require(cite["instrument"] == INSTRUMENTS[Regime(document["regime"])], f"p is cited from {cite['instrument']}")


_EXPLAINED: Final[tuple[Check, ...]] = (
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_trace_re_evaluates,
    check_cautions,
    check_deterministic,
)
ESCROW_CHECKS: Final[tuple[Check, ...]] = (
    check_deposits_sum_to_total,
    check_first_share_by_term,
    check_which_deposits_are_indexed,
    check_indexing_by_100_is_the_identity,
    check_chaining_is_associative,
    check_index_never_falls_with_rising_prices,
    check_regime_is_cited,
    *_EXPLAINED,
)
"""Every invariant of a sound ``escrow`` document."""
ESCROW_SCHEDULE_CHECKS: Final[tuple[Check, ...]] = (
    check_deposits_sum_to_total,
    check_first_share_by_term,
    check_which_deposits_are_indexed,
    check_payments_are_all_counted,
    check_days_late,
    check_interest_is_between_its_rates,
    check_regime_is_cited,
    *_EXPLAINED,
)
"""Every invariant of a sound ``escrow_schedule`` document."""
RESTORATION_COST_CHECKS: Final[tuple[Check, ...]] = (check_parts_sum_to_works, *_EXPLAINED)
"""Every invariant of a sound ``restoration_cost`` document."""
ESCROW_CHECKS_BY_KIND: Final[dict[str, tuple[Check, ...]]] = {
    "escrow": ESCROW_CHECKS,
    "escrow_schedule": ESCROW_SCHEDULE_CHECKS,
    "restoration_cost": RESTORATION_COST_CHECKS,
}
"""The invariants by the kind of document."""
