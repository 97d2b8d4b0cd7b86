"""Which grade bands does a price list print? "Quặng sắt có hàm lượng 30%≤Fe<40%" is a band of the contract's ``ore_bands``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from api.imports.cells import plain
from api.store.price_book import PriceBook, PriceOn
from fees.bands import first_fault
from fees.case import Band, GradeUnit
from rules.resource_codes import codes_above

Json = dict[str, Any]
_NUMBER: Final = r"(\d+(?:[.,]\d+)?)"
_UNIT: Final = r"\s*(?:%|g(?:ram|r)?\s*/\s*t(?:ấn|onne)?)?\s*"
_WHAT: Final = r"[^\W\d][\w+]*"
_LESS: Final = r"(<=|≤|<)"
_MORE: Final = r"(>=|≥|>)"
_CLOSED: Final = re.compile(rf"{_NUMBER}{_UNIT}{_LESS}\s*{_WHAT}\s*{_LESS}\s*{_NUMBER}")
_BELOW: Final = re.compile(rf"{_WHAT}\s*{_LESS}\s*{_NUMBER}")
_ABOVE: Final = re.compile(rf"{_MORE}\s*{_NUMBER}")
_GRAMS: Final = re.compile(r"g(?:ram|r)?\s*/\s*t", re.IGNORECASE)


class BandSet(NamedTuple):
    """The bands of one list in ascending order, their grade unit, and the line from which the list is known."""

    bands: tuple[Json, ...]
    grade_unit: str
    unit: str
    first: PriceOn


def band_of(name: str, amount: int) -> Json | None:
    """The band of the contract that a line's name says, ``None`` where it says none."""
    if hit := _CLOSED.search(name):
        low, over, under, high = hit.groups()
        return {_edge(over, "from", "above"): _plain(low), _edge(under, "to", "below"): _plain(high), "amount": amount}
    if hit := _ABOVE.search(name):
        return {_edge(hit[1], "from", "above"): _plain(hit[2]), "amount": amount}
    if hit := _BELOW.search(name):
        return {_edge(hit[1], "to", "below"): _plain(hit[2]), "amount": amount}
    return None


def band_set(lines: Sequence[PriceOn]) -> BandSet | None:
    """The bands of the lines below one code; lines that name no grade are left out. ``None`` where the rest is no whole set
    of bands in one unit: a hole, an overlap, grades in two units."""
    found: list[tuple[Json, PriceOn]] = []
    for line in lines:
        band = band_of(line.name or "", line.price_vnd)
        if band is not None and _grade_unit(line.name or "") is not None:
            found.append((band, line))
    found.sort(key=lambda one: _start(one[0]))
    units = {line.unit for _, line in found}
    grades = {_grade_unit(line.name or "") for _, line in found}
    if len(found) < 2 or len(units) != 1 or len(grades) != 1:
        return None
    unit, grade = units.pop(), grades.pop()
    bands = tuple(band for band, _ in found)
    if unit is None or grade is None or first_fault(tuple(map(_domain, bands))) is not None:
        return None
    return BandSet(bands=bands, grade_unit=grade, unit=unit.value, first=found[0][1])


def bands_on(prices: PriceBook, region_key: str, code: str, day: date) -> BandSet | None:
    """The bands below a code in the list in force on a day, or those it is one of; ``None`` where there is no whole set."""
    above = next(codes_above(code), None)
    below = prices.below(region_key, code, day) or (prices.below(region_key, above, day) if above else ())
    return band_set(below)


def _edge(sign: str, included: str, excluded: str) -> str:
    """``from`` and ``to`` hold their edge, ``above`` and ``below`` do not; the sign is read from the number's side."""
    return included if sign in ("≤", "<=", "≥", ">=") else excluded


def _plain(written: str) -> str:
    return plain(Decimal(written.replace(",", ".")))


def _grade_unit(name: str) -> str | None:
    if _GRAMS.search(name):
        return GradeUnit.G_PER_TONNE.value
    return GradeUnit.PERCENT.value if "%" in name else None


def _start(band: Json) -> Decimal:
    return Decimal(band.get("from") or band.get("above") or 0)


def _domain(band: Json) -> Band:
    def number(*names: str) -> Decimal | None:
        return next((Decimal(band[name]) for name in names if name in band), None)

    return Band(
        low=number("from", "above"), above="above" in band, high=number("below", "to"), to="to" in band,
        amount=band["amount"],
    )  # fmt: skip
