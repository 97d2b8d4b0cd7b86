"""``khoangsan import``: registers and the offices' tables in, with a report on every row; and out again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from api.commands import import_batches
from api.commands.import_options import (
    DEFAULT_DATABASE,
    VIET_NAM,
    Database,
    Report,
    not_reached,
    opened,
    write_file,
)
from api.commands.import_report import refuse, show
from api.imports.gaps import import_gaps
from api.imports.outputs import import_outputs
from api.imports.payments import import_payments
from api.imports.prices import ListFacts, import_prices
from api.imports.reading import ImportLimits
from api.imports.register import import_register
from api.imports.report import ImportReport
from api.imports.weighbridge import LIMITS, import_weighbridge
from api.imports.workbook import report_workbook
from api.store.engine import StoreError
from rules.quantity import Unit

_MEBIBYTE: Final = 1 << 20

app = typer.Typer(
    help="Nhập sổ giấy phép, sản lượng, bảng giá, khoản nộp, số cân / Import registers, output, prices, payments, loads",
    no_args_is_help=True,
)

_File = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp CSV (UTF-8) hoặc .xlsx / CSV (UTF-8) or .xlsx")]
_Preview = Annotated[
    bool, typer.Option("--preview", help="Chỉ xem trước, không ghi / Only show what would change, write nothing")
]
_MaxMb = Annotated[
    int, typer.Option("--max-mb", min=1, envvar="KHOANGSAN_IMPORT_MAX_MB", help="Giới hạn tệp, MB / File limit, MB")
]
_Day = Annotated[datetime | None, typer.Option(formats=["%d/%m/%Y", "%Y-%m-%d"])]
_MAX_MB: Final = ImportLimits().max_bytes // _MEBIBYTE

app.add_typer(import_batches.app)


class M3(StrEnum):
    """What a bare "m3" of a file means."""

    LOOSE = "loose"
    IN_SITU = "in_situ"


@app.callback()
def _group() -> None:
    """Nhập dữ liệu vào kho / Import data into the store."""


@app.command()
def register(
    file: _File,
    preview: _Preview = False,
    report: Report = None,
    database: Database = DEFAULT_DATABASE,
    max_mb: _MaxMb = _MAX_MB,
) -> None:
    """Nhập sổ giấy phép; mã thoát 0: tốt, 1: có phát hiện cần xử lý, 2: không đọc được.

    Import a licence register; exit status 0: fine, 1: findings need work, 2: unreadable.
    """
    _run(import_register, file, report, database, preview=preview, limits=_limits(max_mb))


@app.command()
def output(
    file: _File,
    preview: _Preview = False,
    report: Report = None,
    m3: Annotated[
        M3 | None, typer.Option("--m3", help="«m3» trong tệp là nở rời hay nguyên khối / What a bare m3 means")
    ] = None,
    database: Database = DEFAULT_DATABASE,
    max_mb: _MaxMb = _MAX_MB,
) -> None:
    """Nhập bản kê khai sản lượng theo năm / Import declarations of yearly output."""
    meant = {M3.LOOSE: Unit.M3_LOOSE, M3.IN_SITU: Unit.M3_IN_SITU, None: None}[m3]
    _run(import_outputs, file, report, database, preview=preview, m3=meant, limits=_limits(max_mb))


@app.command()
def prices(
    file: _File,
    preview: _Preview = False,
    report: Report = None,
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
    database: Database = DEFAULT_DATABASE,
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
    report: Report = None,
    database: Database = DEFAULT_DATABASE,
    max_mb: _MaxMb = _MAX_MB,
) -> None:
    """Nhập các khoản đã nộp do cơ quan thuế cung cấp / Import payments as the tax office lists them."""
    _run(import_payments, file, report, database, preview=preview, limits=_limits(max_mb))


@app.command()
def gaps(
    file: _File,
    preview: _Preview = False,
    report: Report = None,
    database: Database = DEFAULT_DATABASE,
    max_mb: _MaxMb = _MAX_MB,
) -> None:
    """Nhập trang Bổ sung của sổ quyết toán toàn tỉnh đã điền / Import the filled-in sheet of what was missing."""
    _run(import_gaps, file, report, database, preview=preview, limits=_limits(max_mb))


@app.command()
def weighbridge(
    file: _File,
    preview: _Preview = False,
    report: Report = None,
    scale: Annotated[str, typer.Option(help="Tên trạm cân nếu tệp không có cột / Weighbridge without a column")] = "",
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Nhập lượt cân, cộng theo giấy phép, khoáng sản, tháng / Import loads, added up by month."""
    _run(import_weighbridge, file, report, database, preview=preview, scale=scale, limits=LIMITS)


def _run(importer: Callable[..., ImportReport], file: Path, report: Path | None, database: str, **options: Any) -> None:
    now = datetime.now(UTC)
    try:
        store = opened(database)
        with file.open("rb") as stream:
            today = now.astimezone(VIET_NAM).date()
            outcome = importer(store, stream, file_name=file.name, now=now, today=today, **options)
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    except OSError as error:
        not_reached(error.filename or file)
    if report is not None:
        write_file(report, report_workbook(outcome))
    show(outcome, Console())
    raise typer.Exit(outcome.exit_status)


def _limits(max_mb: int) -> ImportLimits:
    return ImportLimits(max_bytes=max_mb * _MEBIBYTE)


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
