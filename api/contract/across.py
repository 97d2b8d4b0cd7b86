"""Checks between fields of one mineral or re-pricing, made on the raw document so that they are never held back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from rules.errors import Code, Path, Problem
from rules.lawbook import law_book

_FLOW = ("flow_m3_per_day", "term_days", "hours_per_day")
_VOLUME = ("quantity", "quantity_unit")
_HUNDRED = Decimal(100)
_MILLION = Decimal(10**6)


def quantity_or_flow(document: dict[str, Any]) -> Iterator[Problem]:
    """A mineral has a quantity with its unit, or (mineral and hot water alone) a flow with its term."""
    for index, mineral in _objects(document, "minerals"):
        flows = [name for name in _FLOW if mineral.get(name) is not None]
        volumes = [name for name in _VOLUME if mineral.get(name) is not None]
        path: Path = ("minerals", index)
        if flows and volumes:
            yield _wrong(
                (*path, flows[0]),
                "Chỉ khai trữ lượng (quantity) hoặc lưu lượng (flow_m3_per_day, term_days), không khai cả hai.",
                "Give either a quantity or a flow with its term, not both.",
            )
            continue
        if flows and not _is_water(mineral):
            yield _wrong(
                (*path, flows[0]),
                "Lưu lượng chỉ dùng cho nước khoáng, nước nóng thiên nhiên (Điều 133 khoản 2); khai quantity.",
                "A flow is for natural mineral and hot water only (Art. 133(2)); give a quantity.",
            )
        needed = ("flow_m3_per_day", "term_days") if flows else _VOLUME
        for name in needed:
            if mineral.get(name) is None:
                yield missing((*path, name))


def repricings(document: dict[str, Any]) -> Iterator[Problem]:
    """Each re-pricing changes a price or a rate."""
    for index, one in _objects(document, "repricing"):
        if one.get("price_amount") is None and one.get("rate_percent") is None:
            yield missing(("repricing", index, "price_amount"))


_WAYS: tuple[tuple[str, ...], ...] = (
    ("licensed_quantity",),
    ("reserves",),
    ("capacity_per_year", "licence_years"),
    ("consumption_per_product", "products_per_year", "remaining_years"),
    ("flow_m3_per_day", "term_days"),
)


def licensed_quantity(document: dict[str, Any]) -> Iterator[Problem]:
    """The licensed quantity of a re-approval is given in exactly one way, whole."""
    for index, mineral in _objects(document, "minerals"):
        path: Path = ("minerals", index)
        ways = [way for way in _WAYS if any(mineral.get(name) is not None for name in way)]
        if len(ways) > 1:
            second = next(name for name in ways[1] if mineral.get(name) is not None)
            yield _wrong(
                (*path, second),
                "Khai trữ lượng được phép theo một cách duy nhất.",
                "Give the licensed quantity in one way only.",
            )
            continue
        way = ways[0] if ways else _WAYS[0]
        flow = way == _WAYS[-1]
        if flow and not _has_flow(mineral):
            yield _wrong(
                (*path, "flow_m3_per_day"),
                "Lưu lượng chỉ dùng cho nước khoáng, nước nóng thiên nhiên và CO2 (Điều 141 khoản 2 điểm c).",
                "A flow is for natural mineral and hot water and CO2 only (Art. 141(2)(c)).",
            )
        needed = way if flow else (*way, "quantity_unit", "mined_since_2014")
        yield from (missing((*path, name)) for name in needed if mineral.get(name) is None)
        reserves = mineral.get("reserves")
        if isinstance(reserves, dict) and all(value is None for value in reserves.values()):
            yield missing((*path, "reserves", "allowed"))


def _has_flow(mineral: dict[str, Any]) -> bool:
    return mineral.get("mineral") == "co2" or _is_water(mineral)


def grades(document: dict[str, Any]) -> Iterator[Problem]:
    """No grade, and no edge of a band, is above 100 % (or a tonne in a tonne)."""
    for index, mineral in _objects(document, "minerals"):
        yield from _grades_of(mineral, ("minerals", index), "price", "conversion")
        years = list(_objects(mineral, "years"))
        for number, year in years:
            yield from _grades_of(year, ("minerals", index, "years", number), "price", "conversion")
        cutoff = {"cutoff_conversion": _last_conversion(years)} | {k: v for k, v in mineral.items() if v is not None}
        for problem in _grades_of(cutoff, ("minerals", index), "cutoff_price", "cutoff_conversion"):
            borrowed = mineral.get("cutoff_conversion") is None and "cutoff_conversion" in (problem.path or ())
            if not borrowed:  # a fault of the year's own conversion was told there
                yield problem


def _last_conversion(years: list[tuple[int, dict[str, Any]]]) -> Any:
    """The conversion of the last year, which serves the cut-off where it has none of its own."""
    dated = [year for _, year in years if type(year.get("year")) is int]
    return max(dated, key=lambda year: int(year["year"])).get("conversion") if dated else None


def _grades_of(holder: dict[str, Any], path: Path, price_name: str, conversion_name: str) -> Iterator[Problem]:
    conversion, price = holder.get(conversion_name), holder.get(price_name)
    unit = conversion.get("grade_unit") if isinstance(conversion, dict) else None
    limit = _HUNDRED if unit in (None, "percent") else _MILLION  # an unknown unit has its own problem
    if isinstance(conversion, dict):
        for name in ("grade", "price_grade"):
            yield from _grade(conversion.get(name), limit, (*path, conversion_name, name))
    if isinstance(price, dict):
        for number, band in _objects(price, "bands"):
            for edge in ("from", "above", "below", "to"):
                yield from _grade(band.get(edge), limit, (*path, price_name, "bands", number, edge))


def _grade(value: Any, limit: Decimal, path: Path) -> Iterator[Problem]:
    if not isinstance(value, str):
        return
    try:
        above = Decimal(value) > limit
    except InvalidOperation:
        return
    if above:
        yield _wrong(path, f"Hàm lượng không thể lớn hơn {limit}.", f"A grade cannot be above {limit}.")


def _is_water(mineral: dict[str, Any]) -> bool:
    known = law_book().minerals.get(mineral["mineral"]) if isinstance(mineral.get("mineral"), str) else None
    return known is None or known.water  # an unknown mineral has its own problem


def _objects(document: dict[str, Any], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    values = document.get(name)
    if isinstance(values, list):
        yield from ((index, value) for index, value in enumerate(values) if isinstance(value, dict))


def _wrong(path: Path, vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)


def missing(path: Path) -> Problem:
    """A required field that is not there."""
    return _wrong(path, f"Thiếu trường bắt buộc {path[-1]}.", f"Required field {path[-1]} is missing.")
