"""Is this a valid bid? Law 01/2016 Art. 41(2), 42(2), Law 54/2024 Art. 102(2), 103(2), Decree 62/2017 Art. 10, 13.

Oral and online bids rise strictly. Of two equal bids the first in the log stands.
"""

from __future__ import annotations

from auction_engine.commands_session import Bid, CallPrice, RecordBallot, Reveal, Seal
from auction_engine.events import Event
from auction_engine.events_outcome import Refused
from auction_engine.events_session import (
    BallotInvalid,
    BallotOpened,
    BallotSealed,
    BiddingClosed,
    BidPlaced,
    PriceCalled,
    SignalRaised,
    WindowExtended,
)
from auction_engine.grid import Amount, Fault
from auction_engine.moments import later
from auction_engine.refusing import cite, refused
from auction_engine.sealing import is_hex, seal
from auction_engine.state import State
from auction_engine.values import Ballots, Mode, Phase, Stage
from rules.number import plain


def place_bid(state: State, command: Bid, now: str) -> tuple[Event, ...]:
    """A bid above the best one; online it may move the end, and it may be signalled as abnormal without being stopped."""
    stop = _may_bid(state, command, now, Phase.BIDDING)
    if stop is not None:
        return (stop,)
    regulation, grid, live = state.regulation, state.grid, state.live
    assert regulation is not None
    assert grid is not None
    if regulation.mode not in (Mode.ORAL, Mode.ONLINE):
        return (refused(state, command, now, "wrong_mode", mode=regulation.mode),)
    steps = grid.steps(command.amount)
    if isinstance(steps, Fault) or steps < regulation.first_steps:
        return (_off_grid(state, command, command.amount, steps, regulation.first_steps, now),)
    if steps <= live.best:
        best = grid.amount(live.best)
        return (refused(state, command, now, "not_higher", given=command.amount, best=best),)
    placed = BidPlaced(bidder=command.bidder, steps=steps)
    if regulation.mode is Mode.ORAL and not regulation.signal_times:
        return (placed,)
    found: list[Event] = [placed]
    won, start = grid.times_start(steps)
    if regulation.signal_times and not live.signalled and won >= regulation.signal_times * start:
        found.append(SignalRaised(steps=steps, times_start=plain(won, start)))
    extended = live.extensions < regulation.longest_extensions
    if extended and live.ends_at and later(now, regulation.extend_within) > live.ends_at:
        ends_at = later(now, regulation.extend_by)
        if ends_at > live.ends_at:
            found.append(WindowExtended(ends_at=ends_at, number=live.extensions + 1))
    return tuple(found)


def call_price(state: State, command: CallPrice, now: str) -> tuple[Event, ...]:
    """One more call of the best bid; after the last one bidding is closed."""
    regulation, live = state.regulation, state.live
    if state.stage is not Stage.OPEN or regulation is None:
        return (refused(state, command, now, "not_open"),)
    if regulation.mode is not Mode.ORAL:
        return (refused(state, command, now, "wrong_mode", mode=regulation.mode),)
    if live.paused_at:
        return (refused(state, command, now, "paused"),)
    if live.phase is not Phase.BIDDING:
        return (refused(state, command, now, "closed"),)
    if live.best < 0:
        return (refused(state, command, now, "no_bid"),)
    called = PriceCalled(times=live.calls + 1)
    if called.times < regulation.calls:
        return (called,)
    return (called, BiddingClosed(steps=live.best, leader=live.leaders[0]))


def seal_ballot(state: State, command: Seal, now: str) -> tuple[Event, ...]:
    """A sealed ballot into the box of the round; one for each bidder, and it stays."""
    stop = _may_vote(state, command, now, Phase.BIDDING, Ballots.SEALED)
    if stop is not None:
        return (stop,)
    if not is_hex(command.seal):
        return (refused(state, command, now, "unreadable", field="seal", given=command.seal),)
    if command.bidder in state.live.sealed:
        return (refused(state, command, now, "already_voted", bidder=command.bidder),)
    return (BallotSealed(bidder=command.bidder, round=command.round, seal=command.seal),)


def reveal_ballot(state: State, command: Reveal, now: str) -> tuple[Event, ...]:
    """A sealed ballot opened by its owner; what does not match its seal is refused, what is no bid does not count."""
    stop = _may_vote(state, command, now, Phase.OPENING, Ballots.SEALED)
    if stop is not None:
        return (stop,)
    sealed = state.live.sealed.get(command.bidder)
    if sealed is None:
        return (refused(state, command, now, "no_ballot", bidder=command.bidder),)
    if (
        not is_hex(command.nonce)
        or seal(state.session, command.round, command.bidder, command.amount, command.nonce) != sealed
    ):
        return (refused(state, command, now, "seal_mismatch"),)
    return (_opened(state, command, now),)


