"""Does the stored log lose nothing, on both databases: gap-free, chained, answered once, the same after a restart?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.sessions.timers import next_tick
from api.sessions.writer import NameTakenError, NoSessionError
from api.store.engine import Store
from auction_engine.commands import Order
from auction_engine.commands_session import Bid, Pause
from auction_engine.events_outcome import Refused
from auction_engine.log import ORIGIN
from auction_engine.session import KeyReusedError, Session
from auction_engine.values import Mode, Role, Stage
from auction_engine.verify import Verified, verify, verify_chain
from rules.lawbook import law_book
from tests.session_desk import Desk, desk, rehearse


@pytest.fixture
def opened(store: Store, tmp_path: Path) -> Iterator[Desk]:
    with desk(store, tmp_path) as running:
        yield running


def bid_order(bidder: str, amount: str, key: str = "", session: str = "dien-tap") -> Order:
    return Order(session=session, role=Role.BIDDER, by=bidder, command=Bid(bidder=bidder, amount=amount), key=key)


def together(opened: Desk, orders: list[Order]) -> list[object]:
    """Give orders all at once, from many callers."""

    async def give() -> list[object]:
        return list(await asyncio.gather(*(opened.sessions.submit(one) for one in orders), return_exceptions=True))

    return opened.loop.run(give())


def test_a_whole_auction_is_stored_as_the_engine_decides_it(opened: Desk) -> None:
    stored = rehearse(opened)
    pure = rehearse(Session("dien-tap", law_book()))
    for one in (stored, pure):
        one.open()
        one.bid("A", "5.5")
        one.bid("B", "5.5")
        one.bid("B", "400")
        one.close_window()
        one.declare()
        one.sign()
        one.approve()
    assert [entry.line() for entry in pure.session.entries] == opened.log()
    assert opened.state == pure.session.state
    assert opened.state.stage is Stage.APPROVED
    found = verify(opened.sessions.notary.bundle("dien-tap").splitlines(keepends=True), law_book())
    assert isinstance(found, Verified), found


def test_a_restart_goes_on_where_it_stood(store: Store, tmp_path: Path) -> None:
    with desk(store, tmp_path) as first:
        rehearsal = rehearse(first)
        rehearsal.open()
        rehearsal.bid("A", "5.5")
        state = first.state
    with desk(store, tmp_path, rehearsal.now) as second:
        rehearsal.session = second
        second.name = "dien-tap"
        assert second.state == state
        rehearsal.bid("B", "6")
        assert verify_chain(second.log()) == state.seq + 1


def test_fifty_equal_bids_are_one_bid_and_the_log_says_whose(opened: Desk) -> None:
    names = tuple(f"N{number}" for number in range(50))
    rehearsal = rehearse(opened, bidders=names)
    rehearsal.open()
    before = opened.state.seq
    entries = together(opened, [bid_order(name, "5.5") for name in names])
    accepted = [one for one in entries if not isinstance(one.events[0], Refused)]
    assert len(accepted) == 1
    assert sorted(one.seq for one in entries) == list(range(before + 1, before + 51))
    assert accepted[0].seq == before + 1
    assert opened.state.live.leaders == (accepted[0].order.by,)
    assert {one.events[0].code for one in entries if one is not accepted[0]} == {"not_higher"}
    assert verify_chain(opened.log()) == before + 50


def test_a_key_has_one_effect_however_often_it_is_sent(store: Store, opened: Desk, tmp_path: Path) -> None:
    rehearsal = rehearse(opened)
    rehearsal.open()
    before = opened.state.seq
    first = bid_order("A", "5.5", "k1")
    entries = together(opened, [first] * 20)
    assert {one.line() for one in entries} == {entries[0].line()}
    assert opened.state.seq == before + 1
    assert together(opened, [first])[0].line() == entries[0].line()
    other, foreign, again = together(
        opened, [bid_order("A", "6", "k1"), bid_order("B", "6", "k1"), replace(first, expected=before)]
    )
    assert isinstance(other, KeyReusedError)
    assert isinstance(again, KeyReusedError)
    assert foreign.order.by == "B", "a key belongs to its sender"
    with desk(store, tmp_path, rehearsal.now) as second:
        assert together(second, [first])[0].line() == entries[0].line()
        assert isinstance(together(second, [bid_order("A", "7", "k1")])[0], KeyReusedError)


def test_two_services_share_one_log(store: Store, opened: Desk, tmp_path: Path) -> None:
    """Two writers on one database, as two workers have them: neither loses, neither doubles."""
    rehearsal = rehearse(opened)
    rehearsal.open()
    before = opened.state.seq
    with desk(store, tmp_path, rehearsal.now) as other:

        async def give(one: Desk, keys: range) -> None:
            for key in keys:
                await one.sessions.submit(bid_order("ABC"[key % 3], "5.5", f"k{key}"))

        running = [
            asyncio.run_coroutine_threadsafe(give(one, keys), one.loop.loop)
            for one, keys in ((opened, range(60)), (other, range(30, 90)))
        ]
        for one in running:
            one.result(60)
        assert opened.state == other.sessions.read_state("dien-tap")
    assert opened.state.seq == before + 90
    assert verify_chain(opened.log()) == before + 90


def test_many_sessions_in_one_commit_stay_apart(opened: Desk) -> None:
    rehearsals = [rehearse(opened, session=f"s{number}") for number in range(5)]
    for one in rehearsals:
        one.open()
    orders = [
        bid_order("ABC"[step % 3], str(5 + step), session=f"s{number}") for step in range(1, 9) for number in range(5)
    ]
    entries = together(opened, orders)
    for number in range(5):
        own = [one for one in entries if one.order.session == f"s{number}"]
        assert [one.seq for one in own] == list(range(own[0].seq, own[0].seq + 8))
        assert opened.sessions.read_state(f"s{number}").live.best == 16
        assert verify_chain(opened.log(f"s{number}")) == own[-1].seq


def test_nothing_goes_to_a_session_that_is_not_there(opened: Desk) -> None:
    assert isinstance(together(opened, [bid_order("A", "5")])[0], NoSessionError)
    with pytest.raises(NoSessionError):
        opened.sessions.read_state("dien-tap")
    rehearse(opened).plan()
    with pytest.raises(NameTakenError):
        rehearse(opened).plan()


@pytest.mark.parametrize("table", ["auction_entry", "auction_checkpoint"])
@pytest.mark.parametrize("change", ["UPDATE {} SET body = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_a_log(store: Store, opened: Desk, table: str, change: str) -> None:
    rehearse(opened).plan()
    opened.sessions.notary.sign("dien-tap")

    def tamper() -> None:
        with store.write() as session:
            session.connection().execute(text(change.format(table)))

    with pytest.raises(IntegrityError, match="append-only"):
        tamper()
    assert verify_chain(opened.log()) == 3


def test_timers_follow_from_the_state_and_fire(opened: Desk) -> None:
    rehearsal = rehearse(opened)
    rehearsal.open()
    rehearsal.bid("A", "5.5")
    ends_at = opened.state.live.ends_at
    assert next_tick(opened.state) == ends_at
    opened.clock.now = ends_at
    for _ in range(100):
        opened.loop.run(asyncio.sleep(0.02))
        if next_tick(opened.state) is None:
            break
    entry = opened.sessions.read_entry("dien-tap", opened.state.seq)
    assert entry.order.by == "system"
    assert entry.at == ends_at
    assert [type(one).__name__ for one in entry.events] == ["BiddingClosed"]


def test_a_timer_survives_a_restart_and_a_late_one_pauses(store: Store, tmp_path: Path) -> None:
    with desk(store, tmp_path) as first:
        rehearsal = rehearse(first)
        rehearsal.open()
        rehearsal.bid("A", "5.5")
        ends_at = first.state.live.ends_at
    with desk(store, tmp_path, rehearsal.at(rehearsal.script.opens_on, 12)) as second:
        second.name = "dien-tap"
        assert second.clock.now > ends_at
        for _ in range(100):
            second.loop.run(asyncio.sleep(0.02))
            if second.state.live.paused_at:
                break
        assert second.state.live.paused_at == second.clock.now


def test_receipts_prove_an_entry(opened: Desk) -> None:
    from auction_engine.checkpoints import check_receipt, public_key

    rehearse(opened).open()
    key = public_key(opened.sessions.notary.public_key())
    for seq in (1, 7, opened.state.seq):
        receipt = opened.sessions.notary.receipt("dien-tap", seq)
        assert check_receipt(receipt, key)
        assert receipt.hash == opened.sessions.read_entry("dien-tap", seq).hash
        assert not check_receipt(replace(receipt, hash=ORIGIN), key)
    with pytest.raises(LookupError):
        opened.sessions.notary.receipt("dien-tap", opened.state.seq + 1)


def test_an_oral_session_and_its_pause(opened: Desk) -> None:
    rehearsal = rehearse(opened, mode=Mode.ORAL)
    rehearsal.open()
    rehearsal.bid("A", "5.5")
    rehearsal.must(Pause(reason="kiểm tra"), Role.CHAIR)
    assert next_tick(opened.state) is None
