"""Which yearly indices does a deposit take? Circular 38/2015 Art. 12(3): those announced for the locality of the mine.

A figure the user gives comes first, then the law book's series of the place; the national series only where the user allows
it. What each year took is shown, and no year is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from fees.escrow_index import YearIndex
from fees.working import Working
from rules.cpi import MEASURE_NAMES, NATIONAL, CpiTables, Measure
from rules.errors import Code, Path
from rules.trace import Text

_GIVEN: Final = Text("người dùng nhập", "given by the user")


class CpiSource(StrEnum):
    """Where the index of a year comes from."""

    GIVEN = "given"
    LOCAL = "local"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True, kw_only=True)
class CpiChoice:
    """The series wanted: ``area`` is ``None`` where the user gives every figure."""

    measure: Measure
    area: str | None = None
    national_fallback: bool = False
    given: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CpiChosen:
    """The figures by year, each with where it comes from."""

    figures: Mapping[int, YearIndex]
    sources: Mapping[int, CpiSource]


def check_area(work: Working, area: str | None, at: Path) -> None:
    """Refuse a place that the law book has no series for."""
    areas = work.book.cpi.areas
    if area is not None and area not in areas:
        listed = ", ".join(areas)
        work.refuse(
            Code.INVALID_INPUT,
            at,
            f"Sổ luật chưa có dãy chỉ số của {area!r}; có: {listed}. Hoặc bỏ trống và nhập cpi.",
            f"The law book has no series of {area!r}; known: {listed}. Or leave it out and give cpi.",
        )


def chosen_indices(tables: CpiTables, choice: CpiChoice) -> CpiChosen:
    """The figures of a choice: those given, then the place's, then (where allowed) the national ones."""
    figures: dict[int, YearIndex] = {}
    sources: dict[int, CpiSource] = {}
    areas = [NATIONAL] if choice.national_fallback and choice.area != NATIONAL else []
    if choice.area is not None:
        areas.append(choice.area)  # later ones win
    measure = MEASURE_NAMES[choice.measure]
    for area in areas:
        name = tables.areas[area]
        for year, figure in tables.series(area, choice.measure).items():
            source = Text(f"{name.vi}, {measure.vi}", f"{name.en}, {measure.en}")
            figures[year] = YearIndex(index=figure.index, source=source, cite=figure.cite)
            sources[year] = CpiSource.NATIONAL if area == NATIONAL else CpiSource.LOCAL
    for year, index in choice.given.items():
        source = Text(f"{_GIVEN.vi}, {measure.vi}", f"{_GIVEN.en}, {measure.en}")
        figures[year], sources[year] = YearIndex(index=index, source=source), CpiSource.GIVEN
    return CpiChosen(figures=figures, sources=sources)


def say_fallback(work: Working, choice: CpiChoice, chosen: CpiChosen, used: list[int]) -> None:
    """Caution that some years take the national index where the law asks for the local one."""
    national = [str(year) for year in used if chosen.sources[year] is CpiSource.NATIONAL]
    measure = MEASURE_NAMES[choice.measure]
    cite = work.book.get("escrow.index", work.on).cites
    text = Text(f"Loại chỉ số đã chọn: {measure.vi}.", f"Index chosen: {measure.en}.")
    work.trace.caution("reading_chosen", text, cite)
    if national:
        listed = ", ".join(national)
        text = Text(
            f"Dùng chỉ số cả nước thay cho chỉ số của địa phương: {listed}.",
            f"The national index stands for the local one: {listed}.",
        )
        work.trace.caution("reading_chosen", text, cite)
