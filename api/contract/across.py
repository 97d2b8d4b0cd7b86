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


def grades(document: dict[str, Any]) -> Iterator[Problem]:
    """No grade, and no edge of a band, is above 100 % (or a tonne in a tonne)."""
    for index, mineral in _objects(document, "minerals"):
        conversion = mineral.get("conversion")
        unit = conversion.get("grade_unit") if isinstance(conversion, dict) else None
        limit = _MILLION if unit == "g_per_tonne" else _HUNDRED
        if isinstance(conversion, dict):
            for name in ("grade", "price_grade"):
                yield from _grade(conversion.get(name), limit, ("minerals", index, "conversion", name))
        price = mineral.get("price")
        if isinstance(price, dict):
            for number, band in _objects(price, "bands"):
                for edge in ("from", "above", "below", "to"):
                    yield from _grade(band.get(edge), limit, ("minerals", index, "price", "bands", number, edge))


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
