"""What every fee result promises, as checks that any engine of the contract can be held to (extra ``testing``).

A check takes ``compute`` (one document in, one result out) and a document that it computes; it raises
:class:`BrokenInvariant` saying what does not hold. Each docstring names the article or the clause of the contract it states.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from fees.testing_results import (
    Compute,
    Json,
    computed,
    figures_of,
    number_of,
    require,
    step_of_rounding,
    words_of,
)
from fees.testing_trace import figure, re_evaluate
from rules.citation import Confidence
from rules.number import half_up, plain

CAUTION_CODES: Final = frozenset(
    {
        "secondary_parameter",
        "recalled_parameter",
        "user_rate",
        "user_factor",
        "province_rounding",
        "provisional_price",
        "estimated_holiday",
        "past_horizon",
        "reading_chosen",
        "before_its_article",
    }
)
"""The caution codes of the contract."""


def check_line_is_q_g_r(compute: Compute, document: Json) -> None:
    """T = Q x G x R (Decree 193/2025 Art. 132(1)), with K1 and K2 under Decree 67/2019 Art. 5: each printed line is the
    product of its printed figures, rounded half up once to ``rounding_vnd``."""
    step = step_of_rounding(document)
    for index, line in enumerate(computed(compute, document)["result"]["minerals"]):
        exact = number_of(line["quantity"]) * number_of(line["price_vnd"]) * number_of(line["rate_percent"]) / 100
        exact *= number_of(line.get("k1", "1")) * number_of(line.get("k2", "1"))
        require(line["amount_vnd"] == half_up(exact, step), f"minerals[{index}]: {line} is not Q x G x R = {exact}")


def check_total_adds_printed_lines(compute: Compute, document: Json) -> None:
    """Each mineral is computed by itself and added (Art. 132(1)); totals add the printed lines (contract, Rounding)."""
    result = computed(compute, document)["result"]
    total = sum(line["amount_vnd"] for line in result["minerals"])
    require(result["total_vnd"] == total, f"total_vnd {result['total_vnd']} is not the sum of its lines, {total}")


def check_fee_is_linear_in_quantity(compute: Compute, document: Json, share: str = "0.3") -> None:
    """Before rounding a line is linear in Q (Art. 132(1)): with ``share`` of every quantity, flow and exempt volume each
    line is that share of what it was, within the half steps that the two roundings may take away."""
    part = copy.deepcopy(document)
    for line in part["minerals"]:
        for name in ("quantity", "flow_m3_per_day", "exempt_quantity"):
            if line.get(name) is not None:
                line[name] = plain(*(Decimal(line[name]) * Decimal(share)).as_integer_ratio())
    whole, less = (computed(compute, one)["result"]["minerals"] for one in (document, part))
    allowed = Fraction(step_of_rounding(document), 2) * (1 + Fraction(share))
    for index, (line, smaller) in enumerate(zip(whole, less, strict=True)):
        off = abs(smaller["amount_vnd"] - Fraction(share) * line["amount_vnd"])
        require(
            off <= allowed, f"minerals[{index}]: {share} of Q gives {smaller['amount_vnd']} of {line['amount_vnd']}"
        )


def check_fee_is_monotone_in_price(compute: Compute, document: Json) -> None:
    """A lower resource-tax price never makes a dearer line (G = G_tn x K_qđ, Art. 134(1))."""

    def halve(line: Json) -> None:
        for price in (line["price"], *line["price"].get("bands", ())):
            if "amount" in price:
                price["amount"] = max(1, price["amount"] // 2)

    _never_dearer(compute, document, halve)


def check_fee_is_monotone_in_rate(compute: Compute, document: Json) -> None:
    """A lower winning rate, down to the table's own, never makes a dearer line (Art. 132(1)); with no rate won at all the
    table's rate holds, which the starting price of an auction equals (Law 54/2024 Art. 102(1))."""
    _never_dearer(compute, document, lambda line: line.pop("winning_rate_percent", None))


def check_order_of_minerals_is_irrelevant(compute: Compute, document: Json) -> None:
    """Minerals are computed each by itself (Art. 132(1)): in another order the same lines, total and schedule."""
    turned = dict(document, minerals=document["minerals"][::-1])
    one, other = (computed(compute, each)["result"] for each in (document, turned))
    require(one["minerals"] == other["minerals"][::-1], "the lines change with their order")
    for name in ("total_vnd", "payments", "annual_vnd", "schedule"):
        require(one[name] == other[name], f"{name} changes with the order of the minerals")


def check_schedule_sums_to_total(compute: Compute, document: Json) -> None:
    """Yearly instalments are floor(T / X), the last takes the rest (contract, Rounding): they add up to the total unless
    a re-pricing changes them (Decree 67/2019 Art. 10(1)); payments count years, in order, none negative."""
    result = computed(compute, document)["result"]
    schedule, annual = result["schedule"], result["annual_vnd"]
    years = [one["year"] for one in schedule]
    require(years == sorted(years), f"the years of the schedule are not in order: {years}")
    require(len(set(years)) == result["payments"], f"payments is {result['payments']} for the years {years}")
    require(all(one["amount_vnd"] >= 0 for one in schedule), "a payment is negative")
    if document.get("repricing"):
        return
    paid = sum(one["amount_vnd"] for one in schedule)
    require(paid == result["total_vnd"], f"the schedule sums to {paid}, the total is {result['total_vnd']}")
    if document["kind"] == "licence_right_fee":
        equal = result["total_vnd"] // result["payments"]
        require(annual == equal, f"annual_vnd {annual} is not floor(T / X) = {equal}")
        require(all(one["amount_vnd"] == equal for one in schedule[:-1]), "the payments before the last are not equal")


