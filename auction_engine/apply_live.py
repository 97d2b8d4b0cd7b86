"""What does an event change in the open session: bids, ballots, rounds, the window?"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from auction_engine import events_session as ev
from auction_engine.state import Live, Placed, changed
from auction_engine.values import Phase

LiveEvent = (
    ev.BidPlaced
    | ev.WindowExtended
    | ev.SignalRaised
    | ev.PriceCalled
    | ev.BallotSealed
    | ev.RoundClosed
    | ev.BallotOpened
    | ev.BallotInvalid
    | ev.BallotMissing
    | ev.RoundCounted
    | ev.RoundOpened
    | ev.ExtraRoundDeclined
    | ev.LotsCalled
    | ev.LotsDrawn
    | ev.BidWithdrawn
    | ev.Disqualified
    | ev.Paused
    | ev.Resumed
    | ev.BiddingClosed
)
"""Events that change the open session."""


def apply_live(live: Live, event: LiveEvent, at: str) -> Live:
    """The open session after an event at an instant."""
    match event:
        case ev.BidPlaced():
            placed = Placed(bidder=event.bidder, steps=event.steps, round=live.round, at=at, before=live.last)
            return changed(live, last=placed, best=event.steps, leaders=(event.bidder,), calls=0)
        case ev.WindowExtended():
            return replace(live, ends_at=event.ends_at, extensions=event.number)
        case ev.SignalRaised():
            return replace(live, signalled=True)
        case ev.PriceCalled():
            return replace(live, calls=event.times)
        case ev.BallotSealed():
            return replace(live, sealed={**live.sealed, event.bidder: event.seal})
        case ev.RoundClosed():
            return replace(live, phase=Phase.OPENING)
        case ev.BallotOpened():
            return replace(live, opened={**live.opened, event.bidder: event.steps}, sealed=_without(live, event.bidder))
        case ev.BallotInvalid():
            return replace(live, invalid=(*live.invalid, event.bidder), sealed=_without(live, event.bidder))
        case ev.BallotMissing():
            return replace(live, sealed=_without(live, event.bidder))
        case ev.RoundCounted():
            return _counted(live, event, at)
        case ev.RoundOpened():
            return replace(
                live,
                phase=Phase.BIDDING,
                round=event.round,
                among=event.among,
                at_least=event.at_least,
                extra=event.extra,
                sealed={},
                opened={},
                invalid=(),
                declined=False,
            )
        case ev.ExtraRoundDeclined():
            return replace(live, declined=True)
        case ev.LotsCalled():
            return replace(live, phase=Phase.LOTS, leaders=event.among)
        case ev.LotsDrawn():
            return replace(live, phase=Phase.CLOSED, leaders=(event.winner,))
        case ev.BidWithdrawn() | ev.Disqualified():
            taken_back = isinstance(event, ev.BidWithdrawn)
            return _without_bids(replace(live, withdrawn=live.withdrawn or taken_back), event.bidder)
        case ev.Paused():
            return replace(live, paused_at=event.at)
        case ev.Resumed():
            return replace(live, paused_at="", ends_at=event.ends_at)
        case ev.BiddingClosed():
            return replace(live, phase=Phase.CLOSED)
        case _ as never:
            assert_never(never)


def _without(live: Live, bidder: str) -> dict[str, str]:
    return {name: seal for name, seal in live.sealed.items() if name != bidder}


def _counted(live: Live, event: ev.RoundCounted, at: str) -> Live:
    """Ballots of the round join the bids, lowest first; a round without ballots leaves the best as it was."""
    last = live.last
    for bidder, steps in sorted(live.opened.items(), key=lambda one: one[1]):
        last = Placed(bidder=bidder, steps=steps, round=live.round, at=at, before=last)
    if event.steps < 0:
        return replace(live, last=last)
    tied = live.tied_rounds + 1 if len(event.leaders) > 1 else 0
    return replace(live, last=last, best=event.steps, leaders=event.leaders, tied_rounds=tied)


def _without_bids(live: Live, bidder: str) -> Live:
    """The session as if a bidder had never bid: the next lower bid is the best again (Law 01/2016 Art. 50)."""
    kept = [one for one in live.last.chain() if one.bidder != bidder] if live.last else []
    last: Placed | None = None
    for one in reversed(kept):
        last = Placed(bidder=one.bidder, steps=one.steps, round=one.round, at=one.at, before=last)
    best, leaders = live.best, live.leaders
    if bidder in leaders:
        best = max((one.steps for one in kept), default=-1)
        leaders = tuple(dict.fromkeys(one.bidder for one in reversed(kept) if one.steps == best))
    return replace(
        live,
        last=last,
        best=best,
        leaders=leaders,
        calls=0,
        among=tuple(name for name in live.among if name != bidder),
        sealed=_without(live, bidder),
        opened={name: steps for name, steps in live.opened.items() if name != bidder},
    )
