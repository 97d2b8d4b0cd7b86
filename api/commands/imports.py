"""``khoangsan import``: registers and the offices' tables in, with a report on every row; and out again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.commands.import_report import refuse, show
from api.imports.batches import UndoRefusedError, undo
from api.imports.gaps import import_gaps
from api.imports.outputs import import_outputs
from api.imports.payments import import_payments
from api.imports.prices import ListFacts, import_prices
from api.imports.reading import ImportLimits
from api.imports.reconcile import reconcile_province
from api.imports.register import import_register
from api.imports.report import NEEDS_WORK, OK, ImportReport
from api.imports.weighbridge import LIMITS, import_weighbridge
from api.imports.workbook import report_workbook
from api.store.engine import Store, StoreError, open_store
from api.store.migrate import migrate
from api.store.office_data import list_batches
from rules.quantity import Unit

DEFAULT_DATABASE: Final = "sqlite:///data/khoangsan.db"
_VIET_NAM: Final = timezone(timedelta(hours=7))
_MEBIBYTE: Final = 1 << 20

app = typer.Typer(
    help="Nhập sổ giấy phép, sản lượng, bảng giá, khoản nộp, số cân / Import registers, output, prices, payments, loads",
    no_args_is_help=True,
)

_File = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp CSV (UTF-8) hoặc .xlsx / CSV (UTF-8) or .xlsx")]
_Report = Annotated[Path | None, typer.Option("--report", help="Ghi báo cáo .xlsx vào đây / Write the report as .xlsx")]
_Preview = Annotated[
    bool, typer.Option("--preview", help="Chỉ xem trước, không ghi / Only show what would change, write nothing")
]
_Database = Annotated[
    str, typer.Option("--database", envvar="KHOANGSAN_DATABASE_URL", help="Cơ sở dữ liệu / Database URL")
]
_MaxMb = Annotated[
    int, typer.Option("--max-mb", min=1, envvar="KHOANGSAN_IMPORT_MAX_MB", help="Giới hạn tệp, MB / File limit, MB")
]
_Day = Annotated[datetime | None, typer.Option(formats=["%d/%m/%Y", "%Y-%m-%d"])]
_MAX_MB: Final = ImportLimits().max_bytes // _MEBIBYTE


class M3(StrEnum):
    """What a bare "m3" of a file means."""

    LOOSE = "loose"
    IN_SITU = "in_situ"


@app.callback()
def _group() -> None:
    """Nhập dữ liệu vào kho / Import data into the store."""


@app.command()
def register(
    file: _File, report: _Report = None, database: _Database = DEFAULT_DATABASE, max_mb: _MaxMb = _MAX_MB
) -> None:
    """Nhập sổ giấy phép; mã thoát 0: tốt, 1: có phát hiện cần xử lý, 2: không đọc được.

    Import a licence register; exit status 0: fine, 1: findings need work, 2: unreadable.
    """
    _run(import_register, file, report, database, limits=_limits(max_mb))


@app.command()
def output(
    file: _File,
    preview: _Preview = False,
    report: _Report = None,
    m3: Annotated[
        M3 | None, typer.Option("--m3", help="«m3» trong tệp là nở rời hay nguyên khối / What a bare m3 means")
    ] = None,
    database: _Database = DEFAULT_DATABASE,
    max_mb: _MaxMb = _MAX_MB,
) -> None:
    """Nhập bản kê khai sản lượng theo năm / Import declarations of yearly output."""
    meant = {M3.LOOSE: Unit.M3_LOOSE, M3.IN_SITU: Unit.M3_IN_SITU, None: None}[m3]
    _run(import_outputs, file, report, database, preview=preview, m3=meant, limits=_limits(max_mb))


@app.command()
def prices(
    file: _File,
    preview: _Preview = False,
    report: _Report = None,
    decision: Annotated[
        str | None, typer.Option(help="Số quyết định của bảng giá / Decision number of the list")
    ] = None,
    valid_from: _Day = None,
    valid_to: _Day = None,
    region: Annotated[str | None, typer.Option(help="Vùng áp dụng, như cột Vùng của sổ / Region it holds for")] = None,
    whole_province: Annotated[
        bool, typer.Option("--whole-province", help="Áp dụng cho toàn tỉnh / It holds for the whole province")
    ] = False,
    amends: Annotated[
        str | None, typer.Option(help="Quyết định được sửa đổi, bổ sung / Decision that this one amends")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Đánh dấu là số liệu mẫu / Mark as sample data")] = False,
    database: _Database = DEFAULT_DATABASE,
    max_mb: _MaxMb = _MAX_MB,
) -> None:
    """Nhập bảng giá tính thuế tài nguyên của tỉnh / Import a province's price list of the resource tax."""
    facts = ListFacts(
        decision=decision,
        valid_from=_date(valid_from),
        valid_to=_date(valid_to),
        region="" if whole_province else region,
        amends=amends,
        sample=sample,
    )
    _run(import_prices, file, report, database, preview=preview, facts=facts, limits=_limits(max_mb))


