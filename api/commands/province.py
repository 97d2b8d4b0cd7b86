"""``khoangsan province rates``: the province's own cited, dated rates R of years the law book does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.commands.import_options import DEFAULT_DATABASE
from api.commands.import_report import refuse
from api.province.edits import add_rate, list_rates, remove_rate
from api.store.engine import Store, StoreError, open_store
from api.store.migrate import migrate
from rules.lawbook import law_book
from rules.trace import Text

app = typer.Typer(help="Số liệu chung của tỉnh / What holds for the whole province", no_args_is_help=True)
rates = typer.Typer(help="Tỷ lệ thu R do tỉnh nhập / Rates R entered by the province", no_args_is_help=True)
app.add_typer(rates, name="rates")
_REFUSED: Final = 1
_Database = Annotated[
    str, typer.Option("--database", envvar="KHOANGSAN_DATABASE_URL", help="Cơ sở dữ liệu / Database URL")
]


@app.callback()
def _group() -> None:
    """Số liệu chung của tỉnh / What holds for the whole province."""


@rates.command(name="list")
def list_all(database: _Database = DEFAULT_DATABASE) -> None:
    """Liệt kê các tỷ lệ đã nhập kèm văn bản, điều khoản / List the rates with their articles."""
    with _opened(database) as store, store.session() as session:
        found = list_rates(session)
    minerals = law_book().minerals
    table = Table(title="Tỷ lệ thu R do tỉnh nhập / Rates entered by the province", title_justify="left")
    for title in ("Số / No.", "Khoáng sản, dòng / Key", "R (%)", "Từ / From", "Đến / Until", "Văn bản, điều khoản / Article", "Người nhập / By"):  # fmt: skip
        table.add_column(title, overflow="fold")
    for one in found:
        name = f"{one.key}\n{minerals[one.key].name.vi}" if one.key in minerals else one.key
        cells = (str(one.id), name, one.rate_percent, f"{one.valid_from:%d/%m/%Y}", f"{one.valid_until:%d/%m/%Y}",
                 f"{one.article}, {one.instrument}", one.entered_by)  # fmt: skip
        table.add_row(*map(escape, cells))
    Console().print(table)


@rates.command()
def add(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Mã khoáng sản, hoặc dòng như 67/I.1 / Mineral or line")],
    rate: Annotated[str, typer.Argument(metavar="PERCENT", help="Tỷ lệ phần trăm, ví dụ 2.5 / Rate in percent")],
    valid_from: Annotated[datetime, typer.Option("--from", formats=["%d/%m/%Y", "%Y-%m-%d"], help="Từ ngày / From")],
    valid_until: Annotated[
        datetime, typer.Option("--until", formats=["%d/%m/%Y", "%Y-%m-%d"], help="Đến hết ngày / Until, inclusive")
    ],
    instrument: Annotated[str, typer.Option(help="Văn bản / Instrument")],
    article: Annotated[str, typer.Option(help="Điều khoản, phụ lục / Article, annex")],
    by: Annotated[str, typer.Option("--by", help="Người nhập / Entered by")],
    database: _Database = DEFAULT_DATABASE,
) -> None:
    """Nhập một tỷ lệ, dùng cho mọi quyết toán sau đó kèm cảnh báo / Enter a rate; later settlements use it, with a caution.

    Mã thoát 1: chưa lưu, có lỗi trong số liệu. / Exit status 1: not kept, something is wrong.
    """
    with _opened(database) as store, store.write() as session:
        problems = add_rate(
            session,
            key=key,
            valid_from=valid_from.date(),
            valid_until=valid_until.date(),
            rate_percent=rate,
            instrument=instrument,
            article=article,
            entered_by=by,
            now=datetime.now(UTC),
        )
    if problems:
        console = Console(stderr=True, soft_wrap=True)
        for name, text in problems.items():
            console.print(escape(f"{_OPTIONS[name]}: {text.vi}\n{_OPTIONS[name]}: {text.en}"))
        raise typer.Exit(_REFUSED)
    _say(Text(f"Đã lưu tỷ lệ {rate} % của {key}.", f"The rate {rate} % of {key} is kept."))


@rates.command()
def remove(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Số của tỷ lệ / Number of the rate")],
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại / Do not ask")] = False,
    database: _Database = DEFAULT_DATABASE,
) -> None:
    """Xóa một tỷ lệ, có hỏi lại / Remove a rate, after asking."""
    if not yes:
        typer.confirm(f"Xóa tỷ lệ số {number}? / Remove rate {number}?", abort=True)
    with _opened(database) as store, store.write() as session:
        gone = remove_rate(session, number)
    if not gone:
        refuse(f"Không có tỷ lệ số {number}.", f"There is no rate {number}.")
    _say(Text(f"Đã xóa tỷ lệ số {number}.", f"Rate {number} is removed."))


_OPTIONS: Final = {
    "key": "KEY", "rate_percent": "PERCENT", "valid_from": "--from", "valid_until": "--until",
    "instrument": "--instrument", "article": "--article", "entered_by": "--by",
}  # fmt: skip


def _say(text: Text) -> None:
    console = Console(soft_wrap=True)
    console.print(escape(text.vi))
    console.print(escape(text.en))


@contextmanager
def _opened(database: str) -> Iterator[Store]:
    try:
        store = open_store(database)
        migrate(store)
        yield store
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    except OSError as error:
        refuse(
            f"Không mở được {error.filename}: kiểm tra đường dẫn.",
            f"{error.filename} cannot be opened: check the path.",
        )