def check_due_dates_ascend(compute: Compute, document: Json) -> None:
    """The first payment has no due date without a notice; no payment is due before an earlier one (Art. 137(2))."""
    schedule = computed(compute, document)["result"]["schedule"]
    first = schedule[0]["due_on"]
    require((first is None) == (document.get("tax_notice_on") is None), f"the first payment is due on {first}")
    dues = [one["due_on"] for one in schedule if one["due_on"] is not None]
    require(dues == sorted(dues), f"due dates do not ascend: {dues}")
    require(len(dues) >= len(schedule) - 1, "a later payment has no due date")


def check_every_figure_is_in_the_trace(compute: Compute, document: Json) -> None:
    """Every number of the result appears in some step (contract, Trace); a year may stand in a symbol or label."""
    answer = computed(compute, document)
    known = {value for value in (_stated(step) for step in answer["trace"]) if value is not None}
    words = words_of(answer["trace"])
    for path, number in figures_of(answer["result"]):
        found = number in known or (path.endswith("year") and str(number) in words)
        require(found, f"{path} = {number} appears in no step")


def check_every_step_is_cited(compute: Compute, document: Json) -> None:
    """Every step but plain inputs (a symbol that stands for itself) cites instrument, place and confidence (contract)."""
    for step in computed(compute, document)["trace"]:
        symbol = step["symbol"]
        require(bool(step["cite"]) or step["formula"] == symbol, f"{symbol} = {step['formula']} cites nothing")
        for cite in step["cite"]:
            _require_citation(symbol, cite)
        for name in ("symbol", "label_vi", "label_en", "formula", "substituted", "value"):
            require(isinstance(step[name], str) and bool(step[name]), f"{symbol}: {name} is empty")


def check_trace_re_evaluates(compute: Compute, document: Json) -> None:
    """Each ``substituted`` alone, and each ``formula`` with the values of earlier steps, gives the step's value."""
    re_evaluate(computed(compute, document)["trace"])


def check_cautions(compute: Compute, document: Json) -> None:
    """Cautions have known codes, each at most once, and speak both languages (contract, Cautions)."""
    cautions = computed(compute, document)["cautions"]
    codes = [one["code"] for one in cautions]
    require(len(codes) == len(set(codes)), f"a caution stands twice: {codes}")
    require(set(codes) <= CAUTION_CODES, f"unknown cautions: {set(codes) - CAUTION_CODES}")
    for one in cautions:
        require_both_languages(one["code"], one)
        for cite in one["cite"]:
            _require_citation(one["code"], cite)


def check_deterministic(compute: Compute, document: Json) -> None:
    """The same document gives the same result, is not changed by being computed, and the result is plain JSON that names
    the law book by its digest (contract, Result)."""
    before = copy.deepcopy(document)
    first, second = compute(document), compute(document)
    require(document == before, "computing a document changes it")
    require(first == second, "computing a document twice gives two results")
    require(json.loads(json.dumps(first, allow_nan=False)) == first, "the result is not plain JSON")
    require(first["id"] == document.get("id") and first["kind"] == document["kind"], "id or kind is not echoed")
    require(re.fullmatch("[0-9a-f]{64}", first["law"]["digest"]) is not None, "no digest of the law book")


FEE_CHECKS: Final[tuple[Callable[[Compute, Json], None], ...]] = (
    check_line_is_q_g_r,
    check_total_adds_printed_lines,
    check_fee_is_linear_in_quantity,
    check_fee_is_monotone_in_price,
    check_fee_is_monotone_in_rate,
    check_order_of_minerals_is_irrelevant,
    check_schedule_sums_to_total,
    check_due_dates_ascend,
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_trace_re_evaluates,
    check_cautions,
    check_deterministic,
)
"""Every invariant of a sound fee document."""


def _never_dearer(compute: Compute, document: Json, change: Callable[[Json], Any]) -> None:
    changed = copy.deepcopy(document)
    for line in changed["minerals"]:
        change(line)
    before, after = (computed(compute, one)["result"]["minerals"] for one in (document, changed))
    for index, (line, other) in enumerate(zip(before, after, strict=True)):
        require(other["amount_vnd"] <= line["amount_vnd"], f"minerals[{index}] grows from {line} to {other}")


def _stated(step: Json) -> Fraction | None:
    value = figure(step)
    return value if value is None or step["unit"] != "%" else value * 100


def _require_citation(where: str, cite: Json) -> None:
    stated = isinstance(cite["instrument"], str) and cite["instrument"] and isinstance(cite["at"], str) and cite["at"]
    require(bool(stated), f"{where}: a citation is empty: {cite}")
    require(cite["confidence"] in set(Confidence), f"{where}: {cite['confidence']!r} is no confidence")


def require_both_languages(where: str, texts: Json) -> None:
    """A message is there in Vietnamese and in English, and the two differ."""
    vi, en = texts["message_vi"], texts["message_en"]
    require(bool(vi.strip()) and bool(en.strip()) and vi != en, f"{where} does not speak both languages: {texts}")
