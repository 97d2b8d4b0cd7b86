"""What do the commands about imports share? The database, the report file, the batch they mean, local time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from api.commands.import_report import refuse
from api.store.engine import Store, open_store
from api.store.migrate import migrate

DEFAULT_DATABASE: Final = "sqlite:///data/khoangsan.db"
VIET_NAM: Final = timezone(timedelta(hours=7))

Report = Annotated[Path | None, typer.Option("--report", help="Ghi báo cáo .xlsx vào đây / Write the report as .xlsx")]
Database = Annotated[
    str, typer.Option("--database", envvar="KHOANGSAN_DATABASE_URL", help="Cơ sở dữ liệu / Database URL")
]
Batch = Annotated[int, typer.Argument(metavar="BATCH", help="Số của lần nhập / Number of the import")]
OfRegister = Annotated[
    bool,
    typer.Option("--register", help="Lần nhập sổ giấy phép, đánh số riêng / An import of a register, numbered apart"),
]


def opened(database: str) -> Store:
    """The store at an address, with the tables of this version. Raises ``StoreError``."""
    store = open_store(database)
    migrate(store)
    return store


def write_file(path: Path, content: bytes) -> None:
    """Write a file, or refuse in words."""
    try:
        path.write_bytes(content)
    except OSError as error:
        not_reached(error.filename or path)


def not_reached(path: object) -> NoReturn:
    """A file cannot be opened or written: say so and end."""
    refuse(
        f"Không mở hoặc ghi được {path}: hãy kiểm tra đường dẫn và quyền truy cập.",
        f"{path} cannot be opened or written: check the path and the permissions.",
    )


def local(moment: datetime) -> str:
    """A moment as date and time of Viet Nam."""
    return moment.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M")
