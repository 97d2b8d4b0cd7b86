"""Do the commands for the offices' tables say in both languages what happened, and undo it?"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.commands.imports import app
from api.imports.sample import SAMPLE_PRICES
from tests.api.office import REGISTER, as_csv


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "so.csv").write_bytes(as_csv(*REGISTER))
    assert run(tmp_path, "register", tmp_path / "so.csv").exit_code == 1
    return tmp_path


def run(folder: Path, *arguments: object) -> Result:
    told = [*map(str, arguments), "--database", f"sqlite:///{folder / 'k.db'}"]
    return CliRunner().invoke(app, told, env={"COLUMNS": "220"})


def test_output_preview_import_and_undo(folder: Path) -> None:
    file, report = folder / "sl.csv", folder / "bao-cao.xlsx"
    file.write_bytes(as_csv(("Số GP", "Năm", "Sản lượng (m3)"), ("11/GP-UBND", 2021, 900)))
    assert "m3_state" not in (unclear := run(folder, "output", file)).output
    assert "hay m³ nở rời" in unclear.output
    preview = run(folder, "output", file, "--m3", "loose", "--preview", "--report", report)
    assert preview.exit_code == 0
    assert "chưa ghi gì / nothing was written" in preview.output
    assert openpyxl.load_workbook(report)["Thêm mới"].max_row > 1
    assert "sl.csv" not in run(folder, "batches").output
    assert run(folder, "output", file, "--m3", "loose").exit_code == 0
    assert "sl.csv" in run(folder, "batches").output
    undone = run(folder, "undo", 1)
    assert undone.exit_code == 0
    assert undone.output.index("Đã hoàn tác lần nhập 1") < undone.output.index("Batch 1")
    again = run(folder, "undo", 1)
    assert again.exit_code == 2
    assert "đã được hoàn tác" in again.output


def test_prices_with_what_the_file_does_not_say(folder: Path) -> None:
    assert run(folder, "prices", SAMPLE_PRICES).exit_code == 1
    told = run(folder, "prices", SAMPLE_PRICES, "--valid-from", "01/01/2021", "--region", "Yên Bái cũ", "--sample")
    assert "502" in told.output
    assert run(folder, "prices", SAMPLE_PRICES, "--valid-from", "2021-01-01", "--whole-province").exit_code == 1


def test_payments_and_loads(folder: Path) -> None:
    paid, loads = folder / "nop.csv", folder / "can.csv"
    paid.write_bytes(as_csv(("Số GP", "Ngày nộp", "Số chứng từ", "Tiền gốc"), ("11/GP-UBND", "01/02/2021", 1, 5)))
    assert run(folder, "payments", paid).exit_code == 0
    loads.write_bytes(as_csv(("Số phiếu", "Ngày cân", "Số GP", "Khối lượng (kg)"), (1, "01/02/2021", "11/GP-UBND", 5)))
    assert run(folder, "weighbridge", loads, "--scale", "Trạm 1").exit_code == 0
    assert run(folder, "weighbridge", folder / "none.csv").exit_code == 2


def test_reconcile_lists_figures_and_articles(folder: Path) -> None:
    assert run(folder, "reconcile").exit_code == 0
    file = folder / "sl.csv"
    header = ("Số GP", "Năm", "Sản lượng (tấn)", "Sản lượng tính thuế (tấn)")
    file.write_bytes(as_csv(header, ("10/GP-UBND", 2021, 900, 700)))
    run(folder, "output", file)
    told = run(folder, "reconcile")
    assert told.exit_code == 1
    assert "10/GP-UBND" in told.output
    assert "lệch 22,2 %" in told.output
    assert "36/2025/TT-BNNMT, Điều 10 khoản 3" in told.output
    table = folder / "doi-chieu.xlsx"
    assert run(folder, "reconcile", "--report", table).exit_code == 1
    assert openpyxl.load_workbook(table)["Phải giải trình"].max_row == 2
    unwritable = run(folder, "reconcile", "--report", folder)
    assert unwritable.exit_code == 2
    assert "kiểm tra đường dẫn" in unwritable.output


def test_a_register_is_previewed_undone_and_its_report_opened_again(folder: Path) -> None:
    changed = folder / "so-2.csv"
    changed.write_bytes(as_csv(*REGISTER[:-1]).replace(b"5000", b"6000"))
    preview = run(folder, "register", changed, "--preview")
    assert "chưa ghi gì / nothing was written" in preview.output
    assert "so-2.csv" not in run(folder, "batches").output
    run(folder, "register", changed)
    listed = run(folder, "batches").output
    assert "register" in listed
    assert "so-2.csv" in listed
    book = folder / "lai.xlsx"
    again = run(folder, "report", 2, "--register", "--report", book)
    assert again.exit_code == 0
    assert "5000 → 6000" in again.output
    assert openpyxl.load_workbook(book)["Thay đổi"].max_row == 2
    assert run(folder, "report", 2).exit_code == 2
    assert "trước, từ số lớn nhất" in run(folder, "undo", 1, "--register").output
    assert "(register, so-2.csv)" in run(folder, "undo", 2, "--register").output
    assert run(folder, "undo", 2, "--register").exit_code == 2
    assert run(folder, "undo", 1, "--register").exit_code == 0


@pytest.mark.parametrize("command", ["output", "prices", "payments", "weighbridge"])
def test_unreadable_files(folder: Path, command: str) -> None:
    file = folder / "[x].csv"
    file.write_bytes(b"x,y\n1,2\n")
    result = run(folder, command, file)
    assert result.exit_code == 2
    assert "Không đọc được tệp / The file cannot be read" in result.output
    assert "Traceback" not in result.output
