"""``khoangsan settle-province``: the first settlement and the re-approval of all licences, into one workbook."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.commands.import_options import DEFAULT_DATABASE
from api.commands.import_report import refuse
from api.province.run import RunReport, settle_province
from api.province.workbook import province_workbook
from api.province.worklist import STATUS_NAMES, Worklist
from api.store.engine import StoreError, open_store
from api.store.migrate import migrate


def settle(
    database: Annotated[
        str, typer.Option("--database", envvar="KHOANGSAN_DATABASE_URL", help="Cơ sở dữ liệu / Database URL")
    ] = DEFAULT_DATABASE,
    out: Annotated[Path, typer.Option("--out", help="Ghi sổ tính .xlsx vào đây / Write the workbook here")] = Path(
        "quyet-toan.xlsx"
    ),
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%d/%m/%Y", "%Y-%m-%d"], help="Ngày quyết toán / Day of the settlement"),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Tiếp tục lần chạy dở, cùng ngày quyết toán / Go on with a broken run")
    ] = False,
) -> None:
    """Quyết toán lần đầu và phê duyệt lại toàn tỉnh; chạy dở thì chạy lại để tiếp tục.

    Settle and re-approve the whole province; a broken run goes on when started again. Exit status 0: written; 2: not.
    """
    console = Console(stderr=True)
    try:
        store = open_store(database)
        migrate(store)
        with _bar(console) as bar:
            task = bar.add_task("Quyết toán / Settling", total=None)
            report = settle_province(
                store,
                on=_today() if on is None else on.date(),
                clock=lambda: datetime.now(UTC),
                resume=resume,
                progress=lambda done, able: bar.update(task, completed=done, total=able),
            )
        with store.session() as session:
            found = province_workbook(session, out, report.dated)
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    except OSError as error:
        path = error.filename or out
        refuse(
            f"Không ghi được {path}: hãy kiểm tra đường dẫn, quyền truy cập, và đóng tệp nếu đang mở.",
            f"{path} cannot be written: check the path and the permissions, and close the file if it is open.",
        )
    _show(report, found, out)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )


def _show(report: RunReport, found: Worklist, out: Path) -> None:
    console = Console()
    resumed = " (tiếp tục lần chạy dở / resumed)" if report.resumed else ""
    console.print(
        f"{report.licences} giấy phép, ngày {report.dated:%d/%m/%Y}{resumed}: tính {report.computed}, không đổi "
        f"{report.unchanged}, chưa tính được {report.lacking}, bị từ chối {report.refused}."
    )
    console.print(
        f"{report.licences} licences, as of {report.dated}: {report.computed} computed, {report.unchanged} unchanged, "
        f"{report.lacking} lacking something, {report.refused} refused."
    )
    for status, count in found.totals.by_status.items():
        console.print(escape(f"  {STATUS_NAMES[status].vi} / {STATUS_NAMES[status].en}: {count}"))
    console.print(escape(f"{out}"))


def _today() -> date:
    from api.app import today

    return today()
