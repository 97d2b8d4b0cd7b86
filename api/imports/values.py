"""What do the cells of a row say, field by field, and which rows are headings or totals?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from api.imports.aliases import Aliases
from api.imports.cells import (
    Cell,
    Doubt,
    is_blank,
    read_date,
    read_number,
    read_parameter,
    read_vnd,
    read_year,
    written,
)
from api.imports.fields import Field, Kind, Subject
from api.imports.findings import Finding, Place, finding
from api.imports.headers import Header
from api.imports.tables import Row
from api.store.text import words

Value = str | date
"""Text, a shortest plain decimal, a date, or the code of a unit, a part or an authority."""

_TOTALS: Final = ("tong cong", "tong so", "tong", "cong")
_EXCEL_ERRORS: Final = frozenset(("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"))


def read_values(
    row: Row, header: Header, sheet: str | None, aliases: Aliases
) -> tuple[dict[str, Value], dict[str, str], list[Finding]]:
    """Field -> value for what could be read, field -> the cell as written for what could not, and why not."""
    values: dict[str, Value] = {}
    unread: dict[str, str] = {}
    found: list[Finding] = []
    fields = aliases.subject.fields
    for name, column in header.fields.items():
        cell = row.cells[column] if column < len(row.cells) else None
        if written(cell) == "" or (is_blank(cell) and fields[name].kind is not Kind.TEXT):
            continue
        value = _read(cell, fields[name], aliases, shared=column in row.shared)
        if isinstance(value, Doubt):
            unread[name] = written(cell)
            place = Place(sheet=sheet, row=row.number, column=header.names[column])
            found.append(finding(value.code, place, field=name, value=unread[name], words=value.words))
        else:
            values[name] = value
    return values, unread, found


def set_aside(row: Row, header: Header, sheet: str | None, code: str = "not_a_licence") -> Finding | None:
    """A finding when the row is a heading or a total; a licence number alone makes a row of a register only."""
    filled = [column for column, cell in enumerate(row.cells) if not is_blank(cell) and column not in row.shared]
    counted = [column for column in filled if column not in header.ignored]
    register = code == "not_a_licence"
    alone = register and counted == [header.fields.get("number")]
    if not row.shared and len(counted) <= 1 and not alone:
        return finding(code, Place(sheet=sheet, row=row.number), value=_joined(row, filled))
    numbered = register and header.fields.get("number") in counted
    if not numbered and any(words(written(row.cells[column])) in _TOTALS for column in filled):
        return finding(code, Place(sheet=sheet, row=row.number), value=_joined(row, filled))
    return None


def not_told(told: Collection[str], header: Header, sheet: str | None, row: int, subject: Subject) -> list[Finding]:
    """What a row lacks of all that no row may lack."""
    found = []
    for names in subject.needed:
        if any(name in told for name in names):
            continue
        present = [name for name in names if name in header.fields]
        column = " / ".join(header.names[header.fields[name]] for name in present) or None
        place = Place(sheet=sheet, row=row, column=column)
        found.append(finding("missing", place, field=names[0], words=_labels(names, subject)))
    return found


def missing_columns(header: Header, sheet: str | None, subject: Subject) -> list[Finding]:
    """What no column of the file carries: said once for the file, and kept with each licence as a gap."""
    return [
        finding(
            "column_missing", Place(sheet=sheet, row=header.first_row), field=names[0], words=_labels(names, subject)
        )
        for names in subject.needed
        if not any(header.carries(name) for name in names)
    ]


def _joined(row: Row, columns: list[int]) -> str:
    return " / ".join(written(row.cells[column]) for column in columns)


def _read(cell: Cell, field: Field, aliases: Aliases, *, shared: bool) -> Value | Doubt:
    text = written(cell)
    if text in _EXCEL_ERRORS:
        return Doubt(code="excel_error", words={})
    match field.kind:
        case Kind.TEXT:
            return text
        case Kind.NUMBER:
            return Doubt(code="shared_number", words={}) if shared else read_number(cell)
        case Kind.PARAMETER:
            return Doubt(code="shared_number", words={}) if shared else read_parameter(cell)
        case Kind.MONEY:
            return Doubt(code="shared_number", words={}) if shared else read_vnd(cell)
        case Kind.YEAR:
            return read_year(cell)
        case Kind.DATE:
            return read_date(cell)
        case Kind.AUTHORITY:
            return aliases.authority(text) or Doubt(code="unknown_authority", words={})
        case Kind.UNIT:
            return aliases.unit(text) or Doubt(code="unknown_unit", words={})
        case Kind.PART:
            return aliases.part(text) or Doubt(code="unknown_part", words={})


def _labels(names: tuple[str, ...], subject: Subject) -> dict[str, str]:
    return {
        "label_vi": " hoặc ".join(subject.fields[name].label_vi for name in names),
        "label_en": " or ".join(subject.fields[name].label_en for name in names),
    }
