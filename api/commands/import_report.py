"""How does the command line show what an import did?"""

from __future__ import annotations

from typing import Final, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.imports.findings import Finding
from api.imports.report import UNREADABLE, ImportReport
from api.imports.workbook import SEVERITY_VI, summary_lines

_SHOWN_FINDINGS: Final = 40
_SHOWN_CHANGES: Final = 200


def refuse(message_vi: str, message_en: str) -> NoReturn:
    """Say in both languages why nothing was done, and end with the status of an unreadable file."""
    console = Console(stderr=True)
    console.print(escape(message_vi))
    console.print(escape(message_en))
    raise typer.Exit(UNREADABLE)


def show(report: ImportReport, console: Console) -> None:
    """Print a report: the summary, the changes, the findings that need work."""
    title = "Báo cáo nhập sổ giấy phép / Register import" if report.kind == "register" else "Báo cáo nhập / Import"
    summary = Table(title=title, show_header=False, title_justify="left")
    for vietnamese, english, value in summary_lines(report):
        summary.add_row(escape(f"{vietnamese} / {english}" if english else ""), escape(value))
    console.print(summary)
    for row in report.changes[:_SHOWN_CHANGES]:
        console.print(escape(f"Dòng {_where(row.place.sheet, row.place.row)} ({row.number or row.licence_id}):"))
        for one in row.changes:
            console.print(escape(f"  {one.label_vi} / {one.label_en}: {one.old or '∅'} → {one.new or '∅'}"))
    if len(report.changes) > _SHOWN_CHANGES:
        _more(len(report.changes) - _SHOWN_CHANGES, console)
    work = [one for one in report.findings if one.needs_work]
    if work:
        console.print(_findings(work[:_SHOWN_FINDINGS]))
    if len(work) > _SHOWN_FINDINGS:
        _more(len(work) - _SHOWN_FINDINGS, console)


def _more(rest: int, console: Console) -> None:
    console.print(
        f"… và {rest} mục nữa: dùng --report để có đủ. / … and {rest} more: --report FILE.xlsx lists them all."
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
