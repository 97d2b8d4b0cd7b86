"""What did an officer paste from a spreadsheet? Rows of years; what may mean two things stays as written and is asked back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import Final

from api.imports.cells import Doubt, read_date, read_year
from api.store.text import fold
from rules.quantity import Unit

COLUMNS: Final = ("year", "output", "unit", "price", "price_unit", "rate", "grade", "kind")
"""The columns of the grid, in the order in which a sheet without headers is read; the kind of price is read by its header alone."""
MOST_YEARS: Final = 40
_LONGEST_CELL: Final = 1000
_LONGEST_PASTE: Final = 40_000
_GAP: Final = re.compile(r" {2,}")
_HEADERS: Final = (
    ("year", ("nam", "year")),
    ("rate", ("ty le", "muc thu", "rate")),
    ("grade", ("ham luong", "grade")),
    ("kind", ("loai gia", "kind of price")),
    ("price", ("gia", "price")),
    ("output", ("san luong", "khoi luong", "output", "quantity")),
)
_UNIT_HEADERS: Final = ("don vi", "dvt", "unit")
_FIGURES: Final = ("year", "output", "price", "rate", "grade")

ReadUnit = Callable[[str], str | None]


def pasted(text: str, unit_of: ReadUnit) -> list[dict[str, str]]:
    """The rows of a pasted block, column -> text as written; ``unit_of`` reads a unit as people write it.

    Columns go by their headers where the first row has any, else by order; a cell that names a unit belongs to the
    figure before it. Blank rows and rows of totals are left out.
    """
    rows = [row for row in _split(text[:_LONGEST_PASTE]) if any(row)]
    if not rows:
        return []
    named = _headed(rows[0])
    if named:
        rows = rows[1:]
    found = [_row(row, named, unit_of) for row in rows]
    return [row for row in found if not _is_total(row)][:MOST_YEARS]


def year_of(cell: str) -> str:
    """The year a cell names: 2021, "Năm 2021" or a date of it; anything else as written, for the form to refuse."""
    year = read_year(cell)
    if not isinstance(year, Doubt):
        return year
    day = read_date(cell)
    return cell if isinstance(day, Doubt) else str(day.year)


def _split(text: str) -> list[list[str]]:
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    sign = next((one for one in ("\t", ";") if one in text), None)
    if sign is None:
        return [[cell.strip()[:_LONGEST_CELL] for cell in _GAP.split(line.strip())] for line in text.splitlines()]
    # a spreadsheet quotes a cell that holds a line break
    reader = csv.reader(io.StringIO(text), delimiter=sign)
    return [[" ".join(cell.split())[:_LONGEST_CELL] for cell in row] for row in reader]


def _headed(row: Sequence[str]) -> list[str] | None:
    names: list[str] = []
    for cell in row:
        said = fold(cell)
        if any(sign in said for sign in _UNIT_HEADERS):
            figure = next((name for name in reversed(names) if name in ("output", "price")), "output")
            names.append("price_unit" if figure == "price" else "unit")
        else:
            names.append(next((name for name, signs in _HEADERS if any(sign in said for sign in signs)), ""))
    if "year" not in names or len([name for name in names if name]) < 2:
        return None
    return None if any(sign.isdigit() for sign in row[names.index("year")]) else names


def _row(cells: Sequence[str], named: Sequence[str] | None, unit_of: ReadUnit) -> dict[str, str]:
    row: dict[str, str] = {}
    if named is not None:
        for name, cell in zip(named, cells, strict=False):
            if name and cell:
                row.setdefault(name, cell)
    else:
        place = 0
        for cell in cells:
            unit = None if not cell or cell[:1].isdigit() else unit_of(cell)
            if unit is not None and place:
                row["unit" if place <= _FIGURES.index("price") else "price_unit"] = cell
            elif place < len(_FIGURES):
                if cell:
                    row[_FIGURES[place]] = cell
                place += 1
    for name in ("unit", "price_unit"):
        if name in row:
            # a bare "m3" is either of two units: the choice stays open
            unit = unit_of(row.pop(name))
            if unit in tuple(Unit):
                row[name] = str(unit)
    if "kind" in row and (kind := _kind(row.pop("kind"))):
        row["kind"] = kind
    if "year" in row:
        row["year"] = year_of(row["year"])
    return row


def _kind(cell: str) -> str:
    """The kind of price a cell names: the mean of the frame, or none but the one chosen above the grid."""
    return "frame_average" if any(sign in fold(cell) for sign in ("khung gia", "frame")) else ""


def _is_total(row: dict[str, str]) -> bool:
    said = fold(row.get("year", ""))
    return not row or said.startswith(("tong", "cong", "total"))
