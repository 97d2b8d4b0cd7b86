"""Which band of a price list holds, and with which factor? Decree 193/2025 Annex IV II.1; Decree 67/2019 Annex II."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from fees.case import Band


class Choice(NamedTuple):
    """A band of the list and the edge its factor divides the grade by (``None``: factor 1)."""

    band: Band
    edge: Decimal | None
    provision: str
    edge_symbol: str


def rounded_edges(bands: tuple[Band, ...], places: int) -> tuple[Band, ...]:
    """The bands with their edges rounded half up like grades."""
    return tuple(
        Band(
            low=round_grade(band.low, places),
            above=band.above,
            high=round_grade(band.high, places),
            to=band.to,
            amount=band.amount,
        )
        for band in bands
    )


def round_grade(grade: Decimal | None, places: int) -> Decimal | None:
    """Round a grade half up."""
    return None if grade is None else grade.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def first_fault(bands: tuple[Band, ...]) -> int | None:
    """Index of the first band that breaks the list: not ascending, a hole, an overlap, an edge that cannot divide."""
    for index, band in enumerate(bands):
        first, last = index == 0, index == len(bands) - 1
        if band.low is None and not first:
            return index
        if band.high is None and not last:
            return index
        if band.low is None and band.high is None:
            return index
        if band.high is not None and band.high <= (band.low or 0):
            return index
        if last and band.high is None and not band.low:
            return index
        if not first and not _joins(bands[index - 1], band):
            return index
    return None


def _joins(earlier: Band, later: Band) -> bool:
    """Edges meet, and the point where they meet belongs to exactly one of the two."""
    return earlier.high == later.low and earlier.to == later.above


def choose(bands: tuple[Band, ...], grade: Decimal) -> Choice:
    """The band for a rounded grade in a faultless list."""
    lowest, highest = bands[0], bands[-1]
    for band in bands:
        if _holds(band, grade):
            if band.low is None:
                return Choice(band, band.high, "conversion.bands_below", "C_min")
            if band.high is None:
                return Choice(band, band.low, "conversion.bands_above", "C_max")
            return Choice(band, None, "conversion.bands_inside", "")
    if lowest.low is not None and grade <= lowest.low:
        return Choice(lowest, lowest.low, "conversion.bands_below", "C_min")
    return Choice(highest, highest.high, "conversion.bands_above", "C_max")


def _holds(band: Band, grade: Decimal) -> bool:
    if band.low is not None and (grade <= band.low if band.above else grade < band.low):
        return False
    return band.high is None or (grade <= band.high if band.to else grade < band.high)
