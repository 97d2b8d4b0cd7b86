"""An auction over the service as the offices see it: the rehearsal's orders go through the real store, or through the real door."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI, Request

from api.app import create_app
from api.sessions.actors import Actor, acting, current_actor
from api.sessions.service import Sessions, server_time
from api.settings import Settings
from api.store.engine import Store
from auction_engine.commands import Order
from auction_engine.commands_before import ApprovePlan
from auction_engine.log import Entry
from auction_engine.rehearsal import Rehearsal
from auction_engine.rehearsal_script import Script
from auction_engine.state import State
from rules.lawbook import law_book

T = TypeVar("T")
OPENS_ON = date(2026, 11, 20)


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = ""

    def __call__(self) -> str:
        return self.now or server_time()


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, asked: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await asked

        return asyncio.run_coroutine_threadsafe(awaited(), self.loop).result(60)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class Desk:
    """The service of a store, with the session of a rehearsal kept in it. Stands in for ``auction_engine.session.Session``."""

    def __init__(self, store: Store, folder: Path, loop: Loop) -> None:
        self.clock = Clock()
        self.loop = loop
        self.sessions = Sessions(store, law_book(), folder / "operator.key", self.clock)
        self.name = ""

    def submit(self, order: Order, now: str) -> Entry | None:
        self.clock.now = now
        self.name = order.session
        creates = isinstance(order.command, ApprovePlan)
        return self.loop.run(self.sessions.submit(order, creates=creates))

    @property
    def state(self) -> State:
        return self.sessions.read_state(self.name)

    def log(self, name: str = "") -> list[bytes]:
        return b"".join(self.sessions.read_lines(name or self.name, 0)).splitlines()


@contextmanager
def desk(store: Store, folder: Path, now: str = "") -> Iterator[Desk]:
    """The running service of a store; ``now``: where its clock stands."""
    loop = Loop()
    opened = Desk(store, folder, loop)
    opened.clock.now = now
    loop.run(opened.sessions.start())
    try:
        yield opened
    finally:
        loop.run(opened.sessions.stop())
        loop.close()


def rehearse(opened: Any, **script: Any) -> Rehearsal:
    """A rehearsal whose orders go to a desk."""
    rehearsal = Rehearsal(Script(opens_on=OPENS_ON, **script), law_book())
    rehearsal.session = opened
    return rehearsal


async def named_by_headers(request: Request) -> Actor:
    """Whoever the request says: tests of the door, not of the lock."""
    get = request.headers.get
    return Actor(name=get("X-Name", ""), role=get("X-Role", "public"), second=get("X-Second", ""))


def unlocked(store: Store, folder: Path, clock: Callable[[], str] = server_time) -> FastAPI:
    """The application with the lock off, for tests of what is behind it."""
    app = create_app(store, Settings(signing_key_file=folder / "operator.key"))
    app.state.sessions = Sessions(store, law_book(), folder / "operator.key", clock)
    app.dependency_overrides[current_actor] = named_by_headers
    app.dependency_overrides[acting] = named_by_headers
    return app
