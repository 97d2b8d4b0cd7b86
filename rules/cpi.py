"""Which consumer price index was announced for a place and a year (*chỉ số giá tiêu dùng*, previous year = 100)?

The law names the index of the mine's locality but no figure, so each figure carries its own source and confidence. A year
that is not listed is not known; the national series is there to fall back on, never to fill in silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from rules.citation import Citation, Confidence
from rules.strict import Source
from rules.trace import Text

NATIONAL: Final = "national"
_COLUMNS: Final = ("area", "measure", "year", "index", "source", "confidence")


class Measure(StrEnum):
    """How a yearly index is formed."""

    ANNUAL_AVERAGE = "annual_average"
    DECEMBER = "december"


MEASURE_NAMES: Final[dict[Measure, Text]] = {
    Measure.ANNUAL_AVERAGE: Text("bình quân năm", "annual average"),
    Measure.DECEMBER: Text("tháng 12 so với tháng 12 năm trước", "December on December"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CpiFigure:
    """The index of one year, previous year = 100, with where it was read."""

    index: Decimal
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class CpiTables:
    """All series: names of the areas, figures by area, measure and year."""

    note: Text
    areas: Mapping[str, Text]
    figures: Mapping[tuple[str, Measure], Mapping[int, CpiFigure]]

    def series(self, area: str, measure: Measure) -> Mapping[int, CpiFigure]:
        """The figures of a place by year; empty where none is known."""
        return self.figures.get((area, measure), {})


def read_cpi(source: Source) -> CpiTables:
    """Read ``cpi.toml`` and ``cpi.csv``; what is wrong is noted in ``source`` by file and line."""
    table = source.table("cpi.toml")
    note = table.text_pair("note")
    areas: dict[str, Text] = {}
    for one in table.children("area"):
        code = one.text("code")
        if code in areas:
            one.problem("code", f"{code} stands twice")
        areas[code] = one.text_pair("name")
        one.done()
    table.done()
    figures: dict[tuple[str, Measure], dict[int, CpiFigure]] = {}
    for line, row in source.rows("cpi.csv", _COLUMNS):
        try:
            measure, year, index = Measure(row["measure"]), int(row["year"]), Decimal(row["index"])
            cite = Citation(
                instrument=row["source"],
                at=f"CPI {areas[row['area']].vi}, {MEASURE_NAMES[measure].vi}, {year}",
                confidence=Confidence(row["confidence"]),
            )
        except (ValueError, KeyError, InvalidOperation) as error:
            source.problem("cpi.csv", f"line {line}", f"{type(error).__name__}: {error}")
            continue
        known = figures.setdefault((row["area"], measure), {})
        if year in known or not index > 0:
            source.problem("cpi.csv", f"line {line}", "stands twice or is no index above 0")
        known[year] = CpiFigure(index=index, cite=cite)
    return CpiTables(note=note, areas=areas, figures=figures)
