"""Which loads does a file hold, whatever its form? CSV record by record, Excel sheet by sheet, in one order of columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import BinaryIO, Final

from api.imports.aliases import Aliases
from api.imports.cells import Cell, plain, written
from api.imports.findings import Finding, Place, finding
from api.imports.headers import Header, find_reading
from api.imports.office_fields import WEIGHED
from api.imports.office_import import no_header
from api.imports.reading import ImportLimits
from api.imports.tables import CsvReading, Reading, Table, UnreadableError, tables
from api.imports.values import missing_columns

_UNPACKED: Final = ImportLimits().max_unpacked_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSheet:
    """A sheet of loads: its name (``None`` in CSV), its header, the record number before its first load."""

    name: str | None
    header: Header
    before: int


@dataclass(slots=True, kw_only=True)
class Loads:
    """The loads of a file: records in the order of columns of ``header``, the first ``header.last_row`` to be left out.

    ``sheets`` grow while the records are read; ``place`` then tells where a record stands.
    """

    stream: BinaryIO
    header: Header
    findings: list[Finding]
    csv: CsvReading | None = None
    sheets: list[LoadSheet] = field(default_factory=list)

    def records(self) -> Iterator[list[str]]:
        """Every record; a row of Excel that is empty is an empty record, so that rows keep their numbers."""
        if self.csv is not None:
            return self.csv.records()
        return self._of_sheets()

    def place(self, number: int) -> Place:
        """Where the record of a number stands, as the spreadsheet shows it."""
        if not self.sheets:
            return Place(row=number)
        sheet = self.sheets[bisect_right([one.before for one in self.sheets], number - 1) - 1]
        return Place(
            sheet=sheet.name, row=number - sheet.before + (0 if sheet is self.sheets[0] else sheet.header.last_row)
        )

    def _of_sheets(self) -> Iterator[list[str]]:
        order = self.header.fields
        width = max(order.values()) + 1
        known = {sheet.name: sheet for sheet in self.sheets}
        self.sheets, count = [], 0
        for table in tables(self.stream, max_unpacked_bytes=_UNPACKED):
            sheet = known.get(table.name)
            if sheet is None:
                continue
            first = not self.sheets
            self.sheets.append(replace(sheet, before=count))
            # the head of the first sheet is left out by its reader, the heads of the others here
            last = 0 if first else sheet.header.last_row
            places = [(order[name], column) for name, column in sheet.header.fields.items() if name in order]
            for number, cells in _filled(table.readings[0], last):
                record = [""] * width
                for target, column in places:
                    record[target] = _text(cells[column]) if column < len(cells) else ""
                yield from ([""] * width for _ in range(number - last - 1))
                yield record
                count += number - last
                last = number


def read_loads(stream: BinaryIO, aliases: Aliases) -> Loads:
    """Find the heads of a file of loads. Raises ``UnreadableError``."""
    found: Loads | None = None
    empty: list[Finding] = []
    for table in tables(stream, max_unpacked_bytes=_UNPACKED):
        reading = _headed(table, aliases)
        if reading is None:
            if next(table.readings[0](), None) is not None:
                empty.append(finding("sheet_without_header", Place(sheet=table.name)))
            continue
        header, rows = reading
        if found is None:
            csv = rows if isinstance(rows, CsvReading) else None
            found = Loads(stream=stream, header=header, findings=[*header.findings], csv=csv)
        elif header.fields.keys() != found.header.fields.keys():
            raise _sheets_differ(found.sheets[0].name, table.name)
        if found.csv is None:
            found.sheets.append(LoadSheet(name=table.name, header=header, before=0))
    if found is None:
        raise no_header(WEIGHED)
    if found.csv is None:
        found.findings += empty
    return found


def _headed(table: Table, aliases: Aliases) -> tuple[Header, Reading] | None:
    found = find_reading(table, aliases)
    return None if found is None or missing_columns(found[0], None, WEIGHED) else found


def _filled(reading: Reading, last: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for row in reading():
        if row.number > last:
            yield row.number, row.cells


def _text(cell: Cell) -> str:
    """The cell as a CSV file would hold it; a fraction gets a closing 0, so that 25.345 is never read as 25,345."""
    if isinstance(cell, Decimal) and cell != cell.to_integral_value():
        return f"{plain(cell)}0"
    return written(cell)


def _sheets_differ(one: str | None, other: str | None) -> UnreadableError:
    return UnreadableError(
        "sheets_differ",
        f"Hai trang tính «{one}» và «{other}» có các cột số cân khác nhau: hãy dùng cùng các cột, hoặc nhập từng trang.",
        f'The sheets "{one}" and "{other}" carry different columns of loads: give them the same, or import them apart.',
    )
