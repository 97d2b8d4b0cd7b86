"""Everything an application needs of auction sessions: give orders, read states, watch, prove; with the tasks that run behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.sessions import rows
from api.sessions.board import bids
from api.sessions.keeper import Keeper
from api.sessions.notary import Notary
from api.sessions.timers import next_tick, tick_order
from api.sessions.watchers import Hub
from api.sessions.writer import BusyError, NoSessionError, UnknownOutcomeError, Writer
from api.store.engine import Store, StoreError
from auction_engine.commands import Order
from auction_engine.log import BrokenLogError, Entry
from auction_engine.moments import moment, read
from auction_engine.state import State
from rules.lawbook import LawBook

_log = structlog.get_logger(__name__)
LOOK_AROUND: Final = 0.5
"""Seconds between two looks at what other processes did to timers and watched sessions."""
SIGN_EVERY: Final = 30.0
"""Seconds between two rounds of checkpoints."""
_FAILURES: Final = (StoreError, SQLAlchemyError, UnknownOutcomeError, BrokenLogError, BusyError)


def server_time() -> str:
    """Now, by the server's clock: the only one that counts."""
    return moment(datetime.now(UTC))


class Told(NamedTuple):
    """One session of the list."""

    name: str
    created_at: str
    seq: int
    tick_at: str | None


class Sessions:
    """The auction sessions of a store. ``start`` and ``stop`` in the event loop; ``read...`` in threads."""

    def __init__(self, store: Store, book: LawBook, key_file: Path, clock: Callable[[], str] = server_time) -> None:
        self.clock: Final = clock
        self.hub: Final = Hub()
        self.keeper: Final = Keeper(book)
        self.notary: Final = Notary(store, self.keeper, key_file)
        self._store: Final = store
        self._writer: Final = Writer(store, self.keeper, self._published)
        self._ticks: Final[dict[str, str]] = {}
        self._sooner: Final = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._fired: Final[set[asyncio.Task[None]]] = set()

    async def start(self) -> None:
        """Begin to answer, fire timers and look around."""
        self._writer.start()
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(task(), name=task.__name__) for task in (self._fire, self._look_around, self._sign)
        ]

    async def stop(self) -> None:
        """Answer what waits, end the streams, then end."""
        for task in self._tasks:
            task.cancel()
        self.hub.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._writer.stop()
        await asyncio.gather(*self._fired)

    async def submit(self, order: Order, *, creates: bool = False) -> Entry | None:
        """The durable entry of an order that arrives now; see :meth:`api.sessions.writer.Writer.submit`."""
        return await self._writer.submit(order, self.clock(), creates=creates)

    def read_state(self, name: str) -> State:
        """The state at this moment; ``NoSessionError``."""
        with self._store.session() as session:
            connection = session.connection()
            return self.keeper.recent(connection, self._row(rows.read_rows(connection, [name]), name)).state

    def read_lines(self, name: str, after: int) -> Iterator[bytes]:
        """The log after a sequence as JSON Lines, in pieces; as long as it is when the reading begins."""
        upto: rows.Row | None = None
        while True:
            with self._store.session() as session:
                connection = session.connection()
                if upto is None:
                    upto = self._row(rows.read_rows(connection, [name]), name)
                piece = upto._replace(seq=min(upto.seq, after + rows.BATCH))
                prev = rows.hash_at(connection, upto.id, after)
                lines = []
                for line in rows.tail(connection, piece, after):
                    lines.append(rows.as_text(line, prev))
                    prev, after = line.hash, line.seq
            if not lines:
                return
            yield b"\n".join(lines) + b"\n"

    def read_bids(self, name: str, after: int, *, whole: bool) -> list[dict[str, Any]]:
        """The valid bids after a sequence, at most those of a thousand entries."""
        with self._store.session() as session:
            connection = session.connection()
            row = self._row(rows.read_rows(connection, [name]), name)
            state = self.keeper.recent(connection, row).state
            piece = row._replace(seq=min(row.seq, after + rows.BATCH))
            return bids(state, list(rows.entries(connection, piece, after)), whole=whole) if after < row.seq else []

    def read_entry(self, name: str, seq: int) -> Entry:
        """One entry; ``LookupError`` where there is none."""
        with self._store.session() as session:
            connection = session.connection()
            row = self._row(rows.read_rows(connection, [name]), name)
            found = list(rows.entries(connection, row._replace(seq=min(seq, row.seq)), seq - 1)) if seq > 0 else []
        if not found:
            raise LookupError(seq)
        return found[0]

    def read_list(self, after: str, most: int) -> list[Told]:
        """Sessions by name."""
        with self._store.session() as session:
            return [Told(*one) for one in rows.listed(session.connection(), after, most)]

    @staticmethod
    def _row(found: dict[str, rows.Row], name: str) -> rows.Row:
        if name not in found:
            raise NoSessionError(name)
        return found[name]

    def _published(self, state: State, entries: Sequence[Entry]) -> None:
        self.hub.publish(state, entries)
        tick_at = next_tick(state)
        if tick_at is None:
            self._ticks.pop(state.session, None)
        elif self._ticks.get(state.session) != tick_at:
            self._ticks[state.session] = tick_at
            self._sooner.set()

    async def _fire(self) -> None:
        """Fire the timers at their instants."""
        while True:
            now = self.clock()
            for name in [name for name, at in self._ticks.items() if at <= now]:
                del self._ticks[name]  # a timer that finds nothing to do comes back with the next look around
                fired = asyncio.get_running_loop().create_task(self._tick(name))
                self._fired.add(fired)
                fired.add_done_callback(self._fired.discard)
            wait = LOOK_AROUND
            if self._ticks:
                left = read(min(self._ticks.values())) - read(now)
                wait = min(wait, max(0.001, left.total_seconds()))
            self._sooner.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._sooner.wait(), wait)

    async def _tick(self, name: str) -> None:
        try:
            await self.submit(tick_order(name))
        except _FAILURES as error:
            _log.warning("timer not fired", session=name, error=str(error))

    async def _look_around(self) -> None:
        """What other processes did, and what the timers of a restart are."""
        while True:
            try:
                for name, at in await asyncio.to_thread(self._read_ticks):
                    self._ticks[name] = at
                watched = self.hub.watched()
                if watched:
                    for state, entries in await asyncio.to_thread(self._read_news, watched):
                        self.hub.publish(state, entries, jump=True)
            except _FAILURES as error:
                _log.warning("sessions not read", error=str(error))
            self._sooner.set()
            await asyncio.sleep(LOOK_AROUND)

    async def _sign(self) -> None:
        while True:
            await asyncio.sleep(SIGN_EVERY)
            try:
                await asyncio.to_thread(self.notary.sign_behind)
            except (*_FAILURES, OSError) as error:
                _log.warning("checkpoints not signed", error=str(error))

    def _read_ticks(self) -> list[tuple[str, str]]:
        with self._store.session() as session:
            return rows.due(session.connection(), rows.BATCH)

    def _read_news(self, watched: dict[str, int]) -> list[tuple[State, list[Entry]]]:
        found = []
        with self._store.session() as session:
            connection = session.connection()
            for name, row in rows.read_rows(connection, list(watched)).items():
                after = watched[name]
                if row.seq > after:
                    late = max(after, row.seq - rows.BATCH) if row.seq - after > rows.BATCH else after
                    entries = list(rows.entries(connection, row, late))
                    found.append((self.keeper.recent(connection, row).state, entries))
        return found