@app.command()
def payments(
    file: _File,
    preview: _Preview = False,
    report: _Report = None,
    database: _Database = DEFAULT_DATABASE,
    max_mb: _MaxMb = _MAX_MB,
) -> None:
    """Nhập các khoản đã nộp do cơ quan thuế cung cấp / Import payments as the tax office lists them."""
    _run(import_payments, file, report, database, preview=preview, limits=_limits(max_mb))


@app.command()
def gaps(
    file: _File,
    preview: _Preview = False,
    report: _Report = None,
    database: _Database = DEFAULT_DATABASE,
    max_mb: _MaxMb = _MAX_MB,
) -> None:
    """Nhập trang Bổ sung của sổ quyết toán toàn tỉnh đã điền / Import the filled-in sheet of what was missing."""
    _run(import_gaps, file, report, database, preview=preview, limits=_limits(max_mb))


@app.command()
def weighbridge(
    file: _File,
    preview: _Preview = False,
    report: _Report = None,
    scale: Annotated[str, typer.Option(help="Tên trạm cân nếu tệp không có cột / Weighbridge without a column")] = "",
    database: _Database = DEFAULT_DATABASE,
) -> None:
    """Nhập lượt cân (CSV), cộng theo giấy phép, khoáng sản, tháng / Import loads, added up by month."""
    _run(import_weighbridge, file, report, database, preview=preview, scale=scale, limits=LIMITS)


@app.command(name="undo")
def undo_batch(
    batch: Annotated[int, typer.Argument(metavar="BATCH", help="Số của lần nhập / Number of the import")],
    database: _Database = DEFAULT_DATABASE,
) -> None:
    """Hoàn tác trọn một lần nhập sản lượng, giá, khoản nộp, số cân / Undo one import of an office table as a whole."""
    try:
        undone = undo(_opened(database), batch, now=datetime.now(UTC))
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
def batches(database: _Database = DEFAULT_DATABASE) -> None:
    """Liệt kê các lần nhập sản lượng, giá, khoản nộp, số cân / List the imports of office tables."""
    try:
        with _opened(database).session() as session:
            found = list_batches(session)
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    table = Table(title="Các lần nhập / Imports", title_justify="left")
    for title in ("Số / No.", "Loại / Kind", "Tệp / File", "Lúc / At", "Mới / New", "Đổi / Changed", "Bỏ / Removed",
                  "Hoàn tác / Undone"):  # fmt: skip
        table.add_column(title, overflow="fold")
    for one in found:
        undone = "" if one.undone_at is None else _local(one.undone_at)
        cells = (str(one.id), one.kind, one.file_name, _local(one.imported_at), str(one.new), str(one.changed),
                 str(one.removed), undone)  # fmt: skip
        table.add_row(*(escape(cell) for cell in cells))
    Console().print(table)


@app.command()
def reconcile(database: _Database = DEFAULT_DATABASE) -> None:
    """Đối chiếu sản lượng kê khai với trạm cân, thuế tài nguyên, tiêu thụ, công suất / Reconcile declared output.

    Mã thoát 1: có điểm phải giải trình. / Exit status 1: something must be explained.
    """
    try:
        with _opened(database).session() as session:
            found = reconcile_province(session)
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    console = Console(soft_wrap=True)
    for one in found:
        console.print(escape(f"{one.number or one.licence_id}:"))
        for told in one.findings:
            console.print(escape(f"  {told.message_vi} {told.action_vi}\n  {told.message_en} {told.action_en}"))
    work = sum(told.needs_work for one in found for told in one.findings)
    console.print(f"{work} điểm cần xem, {len(found)} giấy phép. / {work} findings, {len(found)} licences.")
    raise typer.Exit(NEEDS_WORK if work else OK)


def _run(importer: Callable[..., ImportReport], file: Path, report: Path | None, database: str, **options: Any) -> None:
    now = datetime.now(UTC)
    try:
        store = _opened(database)
        with file.open("rb") as stream:
            today = now.astimezone(_VIET_NAM).date()
            outcome = importer(store, stream, file_name=file.name, now=now, today=today, **options)
        if report is not None:
            report.write_bytes(report_workbook(outcome))
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    except OSError as error:
        path = error.filename or file
        refuse(
            f"Không mở hoặc ghi được {path}: hãy kiểm tra đường dẫn và quyền truy cập.",
            f"{path} cannot be opened or written: check the path and the permissions.",
        )
    show(outcome, Console())
    raise typer.Exit(outcome.exit_status)


def _opened(database: str) -> Store:
    store = open_store(database)
    migrate(store)
    return store


def _limits(max_mb: int) -> ImportLimits:
    return ImportLimits(max_bytes=max_mb * _MEBIBYTE)


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _local(moment: datetime) -> str:
    return moment.astimezone(_VIET_NAM).strftime("%d/%m/%Y %H:%M")
