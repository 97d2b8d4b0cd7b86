"""``khoangsan import``: registers in, with a report on every row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.imports.findings import Finding
from api.imports.reading import ImportLimits
from api.imports.register import import_register
from api.imports.report import UNREADABLE, ImportReport
from api.imports.workbook import SEVERITY_VI, report_workbook, summary_lines
from api.store.engine import StoreError, open_store
from api.store.migrate import migrate

DEFAULT_DATABASE: Final = "sqlite:///data/khoangsan.db"
_VIET_NAM: Final = timezone(timedelta(hours=7))
_SHOWN_FINDINGS: Final = 40
_MEBIBYTE: Final = 1 << 20

app = typer.Typer(help="Nhập sổ giấy phép / Import licence registers", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Nhập sổ giấy phép / Import licence registers."""


@app.command()
def register(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp CSV (UTF-8) hoặc .xlsx / CSV (UTF-8) or .xlsx")],
    report: Annotated[
        Path | None, typer.Option("--report", help="Ghi báo cáo .xlsx vào đây / Write the report as .xlsx")
    ] = None,
    database: Annotated[
        str, typer.Option("--database", envvar="KHOANGSAN_DATABASE_URL", help="Cơ sở dữ liệu / Database URL")
    ] = DEFAULT_DATABASE,
    max_mb: Annotated[
        int, typer.Option("--max-mb", min=1, envvar="KHOANGSAN_IMPORT_MAX_MB", help="Giới hạn tệp, MB / File limit, MB")
    ] = ImportLimits().max_bytes // _MEBIBYTE,
) -> None:
    """Nhập sổ giấy phép; mã thoát 0: tốt, 1: có phát hiện cần xử lý, 2: không đọc được.

    Import a licence register; exit status 0: fine, 1: findings need work, 2: unreadable.
    """
    now = datetime.now(UTC)
    try:
        store = open_store(database)
        migrate(store)
        with file.open("rb") as stream:
            outcome = import_register(
                store,
                stream,
                file_name=file.name,
                now=now,
                today=now.astimezone(_VIET_NAM).date(),
                limits=ImportLimits(max_bytes=max_mb * _MEBIBYTE),
            )
        if report is not None:
            report.write_bytes(report_workbook(outcome))
    except StoreError as error:
        _refuse(error.message_vi, error.message_en)
    except OSError as error:
        path = error.filename or file
        _refuse(
            f"Không mở hoặc ghi được {path}: hãy kiểm tra đường dẫn và quyền truy cập.",
            f"{path} cannot be opened or written: check the path and the permissions.",
        )
    _show(outcome, Console())
    raise typer.Exit(outcome.exit_status)


def _refuse(message_vi: str, message_en: str) -> None:
    console = Console(stderr=True)
    console.print(escape(message_vi))
    console.print(escape(message_en))
    raise typer.Exit(UNREADABLE)


def _show(report: ImportReport, console: Console) -> None:
    summary = Table(title="Báo cáo nhập sổ giấy phép / Register import", show_header=False, title_justify="left")
    for vietnamese, english, value in summary_lines(report):
        summary.add_row(escape(f"{vietnamese} / {english}" if english else ""), escape(value))
    console.print(summary)
    for row in report.changes:
        console.print(escape(f"Dòng {_where(row.place.sheet, row.place.row)} ({row.number or row.licence_id}):"))
        for one in row.changes:
            console.print(escape(f"  {one.label_vi} / {one.label_en}: {one.old or '∅'} → {one.new or '∅'}"))
    work = [one for one in report.findings if one.needs_work]
    if work:
        console.print(_findings(work[:_SHOWN_FINDINGS]))
    if len(work) > _SHOWN_FINDINGS:
        rest = len(work) - _SHOWN_FINDINGS
        console.print(
            f"… và {rest} phát hiện nữa: dùng --report để có đủ. / … and {rest} more: --report FILE.xlsx lists them all."
        )


def _findings(findings: list[Finding]) -> Table:
    table = Table(title="Phát hiện cần xử lý / Findings that need work", title_justify="left", show_lines=True)
    for title in ("Mức độ", "Dòng / Row", "Cột / Column", "Giá trị / Value", "Phát hiện và việc cần làm / What to do"):
        table.add_column(title, overflow="fold")
    for one in findings:
        told = f"{one.message_vi} {one.action_vi}\n{one.message_en} {one.action_en}"
        cells = (SEVERITY_VI[one.severity], _where(one.sheet, one.row), one.column or "", one.value or "", told)
        table.add_row(*(escape(cell) for cell in cells))
    return table


def _where(sheet: str | None, row: int | None) -> str:
    return " ".join(str(part) for part in (sheet, row) if part is not None)
