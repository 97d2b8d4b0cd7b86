"""How does the settled province go along as one Excel workbook? A sheet a state, every computed line, what is missing.

Rows are written as they come, so memory does not grow with the province. The same data give the same content. No text of
a file becomes a formula, a link or a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from sqlmodel import Session, col, select

from api.imports.own_sheets import (
    BLOCKED_SHEET,
    EXCHANGE_SHEET,
    EXPIRED_SHEET,
    FACTS_SHEET,
    LACKING_SHEET,
    LINES_SHEET,
    NOT_CONCERNED_SHEET,
    OUTPUT_SHEET,
    READY_SHEET,
    SETTLED_SHEET,
    SHARED_SHEET,
    STATE_SHEETS,
    SUMMARY_SHEET,
)
from api.imports.workbook import safe
from api.province.fill_in import FACT_COLUMNS, OUTPUT_COLUMNS, SHARED_COLUMNS, fact_rows, output_rows, shared_rows
from api.province.scope import Scope
from api.province.worklist import SCOPE_NAMES, STATUS_NAMES, Status, Worklist, WorklistRow, worklist
from api.store.province import SettlementResult
from rules.lawbook import LawBook, law_book
from rules.quantity import UNIT_NAMES, Unit

_MOST_EXACT: Final = 10**15
_OUTCOMES: Final = {"overpaid": "nộp thừa / overpaid", "underpaid": "nộp thiếu / underpaid", "even": "đủ / even"}
_PARTS: Final = {"settlement": "quyết toán / settled", "reapproval": "phê duyệt lại / re-approved"}
_STATE_COLUMNS: Final = (
    ("Mã / Id", 8), ("Giấy phép / Licence", 22), ("Ngày cấp / Issued", 12), ("Hết hạn / Expires", 12),
    ("Chủ giấy phép / Holder", 28), ("Mỏ / Mine", 28), ("Khoáng sản / Mineral", 24), ("Vùng / Region", 14),
    ("Diện / Scope", 24), ("Phê duyệt lại / Re-approval", 12), ("Cấp đổi / Exchange", 10), ("Quyết toán / Settled (đ)", 18),
    ("Đã nộp / Paid (đ)", 18), ("Chênh lệch / Difference (đ)", 18), ("Kết quả / Outcome", 18),
    ("Phê duyệt lại / Re-approved (đ)", 18), ("Mỗi năm / Yearly (đ)", 18), ("Hạn / Deadline", 12),
    ("Còn (ngày) / Days left", 10), ("Phụ trách / Owner", 18), ("Còn thiếu, vướng mắc", 70), ("Lacking, refused", 70),
    ("Sổ giấy phép ghi / The register says", 30), ("Ghi chú / Remark", 30),
)  # fmt: skip
_LINE_COLUMNS: Final = (
    ("Mã / Id", 8), ("Giấy phép / Licence", 22), ("Phần / Part", 20), ("Khoáng sản / Mineral", 24), ("Năm / Of", 8),
    ("SL", 16), ("Đơn vị / In", 12), ("TL_qđ", 10), ("Q", 16), ("G_tn (đ)", 16), ("K_qđ", 10), ("G (đ)", 18), ("R (%)", 10),
    ("T (đ)", 18), ("Bảng giá / Price list", 30), ("Điều khoản / Articles", 80),
)  # fmt: skip
_LINE_FIELDS: Final = (
    "year", "output", "output_unit", "output_factor", "quantity", "tax_price", "conversion_factor", "price", "rate_percent",
    "amount_vnd", "price_list", "articles",
)  # fmt: skip
_WORDY: Final = frozenset(("output_unit", "price_list", "articles"))


def province_workbook(session: Session, path: Path, today: date, *, book: LawBook | None = None) -> Worklist:
    """Write the workbook of the province as of ``today``; gives the worklist it shows. Raises ``OSError``."""
    book = book or law_book()
    found = worklist(session, today, book=book)
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    try:
        with xlsxwriter.Workbook(str(path), options) as target:
            target.set_properties({"created": datetime(today.year, today.month, today.day)})  # noqa: DTZ001 - Excel has no zones
            _Writer(target).province(session, found, today, book)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(0, str(error), str(path)) from error
    return found


def state_sheet(row: WorklistRow) -> str:
    """The one sheet a licence stands on."""
    if row.status is Status.NONE:
        return NOT_CONCERNED_SHEET
    if row.scope is Scope.EXPIRED and not row.settlement:
        return EXPIRED_SHEET
    if row.exchange:
        return EXCHANGE_SHEET
    return {
        Status.SETTLED: SETTLED_SHEET,
        Status.READY: READY_SHEET,
        Status.BLOCKED: BLOCKED_SHEET,
    }.get(row.status, LACKING_SHEET)


class _Writer:
    def __init__(self, target: Any) -> None:
        self._target = target
        self._head = target.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._wrap = target.add_format({"text_wrap": True, "valign": "top"})
        self._plain = target.add_format({"valign": "top"})
        self._whole = target.add_format({"num_format": "#,##0", "valign": "top"})

    def province(self, session: Session, found: Worklist, today: date, book: LawBook) -> None:
        """All sheets in reading order."""
        self._sheet(
            SUMMARY_SHEET, (("Nội dung", 44), ("Item", 44), ("Giá trị / Value", 40)), _summary(found, today, book)
        )
        by_sheet: dict[str, list[WorklistRow]] = {name: [] for name in STATE_SHEETS}
        for row in found.rows:
            by_sheet[state_sheet(row)].append(row)
        for name, rows in by_sheet.items():
            self._sheet(name, _STATE_COLUMNS, (_state_row(row) for row in rows), wide=True)
        numbers = {row.licence_id: row.number or "" for row in found.rows}
        self._sheet(LINES_SHEET, _LINE_COLUMNS, _line_rows(session, numbers, book))
        self._sheet(FACTS_SHEET, FACT_COLUMNS, fact_rows(session, found.rows))
        self._sheet(OUTPUT_SHEET, OUTPUT_COLUMNS, output_rows(found.rows, found.days))
        self._sheet(SHARED_SHEET, SHARED_COLUMNS, shared_rows(found.rows))

    def _sheet(
        self, name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]], *, wide: bool = False
    ) -> None:
        sheet = self._target.add_worksheet(name)
        sheet.freeze_panes(1, 2 if wide else 0)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self._head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._cell(sheet, last, column, value)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        match value:
            case None | "":
                pass
            case int() if abs(value) < _MOST_EXACT:
                sheet.write_number(row, column, value, self._whole)
            case Decimal() if exact(value):
                sheet.write_number(row, column, float(value), self._plain)
            case date():
                sheet.write_string(row, column, f"{value:%d/%m/%Y}", self._plain)
            case Decimal():
                sheet.write_string(row, column, f"{value:f}".replace(".", ","), self._plain)
            case _:
                sheet.write_string(row, column, safe(str(value)), self._wrap)


def exact(value: Decimal) -> bool:
    """Whether a spreadsheet keeps every figure of a number."""
    return len(value.as_tuple().digits) <= 15


def _summary(found: Worklist, today: date, book: LawBook) -> Iterator[tuple[Any, ...]]:
    totals = found.totals
    yield "Tính đến ngày", "As of", today
    yield "Hạn hoàn thành", "Deadline", found.days.deadline
    yield "Còn lại (ngày)", "Days left", (found.days.deadline - today).days
    yield "Sổ luật", "Law book", book.digest
    for cite in found.days.cites:
        yield "Căn cứ", "Basis", f"{cite.instrument}, {cite.at}"
    yield "Số giấy phép", "Licences", totals.licences
    for status, count in totals.by_status.items():
        yield STATUS_NAMES[status].vi, STATUS_NAMES[status].en, count
    for scope, count in totals.by_scope.items():
        yield SCOPE_NAMES[scope].vi, SCOPE_NAMES[scope].en, count
    yield "Thuộc diện quyết toán lần đầu", "First settlement", totals.settlement
    yield "Thuộc diện phê duyệt lại", "Re-approval", totals.reapproval
    yield EXCHANGE_SHEET, "To be exchanged", totals.exchange
    yield "Tổng quyết toán (đồng)", "Settled (đồng)", totals.settled_vnd
    yield "Tổng đã nộp (đồng)", "Paid (đồng)", totals.paid_vnd
    yield "Tổng nộp thiếu (đồng)", "Underpaid (đồng)", totals.underpaid_vnd
    yield "Tổng nộp thừa (đồng)", "Overpaid (đồng)", totals.overpaid_vnd
    yield "Tổng phê duyệt lại (đồng)", "Re-approved (đồng)", totals.reapproved_vnd
    yield "Tổng phải nộp mỗi năm (đồng)", "Yearly (đồng)", totals.annual_vnd


def _state_row(row: WorklistRow) -> tuple[Any, ...]:
    sums: tuple[Any, ...] = (None,) * 6
    if not row.stale:
        outcome = _OUTCOMES.get(row.outcome or "")
        sums = (row.settled_vnd, row.paid_vnd, row.difference_vnd, outcome, row.reapproved_vnd, row.annual_vnd)
    texts = [*(one.text for one in row.lacks), *row.problems]
    return (
        row.licence_id, row.number, row.issued_on, row.expires_on, row.holder, row.mine, ", ".join(_mineral(one) for one in row.minerals), row.region,
        SCOPE_NAMES[row.scope].vi, "x" if row.reapproval else None, "x" if row.exchange else None, *sums, row.deadline,
        row.days_left, row.owner, "\n".join(one.vi for one in texts), "\n".join(one.en for one in texts),
        row.register_says, row.note,
    )  # fmt: skip


def _line_rows(session: Session, numbers: dict[int, str], book: LawBook) -> Iterator[tuple[Any, ...]]:
    """The stored lines by licence, read a few licences at a time."""
    chosen = (
        select(SettlementResult.licence_id, SettlementResult.result)
        .where(SettlementResult.law_digest == book.digest)
        .order_by(col(SettlementResult.licence_id))
    )
    for licence_id, result in session.exec(chosen.execution_options(yield_per=100)):
        for line in result["lines"]:
            figures = (_figure(name, line[name]) for name in _LINE_FIELDS)
            yield licence_id, numbers.get(licence_id, ""), _PARTS[line["part"]], _mineral(line["mineral"]), *figures


def _mineral(code: str) -> str:
    found = law_book().minerals.get(code)
    return code if found is None else found.name.vi


def _figure(name: str, value: Any) -> Any:
    if name == "year":
        return None if value is None else str(value)
    if name == "output_unit":
        return UNIT_NAMES[Unit(value)].vi if value else None
    return Decimal(value) if isinstance(value, str) and value and name not in _WORDY else value
