"""What does a register file say, row by row, and may it be read at all?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from api.imports.aliases import Aliases
from api.imports.findings import Finding, Place, finding
from api.imports.headers import find_header
from api.imports.rows import ReadRow, read_row
from api.imports.tables import MAX_COLUMNS, UnreadableError, tables
from api.imports.values import missing_columns

_MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLimits:
    """How large a file may be: as it is, and unpacked (an .xlsx is a zip). In bytes."""

    max_bytes: int = 50 * _MEBIBYTE
    max_unpacked_bytes: int = 200 * _MEBIBYTE


@dataclass(slots=True)
class Reading:
    """The licences of a file in its order, how many rows were set aside, and what was noticed."""

    rows: list[ReadRow]
    set_aside: int
    findings: list[Finding]


def digest(stream: BinaryIO, limits: ImportLimits) -> str:
    """The SHA-256 of a file of acceptable size. Raises ``UnreadableError`` for an empty or too large one."""
    size = stream.seek(0, 2)
    if size == 0:
        raise UnreadableError(
            "empty_file", "Tệp rỗng: hãy chọn lại tệp sổ giấy phép.", "The file is empty: choose the register file."
        )
    if size > limits.max_bytes:
        limit = limits.max_bytes // _MEBIBYTE
        raise UnreadableError(
            "too_large",
            f"Tệp lớn {size // _MEBIBYTE} MB, quá giới hạn {limit} MB: hãy chỉ giữ trang sổ giấy phép, bỏ ảnh, "
            "hoặc chia tệp.",
            f"The file has {size // _MEBIBYTE} MB, above the limit of {limit} MB: keep only the register sheet, remove "
            "pictures, or split it.",
        )
    stream.seek(0)
    sha256 = hashlib.sha256()
    while chunk := stream.read(_MEBIBYTE):
        sha256.update(chunk)
    return sha256.hexdigest()


def read_register(stream: BinaryIO, aliases: Aliases, today: date, limits: ImportLimits) -> Reading:
    """Every row of every sheet that has a header. Raises ``UnreadableError`` when there is no such sheet."""
    result = Reading(rows=[], set_aside=0, findings=[])
    headed = False
    for table in tables(stream, max_unpacked_bytes=limits.max_unpacked_bytes):
        found = find_header(table, aliases)
        if found is None:
            if next(table.readings[0](), None) is not None:
                result.findings.append(finding("sheet_without_header", Place(sheet=table.name)))
            continue
        headed = True
        header, rows = found
        absent = missing_columns(header, table.name, aliases.subject)
        result.findings += [*header.findings, *absent]
        said_once = {gap.field for gap in absent}
        if table.columns > MAX_COLUMNS:
            words = {"count": table.columns, "limit": MAX_COLUMNS}
            result.findings.append(finding("columns_beyond_limit", Place(sheet=table.name), words=words))
        for row in rows:
            match read_row(row, header, table.name, aliases, today=today):
                case ReadRow() as licence:
                    result.rows.append(licence)
                    missing = [gap for gap in licence.gaps if gap.code != "missing" or gap.field not in said_once]
                    result.findings += [*missing, *licence.notes]
                case Finding() as aside:
                    result.set_aside += 1
                    result.findings.append(aside)
    if not headed:
        raise UnreadableError(
            "no_header",
            "Không tìm thấy dòng tên cột trong 50 dòng đầu: cần ít nhất ba cột nhận ra được, trong đó có Số giấy phép, "
            "Tên đơn vị hoặc Tên mỏ; nếu tệp dùng tên cột khác, hãy khai báo tên cột.",
            "No header row in the first 50 rows: at least three known columns are needed, among them the licence "
            "number, the holder or the mine; if the file uses other names, map them.",
        )
    return result
