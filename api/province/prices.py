"""Which price does a mineral take on a day? The province's list, its grade bands, or the mean of the Ministry's frame.

Decree 193/2025 Art. 134, 139(4). The frame stands in only where the officer named its line and no list in force has a
price; until the province issues one, a settlement may also wait (Art. 139(7)(a)).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

from api.province.bands import BandSet
from api.province.lacks import LackCode
from api.province.records import Province
from api.store.price_book import PriceOn
from api.store.province import LicenceFacts
from rules.lawbook import FrameLine, LawBook
from rules.resource_codes import clean_code
from rules.trace import Text

Json = dict[str, Any]
BANDS: Final = "ore_bands"


class Priced(NamedTuple):
    """A price of the contract, the list it comes from, and the unit of grades that the list says (bands alone)."""

    price: Json
    source: str
    grade_unit: str | None = None


class Unpriced(NamedTuple):
    """Why there is no price, and which code is asked for."""

    code: LackCode
    words: Text


def price_of(province: Province, region: str | None, facts: LicenceFacts, day: date) -> Priced | Unpriced:
    """The price of the officer's code on a day, or what is missing."""
    code = facts.price_code or ""
    asked = Text(code, code)
    found: PriceOn | BandSet | None
    if facts.price_kind == BANDS:
        found = province.bands(region, code, day) if code else None
        if found is None and code and province.price(region, code, day) is not None:
            return Unpriced(LackCode.BANDS, asked)
        if found is not None and facts.grade_unit not in (None, found.grade_unit):
            return Unpriced(LackCode.GRADE_UNIT, asked)
    else:
        found = province.price(region, code, day) if code else None
    match found:
        case BandSet():
            price: Json = {"kind": BANDS, "bands": list(found.bands), "unit": found.unit}
            return Priced(price, named_list(found.first), found.grade_unit)
        case PriceOn(unit=None):
            return Unpriced(LackCode.PRICE_UNIT, asked)
        case PriceOn(unit=unit):
            assert unit is not None
            price = {"kind": facts.price_kind or "raw", "amount": found.price_vnd, "unit": unit.value}
            return Priced(price, named_list(found))
    if facts.frame_code is None:
        return Unpriced(LackCode.PRICE, asked)
    line = mean_line(province.book, facts.frame_code, day)
    if line is None:
        return Unpriced(LackCode.FRAME, Text(facts.frame_code, facts.frame_code))
    named = f"Bình quân khung giá, dòng {line.code} / mean of the frame, line {line.code} ({line.cite.instrument})"
    return Priced({"kind": "frame_average", "code": line.code}, named)


def mean_line(book: LawBook, code: str, day: date) -> FrameLine | None:
    """The frame's line for a code on a day where it has a mean the law allows: raw mineral, both prices read."""
    series = book.frame.get(clean_code(code))
    line = None if series is None else series.at(day)
    usable = line is not None and line.raw and line.high is not None and not line.derived and line.unit is not None
    return line if usable else None


def asked_alike(province: Province, price: Json, day: date) -> Json:
    """The price at one đồng: what a conversion needs does not depend on the sums; a mean of the frame converts as raw."""
    match price["kind"]:
        case "frame_average":
            line = mean_line(province.book, price["code"], day)
            assert line is not None
            assert line.unit is not None
            return {"kind": "raw", "amount": 1, "unit": line.unit.value}
        case "ore_bands":
            return {**price, "bands": [{**band, "amount": 1} for band in price["bands"]]}
        case _:
            return {**price, "amount": 1}


def named_list(price: PriceOn) -> str:
    """The decision a price comes from, marked where the list is a sample, with the line that was taken."""
    told = price.source.sample and "mẫu" not in price.source.decision
    sample = " (số liệu mẫu / sample)" if told else ""
    return f"{price.source.decision}{sample}, {price.code}"
