"""``khoangsan law``: check, show, compare the law book, and list its gaps."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.law_view import Json, changes, gaps, rows_on
from rules.lawbook import LAW_FOLDER, law_book, load_law_book
from rules.strict import LawBookError

app = typer.Typer(help="Sổ luật / The law book", no_args_is_help=True)
_DAY = typer.Option(formats=["%Y-%m-%d"], help="Ngày / Day, 2026-03-02")


@app.command()
def check(
    folder: Annotated[Path, typer.Option(help="Thư mục sổ luật / Folder of law files")] = LAW_FOLDER,
) -> None:
    """Kiểm tra sổ luật: khóa lạ, khoảng hở, chồng lấn, thiếu trích dẫn / Check the law files strictly."""
    try:
        book = load_law_book(folder)
    except LawBookError as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        typer.echo(f"Sổ luật có {len(error.problems)} lỗi / the law book has {len(error.problems)} errors", err=True)
        raise typer.Exit(1) from None
    rows = sum(1 for _ in book.rows())
    typer.echo(
        f"Sổ luật tốt / law book fine: {len(book.instruments)} văn bản / instruments, {rows} dòng / rows, "
        f"{len(book.frame)} dòng khung giá / frame lines, {len(book.calendar.days)} ngày đặc biệt / special days, "
        f"{len(book.gaps)} khoảng trống / gaps"
    )
    typer.echo(f"digest {book.digest}")


@app.command()
def show(
    parameter: Annotated[
        str, typer.Argument(metavar="PARAMETER", help="Tên hoặc phần đầu của tên / Name or its beginning")
    ],
    on: Annotated[datetime, _DAY],
) -> None:
    """Giá trị của một tham số vào một ngày, kèm điều khoản / A parameter on a day, with its article."""
    found = [row for row in rows_on(law_book(), on.date()) if row["parameter"].startswith(parameter)]
    if not found:
        gap = law_book().gap(parameter, on.date())
        if gap is not None:
            typer.echo(f"{gap.reason.vi} {gap.ask.vi}\n{gap.reason.en} {gap.ask.en}", err=True)
        else:
            typer.echo(f"Sổ luật không có {parameter} vào ngày {on:%d/%m/%Y}.", err=True)
            typer.echo(f"The law book holds no {parameter} on {on:%Y-%m-%d}.", err=True)
        raise typer.Exit(1)
    table = Table()
    for title in (
        "Tham số / Parameter",
        "Khóa / Key",
        "Giá trị / Value",
        "Từ / From",
        "Điều khoản / Article",
        "Tin cậy",
    ):
        table.add_column(title, overflow="fold")
    for row in found:
        table.add_row(*map(escape, _cells(row)))
    Console().print(table)


@app.command()
def diff(
    before: Annotated[datetime, typer.Argument(metavar="DATE", formats=["%Y-%m-%d"])],
    after: Annotated[datetime, typer.Argument(metavar="DATE", formats=["%Y-%m-%d"])],
) -> None:
    """Thay đổi của pháp luật giữa hai ngày / What changed in the law between two days."""
    found = changes(law_book(), before.date(), after.date())
    if not found:
        typer.echo("Không có thay đổi / no change")
        return
    table = Table()
    for title in ("Tham số / Parameter", "Khóa / Key", f"{before:%d/%m/%Y}", f"{after:%d/%m/%Y}"):
        table.add_column(title, overflow="fold")
    for one in found:
        table.add_row(
            escape(one["parameter"]),
            escape(one["key"] or ""),
            escape(_side(one["before"])),
            escape(_side(one["after"])),
        )
    Console().print(table)


@app.command(name="gaps")
def list_gaps() -> None:
    """Những gì sổ luật chưa có và vì sao / What the law book does not hold, and why."""
    table = Table()
    for title in ("Tham số / Parameter", "Thời gian / Period", "Lý do / Reason", "Cần nhập / To enter"):
        table.add_column(title, overflow="fold")
    for gap in gaps(law_book()):
        period = f"{gap['from']} – {gap['until'] or '…'}"
        table.add_row(
            gap["parameter"], period, f"{gap['reason_vi']}\n{gap['reason_en']}", f"{gap['ask_vi']}\n{gap['ask_en']}"
        )
    Console().print(table)


def _cells(row: Json) -> list[str]:
    cite = row["cite"]
    value = row["value"] or row["title_vi"] or "có hiệu lực / in force"
    return [
        row["parameter"], row["key"] or "", value, date.fromisoformat(row["from"]).isoformat(),
        f"{cite['at']}, {cite['instrument']}", cite["confidence"],
    ]  # fmt: skip


def _side(row: Json | None) -> str:
    if row is None:
        return "—"
    return f"{row['value'] or 'có hiệu lực / in force'}\n{row['cite']['at']}, {row['cite']['instrument']}"
