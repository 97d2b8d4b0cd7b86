"""Whatever an order holds, whenever it comes: events or a cited refusal, never an exception, and the log still proves itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest
from halls import hall, opened
from hypothesis import given, settings
from hypothesis import strategies as st

from auction_engine import commands_before as before
from auction_engine import commands_session as live
from auction_engine.canonical import Codec, canonical
from auction_engine.commands import Command, Order
from auction_engine.events import Event
from auction_engine.log import COMMANDS, EVENTS
from auction_engine.refusing import REASONS, rule
from auction_engine.rehearsal import Rehearsal
from auction_engine.roles import ALLOWED
from auction_engine.simulation_clients import ODD
from auction_engine.testing import check_all, grids
from auction_engine.values import Ballots, Mode, Role
from rules.lawbook import law_book

SOME_INTS = st.one_of(st.sampled_from((0, 1, 2, 30, 477_000_000)), st.integers(-(2**60), 2**60))
NAMES = st.sampled_from(("A", "B", "C", "Z", ""))
DAYS = st.sampled_from(("2026-11-18", "2026-11-19", "2026-10-20", "9999-12-31", "0001-01-01", "hôm nay", ""))
HEX = st.sampled_from(("ab" * 32, "x", ""))
AMOUNTS = st.one_of(st.sampled_from(("5", "5.5", "9", *ODD)), st.integers(-5, 2**60))


def value(name: str, hint: Any) -> st.SearchStrategy[Any]:
    if name == "bidder":
        return NAMES
    if name == "amount" or name in ("start", "step"):
        return AMOUNTS
    if name.endswith("_on") or name in ("until", "dossiers_until", "deposit_until", "dossiers_from", "deposit_from"):
        return DAYS
    if name in ("seal", "nonce", "lot_share", "digest", "secret", "lot_commitment"):
        return HEX
    if name == "opens_at":
        moments = ("2026-12-30T02:00:00.000000Z", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00.000000Z", "x")
        return st.sampled_from(moments)
    if hint is int:
        return SOME_INTS
    if hint is str:
        return st.text(max_size=8)
    if hint is before.Screening:
        return built(before.Screening)
    return st.from_type(hint)


def built(kind: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: value(field.name, hints[field.name]) for field in fields(kind)})


KINDS = get_args(Command)
ANY = st.one_of(*(built(kind) for kind in KINDS))


def orders(command: st.SearchStrategy[Any]) -> st.SearchStrategy[Order]:
    def ordered(draw: tuple[Any, bool, Role, str, bool]) -> Order:
        found, honest, role, by, seconded = draw
        if honest:
            role = sorted(ALLOWED[type(found)])[0]
            by = getattr(found, "bidder", role.value)
        return Order(session="dien-tap", role=role, by=by, command=found, second="thu-ky" if seconded else "")

    return st.tuples(command, st.booleans() | st.just(True), st.sampled_from(Role), NAMES, st.booleans()).map(ordered)


def planned() -> Rehearsal:
    found = hall()
    found.plan()
    return found


def listed() -> Rehearsal:
    found = hall(mode=Mode.ORAL)
    found.ready()
    return found


def declared() -> Rehearsal:
    found = opened()
    found.bid("A", "9")
    found.close_window()
    found.declare()
    return found


def approved() -> Rehearsal:
    found = declared()
    found.sign()
    found.approve()
    return found


def balloting() -> Rehearsal:
    return opened(mode=Mode.DIRECT_BALLOT, ballots=Ballots.SEALED)


STARTS = (hall, planned, listed, opened, balloting, declared, approved)


@settings(max_examples=200)
@given(
    start=st.sampled_from(STARTS),
    given_orders=st.lists(orders(ANY), min_size=1, max_size=12),
    wait=st.integers(0, 2000),
)
def test_any_order_is_answered(start: Callable[[], Rehearsal], given_orders: list[Order], wait: int) -> None:
    found = start()
    for order in given_orders:
        found.wait(wait)
        found.session.submit(order, found.now)
    check_all(found.session)


@pytest.mark.parametrize(("codec", "union"), [(COMMANDS, Command), (EVENTS, Event)])
def test_every_command_and_event_reads_back(codec: Codec, union: Any) -> None:
    for kind in get_args(union):

        @settings(max_examples=20)
        @given(one=built(kind))
        def reads_back(one: Any) -> None:
            import orjson

            try:
                text = canonical(codec.write(one))
            except TypeError:
                return  # an amount too large to be written is cut before it comes here
            assert codec.read(orjson.loads(text)) == one

        reads_back()


def test_every_refusal_has_its_rule_and_every_command_its_roles() -> None:
    book = law_book()
    for code, reason in REASONS.items():
        assert any(name == rule(reason.rule) for name, _ in book.series), code
        assert reason.vi
        assert reason.en
    assert set(ALLOWED) == set(KINDS)


@given(grid=grids(), steps=st.integers(0, 10**9))
def test_the_grid_is_exact(grid: Any, steps: int) -> None:
    amount = grid.amount(steps)
    assert grid.steps(amount) == steps
    low, high = grid.around(amount)
    assert (low, high) == (amount, grid.amount(steps + 1))


def test_bids_of_a_fast_session_are_answered_in_order() -> None:
    found = opened(longest_extensions=0)
    grid = found.session.state.grid
    assert grid is not None
    for steps in range(1, 2001):
        assert not found.bid("ABC"[steps % 3], grid.amount(steps)).events[1:]
    assert found.session.state.live.best == 2000
    assert isinstance(found.session.entries[-1].order.command, live.Bid)
    check_all(found.session)
