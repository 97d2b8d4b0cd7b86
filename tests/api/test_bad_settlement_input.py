"""Bad input of a settlement, from the file to the worklist: each fault is named by sheet, row and column, and the licences it
does not touch are settled all the same."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlmodel import select

from api.imports.outputs import import_outputs
from api.imports.payments import import_payments
from api.imports.prices import import_prices
from api.imports.register import import_register
from api.imports.report import ImportReport
from api.province.lacks import LackCode
from api.province.run import settle_province
from api.province.worklist import Status, WorklistRow, worklist
from api.store.engine import Store
from api.store.province import SettlementResult
from tests.api.office import as_csv, bring, everything
from tests.api.province_data import NOW, TODAY, YEARS, bring_in, output_rows, paid_rows, price_rows, register_rows

SHEET = "Kê khai 2014-2025"
BAD = "1/GP-UBND"
"""The licence the faults are about; 2 and 3 of the province stay sound."""
Edit = Callable[[Any], None]


def workbook(rows: Sequence[Sequence[Any]], edit: Edit | None = None) -> bytes:
    """A filled-in workbook on a named sheet, after an edit of its cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    for row in rows:
        sheet.append(list(row))
    if edit is not None:
        edit(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def province(
    store: Store, outputs: bytes, prices: bytes | None = None, paid: bytes | None = None
) -> list[ImportReport]:
    """A province of three licences whose tables come from these files; the reports on them."""
    bring_in(store, 3)
    with store.write() as session:
        for name in ("declared_output", "price_line", "tax_payment", "office_change"):
            session.connection().exec_driver_sql(f"DELETE FROM {name}")
    files = (
        (import_outputs, outputs),
        (import_prices, prices or workbook(price_rows())),
        (import_payments, paid or workbook(paid_rows(3))),
    )
    return [importer(store, io.BytesIO(data), file_name="tep.xlsx", now=NOW, today=TODAY) for importer, data in files]  # type: ignore[operator]


def settled(store: Store) -> list[WorklistRow]:
    settle_province(store, on=TODAY, clock=lambda: NOW)
    with store.session() as session:
        return list(worklist(session, TODAY).rows)


def places(report: ImportReport) -> set[tuple[str, str | None, int | None, str | None]]:
    return {(one.code, one.sheet, one.row, one.column) for one in report.findings if one.needs_work}


def rows_with(
    *changes: tuple[int, dict[int, Any]], more: Sequence[Sequence[Any]] = (), drop: int | None = None
) -> bytes:
    """The declarations of the province, some cells changed (by row as the spreadsheet numbers it, and column from 0)."""
    rows = [list(row) for row in output_rows(3)]
    for number, cells in changes:
        for column, value in cells.items():
            rows[number - 1][column] = value
    rows += [list(row) for row in more]
    if drop is not None:
        del rows[drop - 1]
    return workbook(rows)


YEAR, OUTPUT, UNIT = "Năm", "Sản lượng nguyên khai", "Đơn vị tính"
LAST = 1 + 3 * len(YEARS)
OUTPUT_FAULTS: list[tuple[str, bytes, set[tuple[str, int, str | None]], LackCode | None]] = [
    # what, the file, its findings by code, row, column, what the worklist then says of licence 1
    ("a year before the licence", rows_with(more=[(BAD, 2012, "01/01/2012", "31/12/2012", 5, "m3 nở rời")]),
     {("before_licence", LAST + 1, YEAR), ("year_missing", 2, YEAR)}, None),
    ("a period over the cut-off", rows_with((13, {3: "31/12/2025"})), {("cutoff_inside", 13, YEAR)}, LackCode.OUTPUT_TO_CUTOFF),
    ("a year not over yet", rows_with((13, {1: 2027, 2: "01/01/2027", 3: "31/12/2027"})), {("period_future", 13, YEAR)},
     LackCode.OUTPUT_TO_CUTOFF),
    ("the same year twice", rows_with(more=[(BAD, 2020, "01/01/2020", "31/12/2020", 7, "m3 nở rời")]),
     {("row_contradicts", 8, None), ("row_contradicts", LAST + 1, None), ("year_missing", 9, YEAR)}, LackCode.OUTPUT),
    ("the same year in two spans", rows_with(more=[(BAD, 2020, "01/03/2020", "31/12/2020", 7, "m3 nở rời")]),
     {("period_overlaps", LAST + 1, None)}, None),
    ("a negative output", rows_with((8, {4: -5})),
     {("number_out_of_range", 8, OUTPUT), ("nothing_told", 8, None), ("year_missing", 9, YEAR)}, LackCode.OUTPUT),
    ("a missing year in the middle", rows_with(drop=8), {("year_missing", 8, YEAR)}, LackCode.OUTPUT),
    ("a text in a column of numbers", rows_with((8, {4: "khoảng một nghìn"})),
     {("not_a_number", 8, OUTPUT), ("nothing_told", 8, None), ("year_missing", 9, YEAR)}, LackCode.OUTPUT),
    ("a number that may mean two", rows_with((8, {4: "1.234"})),
     {("ambiguous_number", 8, OUTPUT), ("nothing_told", 8, None), ("year_missing", 9, YEAR)}, LackCode.OUTPUT),
    ("an error of a formula", rows_with((8, {4: "#REF!"})),
     {("excel_error", 8, OUTPUT), ("nothing_told", 8, None), ("year_missing", 9, YEAR)}, LackCode.OUTPUT),
    ("a unit nobody knows", rows_with((8, {5: "xe ben"})), {("unknown_unit", 8, UNIT), ("unit_missing", 8, UNIT), ("year_missing", 9, YEAR)},
     LackCode.OUTPUT),
    ("an unknown licence", rows_with((8, {0: "99/GP-UBND"})), {("licence_unknown", 8, "Số giấy phép"), ("year_missing", 9, YEAR)},
     LackCode.OUTPUT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "found", "lack"), [one[1:] for one in OUTPUT_FAULTS], ids=[one[0] for one in OUTPUT_FAULTS]
)
def test_a_fault_of_an_output_is_named_and_the_others_are_settled(
    sqlite_store: Store, file: bytes, found: set[tuple[str, int, str | None]], lack: LackCode | None
) -> None:
    outputs, *others = province(sqlite_store, file)
    assert places(outputs) == {(code, SHEET, row, column) for code, row, column in found}
    assert not any(one.work for one in others)
    first, *rest = settled(sqlite_store)
    assert {row.status for row in rest} == {Status.SETTLED}
    assert [one.code for one in first.lacks] == ([] if lack is None else [lack])
    assert (first.status is Status.SETTLED) == (lack is None)
    if lack is None:
        with sqlite_store.session() as session:
            result = session.exec(select(SettlementResult).where(SettlementResult.licence_id == first.licence_id)).one()
        years = [line["year"] for line in result.result["lines"] if line["part"] == "settlement"]
        assert years == list(YEARS)  # what was not taken, or lies outside, is in no sum


def test_output_after_the_cut_off_waits_for_the_next_settlement(sqlite_store: Store) -> None:
    more = [(BAD, 2025, "01/07/2025", "31/12/2025", 4_000, "m3 nở rời")]
    outputs, *_ = province(sqlite_store, rows_with(more=more))
    assert outputs.work == 0
    with_it = settled(sqlite_store)[0]
    plain = workbook(output_rows(3))
    province_without = province_sum(sqlite_store, plain)
    assert with_it.settled_vnd == province_without


def province_sum(store: Store, outputs: bytes) -> int | None:
    """What licence 1 settles from these declarations alone."""
    with store.write() as session:
        session.connection().exec_driver_sql("DELETE FROM declared_output")
    bring(import_outputs, store, outputs, file_name="tep.xlsx")
    return settled(store)[0].settled_vnd


def test_output_above_the_whole_reserve_is_named_and_what_is_left_refused(sqlite_store: Store) -> None:
    outputs, *_ = province(sqlite_store, rows_with((6, {4: 20_000_000, 5: "m3 nguyên khối"}), *_solid()))
    assert places(outputs) == {("above_reserve", SHEET, 6, OUTPUT)}
    first, *rest = settled(sqlite_store)
    assert {row.status for row in rest} == {Status.SETTLED}
    assert first.status is Status.BLOCKED
    assert first.settled_vnd is not None  # what was mined is settled
    assert first.reapproved_vnd is None  # nothing can be left
    assert any("nhiều hơn được phép" in one.vi for one in first.problems)


def _solid() -> list[tuple[int, dict[int, Any]]]:
    """All years of licence 1 in one unit."""
    return [(row, {5: "m3 nguyên khối"}) for row in range(2, 14)]


def test_a_sum_of_another_payer_is_named_and_not_counted(sqlite_store: Store) -> None:
    rows: list[Sequence[Any]] = [("Số giấy phép", "Tên đơn vị", "Ngày nộp", "Số chứng từ", "Tiền gốc")]
    rows += [(number, f"Doanh nghiệp {at}", *more) for at, (number, *more) in enumerate(paid_rows(3)[1:])]
    rows.append((BAD, "Doanh nghiệp 2", "31/05/2021", "CT9", 7_000_000))
    *_, paid = province(sqlite_store, workbook(output_rows(3)), paid=workbook(rows))
    assert places(paid) == {("other_payer", SHEET, 5, "Tên đơn vị")}
    found = settled(sqlite_store)
    assert {row.status for row in found} == {Status.SETTLED}
    assert found[0].paid_vnd == 20_000_000


def test_two_prices_for_one_code_and_date_are_named_and_neither_is_taken(sqlite_store: Store) -> None:
    rows = [list(row) for row in price_rows()]
    twice = list(rows[1])
    twice[3] += 1
    _, prices, _ = province(sqlite_store, workbook(output_rows(3)), prices=workbook([*rows, twice]))
    assert places(prices) == {("row_contradicts", SHEET, 2, None), ("row_contradicts", SHEET, len(rows) + 1, None)}
    first, *rest = settled(sqlite_store)
    assert {row.status for row in rest} == {Status.SETTLED}
    (lack,) = first.lacks
    assert (lack.code, lack.days) == (LackCode.PRICE, (date(2014, 1, 1),))
    assert "II202" in lack.text.vi


def test_merged_cells_formulas_and_both_ways_of_thousands_are_read(sqlite_store: Store) -> None:
    def edit(sheet: Any) -> None:
        for row in range(3, 14):  # one licence number over its twelve years
            sheet.cell(row, 1).value = None
        sheet.merge_cells("A2:A13")
        sheet.cell(6, 5).value = "1.234.567"
        sheet.cell(7, 5).value = "1,234,567"

    rows = [list(row) for row in output_rows(3)]
    outputs, *_ = province(sqlite_store, workbook(rows, edit))
    assert outputs.work == 0
    assert outputs.new == 36
    kept = {row["year"]: row["output"] for row in everything(sqlite_store)["declared_output"] if row["licence_id"] == 1}
    assert (kept[2018], kept[2019]) == ("1234567", "1234567")
    assert {row.status for row in settled(sqlite_store)} == {Status.SETTLED}


def test_a_formula_without_a_kept_value_is_named_by_its_cell(sqlite_store: Store) -> None:
    """What a spreadsheet computed stands in the file beside the formula; a file that never was computed has nothing."""

    def edit(sheet: Any) -> None:
        sheet.cell(8, 5).value = "=SUM(E2:E7)"

    outputs, *_ = province(sqlite_store, workbook([list(row) for row in output_rows(3)], edit))
    assert {row for _, _, row, _ in places(outputs)} == {8, 9}
    assert {sheet for _, sheet, _, _ in places(outputs)} == {SHEET}
    first, *rest = settled(sqlite_store)
    assert [one.code for one in first.lacks] == [LackCode.OUTPUT]
    assert first.lacks[0].years == (2020,)
    assert {row.status for row in rest} == {Status.SETTLED}


def test_a_register_with_merged_headings_and_texts_for_dates_names_them(sqlite_store: Store) -> None:
    rows = [list(row) for row in register_rows(3)]
    rows[1][5], rows[2][11 - 1] = "tháng sáu", "chín triệu"

    def edit(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet.cell(1, 1).value = "SỔ GIẤY PHÉP KHAI THÁC KHOÁNG SẢN"
        sheet.merge_cells("A1:L1")

    report = bring(import_register, sqlite_store, workbook(rows, edit), file_name="so.xlsx")
    assert {(SHEET, 3, "Ngày cấp"), (SHEET, 4, "TL phép m3")} <= {
        (one.sheet, one.row, one.column) for one in report.findings
    }
    first, second, third = settled(sqlite_store)
    assert [one.code for one in first.lacks] == [LackCode.ISSUED]
    assert LackCode.ISSUED not in {one.code for row in (second, third) for one in row.lacks}


@pytest.mark.parametrize("cell", ["D2", "E2", "A2", "B2"])
@pytest.mark.parametrize("value", ["=1/0", "#VALUE!", "không rõ", "-1", "1e400", "x" * 40_000])
def test_no_cell_stops_the_province(sqlite_store: Store, cell: str, value: str) -> None:
    """Whatever stands in a cell: the import ends with a report, nothing is half written, the run ends."""

    def edit(sheet: Any) -> None:
        sheet[cell].value = value

    bring_in(sqlite_store, 2)
    before = everything(sqlite_store)["declared_output"]
    report = bring(import_outputs, sqlite_store, workbook(output_rows(2), edit), file_name="tep.xlsx")
    after = everything(sqlite_store)["declared_output"]
    assert report.problem is not None or report.rows == 24
    assert len(after) == len(before) == 24
    assert {row.status for row in settled(sqlite_store)} <= {Status.SETTLED, Status.TODO}


def test_the_same_faults_in_csv_have_row_and_column(sqlite_store: Store) -> None:
    bring_in(sqlite_store, 1)
    head = output_rows(1)[0]
    report = bring(import_outputs, sqlite_store, as_csv(head, (BAD, 2026, "", "30/06/2026", "-4", "m3 nở rời")))
    assert ("number_out_of_range", None, 2, OUTPUT) in places(report)
