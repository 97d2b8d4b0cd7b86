"""What does an auction session cost without its store? Deciding a bid, writing its entry, checking the chain, the full second decision."""

from dataclasses import dataclass
from datetime import date
from time import perf_counter

from auction_engine.commands import Order
from auction_engine.commands_session import Bid
from auction_engine.log import ORIGIN, read_entry
from auction_engine.rehearsal import Rehearsal
from auction_engine.rehearsal_script import Script
from auction_engine.session import redecide
from auction_engine.state import new_state
from auction_engine.values import Role
from auction_engine.verify import verify_chain
from rules.lawbook import law_book

BIDDERS = 200
BIDS = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCost:
    """Per second on one core: bids answered with their entries, entries whose chain was checked, entries decided again."""

    answered: float
    chained: float
    redecided: float


def measure_sessions(bids: int = BIDS) -> SessionCost:
    """One online session of many bidders, every bid one step above the last."""
    names = tuple(f"N{place}" for place in range(BIDDERS))
    hall = Rehearsal(Script(opens_on=date(2026, 11, 18), bidders=names, longest_extensions=0), law_book())
    hall.open()
    session, grid = hall.session, hall.session.state.grid
    assert grid is not None
    orders = [
        Order(
            session=session.state.session,
            role=Role.BIDDER,
            by=names[place % BIDDERS],
            command=Bid(bidder=names[place % BIDDERS], amount=grid.amount(place + 1)),
        )
        for place in range(bids)
    ]
    started = perf_counter()
    for order in orders:
        session.submit(order, hall.now)
    answered = bids / (perf_counter() - started)
    assert session.state.live.best == bids
    lines = [entry.line() for entry in session.entries]
    started = perf_counter()
    chained = verify_chain(lines) / (perf_counter() - started)
    started = perf_counter()
    state, prev = new_state(session.state.session, law_book()), ORIGIN
    for line in lines:
        entry = read_entry(line, prev)
        state, prev = redecide(state, entry), entry.hash
    redecided = len(lines) / (perf_counter() - started)
    assert state == session.state
    return SessionCost(answered=answered, chained=chained, redecided=redecided)
