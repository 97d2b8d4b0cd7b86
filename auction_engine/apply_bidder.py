"""What does an event change for one bidder: dossier, deposit, presence?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from auction_engine import events_after as after
from auction_engine import events_before as before
from auction_engine import events_outcome as outcome
from auction_engine import events_session as live
from auction_engine.state import Bidder

BidderEvent = (
    before.DossierReceived
    | before.BidderScreened
    | before.DepositReceived
    | before.DepositUnusable
    | before.BidderLeft
    | before.Excused
    | live.CheckedIn
    | live.BidWithdrawn
    | live.Disqualified
    | outcome.DepositForfeited
    | outcome.RefundDue
    | outcome.DepositSecures
    | after.DepositRefunded
    | after.DepositRemitted
)
"""Events that change one bidder and nothing else."""


def apply_bidder(bidders: Mapping[str, Bidder], event: BidderEvent) -> Mapping[str, Bidder]:
    """The bidders after an event; one whom no dossier names yet is entered for money that came without a dossier."""
    return {**bidders, event.bidder: _changed(bidders.get(event.bidder, Bidder(name=event.bidder)), event)}


def _changed(one: Bidder, event: BidderEvent) -> Bidder:
    match event:
        case before.DossierReceived():
            return replace(one, name=event.name, members=event.members, filed=True, left=False)
        case before.BidderScreened():
            return replace(one, eligible=event.eligible, owners=event.owners)
        case before.DepositReceived():
            return replace(one, deposit=event.total_vnd)
        case before.DepositUnusable():
            return replace(one, unusable=one.unusable + event.amount_vnd)
        case before.BidderLeft():
            return replace(one, left=True, present=False)
        case before.Excused():
            return replace(one, excused=True)
        case live.CheckedIn():
            return replace(one, present=True, lot_share=event.lot_share)
        case live.BidWithdrawn() | live.Disqualified():
            return replace(one, out=True)
        case outcome.DepositForfeited():
            return replace(one, forfeited=event.amount_vnd, forfeit_ground=event.ground, deposit=0, secures=False)
        case outcome.RefundDue():
            unusable = min(one.unusable, event.amount_vnd)
            rest = event.amount_vnd - unusable
            return replace(
                one,
                unusable=one.unusable - unusable,
                deposit=one.deposit - rest,
                secures=one.secures and not rest,
                refund_due=one.refund_due + event.amount_vnd,
                refund_by=event.due_on,
            )
        case outcome.DepositSecures():
            return replace(one, secures=True)
        case after.DepositRefunded():
            return replace(one, refunded=one.refunded + event.amount_vnd, refund_due=one.refund_due - event.amount_vnd)
        case after.DepositRemitted():
            return replace(one, remitted=event.amount_vnd)
        case _ as never:
            assert_never(never)
