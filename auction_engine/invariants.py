"""What holds for every session, whatever happens? Each check takes a session and raises :class:`BrokenInvariantError`.

Used by the simulation, by the gates and, through :mod:`auction_engine.testing`, by anyone's own tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from auction_engine import events_after as after
from auction_engine import events_before as before
from auction_engine import events_outcome as outcome
from auction_engine import events_session as live
from auction_engine.events import Event
from auction_engine.log import ORIGIN, read_entry
from auction_engine.minutes import statement
from auction_engine.session import Session, redecide, replay
from auction_engine.state import new_state
from auction_engine.values import Forfeit, Mode, Stage


class BrokenInvariantError(AssertionError):
    """What every session promises does not hold."""


def _hold(condition: bool, what: str) -> None:
    if not condition:
        raise BrokenInvariantError(what)


def _events(session: Session) -> list[Event]:
    return [event for entry in session.entries for event in entry.events]


def check_chain(session: Session) -> None:
    """Sequence without a gap, time never back, each line canonical and chained to the one before (decision: a session is its log)."""
    prev, at = ORIGIN, ""
    for place, entry in enumerate(session.entries, start=1):
        read = read_entry(entry.line(), prev)
        _hold(read == entry, f"entry {place} does not read back")
        _hold(entry.seq == place, f"entry {entry.seq} stands at {place}")
        _hold(entry.at >= at, f"time runs back at entry {place}")
        prev, at = entry.hash, entry.at


def check_replay(session: Session) -> None:
    """Folding the events gives the live state; deciding every order again gives the same events."""
    state = session.state
    folded = replay(state.book, state.session, session.entries)
    _hold(folded == state and statement(folded) == statement(state), "replay differs from the live state")
    again = new_state(state.session, state.book)
    for entry in session.entries:
        again = redecide(again, entry)
    _hold(again == state, "a second decision differs from the live state")


def check_money(session: Session) -> None:
    """Every đồng that came in is held, due back, paid back or forfeited; nobody's money goes two ways."""
    came: dict[str, int] = {}
    for event in _events(session):
        if isinstance(event, before.DepositReceived | before.DepositUnusable):
            came[event.bidder] = came.get(event.bidder, 0) + event.amount_vnd
    for name, one in session.state.bidders.items():
        parts = (one.deposit, one.unusable, one.refund_due, one.refunded, one.forfeited)
        _hold(min(parts) >= 0, f"{name} has a negative sum {parts}")
        _hold(sum(parts) == came.get(name, 0), f"{name}: {parts} is not the {came.get(name, 0)} that came in")
        _hold(one.remitted in (0, one.forfeited), f"{name}: remitted what was not forfeited")


def check_forfeits(session: Session) -> None:
    """A deposit is lost at most once, by the closed list alone (Law 01/2016 Art. 39(6)-(7)), and only after its fact."""
    facts: dict[Forfeit, type[Event] | None] = {
        Forfeit.ABSENT: None,
        Forfeit.WITHDRAWN: live.BidWithdrawn,
        Forfeit.DISQUALIFIED: live.Disqualified,
        Forfeit.REFUSED: outcome.ResultRefused,
        Forfeit.MINUTES: outcome.MinutesRefused,
        Forfeit.LATE_DOSSIER: after.ApprovalCancelled,
    }
    seen: list[Event] = []
    lost: set[str] = set()
    for event in _events(session):
        if isinstance(event, outcome.DepositForfeited):
            _hold(event.bidder not in lost, f"{event.bidder} loses its deposit twice")
            lost.add(event.bidder)
            fact = facts[event.ground]
            if fact is None:
                present = any(isinstance(one, live.CheckedIn) and one.bidder == event.bidder for one in seen)
                _hold(not present, f"{event.bidder} was present and loses its deposit as absent")
            else:
                _hold(any(isinstance(one, fact) for one in seen), f"{event.ground} without its fact")
        seen.append(event)


def check_bids_rise(session: Session) -> None:
    """Oral and online bids rise strictly until one is taken back; ballots lie at or above what their round asked."""
    best, at_least = -1, 0
    for event in _events(session):
        match event:
            case live.BidPlaced():
                _hold(event.steps > best, f"a bid of {event.steps} steps after {best}")
                best = event.steps
            case live.BidWithdrawn() | live.Disqualified():
                best = -1
            case live.RoundOpened():
                at_least = event.at_least
            case live.BallotOpened():
                _hold(event.steps >= at_least, f"a ballot of {event.steps} steps below {at_least}")
            case _:
                pass


def check_one_winner(session: Session) -> None:
    """Whoever wins was on the list, paid, present and not out, holds the best bid still standing, and is alone."""
    state = session.state
    winners = [event for event in _events(session) if isinstance(event, outcome.WinnerDeclared)]
    gone = {event.bidder for event in _events(session) if isinstance(event, outcome.ResultRefused)}
    _hold(len(winners) <= 2, "more than a winner and one runner-up")
    for won in winners:
        one = state.bidders[won.bidder]
        _hold(one.eligible is True and one.present and not one.out, f"{won.bidder} may not win")
        bids = list(state.live.last.chain()) if state.live.last else []
        _hold(any(b.bidder == won.bidder and b.steps == won.steps for b in bids), "the winner never bid its price")
        above = [b for b in bids if b.steps > won.steps and b.bidder not in gone]
        _hold(not above, f"{won.bidder} wins below a standing bid")


def check_min_bidders(session: Session) -> None:
    """No session opens with fewer than the law asks (Law 54/2024 Art. 101(1)(b)): present in the hall, paid in full online."""
    regulation = session.state.regulation
    paid: set[str] = set()
    for event in _events(session):
        match event:
            case before.DepositReceived():
                paid |= {event.bidder} if event.matched else set()
            case before.BidderLeft() | live.Disqualified():
                paid.discard(event.bidder)
            case live.SessionOpened() if regulation is not None:
                counted = len(paid if regulation.mode is Mode.ONLINE else event.present)
                _hold(counted >= regulation.min_bidders, f"opened with {counted}")
                _hold(paid >= set(event.present), "someone is present who did not pay")
            case _:
                pass


def check_settled(session: Session) -> None:
    """When it is over nobody's money is left without an answer, except what secures the winner's duties."""
    state = session.state
    over = (Stage.FAILED, Stage.CANCELLED, Stage.MINUTED, Stage.APPROVED, Stage.LICENSED)
    if state.stage not in over:
        return
    for name, one in state.bidders.items():
        held = one.deposit + one.unusable
        _hold(not held or one.secures, f"{held} đồng of {name} are held for nothing")


def check_refusals_are_cited(session: Session) -> None:
    """Every refusal names an article and its reason in both languages."""
    for event in _events(session):
        if isinstance(event, outcome.Refused):
            _hold(bool(event.articles and event.articles[0] and event.reason_vi and event.reason_en), str(event))


CHECKS: Final[tuple[Callable[[Session], None], ...]] = (
    check_chain,
    check_replay,
    check_money,
    check_forfeits,
    check_bids_rise,
    check_one_winner,
    check_min_bidders,
    check_settled,
    check_refusals_are_cited,
)
"""All of them."""


def check_all(session: Session, where: str = "") -> None:
    """Every invariant; the message says where it broke."""
    for check in CHECKS:
        try:
            check(session)
        except BrokenInvariantError as error:
            raise BrokenInvariantError(f"{where}: {check.__name__}: {error}") from error
