"""How does an officer take the import report along? As an Excel workbook: summary, findings, changes.

The sheets of other reports of imports are written with the same hand (``sheets``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from typing import Final

import xlsxwriter

from api.imports.findings import Severity
from api.imports.report import ImportReport, RowChange

SEVERITY_VI: Final = {
    Severity.ERROR: "Lỗi / error",
    Severity.WARNING: "Cần xem / warning",
    Severity.INFO: "Thông tin / info",
}
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
_CELL_LIMIT: Final = 32_767
SUMMARY_COLUMNS: Final = (("Nội dung", 40), ("Item", 32), ("Giá trị / Value", 70))
_FINDINGS: Final = (
    ("Mức độ / Severity", 18),
    ("Trang / Sheet", 14),
    ("Dòng / Row", 10),
    ("Cột / Column", 18),
    ("Giá trị / Value", 30),
    ("Phát hiện", 50),
    ("Việc cần làm", 50),
    ("Finding", 50),
    ("What to do", 50),
)
_CHANGES: Final = (
    ("Giấy phép / Licence", 14),
    ("Số giấy phép / Number", 24),
    ("Trang / Sheet", 14),
    ("Dòng / Row", 10),
    ("Thông tin", 28),
    ("Fact", 28),
    ("Cũ / Old", 36),
    ("Mới / New", 36),
)


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula, cut to what a cell holds."""
    guarded = f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
    return guarded[:_CELL_LIMIT]


def summary_lines(report: ImportReport) -> list[tuple[str, str, str]]:
    """The report in short: (Vietnamese, English, value), in reading order."""
    lines = [
        ("Tệp", "File", report.file_name),
        ("Mã băm SHA-256", "SHA-256", report.sha256),
        ("Thời điểm nhập", "Imported at", report.imported_at.isoformat(timespec="seconds")),
        ("Xét hết hạn đến ngày", "Expiry judged on", report.today.strftime("%d/%m/%Y")),
    ]
    if report.problem is not None:
        lines.append(("Không đọc được tệp", "The file cannot be read", report.problem.message_vi))
        lines.append(("", "", report.problem.message_en))
        return lines
    register = report.kind == "register"
    if report.preview:
        lines.append(("Xem trước", "Preview", "chưa ghi gì / nothing was written"))
    if not register and report.batch_id is not None:
        lines.append(("Lần nhập số", "Batch", str(report.batch_id)))
    return [
        *lines,
        ("Số dòng", "Rows", str(report.rows)),
        ("Giấy phép mới", "New licences", str(report.new)) if register else ("Thêm mới", "New", str(report.new)),
        ("Không đổi", "Unchanged", str(report.unchanged)),
        ("Thay đổi", "Changed", str(report.changed)),
        *([("Thay thế, bỏ ra", "Replaced, taken out", str(report.removed))] if report.removed else []),
        ("Dòng để riêng (tiêu đề nhóm, dòng cộng)", "Rows set aside (headings, totals)", str(report.set_aside)),
        ("Phát hiện cần xử lý", "Findings that need work", str(report.work)),
        ("Phát hiện để biết", "Findings for information", str(len(report.findings) - report.work)),
    ]


def report_workbook(report: ImportReport) -> bytes:
    """The report as .xlsx bytes with the sheets Tóm tắt, Phát hiện, Thay đổi (and Thêm mới for office tables)."""
    target = BytesIO()
    with sheets(target) as add:
        add("Tóm tắt", SUMMARY_COLUMNS, summary_lines(report))
        add("Phát hiện", _FINDINGS, _finding_rows(report))
        add("Thay đổi", _CHANGES, _change_rows(report.changes))
        if report.kind != "register":
            add("Thêm mới", _CHANGES, _change_rows(report.added))
    return target.getvalue()


AddSheet = Callable[[str, Sequence[tuple[str, int]], Iterable[Sequence[str | int | Decimal]]], None]
"""Adds a sheet: its name, its columns with their widths, its rows."""


@contextmanager
def sheets(target: BytesIO) -> Iterator[AddSheet]:
    """A workbook of plain tables: a frozen head row with filters, numbers as numbers, texts as texts."""
    # texts stay texts: no formula, link or number is made of what a file contained
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})

        def add(name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | int | Decimal]]) -> None:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, (title, width) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, title, bold)
            last = 0
            for last, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(last, column, safe(value), wrap)
                    else:
                        sheet.write_number(last, column, value, wrap)
            sheet.autofilter(0, 0, last, len(columns) - 1)

        yield add


def _finding_rows(report: ImportReport) -> Iterable[tuple[str | int, ...]]:
    for one in report.findings:
        place = (one.sheet or "", one.row or "", one.column or "", one.value or "")
        yield (SEVERITY_VI[one.severity], *place, one.message_vi, one.action_vi, one.message_en, one.action_en)


def _change_rows(rows: Iterable[RowChange]) -> Iterable[tuple[str | int, ...]]:
    for row in rows:
        for one in row.changes:
            place = (row.licence_id, row.number or "", row.place.sheet or "", row.place.row or "")
            yield (*place, one.label_vi, one.label_en, one.old or "", one.new or "")
