"""What rows does a file hold? CSV in UTF-8 and Excel .xlsx, row by row, without trusting either.

A file that cannot be read raises ``UnreadableError``; its ``problem`` says in both languages what to do.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO, Final, Protocol
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from api.imports.cells import Cell
from api.imports.findings import Unreadable

MAX_COLUMNS: Final = 256
_MAX_ROWS: Final = 1_048_576
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = (",", ";", "\t")
_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]{1,32})"')
_CHUNK: Final = 1 << 16


class UnreadableError(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, code: str, message_vi: str, message_en: str) -> None:
        super().__init__(f"{message_vi} / {message_en}")
        self.problem = Unreadable(code=code, message_vi=message_vi, message_en=message_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table that is not empty: its number as the spreadsheet shows it, and its cells.

    ``shared`` are the columns whose value comes from a merged cell that begins in a row above.
    """

    number: int
    cells: tuple[Cell, ...]
    shared: frozenset[int] = frozenset()


class Reading(Protocol):
    """One way of splitting a table into rows."""

    def __call__(self) -> Iterator[Row]:
        """The rows from the first one on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet (``name`` is ``None`` in a CSV file); ``columns`` as far as the sheet declares them.

    ``readings`` are the ways its rows may be split into cells (the CSV signs , ; and tab); each call starts afresh.
    """

    name: str | None
    readings: tuple[Reading, ...] = field(repr=False)
    columns: int = 0


def tables(stream: BinaryIO, *, max_unpacked_bytes: int) -> Iterator[Table]:
    """The sheets of a seekable file. Raises ``UnreadableError``, also while rows are being read."""
    stream.seek(0)
    start = stream.read(4)
    if start == _OLE:
        raise UnreadableError(
            "old_or_locked_excel",
            "Tệp Excel kiểu cũ (.xls) hoặc có mật khẩu: hãy bỏ mật khẩu và lưu lại dưới dạng .xlsx.",
            "An old Excel file (.xls) or one with a password: remove the password and save it as .xlsx.",
        )
    if start == _ZIP:
        yield from _sheets(stream, max_unpacked_bytes)
    elif start[:2] in _UTF16:
        raise _not_utf8()
    else:
        yield Table(name=None, readings=tuple(CsvReading(stream, sign) for sign in _DELIMITERS))


def _not_utf8(where: str = "") -> UnreadableError:
    return UnreadableError(
        "not_utf8",
        f"Tệp không phải UTF-8{where}: trong Excel chọn «Lưu thành» → «CSV UTF-8», hoặc nhập thẳng tệp .xlsx.",
        f'The file is not UTF-8{where}: in Excel use "Save as" → "CSV UTF-8", or import the .xlsx itself.',
    )


@dataclass(frozen=True, slots=True)
class CsvReading:
    """A CSV file split at one sign."""

    stream: BinaryIO
    delimiter: str

    def __call__(self) -> Iterator[Row]:
        """The rows that are not empty."""
        for number, cells in enumerate(self.records(), start=1):
            if any(cells):
                yield Row(number=number, cells=tuple(cell or None for cell in cells))

    def records(self) -> Iterator[list[str]]:
        """Every record as the csv module gives it: the way for files of millions of rows."""
        self.stream.seek(0)
        text = io.TextIOWrapper(self.stream, encoding="utf-8-sig", newline="")
        number = 0
        try:
            for number, record in enumerate(csv.reader(text, delimiter=self.delimiter), start=1):  # noqa: B007 - told below
                yield record
        except UnicodeDecodeError as error:
            raise _not_utf8(f" (sau dòng / after row {number})") from error
        except csv.Error as error:
            raise UnreadableError(
                "broken_csv",
                f"Dòng {number + 1} của tệp CSV bị hỏng (thường do thiếu dấu nháy kép đóng ô): hãy sửa dòng này.",
                f"Row {number + 1} of the CSV file is broken (often a missing closing quote): mend that row.",
            ) from error
        finally:
            text.detach()


