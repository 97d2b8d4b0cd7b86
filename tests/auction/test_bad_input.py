"""What no session takes: refused with article and reason in both languages, in the log, without touching the state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from halls import codes, hall, opened
from hypothesis import given
from hypothesis import strategies as st

from auction_engine import commands_session as live
from auction_engine.commands import Order
from auction_engine.events_outcome import Refused
from auction_engine.grid import Amount, Unit
from auction_engine.minutes import session_minutes
from auction_engine.rehearsal import Rehearsal
from auction_engine.session import KeyReusedError
from auction_engine.testing import check_all, odd_amounts
from auction_engine.values import Mode, Role, Stage


def refused(found: Rehearsal, code: str) -> Refused:
    """The last entry is this refusal, cited and explained, and nothing else moved."""
    entry = found.session.entries[-1]
    (event,) = entry.events
    assert isinstance(event, Refused)
    assert event.code == code
    assert event.articles[0]
    assert event.reason_vi != event.reason_en
    check_all(found.session)
    return event


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("5.25", "off_grid"),
        ("5.500000000000000000001", "off_grid"),
        ("4.5", "below_start"),
        ("0", "below_start"),
        ("6", "not_higher"),
        ("5.5", "not_higher"),
        ("9" * 400, "unreadable_amount"),
        ("-6", "unreadable_amount"),
        ("6,5", "unreadable_amount"),
        ("1e3", "unreadable_amount"),
        ("٧", "unreadable_amount"),
        ("", "unreadable_amount"),
        ("07", "unreadable_amount"),
        ("7.", "unreadable_amount"),
        (7, "wrong_unit"),
        (10**400, "unreadable_amount"),
        (-(10**400), "unreadable_amount"),
    ],
)
def test_amounts_off_the_grid(amount: Amount, code: str) -> None:
    found = opened()
    found.bid("A", "6")
    before = session_minutes(found.session.state)
    assert codes(found.bid("B", amount)) == [code]
    refused(found, code)
    assert session_minutes(found.session.state) == before


@pytest.mark.parametrize(
    ("amount", "code"), [("7206468750", "wrong_unit"), (7_206_468_751, "off_grid"), (1, "below_start")]
)
def test_amounts_of_an_old_file_are_dong(amount: Amount, code: str) -> None:
    found = opened(
        opens_on=hall().script.opens_on.replace(year=2021),
        unit=Unit.MONEY,
        start=7_206_468_750,
        step=72_000_000,
        deposit_vnd=159_000_000,
    )
    assert codes(found.bid("A", amount)) == [code]
    assert codes(found.bid("A", 7_206_468_750 + 72_000_000)) == []


def test_equal_bids_the_first_in_the_log_stands() -> None:
    found = opened()
    assert codes(found.bid("A", "7")) == []
    assert codes(found.bid("B", "7")) == ["not_higher"]
    assert found.session.state.live.leaders == ("A",)


def test_before_open_and_after_close() -> None:
    found = hall()
    found.ready()
    assert codes(found.bid("A", "6")) == ["not_open"]
    found.now = found.opens_at
    found.must(live.OpenSession(), Role.CHAIR, second="clerk")
    found.bid("A", "6")
    found.now = found.session.state.live.ends_at
    assert codes(found.bid("B", "7")) == ["closed"]  # the timer has not fired yet: the hour decides
    found.close_window()
    assert codes(found.bid("B", "7")) == ["closed"]
    found.declare()
    assert codes(found.bid("B", "7")) == ["closed"]
    refused(found, "closed")


def test_barred_undeposited_absent_and_unknown_bidders() -> None:
    found = hall(bidders=("A", "B", "C", "D", "E"))
    found.plan()
    found.post()
    for bidder in "ABDE":
        found.register(bidder)
    found.register("C", replace(found.screening(), ban="QĐ 12/QĐ-UBND"))
    found.publish_list()
    for bidder in "ABE":
        found.pay(bidder)
    found.pay("D", found.script.deposit_vnd - 1)
    found.now = found.at(found.script.opens_on, 8)
    for bidder in "AB":
        found.check_in(bidder)
    found.now = found.opens_at
    found.must(live.OpenSession(), Role.CHAIR, second="clerk")
    for bidder, code in (("C", "not_selected"), ("D", "undeposited"), ("E", "not_present"), ("Z", "unknown_bidder")):
        assert codes(found.bid(bidder, "6")) == [code]
        refused(found, code)


def test_orders_for_another_session_in_a_foreign_name_or_role() -> None:
    found = opened()
    bid = live.Bid(bidder="A", amount="6")
    for order, code in (
        (Order(session="khac", role=Role.BIDDER, by="A", command=bid), "wrong_session"),
        (Order(session="dien-tap", role=Role.BIDDER, by="B", command=bid), "not_own_name"),
        (Order(session="dien-tap", role=Role.AUCTIONEER, by="auctioneer", command=bid), "not_your_role"),
        (Order(session="dien-tap", role=Role.BIDDER, by="A", command=bid, expected=3), "stale_sequence"),
        (Order(session="dien-tap", role=Role.BIDDER, by="A", command=live.DeclareWinner()), "not_your_role"),
        (Order(session="dien-tap", role=Role.CHAIR, by="x", command=live.DeclareWinner(), second="x"), "second_needed"),
    ):
        entry = found.session.submit(order, found.now)
        assert codes(entry) == [code]
        refused(found, code)


def test_out_of_turn_in_an_extra_round() -> None:
    found = opened(mode=Mode.INDIRECT_BALLOT)
    found.ballots({"A": "7", "B": "7", "C": "6"})
    assert found.session.state.live.among == ("A", "B")
    found.must(live.CloseRound(round=2), Role.AUCTIONEER)
    entry = found.give(live.RecordBallot(bidder="C", round=2, amount="8"), Role.CLERK)
    assert codes(entry) == ["out_of_turn"]


def test_oral_bids_are_the_auctioneers_and_paused_sessions_take_none() -> None:
    found = opened(mode=Mode.ORAL)
    entry = found.give(live.Bid(bidder="A", amount="6"), Role.BIDDER, "A")
    assert codes(entry) == ["not_your_role"]
    found.must(live.Pause(reason="nghỉ"), Role.CHAIR)
    assert codes(found.bid("A", "6")) == ["paused"]
    found.must(live.Resume(reason="tiếp tục"), Role.CHAIR)
    assert codes(found.bid("A", "6")) == []


def test_keys_answer_once() -> None:
    found = opened()
    first = found.give(live.Bid(bidder="A", amount="6"), Role.BIDDER, "A", key="k1")
    size = len(found.session.entries)
    assert found.give(live.Bid(bidder="A", amount="6"), Role.BIDDER, "A", key="k1") is first
    assert len(found.session.entries) == size
    with pytest.raises(KeyReusedError):
        found.give(live.Bid(bidder="A", amount="7"), Role.BIDDER, "A", key="k1")


def test_the_clock_never_runs_back() -> None:
    found = opened()
    found.wait(30)
    found.bid("A", "6")
    at = found.now
    found.wait(-20)
    entry = found.bid("B", "7")
    assert entry.at == at
    with pytest.raises(ValueError):
        found.session.submit(entry.order, "2026-11-18 09:00")


@given(amounts=st.lists(odd_amounts(), max_size=20))
def test_odd_amounts_never_move_a_session(amounts: list[Amount]) -> None:
    found = opened()
    for amount in amounts:
        entry = found.bid("A", amount)
        grid = found.session.state.grid
        assert grid is not None
        assert codes(entry) or isinstance(grid.steps(amount), int)
    assert found.session.state.stage is Stage.OPEN
    check_all(found.session)
