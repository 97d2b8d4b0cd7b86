"""How is a command answered for good? One writer of a database drains a queue: many commands, one transaction, one fsync.

Within the transaction the rows of the sessions are locked, states that lag are folded on, every order is decided, and its entry
added; each caller gets its answer after the commit and never before. What was answered before under the same key is answered the
same again. When a commit fails in a way that leaves its outcome open, the log itself is asked.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from api.sessions import rows
from api.sessions.keeper import Hot, Keeper
from api.sessions.timers import next_tick
from api.store.engine import Store, StoreError
from auction_engine.commands import Order
from auction_engine.log import BrokenLogError, Entry
from auction_engine.session import KeyReusedError, advance, recordable
from auction_engine.state import State

_log = structlog.get_logger(__name__)
MOST_AT_ONCE: Final = 1000
"""Commands that share one commit at most."""
MOST_WAITING: Final = 20_000
"""Commands that wait at most; more are turned away at once, so that the wait of the others has an end."""


class NoSessionError(LookupError):
    """There is no session of this name."""


class NameTakenError(ValueError):
    """There is a session of this name already."""


class BusyError(Exception):
    """Too many commands wait."""


class NotDecidedError(ValueError):
    """The engine could not take the order; nothing was written, the session goes on."""


class UnknownOutcomeError(Exception):
    """The database failed at the commit and cannot be asked whether it happened."""


@dataclass(slots=True, kw_only=True)
class Asked:
    """An order on its way: when it arrived, whether it begins a session, who waits for its entry."""

    order: Order
    at: str
    creates: bool
    answer: asyncio.Future[Entry | None]


Outcome = Entry | None | Exception
Published = Callable[[State, Sequence[Entry]], None]
"""Told of every session that went on, in the order of its log, after the commit."""


@dataclass(slots=True)
class _Work:
    """What a batch does to one session."""

    hot: Hot
    state: State
    head: str
    added: list[Entry]
    answered: dict[tuple[str, str], Entry]


class Writer:
    """Answers orders; ``start`` and ``stop`` within the event loop that gives them."""

    def __init__(self, store: Store, keeper: Keeper, published: Published) -> None:
        self._store: Final = store
        self._keeper: Final = keeper
        self._published: Final = published
        self._waiting: Final[deque[Asked]] = deque()
        self._thread: Final = ThreadPoolExecutor(1, thread_name_prefix="auction-writer")
        self._some: Final = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to answer."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="auction-writer")

    async def stop(self) -> None:
        """Answer what waits, then end."""
        self._closing = True
        self._some.set()
        if self._task is not None:
            await self._task
        self._thread.shutdown()

    async def submit(self, order: Order, at: str, *, creates: bool = False) -> Entry | None:
        """The durable entry of an order, ``None`` for a timer with nothing to do.

        Raises :class:`NoSessionError`, :class:`NameTakenError`, ``KeyReusedError``, :class:`NotDecidedError`, :class:`BusyError`,
        ``StoreError`` where nothing was written, :class:`UnknownOutcomeError` where only the same key sent again can tell.
        """
        if self._closing or len(self._waiting) >= MOST_WAITING:
            raise BusyError
        asked = Asked(
            order=recordable(order), at=at, creates=creates, answer=asyncio.get_running_loop().create_future()
        )
        self._waiting.append(asked)
        self._some.set()
        return await asked.answer

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting or not self._closing:
            if not self._waiting:
                self._some.clear()
                await self._some.wait()
                continue
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
            outcomes, moved = await loop.run_in_executor(self._thread, self._answered, batch)
            for asked, outcome in zip(batch, outcomes, strict=True):
                if asked.answer.done():  # its caller went away; the entry stands
                    continue
                if isinstance(outcome, Exception):
                    asked.answer.set_exception(outcome)
                else:
                    asked.answer.set_result(outcome)
            for work in moved:
                self._published(work.state, work.added)

    def _answered(self, batch: Sequence[Asked]) -> tuple[list[Outcome], list[_Work]]:
        """Outcomes of a batch, durable. Everything that fails is an outcome: the writer goes on."""
        try:
            return self._written(batch)
        except Exception as error:
            if not isinstance(error, StoreError | UnknownOutcomeError):
                _log.exception("auction batch failed", commands=len(batch))
                error = StoreError(
                    message_vi="Không ghi được lệnh vào nhật ký.", message_en="The command could not be written."
                )
            for name in {asked.order.session for asked in batch}:
                self._keeper.forget(name)
            return [error] * len(batch), []

    def _written(self, batch: Sequence[Asked]) -> tuple[list[Outcome], list[_Work]]:
        works: dict[str, _Work] = {}
        outcomes: list[Outcome] = []
        decided = False
        try:
            with self._store.write() as session:
                connection = session.connection()
                works = self._opened(connection, batch)
                outcomes = [self._decided(works.get(asked.order.session), asked) for asked in batch]
                moved = [work for work in works.values() if work.added]
                if moved:
                    rows.append(connection, ((work.hot.id, entry) for work in moved for entry in work.added))
                for work in moved:
                    rows.move(connection, work.hot.id, work.state.seq, work.head, next_tick(work.state))
                decided = True
        except (StoreError, SQLAlchemyError):
            if not decided or not any(work.added for work in works.values()) or not self._happened(works):
                raise
        moved = [work for work in works.values() if work.added]
        for work in moved:
            self._keeper.keep(Hot(id=work.hot.id, state=work.state, head=work.head))
        return outcomes, moved

    def _opened(self, connection: Connection, batch: Sequence[Asked]) -> dict[str, _Work]:
        """The sessions of a batch, locked, brought up to date, with the keys they answered before."""
        for asked in batch:
            if asked.creates and rows.create_row(connection, asked.order.session, asked.at):
                asked.creates = False
        found = rows.lock_rows(connection, {asked.order.session for asked in batch})
        works = {}
        for name, row in found.items():
            hot = self._keeper.current(connection, row)
            works[name] = _Work(hot=hot, state=hot.state, head=hot.head, added=[], answered={})
        keyed = sorted((asked.order.session, asked.order.key) for asked in batch if asked.order.key)
        for name, several in groupby(keyed, key=lambda one: one[0]):
            if name in works:
                lines = rows.known(connection, works[name].hot.id, [key for _, key in several])
                for own, line in lines.items():
                    works[name].answered[own] = _answer_of(connection, works[name].hot.id, line)
        return works

    def _decided(self, work: _Work | None, asked: Asked) -> Outcome:
        order = asked.order
        if work is None:
            return NoSessionError(order.session)
        own = (order.by, order.key)
        if order.key and own in work.answered:
            before = work.answered[own]
            return before if before.order == order else KeyReusedError(order.key)
        if asked.creates:
            return NameTakenError(order.session)
        try:
            state, entry = advance(work.state, order, max(asked.at, work.state.at), work.head)
        except Exception as error:
            _log.exception("auction order failed", session=order.session, command=type(order.command).__name__)
            return NotDecidedError(str(error))
        if entry is None:
            return None
        work.state, work.head = state, entry.hash
        work.added.append(entry)
        if order.key:
            work.answered[own] = entry
        return entry

    def _happened(self, works: dict[str, _Work]) -> bool:
        """Whether a commit that failed was a commit all the same: under the rows' locks, so that one still on its way is waited for."""
        work = next(work for work in works.values() if work.added)
        last = work.added[-1]
        try:
            with self._store.write() as session:
                rows.lock_rows(session.connection(), [work.state.session])
                return rows.hash_at(session.connection(), work.hot.id, last.seq) == last.hash
        except (StoreError, SQLAlchemyError) as error:
            raise UnknownOutcomeError from error


def _answer_of(connection: Connection, session_id: int, line: rows.Line) -> Entry:
    prev = rows.hash_at(connection, session_id, line.seq - 1)
    if not prev:
        raise BrokenLogError(f"the entry before {line.seq} is missing")
    return rows.read_line(line, prev)
