"""What the tests of the offices' tables share: a small register, tables as CSV and Excel, the rows of the store."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
from sqlmodel import SQLModel, select

from api.imports.register import import_register
from api.imports.report import ImportReport
from api.store.engine import Store
from api.store.office import OFFICE_TABLES

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)

REGISTER = (
    ("Số GP", "Tên đơn vị", "Tên mỏ", "Loại KS", "Cơ quan cấp", "Ngày cấp", "Ngày hết hạn", "CS tấn", "CS m3", "TL phép tấn",
     "TL phép m3", "Vùng"),
    ("10/GP-UBND", "Công ty TNHH MTV A", "Mỏ đá A", "Đá hoa", "Tỉnh cấp", "01/02/2010", "01/02/2040", "1000", "", "5000", "",
     "Yên Bái cũ"),
    ("11/GP-UBND", "Công ty cổ phần B", "Mỏ đá B", "Đá làm VLXDTT", "Tỉnh cấp", "05/06/2015", "05/06/2035", "", "2000", "",
     "90000", "Lào Cai cũ"),
    ("211/GP-UBND", "Hộ C", "Mỏ sét C", "Sét gạch ngói", "Tỉnh cấp", "09/06/2006", "09/06/2030", "", "500", "", "9000",
     "Yên Bái cũ"),
    ("211/GP-UBND", "Hộ D", "Mỏ sét D", "Sét gạch ngói", "Tỉnh cấp", "30/06/2012", "30/06/2030", "", "600", "", "9000",
     "Lào Cai cũ"),
    ("12/GP-BTNMT", "Công ty E", "Nước khoáng E", "Nước khoáng", "Bộ cấp", "01/01/2011", "01/01/2041", "", "", "", "",
     "Lào Cai cũ"),
    ("13/GP-UBND", "Công ty cổ phần B", "Mỏ sắt B", "Quặng sắt", "Tỉnh cấp", "05/06/2016", "05/06/2036", "700", "", "90000",
     "", "Lào Cai cũ"),
)  # fmt: skip
"""Licences 1 to 6 of a fresh store."""


def as_csv(*rows: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(*rows: Sequence[Any], merge: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    for cells in merge:
        book.active.merge_cells(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def register(store: Store) -> None:
    report = import_register(store, io.BytesIO(as_csv(*REGISTER)), file_name="so.csv", now=NOW, today=TODAY)
    assert report.new == len(REGISTER) - 1


def bring(importer: Any, store: Store, data: bytes, **options: Any) -> ImportReport:
    report: ImportReport = importer(
        store, io.BytesIO(data), file_name=options.pop("file_name", "tep.csv"), now=NOW, today=TODAY, **options
    )
    return report


def codes(report: ImportReport) -> list[tuple[int | None, str]]:
    return [(one.row, one.code) for one in report.findings]


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All rows of the offices' tables, without the numbers that say which import wrote them."""
    with store.session() as session:
        return {
            name: sorted((_plain(row) for row in session.exec(select(model)).all()), key=repr)
            for name, model in OFFICE_TABLES.items()
        }


def _plain(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(exclude={"id"})
