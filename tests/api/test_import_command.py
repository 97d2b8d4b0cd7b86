"""Does ``khoangsan import register`` say in both languages what happened, and by its exit status too?"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.commands.imports import app
from api.imports.sample import SAMPLE

GOOD = (
    "Số GP,Tên đơn vị,Tên mỏ,Loại KS,Cơ quan cấp,Ngày cấp,Ngày hết hạn,Diện tích,CS m3,TL phép m3\n"
    "12/GP-UBND,[bold]Hộ A,Mỏ B,Quặng sắt,Tỉnh cấp,01/02/2020,01/02/2090,2,1000,9000\n"
)


def run(*arguments: object, database: Path) -> Result:
    told = ["register", *map(str, arguments), "--database", f"sqlite:///{database}"]
    return CliRunner().invoke(app, told, env={"COLUMNS": "200"})


def test_the_sample(tmp_path: Path) -> None:
    database, report = tmp_path / "new folder" / "k.db", tmp_path / "bao-cao.xlsx"
    result = run(SAMPLE, "--report", report, database=database)
    assert result.exit_code == 1
    assert result.stdout.index("Giấy phép mới") < result.stdout.index("New licences")
    assert "Lưu lượng được phê duyệt 371" in result.stdout
    assert "--report" in result.stdout
    book = openpyxl.load_workbook(report)
    assert any("Lưu lượng được phê duyệt 371" in (cell.value or "") for cell in book["Phát hiện"]["E"])
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM licence").fetchone() == (151,)


def test_a_clean_file_then_a_change(tmp_path: Path) -> None:
    file = tmp_path / "so.csv"
    file.write_text(GOOD, "utf-8")
    assert run(file, database=tmp_path / "k.db").exit_code == 0
    file.write_text(GOOD.replace(",1000,", ",2000,"), "utf-8")
    result = run(file, database=tmp_path / "k.db")
    assert result.exit_code == 0
    assert "Công suất (m³/năm) / Capacity (m³ a year): 1000 → 2000" in result.stdout


@pytest.mark.parametrize("data", [b"", b"\xff\xfea", b"x,y\n"])
def test_unreadable_files(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "[x].csv"
    file.write_bytes(data)
    result = run(file, database=tmp_path / "k.db")
    assert result.exit_code == 2
    assert "Không đọc được tệp / The file cannot be read" in result.stdout
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = run(tmp_path / "no.csv", database=tmp_path / "k.db")
    assert result.exit_code == 2
    assert "hãy kiểm tra đường dẫn" in result.output
    assert "check the path" in result.output


def test_a_size_limit_is_a_setting(tmp_path: Path) -> None:
    file = tmp_path / "so.csv"
    with file.open("wb") as sparse:
        os.truncate(sparse.fileno(), 200 << 20)
    result = run(file, database=tmp_path / "k.db")
    assert result.exit_code == 2
    assert "quá giới hạn 50 MB" in result.stdout
    assert "giới hạn 7 MB" in run(file, "--max-mb", 7, database=tmp_path / "k.db").stdout


def test_a_database_address_that_cannot_be_used(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["register", str(SAMPLE), "--database", "oracle://x"])
    assert result.exit_code == 2
    assert "sqlite:///" in result.output
    (tmp_path / "k.db").write_bytes(b"no database" * 99)
    result = run(SAMPLE, database=tmp_path / "k.db")
    assert result.exit_code == 2
    assert "không dùng được" in result.output
