"""Is Excel read as provinces have it: titles, two-line headers, merged cells, real dates, several sheets?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from sqlmodel import select

from api.imports.reading import ImportLimits
from api.imports.register import import_register
from api.imports.report import ImportReport
from api.imports.workbook import report_workbook, safe
from api.store.engine import Store
from api.store.models import Licence

NOW = datetime(2025, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2025, 11, 24)
UPPER = ("STT", "Tên tổ chức, cá nhân", "Tên mỏ", "Loại khoáng sản", "Giấy phép", None, None, "Cơ quan cấp", "Diện tích (ha)",
         "Công suất", None, "Trữ lượng\ncấp phép", None)  # fmt: skip
LOWER = (None, None, None, None, "Số", "Ngày cấp", "Ngày hết hạn", None, None, "m³/năm", "tấn/năm", "m3", "tấn")


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def run(store: Store, data: bytes, limits: ImportLimits | None = None) -> ImportReport:
    return import_register(store, io.BytesIO(data), file_name="so.xlsx", now=NOW, today=TODAY, limits=limits)


def licences(store: Store) -> list[Licence]:
    with store.session() as session:
        return list(session.exec(select(Licence).order_by(Licence.id)).all())  # type: ignore[arg-type]


def provincial(book: Any) -> None:
    sheet = book.active
    sheet.title = "Tỉnh cấp"
    sheet.append(["SỔ THEO DÕI GIẤY PHÉP KHAI THÁC KHOÁNG SẢN"])
    sheet.merge_cells("A1:M1")
    sheet.append([])
    sheet.append(UPPER)
    sheet.append(LOWER)
    for merged in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:G3", "H3:H4", "I3:I4", "J3:K3", "L3:M3"):
        sheet.merge_cells(merged)
    sheet.append([f"({number})" for number in range(1, 14)])
    sheet.append(["I", "Cát, sỏi lòng sông"])
    sheet.merge_cells("B6:M6")
    rows: list[list[Any]] = [
        [1, "Hộ A ", "Cát sỏi\nsông Hồng", "Cát, sỏi", "12/GP-UBND", date(2020, 2, 1), "01/02/2030", "Tỉnh cấp", 2.5,
         20000, None, 112094.1, None],
        [2, None, "Mỏ  cát suối D", "cát , sỏi", " 13/GP-UBND", "1/2/2020", date(2024, 2, 1), "UBND tỉnh", "3,25",
         "1.234", None, None, "1.234.567,5"],
        [3, "Hộ C", "Đá E", "Đá làm VLXDTT", "14/GP-UBND", 43862, "31/02/2030", "Tỉnh cấp", "#REF!", None, None, None, None],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B7:B8")
    sheet.merge_cells("L7:L8")
    sheet.append([None, "Tổng cộng", None, None, None, None, None, None, 5.75])
    notes = book.create_sheet("Chú thích")
    notes.append(["Số liệu đến 31/10/2025"])
    ministry = book.create_sheet("Bộ cấp")
    ministry.append(["Số GP", "Tên đơn vị", "Tên mỏ", "Khoáng sản", "Cơ quan cấp", "Ngày cấp", "Hết hạn", "Diện tích", "CS_tan",
                     "TL_KT_tan"])  # fmt: skip
    ministry.append(
        ["15/GP-BTNMT", "Hộ D", "Mỏ F", "Quặng sắt", "Bộ cấp", date(2011, 6, 30), date(2041, 6, 30), 4, 1, 2]
    )


def test_a_workbook_as_a_province_has_it(sqlite_store: Store) -> None:
    report = run(sqlite_store, workbook(provincial))
    assert (report.rows, report.new, report.set_aside) == (6, 4, 2)
    first, second, third, iron = licences(sqlite_store)
    assert (first.holder, first.mine_name, first.mineral_code) == ("Hộ A", "Cát sỏi\nsông Hồng", "river_sand_gravel")
    assert (first.issued_on, first.expires_on) == (date(2020, 2, 1), date(2030, 2, 1))
    assert (first.area_ha, first.capacity_m3, first.licensed_m3) == ("2.5", "20000", "112094.1")
    assert (first.source_sheet, first.source_row, first.gaps) == ("Tỉnh cấp", 7, [])
    assert (second.holder, second.mineral_code, second.authority) == ("Hộ A", "stream_sand_gravel", "province")
    assert (second.area_ha, second.capacity_m3, second.licensed_tonne) == ("3.25", None, "1234567.5")
    assert (third.issued_on, third.expires_on, third.area_ha) == (None, None, None)
    assert (iron.authority, iron.capacity_tonne, iron.source_sheet) == ("ministry", "1", "Bộ cấp")
    told = {(one.sheet, one.row, one.column, one.code) for one in report.findings}
    assert told == {
        ("Chú thích", None, None, "sheet_without_header"),
        ("Tỉnh cấp", 6, None, "not_a_licence"),
        ("Tỉnh cấp", 8, "Giấy phép Ngày hết hạn", "expired"),
        ("Tỉnh cấp", 8, "Công suất m³/năm", "ambiguous_number"),
        ("Tỉnh cấp", 8, "Trữ lượng cấp phép m3", "shared_number"),
        ("Tỉnh cấp", 9, "Giấy phép Ngày cấp", "serial_date"),
        ("Tỉnh cấp", 9, "Giấy phép Ngày hết hạn", "not_a_date"),
        ("Tỉnh cấp", 9, "Diện tích (ha)", "excel_error"),
        ("Tỉnh cấp", 9, "Công suất m³/năm / Công suất tấn/năm", "missing"),
        ("Tỉnh cấp", 9, "Trữ lượng cấp phép m3 / Trữ lượng cấp phép tấn", "missing"),
        ("Tỉnh cấp", 10, None, "not_a_licence"),
    }
    again = run(sqlite_store, workbook(provincial))
    assert (again.new, again.unchanged, again.changed) == (0, 4, 0)


def test_the_report_as_a_workbook_runs_no_formula(sqlite_store: Store) -> None:
    def fill(book: Any) -> None:
        book.active.append(["Số GP", "Tên đơn vị", "Tên mỏ", "=2+3", "Diện tích"])
        book.active["D1"].data_type = "s"
        book.active.append(["12/GP-UBND", "Hộ A", "Mỏ B", "x", "x"])
        book.active["E2"] = '=HYPERLINK("http://example.invalid","x")'
        book.active["E2"].data_type = "s"

    report = run(sqlite_store, workbook(fill))
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(report)))
    assert book.sheetnames == ["Tóm tắt", "Phát hiện", "Thay đổi"]
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    values = {cell.value for cell in cells}
    assert "'=2+3" in values
    assert any(str(value).startswith("'=HYPERLINK") for value in values)
    assert not any(str(value).startswith(("=", "+", "-", "@")) for value in values)
    assert book["Phát hiện"].max_row == 1 + len(report.findings)
    assert len(safe("x" * 50_000)) == 32_767


def test_the_report_shows_changes_and_an_unreadable_file(sqlite_store: Store) -> None:
    def fill(area: float) -> Callable[[Any], None]:
        def filled(book: Any) -> None:
            book.active.append(["Số GP", "Tên đơn vị", "Tên mỏ", "Diện tích"])
            book.active.append(["12/GP-UBND", "Hộ A", "Mỏ B", area])

        return filled

    run(sqlite_store, workbook(fill(1.5)))
    sheet = openpyxl.load_workbook(io.BytesIO(report_workbook(run(sqlite_store, workbook(fill(2.5))))))["Thay đổi"]
    assert [cell.value for cell in sheet[2]] == [
        1,
        "12/GP-UBND",
        "Sheet",
        2,
        "Diện tích (ha)",
        "Area (ha)",
        "1.5",
        "2.5",
    ]
    broken = openpyxl.load_workbook(io.BytesIO(report_workbook(run(sqlite_store, b"PK\x03\x04"))))["Tóm tắt"]
    assert "hỏng" in str(broken["C6"].value)


def with_shared_strings() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Số GP", "Tên đơn vị", "Tên mỏ"])
        sheet.write_row(1, 0, ["12/GP-UBND", "Hộ A", "Mỏ B"])
    return target.getvalue()


def repacked(data: bytes, **replaced: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            short = entry.filename.rpartition("/")[2].partition(".")[0]
            new.writestr(entry.filename, replaced.get(short, old.read(entry)))
    return target.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(sqlite_store: Store) -> None:
    bomb = repacked(with_shared_strings(), sharedStrings=b" " * 300_000_000)
    assert len(bomb) < 1_000_000
    report = run(sqlite_store, bomb)
    assert report.problem is not None
    assert report.problem.code == "unpacked_too_large"


LAUGHS = (b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY {chr(98 + depth)} "{f"&{chr(97 + depth)};" * 50}">'.encode() for depth in range(8)
) + b'<!ENTITY z "&i;">]><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&z;</t></si></sst>')  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet1": b"<worksheet"},
        {"workbook": b"<a/>"},
        {"sharedStrings": LAUGHS},
        {"styles": b"\xff\xfe\x00"},
    ],
)
def test_damaged_workbooks_are_told_in_words(sqlite_store: Store, parts: dict[str, bytes]) -> None:
    report = run(sqlite_store, repacked(with_shared_strings(), **parts))
    assert report.problem is not None
    assert report.problem.code == "broken_excel"
    assert licences(sqlite_store) == []


@pytest.mark.parametrize("cut", [5, 100, 0.5, 0.9])
def test_truncated_workbooks_are_told_in_words(sqlite_store: Store, cut: float) -> None:
    data = workbook(provincial)
    report = run(sqlite_store, data[: int(cut if cut > 1 else len(data) * cut)])
    assert report.exit_status == 2


def test_far_cells_cost_nothing_and_are_told(sqlite_store: Store) -> None:
    def fill(book: Any) -> None:
        book.active.append(["Số GP", "Tên đơn vị", "Tên mỏ"])
        book.active.append(["12/GP-UBND", "Hộ A", "Mỏ B"])
        book.active["XFD3"] = "x"
        book.active["A1048576"] = "13/GP-UBND"

    report = run(sqlite_store, workbook(fill))
    assert report.new == 2
    assert "columns_beyond_limit" in report.by_code()
