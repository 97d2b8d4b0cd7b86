"""The doors that are compared: ours, one that stores nothing, and a plain one on SQLModel. ``python -m bench.session_servers PORT NAME URL``."""

import sys
from datetime import UTC, datetime
from typing import Annotated

from fastapi import FastAPI, Header
from pydantic import BaseModel
from sqlmodel import Field, Session, SQLModel, create_engine

from bench.load import serve


class Bid(BaseModel):
    """A bid as a plain application would take it."""

    type: str
    bidder: str
    amount: str


class Sent(BaseModel):
    """What is sent, to all doors alike."""

    command: Bid


class PlainBid(SQLModel, table=True):
    """A bid as a plain application would store it."""

    id: int | None = Field(default=None, primary_key=True)
    session: str
    bidder: str
    amount: str
    key: str
    at: datetime


def nothing() -> FastAPI:
    """Reads the command, stores nothing, answers."""
    app = FastAPI()

    @app.post("/v1/sessions/{session}/commands")
    async def bid(session: str, sent: Sent, idempotency_key: Annotated[str, Header()]) -> dict[str, str]:
        return {
            "session": session,
            "bidder": sent.command.bidder,
            "amount": sent.command.amount,
            "key": idempotency_key,
        }

    @app.get("/healthz")
    async def healthz() -> str:
        return "ok"

    return app


def plain(url: str) -> FastAPI:
    """FastAPI and SQLModel as their tutorials have them: a session for each request, a row, a commit."""
    # a connection for each thread: with the usual fifteen it stands still
    engine = create_engine(url, pool_size=40, connect_args={"timeout": 30} if url.startswith("sqlite") else {})
    SQLModel.metadata.create_all(engine, tables=[PlainBid.__table__])  # type: ignore[attr-defined]
    app = FastAPI()

    @app.post("/v1/sessions/{session}/commands")
    def bid(session: str, sent: Sent, idempotency_key: Annotated[str, Header()]) -> PlainBid:
        with Session(engine) as database:
            row = PlainBid(
                session=session,
                bidder=sent.command.bidder,
                amount=sent.command.amount,
                key=idempotency_key,
                at=datetime.now(UTC),
            )
            database.add(row)
            database.commit()
            database.refresh(row)
            return row

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app


def main(port: str, name: str, url: str = "", folder: str = "", opens_at: str = "") -> None:
    """Serve one of them."""
    if name == "nothing":
        serve(nothing(), int(port))
    elif name == "plain":
        serve(plain(url), int(port))
    else:
        from api.commands.serve import spare_collections
        from bench.session_rooms import room

        app = room(url, folder, opens_at)
        spare_collections()
        serve(app, int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
