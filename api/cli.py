"""``khoangsan``: the command line."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO, NoReturn, cast

import typer

import auction_engine
import fees
import rules
from api.commands import law

app = typer.Typer(
    help="Tính và giải thích các khoản của quyền khai thác khoáng sản / Every sum a mineral right owes, explained",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(law.app, name="law")

_LIGHT = ("compute", "explain", "schema", "law")
_WITHOUT_DATABASE = (*_LIGHT, "session")


class Lang(StrEnum):
    """Language of an explanation."""

    VI = "vi"
    EN = "en"


class Format(StrEnum):
    """Form of an explanation."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


_FILE = typer.Argument(
    metavar="FILE", help="Tệp hồ sơ JSON hoặc JSON Lines; - là đầu vào chuẩn / JSON file; - for stdin"
)


@app.command()
def compute(file: Annotated[str, _FILE]) -> None:
    """Tính từng hồ sơ, mỗi dòng một kết quả JSON / Compute each case, one JSON result a line.

    Mã thoát 0: tính được hết; 1: có hồ sơ sai; 2: gọi sai. / Exit 0: all computed; 1: some case refused; 2: wrong call.
    """
    from api.contract.stream import compute_file, result_line

    failed = False
    with _opened(file) as stream:
        for result in compute_file(stream):
            failed |= not result["ok"]
            sys.stdout.buffer.write(result_line(result))
    sys.stdout.buffer.flush()
    raise typer.Exit(1 if failed else 0)


@app.command()
def explain(
    file: Annotated[str, _FILE],
    lang: Annotated[Lang, typer.Option(help="Ngôn ngữ / Language")] = Lang.VI,
    form: Annotated[Format, typer.Option("--format", help="Dạng / Format")] = Format.TEXT,
) -> None:
    """Diễn giải từng hồ sơ: công thức, số liệu, điều khoản, cảnh báo / Explain each case with its articles."""
    from rich.console import Console

    from api.contract.stream import compute_file, result_line
    from api.explain import print_text, to_markdown

    failed = False
    with _opened(file) as stream:
        for result in compute_file(stream):
            failed |= not result["ok"]
            if form is Format.TEXT:
                print_text(result, lang.value, Console(soft_wrap=True))
            elif form is Format.MARKDOWN:
                typer.echo(to_markdown(result, lang.value))
            elif form is Format.HTML:
                from api.pages.explanation import explanation_html

                typer.echo(explanation_html(result, lang.value))
            else:
                sys.stdout.buffer.write(result_line(result))
                sys.stdout.buffer.flush()
    raise typer.Exit(1 if failed else 0)


@app.command()
def schema(kind: Annotated[str, typer.Argument(metavar="KIND", help="Loại hồ sơ / Kind of case")]) -> None:
    """In JSON Schema của một loại hồ sơ / Print the JSON Schema of a kind."""
    import json

    from api.contract.kinds import KINDS
    from api.contract.schemas import schema_of

    if kind not in KINDS:
        _wrong_call(f"Không có loại {kind!r}; có: {', '.join(KINDS)}.", f"No kind {kind!r}; known: {', '.join(KINDS)}.")
    typer.echo(json.dumps(schema_of(kind), ensure_ascii=False, indent=2))


def _opened(file: str) -> BinaryIO:
    if file == "-":
        return _seekable(cast(BinaryIO, sys.stdin.buffer))
    try:
        return cast(BinaryIO, Path(file).open("rb"))
    except OSError as error:
        _wrong_call(f"Không mở được tệp {file}: {error.strerror}.", f"Cannot open {file}: {error.strerror}.")


def _seekable(stream: BinaryIO) -> BinaryIO:
    """Standard input in a temporary file where it is a pipe, so that its form can be looked at before it is read."""
    if stream.seekable():
        return stream
    import shutil
    import tempfile

    copy = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - closed by the caller
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return copy


def _wrong_call(vi: str, en: str) -> NoReturn:
    typer.echo(vi, err=True)
    typer.echo(en, err=True)
    raise typer.Exit(2)


def _check_rooms() -> None:
    """Another distribution with a package of the same name would shadow ours silently."""
    for room in (rules, fees, auction_engine):
        if getattr(room, "ROOM_OF", None) != "khoangsan":
            _wrong_call(
                f"Gói {room.__name__!r} ở {room.__file__} không phải của khoangsan; cài vào môi trường riêng.",
                f"Package {room.__name__!r} at {room.__file__} is not khoangsan's; install into its own environment.",
            )


def main() -> None:
    """Entry point of the console script."""
    _check_rooms()
    if sys.argv[1:2] not in ([name] for name in _LIGHT):
        from api.commands import session  # the engine and its cryptography

        app.add_typer(session.app, name="session")
    if sys.argv[1:2] not in ([name] for name in _WITHOUT_DATABASE):
        from api.commands import (
            account,
            calendar,
            imports,
            province,
            serve,
            settle_province,
        )  # loading the database and the web takes half a second

        app.add_typer(account.app, name="account")
        app.add_typer(imports.app, name="import")
        app.add_typer(province.app, name="province")
        app.command(name="calendar")(calendar.calendar)
        app.command(name="serve")(serve.serve)
        app.command(name="settle-province")(settle_province.settle)
    app()
