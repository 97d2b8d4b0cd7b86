"""The recurring duties once more, naively, from the articles alone: plain fractions, no law book, no shared code."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

HOLIDAYS = Path(__file__).parents[2] / "rules" / "law" / "holidays.csv"
LARGEST = 10**18
Naive = int | str
"""A sum in whole đồng, or the code of the refusal."""

with HOLIDAYS.open(encoding="utf-8") as lines:
    NOTICED = {date.fromisoformat(row["date"]) for row in csv.DictReader(lines) if row["type"] != "swap_work"}


def rounded(value: Fraction) -> Naive:
    whole = floor(value + Fraction(1, 2))
    return whole if whole <= LARGEST else "out_of_range"


def day_off(day: date) -> bool:
    """Labour Code Art. 111-112; outside 2024-2027 only the days of fixed date."""
    if day.weekday() in (5, 6):
        return True
    if 2024 <= day.year <= 2027:
        return day in NOTICED
    return (day.month, day.day) in {(1, 1), (4, 30), (5, 1), (9, 2)} or (
        (day.month, day.day) == (11, 24) and day.year >= 2026
    )


def shifted(day: date) -> date:
    """Civil Code Art. 148(5)."""
    while day_off(day):
        day += timedelta(days=1)
    return day


def monthly_due(month: date) -> date | None:
    """Day 20 of the next month (Law 38/2019 from 2020-07-01, Decree 252/2026 Art. 10(2) from 2026-07-01)."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    if following <= date(2020, 7, 1):
        return None
    return shifted(following.replace(day=20))


def resource_tax(document: dict[str, Any]) -> Naive:
    """Law 45/2009 Art. 4 and 6: quantity x the higher price x rate, from 2010-07-01."""
    if document["period"] < "2010-07":
        return "not_in_force"
    price = Fraction(document["provincial_price_vnd"])
    if document.get("selling_price_vnd") is not None:
        price = max(price, Fraction(document["selling_price_vnd"]))
    return rounded(Fraction(document["quantity"]) * price * Fraction(document["rate_percent"]) / 100)


def environmental_fee(document: dict[str, Any]) -> Naive:
    """Decree 27/2023: F = (Q1 x 200 + sum of Q2 x share x f2) x K, months from 2023-08."""
    if document["period"] < "2023-08":
        return "not_in_force"
    minerals = document["minerals"]
    shares = [one.get("grade_share_percent") for one in minerals]
    if any(share is not None for share in shares):
        if None in shares or len({Fraction(one["quantity"]) for one in minerals}) > 1:
            return "invalid_input"
        if abs(sum(map(Fraction, shares)) - 100) > Fraction(1, 10):
            return "invalid_input"
    fee = Fraction(document["overburden_m3"]) * 200
    for one, share in zip(minerals, shares, strict=True):
        part = Fraction(one["quantity"]) * one["rate_vnd_per_unit"]
        part *= 1 if share is None else Fraction(share) / 100
        fee += part * Fraction(60, 100) if document["salvage"] else part
    return rounded(fee * (Fraction(11, 10) if document["mining_method"] == "open_pit" else 1))


def late_interest(document: dict[str, Any]) -> Naive:
    """Law 108/2025 Art. 16(2)(a), Law 38/2019 Art. 59: 0.03 % for each day after the due date and before the payment."""
    due, paid = (date.fromisoformat(document[name]) for name in ("due_on", "paid_on"))
    if due < date(2020, 7, 1):
        return "no_rule_at_date"
    first, last = shifted(due) + timedelta(days=1), paid - timedelta(days=1)
    days = last.toordinal() - first.toordinal() + 1 if first <= last else 0
    return rounded(Fraction(document["amount_vnd"]) * 3 * days / 10_000)


def licence_fee(document: dict[str, Any]) -> Naive:
    """The digests of Circular 10/2024, from 2024-03-21."""
    if document["granted_on"] < "2024-03-21":
        return "not_in_force"
    of_class = document["licence_class"]
    if of_class == "reserve_appraisal":
        return rounded(_appraisal(document["exploration_cost_vnd"]))
    area, capacity = Fraction(document.get("area_ha") or 0), Fraction(document.get("capacity_m3_per_year") or 0)
    full = Fraction(_tariff(of_class, area, capacity) * 10**6)
    return rounded(full if document.get("procedure") in (None, "grant") else full / 2)


def _appraisal(cost: int) -> Fraction:
    billion, million = 10**9, 10**6
    if cost <= billion:
        return Fraction(10 * million)
    if cost <= 10 * billion:
        return 10 * million + Fraction(5, 1000) * (cost - billion)
    if cost <= 20 * billion:
        return 55 * million + Fraction(3, 1000) * (cost - 10 * billion)
    return 85 * million + Fraction(2, 1000) * (cost - 20 * billion)


def _tariff(of_class: str, area: Fraction, capacity: Fraction) -> int:
    """Millions of đồng."""
    if of_class == "exploration":
        return 4 if area < 100 else 10 if area <= 50_000 else 15
    if of_class == "stream_sand_gravel":
        return 1 if capacity < 5_000 else 10 if capacity <= 10_000 else 15
    if of_class == "construction_material":
        return [15, 20, 30][(area >= 10) + (capacity >= 100_000)]
    return {
        "peat": 20, "cement_material": 30, "construction_material_explosives": 40, "cement_material_explosives": 40,
        "facing_stone": 40, "mineral_water": 40, "other_open_pit": 40, "other_open_pit_explosives": 50, "underground": 60,
        "rare_precious": 80, "special_toxic": 100, "salvage": 5,
    }[of_class]  # fmt: skip


def infrastructure_contribution(document: dict[str, Any]) -> Naive:
    """Decree 193/2025 Art. 5(1): level, at most 1 % of the price, x planned output; from 2025-07-02."""
    if document["set_on"] < "2025-07-02":
        return "not_in_force"
    if any(100 * one["level_vnd_per_unit"] > one["resource_tax_price_vnd"] for one in document["minerals"]):
        return "out_of_range"
    lines = [rounded(Fraction(one["planned_quantity"]) * one["level_vnd_per_unit"]) for one in document["minerals"]]
    if any(isinstance(line, str) for line in lines):
        return "out_of_range"
    return rounded(Fraction(sum(line for line in lines if isinstance(line, int))))
