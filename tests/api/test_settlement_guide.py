"""Does the guide to a province's first settlement tell the truth? Every command of it is run, every shown line looked for."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from api.commands import imports, province, settle_province
from api.imports.sample import SAMPLE, SAMPLE_PRICES

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "settlement.md"
BLOCK = re.compile(
    r"(?:^`(?P<file>[\w.-]+)`:\n\n)?^```(?P<kind>sh|csv|text)\n(?P<body>.*?)^```$|(?P<table>^\| Bổ sung .*?)(?=\n\n)",
    re.M | re.S,
)
NUMBER = "666/GP-UBND"

settle = typer.Typer()
settle.command()(settle_province.settle)
COMMANDS = {"import": imports.app, "province": province.app, "settle-province": settle}


def run(line: str) -> str:
    command, _, status = line.partition("#")
    name, *arguments = shlex.split(command)[1:]
    result = CliRunner().invoke(COMMANDS[name], arguments, env={"COLUMNS": "240"})
    assert result.exit_code == int(status), (line, result.output)
    return result.output


def fill_in(book_path: Path, table: str) -> None:
    """Do by hand what the table says: the row of the licence (and the first missing year) in each named sheet."""
    book = openpyxl.load_workbook(book_path)
    for line in table.splitlines():
        sheet_name, column, value = (cell.strip() for cell in line.strip("|").split("|"))
        sheet = book[sheet_name]
        heads = [str(cell.value) for cell in sheet[1]]
        row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == NUMBER)
        row[heads.index(column)].value = value
    book.save(book_path)


def test_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KHOANGSAN_DATABASE_URL", f"sqlite:///{tmp_path / 'tinh.db'}")
    for sample in (SAMPLE, SAMPLE_PRICES):
        Path(sample.name).write_bytes(sample.read_bytes())
    told, ran = "", 0
    for block in BLOCK.finditer(GUIDE.read_text("utf-8")):
        body = block["body"] or ""
        match block["kind"]:
            case "csv":
                Path(block["file"]).write_text(body, "utf-8")
            case "sh":
                outputs = [run(line) for line in body.splitlines()]
                told, ran = "\n".join(outputs), ran + len(outputs)
            case "text":
                for line in body.splitlines():
                    assert line in told, line
            case _:
                fill_in(tmp_path / "quyet-toan.xlsx", block["table"])
    assert ran > 15
    assert_figures(openpyxl.load_workbook("quyet-toan-2.xlsx")["Đã quyết toán"])


def assert_figures(sheet: Any) -> None:
    """The sums the guide names stand in the workbook it made."""
    head, *rows = sheet.iter_rows(values_only=True)
    (row,) = (dict(zip(head, one, strict=True)) for one in rows)
    text = GUIDE.read_text("utf-8")
    assert row["Giấy phép / Licence"] == NUMBER
    for name in (
        "Quyết toán / Settled (đ)",
        "Đã nộp / Paid (đ)",
        "Phê duyệt lại / Re-approved (đ)",
        "Mỗi năm / Yearly (đ)",
    ):
        assert f"{row[name]:,}".replace(",", ".") in text, (name, row[name])
    assert f"{-row['Chênh lệch / Difference (đ)']:,}".replace(",", ".") in text
