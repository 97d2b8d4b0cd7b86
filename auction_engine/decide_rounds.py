"""What follows a round of ballots? Law 01/2016 Art. 42(2), 43(3)-(4), Decree 22/2012 Art. 21(3), (5)(a).

Direct ballots go on from the best of the round until nobody bids; those tied then bid on among themselves, and where one of them
declines or nobody goes higher, lots decide. An indirect ballot has one round. Under Decree 22/2012 lots decided after three tied
rounds in a row.
"""

from __future__ import annotations

from auction_engine.apply import apply
from auction_engine.commands_session import CloseRound, CountRound, DeclineExtraRound, DrawLots
from auction_engine.decide_bids import article_of_missing
from auction_engine.events import Event
from auction_engine.events_session import (
    BallotMissing,
    BiddingClosed,
    ExtraRoundDeclined,
    LotsCalled,
    LotsDrawn,
    RoundClosed,
    RoundCounted,
    RoundOpened,
)
from auction_engine.refusing import cite, refused
from auction_engine.sealing import commitment, draw
from auction_engine.settling import failed
from auction_engine.state import State
from auction_engine.values import Mode, Phase, Stage


def close_round(state: State, command: CloseRound, now: str) -> tuple[Event, ...]:
    """The box is closed; sealed ballots can be opened, paper ones read."""
    stop = _in_round(state, command, now)
    if stop:
        return stop
    if state.live.phase is not Phase.BIDDING:
        return (refused(state, command, now, "round_closed"),)
    return (RoundClosed(round=command.round, ballots=len(state.live.sealed)),)


def count_round(state: State, command: CountRound, now: str) -> tuple[Event, ...]:
    """The best of the round and what comes next; whoever did not open a sealed ballot is named."""
    stop = _in_round(state, command, now)
    if stop:
        return stop
    live = state.live
    if live.phase is not Phase.OPENING:
        return (refused(state, command, now, "round_open"),)
    article = article_of_missing(state, now)
    found: list[Event] = [BallotMissing(bidder=name, round=live.round, article=article) for name in live.sealed]
    best = max(live.opened.values(), default=-1)
    leaders = tuple(name for name, steps in live.opened.items() if steps == best)
    counted = RoundCounted(round=live.round, steps=best, leaders=leaders)
    for event in (*found, counted):
        state = apply(state, event)
    return (*found, counted, *_next(state, now, bids=best >= 0))


def _next(state: State, now: str, *, bids: bool) -> tuple[Event, ...]:
    """What follows a count, by the state after it."""
    live, regulation = state.live, state.regulation
    assert regulation is not None
    if live.best < 0:
        return failed(state, "failed_withdrawn" if live.withdrawn else "failed_no_bid", now)
    tied = len(live.leaders) > 1
    if regulation.tied_rounds and live.tied_rounds >= regulation.tied_rounds:
        return (_lots(state, now),)
    if live.extra and tied and not bids:
        return (_lots(state, now),)
    last_round = regulation.mode is Mode.INDIRECT_BALLOT or (regulation.rounds and live.round >= regulation.rounds)
    if live.extra or not bids or last_round:
        if not tied:
            return (BiddingClosed(steps=live.best, leader=live.leaders[0]),)
        return (next_round(state, among=live.leaders, extra=True),)
    return (next_round(state),)


def next_round(state: State, among: tuple[str, ...] = (), *, extra: bool = False) -> RoundOpened:
    """The round after this one, at least one step above the best bid."""
    first = state.regulation.first_steps if state.regulation else 0
    at_least = max(state.live.best + 1, first)
    return RoundOpened(round=state.live.round + 1, among=among, at_least=at_least, extra=extra)


def _lots(state: State, now: str) -> LotsCalled:
    return LotsCalled(among=state.live.leaders, steps=state.live.best, article=cite(state, "lots", now))


def decline_extra_round(state: State, command: DeclineExtraRound, now: str) -> tuple[Event, ...]:
    """One of those tied does not bid on: lots decide among all of them."""
    live = state.live
    extra = state.stage is Stage.OPEN and live.phase is Phase.BIDDING and live.extra
    if not extra or command.bidder not in live.among:
        return (refused(state, command, now, "no_extra_round", bidder=command.bidder),)
    if live.paused_at:
        return (refused(state, command, now, "paused"),)
    return (ExtraRoundDeclined(bidder=command.bidder), _lots(state, now))


def draw_lots(state: State, command: DrawLots, now: str) -> tuple[Event, ...]:
    """The lot, from the committed secret and the shares of all present."""
    live, regulation = state.live, state.regulation
    if state.stage is not Stage.OPEN or live.phase is not Phase.LOTS or regulation is None:
        return (refused(state, command, now, "still_bidding"),)
    if live.paused_at:
        return (refused(state, command, now, "paused"),)
    if commitment(command.secret) != regulation.lot_commitment:
        return (refused(state, command, now, "wrong_secret"),)
    shares = [(name, one.lot_share) for name, one in state.bidders.items() if one.present]
    seed, winner = draw(command.secret, state.session, shares, live.leaders)
    return (LotsDrawn(secret=command.secret, seed=seed, among=live.leaders, winner=winner),)


def _in_round(state: State, command: CloseRound | CountRound, now: str) -> tuple[Event, ...]:
    regulation = state.regulation
    if state.stage is not Stage.OPEN or regulation is None:
        return (refused(state, command, now, "not_open"),)
    if regulation.mode in (Mode.ORAL, Mode.ONLINE):
        return (refused(state, command, now, "wrong_mode", mode=regulation.mode),)
    if state.live.paused_at:
        return (refused(state, command, now, "paused"),)
    if state.live.phase not in (Phase.BIDDING, Phase.OPENING):
        return (refused(state, command, now, "closed"),)
    if command.round != state.live.round:
        return (refused(state, command, now, "wrong_round", given=command.round, known=state.live.round),)
    return ()
