"""An open online session with its bidders signed in, in a database of its own, and the application that serves it."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import orjson
from fastapi import FastAPI

from api.accounts import sessions as devices
from api.accounts.models import Account
from api.accounts.tokens import form_token
from api.app import create_app
from api.sessions.service import Sessions
from api.settings import Settings
from api.store.engine import Store, open_store
from api.store.migrate import migrate
from auction_engine.commands import Order
from auction_engine.commands_before import ApprovePlan
from auction_engine.log import Entry
from auction_engine.moments import moment, read
from auction_engine.rehearsal import Rehearsal
from auction_engine.rehearsal_script import Script
from auction_engine.state import State
from bench.load import Requests
from rules.lawbook import law_book

SESSION = "dien-tap"
COOKIE = "khoangsan_session"


class Room(NamedTuple):
    """An open session: what its server is started with, the secrets of its bidders, and where its log ends."""

    url: str
    folder: str
    opens_at: str
    tokens: list[str]
    seq: int


class _Desk:
    """Stands in for the rehearsal's session: its orders are stored."""

    def __init__(self, runner: asyncio.Runner, sessions: Sessions) -> None:
        self._runner = runner
        self._sessions = sessions
        self.now = ""

    def submit(self, order: Order, now: str) -> Entry | None:
        self.now = now
        return self._runner.run(self._sessions.submit(order, creates=isinstance(order.command, ApprovePlan)))

    @property
    def state(self) -> State:
        return self._sessions.read_state(SESSION)


def prepare(url: str, folder: Path, bidders: int) -> Room:
    """A session from its plan to its opening, with bidders signed in."""
    store = open_store(url)
    migrate(store)
    names = tuple(f"n{number:03}" for number in range(bidders))
    script = Script(session=SESSION, opens_on=date(2026, 11, 20), bidders=names, window_minutes=1_000_000)
    with asyncio.Runner() as runner:
        sessions = Sessions(store, law_book(), folder / "operator.key", lambda: desk.now)
        desk = _Desk(runner, sessions)
        rehearsal = Rehearsal(script, law_book())
        rehearsal.session = desk  # type: ignore[assignment]
        runner.run(sessions.start())
        rehearsal.open()
        seq = desk.state.seq
        runner.run(sessions.stop())
    tokens = _signed_in(store, names)
    store.close()
    return Room(url, str(folder), rehearsal.opens_at, tokens, seq)


def _signed_in(store: Store, names: tuple[str, ...]) -> list[str]:
    now, tokens = datetime.now(UTC), list[str]()
    with store.write(lock="accounts") as session:
        for name in names:
            account = Account(
                name=name, person=name, role="bidder", password_hash="", must_change=False, created_at=now
            )
            session.add(account)
            session.flush()
            tokens.append(devices.start(session, account, address="", now=now)[0])
    return tokens


def room(url: str, folder: str, opens_at: str) -> FastAPI:
    """The application, lock on; the clock of its sessions starts at the opening."""
    away = read(opens_at) - datetime.now(UTC)
    store = open_store(url)
    app = create_app(store, Settings(signing_key_file=Path(folder) / "operator.key"))
    app.state.sessions = Sessions(
        store, law_book(), Path(folder) / "operator.key", lambda: moment(datetime.now(UTC) + away)
    )
    return app


def bids(opened: Room) -> Requests:
    """Bids of the bidders in turn, each above all before; in a crowd some come too late and are refused."""
    step = 0

    def request(client: int) -> bytes:
        nonlocal step
        step += 1
        name, token = f"n{client:03}", opened.tokens[client]
        body = orjson.dumps({"command": {"type": "Bid", "bidder": name, "amount": str(5 + step)}})
        head = (
            f"POST /v1/sessions/{SESSION}/commands HTTP/1.1\r\nHost: bench\r\nCookie: {COOKIE}={token}\r\n"
            f"X-CSRF-Token: {form_token(token)}\r\nIdempotency-Key: k{opened.seq}-{step}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    return request
