"""The command over a whole province: the workbook, a run killed in the middle, what is filled in, the time it takes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from api.imports.gaps import import_gaps
from api.imports.outputs import import_outputs
from api.imports.own_sheets import (
    FACTS_SHEET,
    LINES_SHEET,
    OUTPUT_SHEET,
    OWN_SHEETS,
    SETTLED_SHEET,
    SHARED_SHEET,
    STATE_SHEETS,
)
from api.imports.prices import ListFacts, import_prices
from api.imports.register import import_register
from api.imports.sample import load_sample
from api.province.edits import add_rate
from api.province.lacks import LackCode
from api.province.run import settle_province
from api.province.workbook import province_workbook
from api.province.worklist import Status, worklist
from api.store.engine import Store, open_store
from api.store.migrate import migrate
from tests.api.office import as_csv, bring
from tests.api.province_data import NOW, TODAY, bring_in, fact_rows, output_rows, price_rows, rates, register_rows

KHOANGSAN = (sys.executable, "-c", "from api.cli import main; main()")
Sheets = dict[str, list[tuple[Any, ...]]]


def command(database: str, out: Path, *more: str) -> list[str]:
    return [*KHOANGSAN, "settle-province", "--database", database, "--out", str(out), "--on", str(TODAY), *more]


def content(path: Path) -> Sheets:
    book = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def written(store: Store, path: Path) -> Sheets:
    settle_province(store, on=TODAY, clock=lambda: NOW)
    with store.session() as session:
        province_workbook(session, path, TODAY)
    return content(path)


def made(url: str, count: int) -> Store:
    store = open_store(url)
    migrate(store)
    bring_in(store, count)
    return store


def kept(store: Store) -> int:
    with store.session() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM settlement_result")).scalar_one())


def test_workbook_has_a_sheet_a_state_and_every_line(sqlite_store: Store, tmp_path: Path) -> None:
    bring_in(sqlite_store, 6)
    sheets = written(sqlite_store, tmp_path / "so.xlsx")
    assert set(sheets) == OWN_SHEETS
    assert len(sheets[SETTLED_SHEET]) == 1 + 6
    lines = sheets[LINES_SHEET]
    assert len(lines) == 1 + 6 * 13
    head = lines[0]
    amount, part = head.index("T (đ)"), head.index("Phần / Part")
    settled = sum(row[amount] for row in lines[1:] if row[part].startswith("quyết toán"))
    column = sheets[SETTLED_SHEET][0].index("Quyết toán / Settled (đ)")
    assert settled == sum(row[column] for row in sheets[SETTLED_SHEET][1:])
    assert all(row[head.index("Điều khoản / Articles")] for row in lines[1:])
    # an official reads names, not codes
    words = {(row[head.index("Khoáng sản / Mineral")], row[head.index("Đơn vị / In")]) for row in lines[1:]}
    assert ("Quặng sắt", "tấn") in words
    assert not any("_" in str(word) for pair in words for word in pair)
    named = sheets[SETTLED_SHEET][0].index("Khoáng sản / Mineral")
    assert {row[named] for row in sheets[SETTLED_SHEET][1:]} == {pair[0] for pair in words}


def test_no_text_of_the_province_becomes_a_formula(sqlite_store: Store, tmp_path: Path) -> None:
    rows = register_rows(1)
    bring(import_register, sqlite_store, as_csv(rows[0], ("=1+1", "=cmd|x!A1", "+SUM(A1)", *rows[1][3:])))
    written(sqlite_store, tmp_path / "so.xlsx")
    book = openpyxl.load_workbook(tmp_path / "so.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("cmd|x" in str(cell.value) for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value).startswith(("=", "+"))]


def test_killed_run_goes_on_and_ends_with_the_same_workbook(tmp_path: Path) -> None:
    whole = made(f"sqlite:///{tmp_path / 'whole.db'}", 300)
    expected = written(whole, tmp_path / "whole.xlsx")
    whole.close()
    url = f"sqlite:///{tmp_path / 'broken.db'}"
    broken = made(url, 300)
    out = tmp_path / "broken.xlsx"
    run = subprocess.Popen(command(url, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while run.poll() is None and not kept(broken):
        time.sleep(0.002)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL, "the run ended before it could be killed"
    done = kept(broken)
    assert 0 < done < 300
    assert not out.exists()
    again = subprocess.run([*command(url, out), "--resume"], capture_output=True, text=True, check=True)
    assert f"không đổi {done}" in " ".join(again.stdout.split()).replace("đổi \n", "đổi ")
    assert "resumed" in again.stdout
    assert content(out) == expected
    broken.close()


def test_what_is_missing_is_filled_in_and_imported_again(sqlite_store: Store, tmp_path: Path) -> None:
    """Register and price lists alone; the sheets are filled in as an officer would, and every licence is settled."""
    count = 3
    bring(import_register, sqlite_store, as_csv(*register_rows(count)))
    bring(import_prices, sqlite_store, as_csv(*price_rows()))
    rates(sqlite_store)
    path = tmp_path / "so.xlsx"
    sheets = written(sqlite_store, path)
    assert len(sheets[FACTS_SHEET]) == 1 + count
    assert len(sheets[OUTPUT_SHEET]) == 1 + count * 12
    book = openpyxl.load_workbook(path)
    facts, outputs = book[FACTS_SHEET], book[OUTPUT_SHEET]
    heads = {sheet.title: [cell.value for cell in sheet[1]] for sheet in (facts, outputs)}
    for number, row in enumerate(fact_rows(count)[1:], start=2):
        _, _, right, code, bulking, before = row
        fill = {"Hình thức cấp quyền": right, "Mã bảng giá": code, "Trữ lượng khai thác trước 2014": before}
        fill |= {"Tiền cấp quyền đã nộp (đồng)": 1_000_000, "Hệ số nở rời": float(str(bulking)) if bulking else None}
        for name, value in fill.items():
            facts.cell(number, heads[FACTS_SHEET].index(name) + 1, value)
    for number, row in enumerate(output_rows(count)[1:], start=2):
        assert str(outputs.cell(number, 6).value) == str(row[1])
        outputs.cell(number, heads[OUTPUT_SHEET].index("Sản lượng nguyên khai") + 1, row[4])
        outputs.cell(number, heads[OUTPUT_SHEET].index("Đơn vị tính") + 1, row[5])
    book.save(path)
    told = path.read_bytes()
    gaps = bring(import_gaps, sqlite_store, told, file_name="so.xlsx")
    assert (gaps.new, gaps.work) == (count, 0)
    declared = bring(import_outputs, sqlite_store, told, file_name="so.xlsx")
    assert (declared.new, declared.work) == (count * 12, 0)
    again = bring(import_gaps, sqlite_store, told, file_name="so.xlsx")
    assert (again.new, again.changed, again.unchanged) == (0, 0, count)
    sheets = written(sqlite_store, path)
    assert len(sheets[SETTLED_SHEET]) == 1 + count
    assert len(sheets[FACTS_SHEET]) == len(sheets[OUTPUT_SHEET]) == len(sheets[SHARED_SHEET]) == 1


PRICES_OF_SAMPLE = {
    "construction_stone": "II2020301", "iron": "I10203", "river_sand_gravel": "II50202", "white_marble": "II301",
    "brick_clay": "II7", "other_metal": "I100103",
}  # fmt: skip
"""Codes of the sample list that a test takes for minerals of the sample register."""


def test_real_register_filled_in_is_settled_or_says_what_it_lacks(sqlite_store: Store, tmp_path: Path) -> None:
    load_sample(sqlite_store, now=NOW, today=TODAY)
    lists = ListFacts(decision="30/QĐ-UBND (mẫu)", valid_from=date(2014, 1, 1), region="", sample=True)
    prices = (Path(__file__).parents[2] / "examples" / "price_list_sample.csv").read_bytes()
    assert bring(import_prices, sqlite_store, prices, facts=lists).new > 400
    with sqlite_store.write() as session:
        for code in PRICES_OF_SAMPLE:
            own = {"rate_percent": "3", "instrument": "mẫu", "article": "mẫu", "entered_by": "Cán bộ A", "now": NOW}
            assert not add_rate(session, key=code, valid_from=date(2014, 1, 1), valid_until=date(2019, 9, 14), **own)  # type: ignore[arg-type]
    path = tmp_path / "so.xlsx"
    for _ in range(2):  # an expired licence first says that it is eligible, then asks for its output
        written(sqlite_store, path)
        _fill(sqlite_store, path)
        for importer in (import_gaps, import_outputs):
            assert bring(importer, sqlite_store, path.read_bytes(), file_name="so.xlsx").problem is None
    sheets = written(sqlite_store, path)
    with sqlite_store.session() as session:
        rows = worklist(session, TODAY).rows
    assert sum(len(sheets[name]) - 1 for name in STATE_SHEETS) == len(rows) == 151
    for row in rows:
        assert row.status in (Status.SETTLED, Status.NONE) or row.lacks
        if row.mineral_code in PRICES_OF_SAMPLE and row.status is not Status.NONE:
            same_unit = not any(one.code is LackCode.CONVERSION for one in row.lacks)
            assert row.status is Status.SETTLED or not same_unit, row
    assert sum(row.status is Status.SETTLED for row in rows) > 90
    head, *lines = sheets[LINES_SHEET]
    assert all("mẫu" in line[head.index("Bảng giá / Price list")] for line in lines)


def _fill(store: Store, path: Path) -> None:
    """Fill in both sheets, the same for every licence but for what depends on its mineral."""
    with store.session() as session:
        known = {(row.number, row.mine): row for row in worklist(session, TODAY).rows}
    book = openpyxl.load_workbook(path)
    facts, outputs = book[FACTS_SHEET], book[OUTPUT_SHEET]
    heads = {cell.value: cell.column - 1 for cell in facts[1]}
    for cells in facts.iter_rows(min_row=2):
        row = known[cells[0].value, cells[3].value]
        fill = {"Đủ điều kiện gia hạn, cấp lại": "Có", "Hình thức cấp quyền": "Không đấu giá", "Hệ số nở rời": 1.475,
                "Thể trọng tự nhiên (tấn/m³)": 2.68, "Tiền cấp quyền đã nộp (đồng)": 0, "Thời hạn (năm)": 10,
                "Trữ lượng khai thác trước 2014": 0, "Mã bảng giá": PRICES_OF_SAMPLE.get(row.mineral_code or "")}  # fmt: skip
        for name, value in fill.items():
            cells[heads[name]].value = value
    for cells in outputs.iter_rows(min_row=2):
        row = known[cells[0].value, cells[3].value]
        cells[8].value, cells[9].value = 100, "tấn" if row.mineral_code in ("iron", "other_metal") else "m3 nguyên khối"
    book.save(path)


def test_facts_already_known_come_back_unchanged(sqlite_store: Store, tmp_path: Path) -> None:
    """What the sheet of gaps carries of the store reads back as the same facts."""
    bring_in(sqlite_store, 3)
    head = (*fact_rows(1)[0][:2], "Trữ lượng khai thác trước 2014", "Hình thức cấp quyền", "Hàm lượng của giá", "Đơn vị hàm lượng",
            "Ngày phê duyệt tiền cấp quyền", "Nợ ngân sách khác (đồng)")  # fmt: skip
    row = ("2/GP-UBND", "05/06/2013", "1234.5", "Đấu giá theo tỷ lệ", "48.125", "g/tấn", "05/06/2014", "1.234.567")
    assert bring(import_gaps, sqlite_store, as_csv(head, row)).changed == 1
    with sqlite_store.session() as session:
        assert worklist(session, TODAY).rows[1].status is Status.TODO  # the winning rate is not known yet
        province_workbook(session, tmp_path / "so.xlsx", TODAY)
    report = bring(import_gaps, sqlite_store, (tmp_path / "so.xlsx").read_bytes(), file_name="so.xlsx")
    assert (report.new, report.changed, report.unchanged, report.work) == (0, 0, 1, 0)


def test_broken_facts_are_named_by_cell_and_nothing_of_the_row_is_taken(sqlite_store: Store) -> None:
    bring_in(sqlite_store, 3)
    head = ("Số giấy phép", "Ngày cấp", "Tên mỏ", "Hình thức cấp quyền", "Hệ số nở rời", "Thời hạn (năm)")
    report = bring(
        import_gaps,
        sqlite_store,
        as_csv(
            head, ("1/GP-UBND", "05/06/2013", "", "bốc thăm", "1.5", "2.5"), ("77/GP-UBND", "", "", "không", "", "")
        ),
    )
    found = {(one.row, one.code, one.field) for one in report.findings}
    assert {
        (2, "fact_broken", "right_by"),
        (2, "fact_broken", "licence_years"),
        (3, "licence_unknown", "number"),
    } <= found
    assert (report.new, report.changed) == (0, 0)


def test_gaps_are_undone_as_a_whole(store: Store) -> None:
    from api.imports.batches import undo

    reports = bring_in(store, 3)
    assert reports[-1].batch_id is not None
    undone = undo(store, reports[-1].batch_id, now=NOW)
    assert undone.added == 3
    with store.session() as session:
        assert {row.status for row in worklist(session, TODAY).rows} == {Status.TODO}


def test_sample_register_goes_through_the_command(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mau.db'}"
    store = open_store(url)
    migrate(store)
    load_sample(store, now=NOW, today=TODAY)
    store.close()
    done = subprocess.run(command(url, tmp_path / "mau.xlsx"), capture_output=True, text=True, check=True)
    assert "151 giấy phép" in done.stdout
    assert content(tmp_path / "mau.xlsx")
    refused = subprocess.run(command(url, tmp_path / "khong" / "co.xlsx"), capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "Không ghi được" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.gate
def test_thousand_licences_of_twelve_years_in_a_minute_and_half_a_gigabyte(tmp_path: Path) -> None:
    """Imported, settled, re-approved, written: in a process of its own, so that its memory is its own."""
    count = 1000 if os.environ.get("KHOANGSAN_GATES") == "full" else 200
    program = (
        "import sys; from pathlib import Path; from tests.api.test_province_run import made, written; "
        "folder = Path(sys.argv[1]); written(made(f'sqlite:///{folder / \"p.db\"}', int(sys.argv[2])), folder / 'p.xlsx'); "
        # the peak of this program alone: getrusage would count what its parent held when it was started
        "print([line for line in open('/proc/self/status') if line.startswith('VmHWM')][0].split()[1])"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path), str(count)], check=True, capture_output=True)
    seconds = time.perf_counter() - start
    megabytes = int(done.stdout.split()[-1]) / 1024
    print(
        f"\n{count} licences of 12 years imported, settled, re-approved, written: {seconds:.1f} s, {megabytes:.0f} MB"
    )
    assert seconds < 60
    assert megabytes < 500