def record_ballot(state: State, command: RecordBallot, now: str) -> tuple[Event, ...]:
    """A paper ballot read out and recorded."""
    stop = _may_vote(state, command, now, Phase.OPENING, Ballots.PAPER)
    if stop is not None:
        return (stop,)
    if command.bidder in state.live.opened or command.bidder in state.live.invalid:
        return (refused(state, command, now, "already_voted", bidder=command.bidder),)
    return (_opened(state, command, now),)


def _opened(state: State, command: Reveal | RecordBallot, now: str) -> Event:
    """A ballot that counts, or one that does not with its article."""
    grid, live = state.grid, state.live
    assert grid is not None
    steps = grid.steps(command.amount)
    if not isinstance(steps, Fault) and steps >= live.at_least:
        return BallotOpened(bidder=command.bidder, round=command.round, steps=steps)
    why = _off_grid(state, command, command.amount, steps, live.at_least, now)
    return BallotInvalid(bidder=command.bidder, round=command.round, code=why.code, article=why.articles[0])


def _may_bid(state: State, command: Bid | Seal | Reveal | RecordBallot, now: str, phase: Phase) -> Refused | None:
    """Whether this bidder may bid now: open, not interrupted, in time, one of those who take part, in turn."""
    live = state.live
    if state.stage is not Stage.OPEN:
        over = state.opened_at != ""
        return refused(state, command, now, "closed" if over else "not_open")
    if live.paused_at:
        return refused(state, command, now, "paused")
    if live.phase is not phase or (live.ends_at and now >= live.ends_at):
        code = "round_open" if phase is Phase.OPENING and live.phase is Phase.BIDDING else "closed"
        return refused(state, command, now, code)
    code = stands_against(state, command.bidder)
    if code:
        return refused(state, command, now, code, bidder=command.bidder)
    if live.among and command.bidder not in live.among:
        return refused(state, command, now, "out_of_turn", among=", ".join(live.among))
    return None


def stands_against(state: State, bidder: str) -> str:
    """Code of what keeps a bidder from taking part, or nothing."""
    one = state.bidders.get(bidder)
    if one is None or not one.filed:
        return "unknown_bidder"
    if one.out:
        return "out"
    if not one.eligible or one.left:
        return "not_selected"
    assert state.terms is not None
    if one.deposit < state.terms.deposit_vnd:
        return "undeposited"
    return "" if one.present else "not_present"


def _may_vote(
    state: State, command: Seal | Reveal | RecordBallot, now: str, phase: Phase, ballots: Ballots
) -> Refused | None:
    regulation = state.regulation
    if state.stage is Stage.OPEN and regulation is not None:
        if regulation.mode in (Mode.ORAL, Mode.ONLINE) or regulation.ballots is not ballots:
            return refused(
                state,
                command,
                now,
                "wrong_mode",
                mode=regulation.mode if regulation.mode in (Mode.ORAL, Mode.ONLINE) else regulation.ballots,
            )
        if command.round != state.live.round:
            return refused(state, command, now, "wrong_round", given=command.round, known=state.live.round)
    return _may_bid(state, command, now, phase)


def _off_grid(
    state: State, command: Bid | Reveal | RecordBallot, amount: Amount, steps: int | Fault, at_least: int, now: str
) -> Refused:
    grid = state.grid
    assert grid is not None
    if not isinstance(steps, Fault):
        first = state.regulation.first_steps if state.regulation else 0
        code = "below_start" if at_least <= first else "not_higher_round"
        return refused(state, command, now, code, given=amount, least=grid.amount(at_least))
    match steps:
        case Fault.WRONG_UNIT:
            return refused(state, command, now, steps.value, given=amount, unit=grid.unit)
        case Fault.UNREADABLE:
            return refused(state, command, now, steps.value, given=amount)
        case Fault.BELOW_START:
            return refused(state, command, now, steps.value, given=amount, least=grid.amount(at_least))
        case Fault.OFF_GRID:
            low, high = grid.around(amount)
            return refused(state, command, now, steps.value, given=amount, low=low, high=high)


def article_of_missing(state: State, now: str) -> str:
    """Where the opening of ballots is ruled."""
    return cite(state, "sealed_opened", now)
