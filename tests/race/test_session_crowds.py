"""Many at once: the same bid from two hundred, the same command ten times, a database that fails at every write."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from api.sessions.writer import UnknownOutcomeError
from api.store.engine import Store, StoreError
from auction_engine.commands import Order
from auction_engine.commands_session import Bid
from auction_engine.events_outcome import Refused
from auction_engine.log import Entry
from auction_engine.values import Role
from auction_engine.verify import verify_chain
from tests.gates import rounds
from tests.session_desk import Desk, desk, rehearse


def order(bidder: str, amount: str, key: str = "") -> Order:
    return Order(session="dien-tap", role=Role.BIDDER, by=bidder, command=Bid(bidder=bidder, amount=amount), key=key)


def together(opened: Desk, orders: list[Order]) -> list[Entry | Exception]:
    async def give() -> list[Entry | Exception]:
        asked = (opened.sessions.submit(one) for one in orders)
        return list(await asyncio.gather(*asked, return_exceptions=True))  # type: ignore[arg-type]

    return opened.loop.run(give())


@pytest.mark.gate
def test_of_many_equal_bids_one_stands(store: Store, tmp_path: Path, full_gates: bool) -> None:
    names = tuple(f"N{number:03}" for number in range(200 if full_gates else 50))
    dice = random.Random(11)
    with desk(store, tmp_path) as opened:
        rehearsal = rehearse(opened, bidders=names)
        rehearsal.open()
        seq = opened.state.seq
        for number in rounds(f"equal-bids-{store.engine.dialect.name}", 10_000 if full_gates else 10):
            senders = dice.sample(names, len(names))
            entries = together(opened, [order(name, str(6 + number)) for name in senders])
            stood = [one for one in entries if isinstance(one, Entry) and not isinstance(one.events[0], Refused)]
            assert [one.seq for one in stood] == [seq + 1]
            assert [one.seq for one in entries if isinstance(one, Entry)] == list(range(seq + 1, seq + 1 + len(names)))
            assert [one.order.by for one in entries if isinstance(one, Entry)] == senders, "order of the log"
            seq += len(names)
        assert verify_chain(opened.log()) == seq


@pytest.mark.gate
def test_a_command_sent_many_times_has_one_effect(store: Store, tmp_path: Path, full_gates: bool) -> None:
    """Each command one to ten times, at once, before and after the service is ended in the middle of its work."""
    dice, batch = random.Random(13), 500
    with desk(store, tmp_path) as opened:
        rehearsal = rehearse(opened)
        rehearsal.open()
        seq = opened.state.seq
    for number in rounds(f"keys-{store.engine.dialect.name}", 200 if full_gates else 2):
        orders = [order("ABC"[one % 3], str(6 + one), f"{number}-{one}") for one in range(batch)]
        sent = [one for one in orders for _ in range(dice.randint(1, 10))]
        dice.shuffle(sent)
        answers: dict[str, set[bytes]] = {}
        for part in (sent[: len(sent) // 2], sent[len(sent) // 3 :]):
            with desk(store, tmp_path, rehearsal.now) as opened:
                for one in together(opened, part):
                    assert isinstance(one, Entry), one
                    answers.setdefault(one.order.key, set()).add(one.line())
        assert len(answers) == batch
        assert all(len(lines) == 1 for lines in answers.values())
        seq += batch
    with desk(store, tmp_path, rehearsal.now) as opened:
        assert opened.sessions.read_state("dien-tap").seq == seq
        assert verify_chain(opened.log("dien-tap")) == seq


class Failing:
    """A database whose ``at``-th statement fails, or whose commit does: ``lost`` before it happened, ``cut`` after."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.at: int | str = 0
        self.seen = 0
        self.failed = False
        for name, react in (("before_cursor_execute", self._statement), ("commit", self._commit)):
            event.listen(store.engine, name, react)

    @contextmanager
    def failing(self, at: int | str) -> Iterator[None]:
        self.at, self.seen, self.failed = at, 0, False
        try:
            yield
        finally:
            self.at = 0

    def _statement(self, *_: object) -> None:
        self.seen += 1
        if self.at == self.seen:
            self.failed = True
            raise OperationalError("", {}, Exception("database or disk is full"))

    def _commit(self, connection: object) -> None:
        if self.at not in ("lost", "cut") or self.failed or self.seen < 4:
            return
        self.failed = True
        if self.at == "cut":
            connection.connection.dbapi_connection.commit()  # type: ignore[attr-defined]
        raise OperationalError("", {}, Exception("connection is cut"))


def test_a_database_that_fails_gives_an_error_or_a_durable_answer_never_both(store: Store, tmp_path: Path) -> None:
    with desk(store, tmp_path) as opened:
        rehearsal = rehearse(opened)
        rehearsal.open()
        database = Failing(store)
        outcomes = Counter[str]()
        for number, at in enumerate([*range(1, 9), "lost", "cut"] * 3):
            before = opened.state.seq
            asked = [order(name, str(6 + number), f"{number}-{name}") for name in "ABC"]
            with database.failing(at):
                answers = together(opened, asked)
            log = opened.log()
            assert verify_chain(log) == opened.sessions.read_state("dien-tap").seq
            new = set(log[before:])
            for one in answers:
                assert isinstance(one, Entry | StoreError | UnknownOutcomeError), one
            durable = {one.line() for one in answers if isinstance(one, Entry)}
            assert durable <= new, "answered, and not there"
            if not any(isinstance(one, UnknownOutcomeError) for one in answers):
                assert durable == new, "there, and answered with an error"
            if at == "cut" and database.failed:
                assert len(durable) == 3, "the commit happened: the log was asked"
            outcomes.update(type(one).__name__ for one in answers)
            again = together(opened, asked)
            assert all(isinstance(one, Entry) for one in again)
            assert opened.state.seq == before + 3
        assert outcomes["Entry"]
        assert outcomes["StoreError"]
