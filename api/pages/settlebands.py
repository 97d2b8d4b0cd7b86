"""How does a price by grade bands stand in one cell of the grid? "x<30: 300.000; 30≤x<40: 400.000; x≥40: 600.000"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from api.pages.answers import read_whole
from api.province.bands import band_of
from rules.formats import decimal_text
from rules.trace import Text

Json = dict[str, Any]
_ONCE: Final = 100
"""More bands than any list has."""


def read_bands(text: str) -> list[Json] | Text:
    """The bands of a cell, or how to write them. Holes and overlaps are left for the contract to tell."""
    bands = []
    for part in text.split(";")[:_ONCE]:
        edges, _, amount = part.strip().rpartition(":")
        price = read_whole(amount.strip())
        band = band_of(edges, price) if isinstance(price, int) else None
        if band is None and part.strip():
            return Text(
                f"Không đọc được «{part.strip()[:60]}»: viết mỗi khoảng như 30≤x<40: 400.000, cách nhau bằng dấu chấm phẩy.",
                f'"{part.strip()[:60]}" cannot be read: write each band as 30≤x<40: 400,000, with semicolons between.',
            )
        bands += [band] if band is not None else []
    return bands


def typed_bands(bands: Iterable[Json]) -> str:
    """Bands as a cell shows them, so that :func:`read_bands` reads the same back."""
    return "; ".join(f"{_edges(band)}: {decimal_text(str(band['amount']))}" for band in bands)


def _edges(band: Json) -> str:
    low, high = band.get("from", band.get("above")), band.get("to", band.get("below"))
    low_sign, high_sign = ("≤" if "from" in band else "<"), ("≤" if "to" in band else "<")
    if high is None:
        return f"x{'≥' if 'from' in band else '>'}{_grade(low)}"
    return f"{_grade(low) + low_sign if low is not None else ''}x{high_sign}{_grade(high)}"


def _grade(plain: str | None) -> str:
    return (plain or "").replace(".", ",")