def _sheets(stream: BinaryIO, max_unpacked_bytes: int) -> Iterator[Table]:
    with _excel_errors(), zipfile.ZipFile(stream) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > max_unpacked_bytes:
            raise UnreadableError(
                "unpacked_too_large",
                f"Tệp Excel giải nén ra {unpacked} byte, quá giới hạn {max_unpacked_bytes}: "
                "hãy chỉ giữ trang sổ giấy phép.",
                f"The Excel file unpacks to {unpacked} bytes, above the limit of {max_unpacked_bytes}: "
                "keep only the register sheet.",
            )
        book = load_workbook(stream, read_only=True, data_only=True)
        try:
            if not book.worksheets:
                raise _broken_excel()
            for sheet in book.worksheets:
                reading = _SheetReading(sheet, _merged(archive, sheet))
                yield Table(name=sheet.title, readings=(reading,), columns=sheet.max_column or 0)
        finally:
            book.close()


@contextmanager
def _excel_errors() -> Iterator[None]:
    # the second line: what openpyxl and zipfile raise on files that are Excel by name only, or encrypted
    broken = (
        *(zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, ValueError, EOFError, OSError),
        *(AttributeError, IndexError, TypeError, AssertionError, NotImplementedError, RuntimeError),
    )
    try:
        yield
    except broken as error:
        raise _broken_excel() from error


def _broken_excel() -> UnreadableError:
    return UnreadableError(
        "broken_excel",
        "Tệp Excel bị hỏng hoặc không phải .xlsx: hãy mở bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx.",
        "The Excel file is damaged or not an .xlsx: open it in Excel or LibreOffice and save it again as .xlsx.",
    )


@dataclass(frozen=True, slots=True)
class _SheetReading:
    sheet: Any
    merged: Mapping[int, tuple[tuple[int, int], ...]]

    def __call__(self) -> Iterator[Row]:
        held: dict[int, tuple[int, Cell]] = {}
        rows: Iterable[Any] = self.sheet.iter_rows(max_col=MAX_COLUMNS, max_row=_MAX_ROWS, values_only=True)
        numbered = enumerate(rows, start=1)
        while True:
            with _excel_errors():
                number, values = next(numbered, (0, ()))
            if not number:
                return
            # a sheet may declare a million rows; the empty ones must cost nothing
            if values.count(None) == len(values):
                continue
            cells: list[Cell] = [_cell(value) for value in values]
            shared: set[int] = set()
            for column, (last, value) in held.items():
                if number <= last and column < len(cells) and cells[column] is None:
                    cells[column] = value
                    shared.add(column)
            for column, last in self.merged.get(number, ()):
                if last > number and column < len(cells):
                    held[column] = (last, cells[column])
            yield Row(number=number, cells=tuple(cells), shared=frozenset(shared))


def _cell(value: Any) -> Cell:
    match value:
        case None | str() | int():
            return str(value) if isinstance(value, bool) else value
        case float():
            return Decimal(repr(value))
        case datetime():
            return value.date() if value.time() == time() else value.strftime("%d/%m/%Y %H:%M:%S")
        case date():
            return value
        case _:
            return str(value)


def _merged(archive: zipfile.ZipFile, sheet: Any) -> dict[int, tuple[tuple[int, int], ...]]:
    """Merged cells by their first row: (column from 0, last row). openpyxl skips them when it streams."""
    found: dict[int, list[tuple[int, int]]] = {}
    with archive.open(sheet._worksheet_path.lstrip("/")) as source:
        rest = b""
        while chunk := source.read(_CHUNK):
            text = rest + chunk
            end = 0
            for match in _MERGE.finditer(text):
                left, top, _, bottom = range_boundaries(match[1].decode())
                if left and top and bottom:
                    found.setdefault(top, []).append((left - 1, bottom))
                end = match.end()
            rest = text[max(end, len(text) - 256) :]
    return {row: tuple(ranges) for row, ranges in found.items()}
