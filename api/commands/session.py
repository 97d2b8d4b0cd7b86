"""``khoangsan session``: verify, replay and simulate auction sessions, without a database."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from auction_engine.bundle import read_head
from auction_engine.canonical import canonical
from auction_engine.events import Event
from auction_engine.events_outcome import Refused
from auction_engine.log import EVENTS, ORIGIN, read_entry
from auction_engine.minutes import statement
from auction_engine.session import redecide
from auction_engine.simulation import simulate
from auction_engine.state import State, new_state
from auction_engine.verify import Difference
from auction_engine.verify import verify as verify_bundle
from auction_engine.words import say
from rules.lawbook import law_book

app = typer.Typer(help="Phiên đấu giá / Auction sessions", no_args_is_help=True)
_BUNDLE = typer.Argument(metavar="BUNDLE", help="Gói kiểm chứng của phiên / Audit bundle of a session")


@app.command()
def verify(
    bundle: Annotated[Path, _BUNDLE],
    key: Annotated[
        str, typer.Option(help="Khóa công khai bạn tin, 64 chữ số thập lục phân / The public key you trust")
    ] = "",
) -> None:
    """Kiểm chứng một phiên đấu giá chỉ bằng tệp này / Verify a session from this file alone.

    Mã thoát 0: đúng; 1: có sai lệch, in sai lệch đầu tiên; 2: gọi sai. / Exit 0: sound; 1: a difference, the first is printed; 2: wrong call.
    """
    try:
        with bundle.open("rb") as lines:
            found = verify_bundle(lines, law_book(), key.lower())
    except OSError as error:
        _cannot_open(bundle, error)
    if isinstance(found, Difference):
        typer.echo(f"Dòng {found.line}: {found.what.vi}", err=True)
        typer.echo(f"Line {found.line}: {found.what.en}", err=True)
        raise typer.Exit(1)
    minutes, head = found.statement["minutes"], found.head
    typer.echo(
        f"Phiên {head.session} đúng: {head.entries} sự kiện, {head.checkpoints} điểm kiểm. / "
        f"Session {head.session} is sound: {head.entries} entries, {head.checkpoints} checkpoints."
    )
    winner = minutes["winner"] or "—"
    typer.echo(f"Người trúng / winner: {winner}; giá / price: {minutes['won'] or '—'}; {minutes['ended_on']}")
    typer.echo(f"Biên bản / minutes: {found.statement['minutes_digest']}")
    typer.echo(f"Sổ luật / law book: {head.law_digest}")
    trusted = "bạn tin / trusted" if key else "ghi trong tệp, hãy đối chiếu / from the file, compare it"
    typer.echo(f"Khóa / key: {head.public_key} ({trusted})")


@app.command()
def replay(bundle: Annotated[Path, _BUNDLE]) -> None:
    """Quyết định lại và in từng sự kiện của phiên / Decide again and print the session, entry by entry."""
    try:
        with bundle.open("rb") as lines:
            head = read_head(next(lines, b"").rstrip(b"\n"))
            state, prev = new_state(head.session, law_book()), ORIGIN
            for _ in range(head.entries):
                entry = read_entry(next(lines, b"").rstrip(b"\n"), prev)
                state, prev = redecide(state, entry), entry.hash
                order = entry.order
                what = "; ".join(_said(event) for event in entry.events)
                typer.echo(
                    f"{entry.seq:>6} {entry.at} {order.role.value}:{order.by} {type(order.command).__name__}: {what}"
                )
    except OSError as error:
        _cannot_open(bundle, error)
    except ValueError as error:
        typer.echo(f"Nhật ký sai / the log is wrong: {error}", err=True)
        raise typer.Exit(1) from None
    _say_outcome(state)


def _said(event: Event) -> str:
    """An event on one line; a refusal in words, with its article."""
    if isinstance(event, Refused):
        return f"{event.code}: {event.reason_vi} / {event.reason_en} ({'; '.join(event.articles)})"
    written = EVENTS.write(event)
    name = written.pop("type")
    return f"{name} {canonical(written).decode()}"


def _say_outcome(state: State) -> None:
    told = statement(state)
    stage = say(state.stage)
    typer.echo(f"{stage.vi} / {stage.en}; {told['minutes']['winner'] or '—'} {told['minutes']['won']}")


@app.command(name="simulate")
def simulate_auctions(
    seed: Annotated[int, typer.Option(help="Số gieo / Seed", min=0)] = 1,
    auctions: Annotated[int, typer.Option(help="Số cuộc đấu giá / Number of auctions", min=1)] = 100,
) -> None:
    """Mô phỏng nhiều cuộc đấu giá với đồng hồ ảo, kiểm tra mọi bất biến / Simulate auctions and check every invariant.

    Cùng số gieo cho cùng nhật ký đến từng byte; số gieo hỏng được in ra và lặp lại được. / The same seed gives the same bytes; a failing seed is printed and repeats.
    """
    book, ends, bytes_seen = law_book(), Counter[str](), hashlib.sha256()
    for number in range(auctions):
        try:
            session = simulate(seed, number, book)
        except Exception as error:  # whatever breaks, its seed has to be seen
            what = f"{type(error).__name__}: {error}"
            typer.echo(f"Hỏng / broken: --seed {seed}, cuộc / auction {number}: {what}", err=True)
            raise typer.Exit(1) from None
        ends[session.state.stage.value] += 1
        for entry in session.entries:
            bytes_seen.update(entry.line())
    for stage, count in sorted(ends.items()):
        typer.echo(f"{stage:>20} {count}")
    typer.echo(f"--seed {seed} --auctions {auctions}: sha256 {bytes_seen.hexdigest()}")


def _cannot_open(file: Path, error: OSError) -> NoReturn:
    typer.echo(f"Không mở được tệp {file}: {error.strerror}.", err=True)
    typer.echo(f"Cannot open {file}: {error.strerror}.", err=True)
    raise typer.Exit(2)
