"""Auctions once more, naively, from the articles alone: plain fractions, no law book, no shared code.

``answer`` gives the figures of a result, or the code of its refusal.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

LARGEST = 10**18
Json = dict[str, Any]

_FIVE = {"river_sand_gravel", "stream_sand_gravel", "brick_clay"}
_THREE = {"construction_stone", "fill_material", "other_construction", "lake_sand_gravel", "cement_limestone"}
_ONE = {
    "crushed_sand_feed", "peat", "facing_stone_block", "white_marble", "silica_superfine", "industrial_limestone",
    "industrial_dolomite", "semi_precious_stone", "hot_water", "mineral_water", "co2",
}  # fmt: skip
_WATER = {"hot_water", "mineral_water"}


class Refused(Exception):  # noqa: N818 - as the engine names it
    """The code of the first fault."""


def rate(mineral: str, on: date) -> int:
    """Annex III of Decree 193/2025 (sea areas in I.1 from 2026-01-16), before it Annex I of Decree 67/2019, in percent."""
    if mineral == "sea_sand_gravel":
        return 5 if on >= date(2026, 1, 16) else 3
    if on < date(2025, 7, 2):
        if mineral in ("hardrock_tin_tungsten_antimony_nickel", "accompanying_gold_silver"):
            return 1
        if mineral == "weathered_gold_silver":
            return 3
    if mineral in _FIVE:
        return 5
    if mineral in _THREE:
        return 3
    return 1 if mineral in _ONE else 2


def up(value: Fraction, step: Fraction | int = 1) -> Fraction:
    """Half up to a multiple of ``step``."""
    return step * floor(value / step + Fraction(1, 2)) + Fraction(0)


def three(text: str) -> Fraction:
    return up(Fraction(text), Fraction(1, 1000))


def fee_price(line: Json) -> Fraction:
    """G = G_tn x K_qđ; every parameter and the factor half up to three decimals (Annex IV I.9)."""
    price, given = line["price"], line.get("conversion") or {}
    factor = Fraction(1)
    if price["kind"] == "determined":
        factor = Fraction(given["factor"])
    elif price["kind"] in ("ore_grade", "concentrate", "component"):
        factor = three(given["grade"]) / three(given["price_grade"])
    elif price["unit"] != line["quantity_unit"]:
        factor = three(given["bulking_factor"])
        if line["quantity_unit"] == "tonne":
            factor /= three(given["density"])
    return price["amount"] * up(factor, Fraction(1, 1000))


def band(group: str, mineral: str) -> tuple[int, int]:
    """Art. 145(1)(a)-(b)."""
    higher = group == "IV" or mineral in ("river_sand_gravel", "lake_sand_gravel", "sea_sand_gravel")
    return (20, 50) if higher else (10, 30)


def total(sums: list[Fraction]) -> int:
    whole = sum(sums)
    if whole > LARGEST:
        raise Refused("out_of_range")
    return int(whole)


def terms(document: Json) -> Json:
    """Law 54/2024 Art. 102(1)-(2), Decree 193/2025 Art. 145 and 148(1)."""
    on = date.fromisoformat(document["set_on"])
    if on < date(2025, 7, 2):
        raise Refused("not_in_force")
    minerals, step = document["minerals"], document.get("rounding_vnd") or 1
    amounts = [
        up(Fraction(one["quantity"]) * fee_price(one) * rate(one["mineral"], on) / 100, step) for one in minerals
    ]
    auctioned = None
    for index, one in enumerate(minerals):
        if one.get("as") is not None:
            continue
        if one.get("main"):
            auctioned = index
            break
        if auctioned is None or amounts[index] > amounts[auctioned]:
            auctioned = index
    if auctioned is None:
        raise Refused("invalid_input")
    mineral = minerals[auctioned]["mineral"]
    share, H = Fraction(document["step_percent_of_start"]), Fraction(document["deposit_percent"])
    least, most = band(document["group"], mineral)
    if not (1 <= share <= 10 and least <= H <= most):
        raise Refused("out_of_range")
    start = Fraction(rate(mineral, on))
    estimate = total(amounts)
    return {
        "auctioned": auctioned,
        "auctioned_mineral": mineral,
        "start_rate_percent": start,
        "step_rate_percent": start * share / 100,
        "step_min_percent": start / 100,
        "step_max_percent": start / 10,
        "deposit_percent_min": least,
        "deposit_percent_max": most,
        "estimated_fee_vnd": estimate,
        "deposit_vnd": int(up(estimate * H / 100)),
        "rates": [Fraction(rate(one["mineral"], on)) for one in minerals],
        "amounts": [int(one) for one in amounts],
    }


def outcome(document: Json) -> Json:
    """Decree 193/2025 Art. 148(2)-(3)."""
    found, won = terms(document), Fraction(document["winning_rate_percent"])
    start, step = found["start_rate_percent"], found["step_rate_percent"]
    count = (won - start) / step
    if count < 0 or count.denominator != 1:
        raise Refused("out_of_range")
    rates, amounts = [], []
    for one, own in zip(document["minerals"], found["rates"], strict=True):
        rates.append(own if one.get("as") else own * won / start)
        exact = Fraction(one["quantity"]) * fee_price(one) * rates[-1] / 100
        amounts.append(up(exact, document.get("rounding_vnd") or 1))
    found |= {"start_fee_vnd": found["estimated_fee_vnd"], "steps": int(count), "winning_rate_percent": won}
    return found | {"estimated_fee_vnd": total(amounts), "rates": rates, "amounts": [int(one) for one in amounts]}


def plan(document: Json) -> Json:
    """Decree 193/2025 Art. 132(2): T : X for nine scenarios."""
    found = outcome(document)
    issued, expires = (date.fromisoformat(document["licence"][name]) for name in ("issued_on", "expires_on"))
    X = max(1, expires.year - issued.year + (1 if (expires.month, expires.day) >= (7, 1) else 0))
    cells = []
    for level in ("quantity_low", "quantity", "quantity_high"):
        for share in (document["price_low_percent"], "100", document["price_high_percent"]):
            amounts = [
                up(
                    Fraction(one[level]) * fee_price(one) * Fraction(share) / 100 * R / 100,
                    document.get("rounding_vnd") or 1,
                )
                for one, R in zip(document["minerals"], found["rates"], strict=True)
            ]
            T = total(amounts)
            cells.append((T, T // X, T - T // X * (X - 1)))
    return found | {"payments": X, "cells": cells}


def old_band(on: date) -> tuple[int, int]:
    """Decree 22/2012 Art. 5(1)(a); from 2017-07-01 Law 01/2016 Art. 39(1); from 2025-03-01 not known."""
    if on >= date(2025, 3, 1):
        raise Refused("no_rule_at_date")
    return (5, 20) if on >= date(2017, 7, 1) else (1, 15)


def old_deposit(document: Json, start: int) -> int:
    least, most = old_band(date.fromisoformat(document["set_on"]))
    H = Fraction(document["deposit_percent"])
    if not least <= H <= most:
        raise Refused("out_of_range")
    return int(up(start * H / 100))


def money(document: Json) -> Json:
    """Decree 22/2012 Art. 4(2), 5, 21(3); Joint Circular 54/2014 Art. 3(1), 7; Decree 193/2025 Art. 139(5)(c)."""
    on, start = date.fromisoformat(document["set_on"]), document.get("start_vnd")
    if not date(2012, 5, 15) <= on < date(2025, 7, 2):
        raise Refused("not_in_force")
    old_band(on)
    fee = None
    lines = document.get("minerals") or []
    if lines:
        if on < date(2019, 9, 15):
            raise Refused("no_rule_at_date")
        k1 = {"open_pit": Fraction(9, 10), "underground": Fraction(6, 10), "other": Fraction(1)}
        k2 = {"especially_difficult": Fraction(9, 10), "difficult": Fraction(95, 100), "other": Fraction(1)}
        amounts = []
        for one in lines:
            recovery = Fraction(1) if one["mineral"] in _WATER else k1[document["mining_method"]]
            exact = Fraction(one["quantity"]) * fee_price(one) * recovery * k2[document["area"]]
            amounts.append(up(exact * rate(one["mineral"], on) / 100, document.get("rounding_vnd") or 1))
        fee = total(amounts)
        if start is not None and start < fee:
            raise Refused("out_of_range")
    start = fee if start is None else start
    assert start is not None
    found: Json = {"start_vnd": start, "deposit_vnd": old_deposit(document, start)}
    if document.get("won_vnd") is None:
        return found
    won, count = document["won_vnd"], Fraction(document["won_vnd"] - start, document["step_vnd"])
    if count < 0 or count.denominator != 1:
        raise Refused("out_of_range")
    found |= {"steps": int(count), "times_start": Fraction(won, start)}
    found["settlement"] = [Fraction(won, start) * rate(one["mineral"], on) for one in lines]
    return found | old_payment(won, found["deposit_vnd"], on)


def old_payment(won: int, deposit: int, on: date) -> Json:
    """Joint Circular 54/2014 Art. 7(1)-(2), Decree 22/2012 Art. 5(3)."""
    found: Json = {"after_deposit_vnd": won - deposit}
    if on >= date(2014, 10, 24):
        found["first_payment_vnd"] = min(won, 50_000_000_000)
    return found


def by_rate(document: Json) -> Json:
    """Joint Circular 54/2014 Art. 3(2), 4, 6."""
    on, (line,) = date.fromisoformat(document["set_on"]), document["minerals"]
    if not date(2014, 10, 24) <= on < date(2025, 7, 2):
        raise Refused("not_in_force")
    if on < date(2019, 9, 15):
        raise Refused("no_rule_at_date")
    old_band(on)
    start, step = Fraction(rate(line["mineral"], on)), document.get("rounding_vnd") or 1
    K = {"open_pit": Fraction(9, 10), "underground": Fraction(6, 10), "other": Fraction(1)}[document["mining_method"]]
    if line["mineral"] in _WATER:
        K = Fraction(1)
    whole = Fraction(line["quantity"]) * fee_price(line) * K / 100
    estimate = total([up(whole * start, step)])
    found: Json = {
        "start_rate_percent": start,
        "estimated_fee_vnd": estimate,
        "deposit_vnd": old_deposit(document, estimate),
    }
    if document.get("winning_rate_percent") is None:
        return found
    won = Fraction(document["winning_rate_percent"])
    count = (won - start) / Fraction(document["step_rate_percent"])
    if count < 0 or count.denominator != 1:
        raise Refused("out_of_range")
    sum_won = total([up(whole * won, step)])
    found |= {"steps": int(count), "won_vnd": sum_won, "times_start": won / start}
    return found | old_payment(sum_won, found["deposit_vnd"], on)


KINDS = {
    "auction_terms": terms,
    "auction_outcome": outcome,
    "payment_plan": plan,
    "auction_money_2012": money,
    "auction_rate_2012": by_rate,
}


def answer(document: Json) -> Json | str:
    """The figures, or the code of the refusal."""
    try:
        return KINDS[document["kind"]](document)
    except Refused as refused:
        return str(refused)
