"""``khoangsan import batches | report | undo | reconcile``: what was imported, taken back as a whole, held together."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.commands.import_options import (
    DEFAULT_DATABASE,
    VIET_NAM,
    Batch,
    Database,
    OfRegister,
    Report,
    local,
    opened,
    write_file,
)
from api.commands.import_report import refuse, show
from api.imports.batches import UndoRefusedError, undo
from api.imports.kept_reports import OFFICE_SUBJECTS, find_report, name_of
from api.imports.reconcile import reconcile_province
from api.imports.reconcile_workbook import reconcile_workbook
from api.imports.register_undo import undo_register
from api.imports.report import NEEDS_WORK, OK
from api.imports.workbook import report_workbook
from api.store.engine import StoreError
from api.store.licences import list_register_batches
from api.store.models import ImportBatch
from api.store.office import OfficeBatch
from api.store.office_data import list_batches

app = typer.Typer()


@app.command(name="undo")
def undo_batch(
    batch: Batch,
    register: OfRegister = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Hoàn tác trọn một lần nhập / Undo one import as a whole."""
    try:
        undone = (undo_register if register else undo)(opened(database), batch, now=datetime.now(UTC))
    except UndoRefusedError as error:
        refuse(error.reason.vi, error.reason.en)
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    console = Console()
    told = f"({undone.kind}, {undone.file_name})"
    console.print(
        escape(f"Đã hoàn tác lần nhập {batch} {told}: bỏ {undone.added} dòng, trả lại {undone.restored} dòng.")
    )
    console.print(escape(f"Batch {batch} {told} is undone: {undone.added} rows removed, {undone.restored} put back."))


@app.command()
def batches(database: Database = DEFAULT_DATABASE) -> None:
    """Liệt kê các lần nhập; lần nhập sổ giấy phép (register) đánh số riêng / List the imports, registers apart."""
    try:
        with opened(database).session() as session:
            found: list[OfficeBatch | ImportBatch] = [*list_batches(session), *list_register_batches(session)]
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    table = Table(title="Các lần nhập / Imports", title_justify="left")
    for title in ("Số / No.", "Loại / Kind", "Tệp / File", "Lúc / At", "Mới / New", "Đổi / Changed", "Bỏ / Removed",
                  "Hoàn tác / Undone"):  # fmt: skip
        table.add_column(title, overflow="fold")
    for one in found:
        undone = "" if one.undone_at is None else local(one.undone_at)
        kind, removed = (one.kind, one.removed) if isinstance(one, OfficeBatch) else ("register", 0)
        cells = (str(one.id), kind, one.file_name, local(one.imported_at), str(one.new), str(one.changed), str(removed),
                 undone)  # fmt: skip
        table.add_row(*(escape(cell) for cell in cells))
    Console().print(table)


@app.command(name="report")
def past_report(
    batch: Batch,
    register: OfRegister = False,
    report: Report = None,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Xem lại báo cáo của một lần nhập / Open the report of an import again."""
    try:
        with opened(database).session() as session:
            name = name_of(session, ("register",) if register else OFFICE_SUBJECTS, batch)
            found = None if name is None else find_report(session, name)
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    if found is None:
        refuse(
            f"Không có báo cáo của lần nhập {batch}: xem danh sách bằng «khoangsan import batches».",
            f'There is no report of batch {batch}: "khoangsan import batches" lists them.',
        )
    if report is not None:
        write_file(report, report_workbook(found))
    show(found, Console())


@app.command()
def reconcile(
    report: Report = None,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Đối chiếu sản lượng kê khai với trạm cân, thuế tài nguyên, tiêu thụ, công suất / Reconcile declared output.

    Mã thoát 1: có điểm phải giải trình. / Exit status 1: something must be explained.
    """
    try:
        with opened(database).session() as session:
            found = reconcile_province(session)
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    if report is not None:
        write_file(report, reconcile_workbook(found, datetime.now(UTC).astimezone(VIET_NAM).date()))
    console = Console(soft_wrap=True)
    for one in found:
        console.print(escape(f"{one.number or one.licence_id}:"))
        for told in one.findings:
            console.print(escape(f"  {told.message_vi} {told.action_vi}\n  {told.message_en} {told.action_en}"))
    work = sum(told.needs_work for one in found for told in one.findings)
    console.print(f"{work} điểm cần xem, {len(found)} giấy phép. / {work} findings, {len(found)} licences.")
    raise typer.Exit(NEEDS_WORK if work else OK)
