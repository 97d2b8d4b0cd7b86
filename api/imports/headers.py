"""Which row names the columns, and which column carries which fact?

Titles stand above the header, groups over two lines ("Công suất" over "m3" and "tấn"), and a line of column numbers
(1, 2, 3 ...) below it. The header is where the most fields are recognised within the first rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, dropwhile, islice
from typing import Final

from api.imports.aliases import Aliases
from api.imports.cells import Cell, is_blank, written
from api.imports.fields import IGNORE
from api.imports.findings import Finding, Place, finding
from api.imports.tables import Reading, Row, Table
from api.imports.year_columns import YearColumn, year_column

_SEARCHED_ROWS: Final = 50
_FEWEST_FIELDS: Final = 3
_FEWEST_YEARS: Final = 2
_COUNTER: Final = re.compile(r"\(?(\d{1,3}|[A-Za-z])\)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Field -> column, other headed columns by position, the rows the header takes, and what was noticed.

    ``years``: columns that carry a quantity of one year each.
    """

    fields: dict[str, int]
    names: dict[int, str]
    extras: dict[int, str]
    ignored: frozenset[int]
    first_row: int
    last_row: int
    findings: tuple[Finding, ...]
    years: Mapping[int, YearColumn] = field(default_factory=dict)

    @property
    def known(self) -> int:
        """How many columns are recognised."""
        return len(self.fields) + len(self.years)

    def carries(self, name: str) -> bool:
        """Whether some column tells a field."""
        return name in self.fields or (name == "year" and bool(self.years))


def find_header(table: Table, aliases: Aliases) -> tuple[Header, Iterator[Row]] | None:
    """The header of a table and the rows below it; ``None`` when no row names enough columns."""
    found = find_reading(table, aliases)
    if found is None:
        return None
    header, reading = found
    return header, _below(reading(), header)


def find_reading(table: Table, aliases: Aliases) -> tuple[Header, Reading] | None:
    """The header of a table and the way of splitting its rows in which most fields are recognised."""
    best: tuple[int, int, Header] | None = None
    for position, reading in enumerate(table.readings):
        header = _best(list(islice(reading(), _SEARCHED_ROWS)), table.name, aliases)
        if header is not None and (best is None or header.known > best[0]):
            best = (header.known, position, header)
    if best is None:
        return None
    _, position, header = best
    return header, table.readings[position]


def _best(rows: Sequence[Row], sheet: str | None, aliases: Aliases) -> Header | None:
    best: Header | None = None
    for index, row in enumerate(rows):
        lines = [[row]] if index + 1 == len(rows) else [[row], [row, rows[index + 1]]]
        for taken in lines:
            header = _header(taken, sheet, aliases)
            if header.known >= _FEWEST_FIELDS and aliases.subject.identifying & header.fields.keys():
                more = best is None or header.known > best.known
                best = header if more else best
    return best


def _header(lines: Sequence[Row], sheet: str | None, aliases: Aliases) -> Header:
    names = _names(lines)
    fields: dict[str, int] = {}
    extras: dict[int, str] = {}
    ignored: set[int] = set()
    findings: list[Finding] = []
    meant = {column: aliases.field(name) for column, name in names.items()}
    years = _years(names, meant, aliases)
    for column, name in names.items():
        field = meant[column]
        if column in years:
            continue
        if field == IGNORE:
            ignored.add(column)
        elif field is None:
            extras[column] = name
            findings.append(finding("unknown_column", Place(sheet=sheet, row=lines[0].number, column=name)))
        elif field in fields:
            extras[column] = name
            known = aliases.subject.fields[field]
            labels = {"label_vi": known.label_vi, "label_en": known.label_en}
            place = Place(sheet=sheet, row=lines[0].number, column=name)
            findings.append(finding("repeated_column", place, field=field, words=labels))
        else:
            fields[field] = column
    return Header(
        fields=fields,
        names=names,
        extras=extras,
        ignored=frozenset(ignored),
        first_row=lines[0].number,
        last_row=lines[-1].number,
        findings=tuple(findings),
        years=years,
    )


def _years(names: Mapping[int, str], meant: Mapping[int, str | None], aliases: Aliases) -> dict[int, YearColumn]:
    """The columns that are years; none where a column of its own names the year of each row."""
    subject = aliases.subject
    if not subject.by_year or {"year", "ends_on"} & set(meant.values()):
        return {}
    found = {
        column: year
        for column, name in names.items()
        if meant[column] is None and (year := year_column(name, subject.measured, aliases.field, aliases.unit))
    }
    return found if len(found) >= _FEWEST_YEARS else {}


def _names(lines: Sequence[Row]) -> dict[int, str]:
    upper = [" ".join(written(cell).split()) for cell in lines[0].cells]
    if len(lines) == 1:
        return {column: name for column, name in enumerate(upper) if name}
    lower = [" ".join(written(cell).split()) for cell in lines[1].cells]
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    names: dict[int, str] = {}
    group = ""
    for column in range(width):
        group = upper[column] or (group if lower[column] else "")
        # a header cell merged over both lines reaches the second line as the same words
        below = "" if lower[column] == group else lower[column]
        if name := f"{group} {below}".strip():
            names[column] = name
    return names


def _below(rows: Iterator[Row], header: Header) -> Iterator[Row]:
    rows = dropwhile(lambda row: row.number <= header.last_row, rows)
    first = next(rows, None)
    if first is None or _is_counter(first.cells):
        return rows
    return chain((first,), rows)


def _is_counter(cells: Sequence[Cell]) -> bool:
    texts = [written(cell) for cell in cells if not is_blank(cell)]
    matches = [_COUNTER.fullmatch(text) for text in texts]
    if len(texts) < _FEWEST_FIELDS or not all(matches):
        return False
    numbers = [int(match[1]) for match in matches if match and match[1].isdigit()]
    return len(numbers) >= _FEWEST_FIELDS - 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
