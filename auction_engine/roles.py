"""Who may give which command, and which take two people? House convention: chair and clerk open, close and cancel together."""

from __future__ import annotations

from typing import Final

from auction_engine import commands_after as after
from auction_engine import commands_before as before
from auction_engine import commands_session as live
from auction_engine.commands import Command
from auction_engine.values import Role

_OFFICE: Final = frozenset({Role.SELLER, Role.AGENCY})
_TABLE: Final = frozenset({Role.CHAIR, Role.CLERK, Role.AUCTIONEER})
_BIDDER: Final = frozenset({Role.BIDDER})
_HALL: Final = frozenset({Role.AUCTIONEER, Role.CLERK})
_LEAD: Final = frozenset({Role.CHAIR, Role.AUCTIONEER})
_ALL_DESKS: Final = _OFFICE | _TABLE

ALLOWED: Final[dict[type[Command], frozenset[Role]]] = {
    before.ApprovePlan: _OFFICE,
    before.PublishPlan: _OFFICE,
    before.SetTerms: _OFFICE | {Role.CHAIR},
    before.IssueRegulation: _TABLE,
    before.Post: _TABLE,
    before.Notify: _TABLE,
    before.SellDossier: _TABLE,
    before.ReceiveDossier: _TABLE,
    before.ScreenBidder: _ALL_DESKS,
    before.PublishList: _ALL_DESKS,
    before.RecordDeposit: _ALL_DESKS,
    before.LeaveAuction: _BIDDER | _TABLE,
    before.Reschedule: frozenset({Role.SELLER, Role.CHAIR}),
    before.Excuse: _TABLE,
    live.CheckIn: _BIDDER | _HALL,
    live.OpenSession: _LEAD,
    live.Bid: _BIDDER | _HALL,
    live.CallPrice: frozenset({Role.AUCTIONEER}),
    live.Seal: _BIDDER,
    live.Reveal: _BIDDER,
    live.RecordBallot: _HALL,
    live.CloseRound: _LEAD,
    live.CountRound: _LEAD,
    live.DeclineExtraRound: _BIDDER | _HALL,
    live.DrawLots: _LEAD,
    live.WithdrawBid: _BIDDER | _HALL,
    live.Disqualify: _LEAD,
    live.Pause: _LEAD,
    live.Resume: _LEAD,
    live.ReportFault: _TABLE | {Role.SYSTEM},
    live.Tick: frozenset({Role.SYSTEM}),
    live.CancelSession: frozenset({Role.CHAIR, Role.SELLER}),
    live.DeclareWinner: _LEAD,
    live.RefuseResult: _BIDDER | _HALL,
    live.DecideRunnerUp: frozenset({Role.SELLER, Role.CHAIR}),
    live.AnswerOffer: _BIDDER | _HALL,
    live.SignMinutes: _TABLE | _BIDDER | {Role.SELLER},
    live.RefuseMinutes: _BIDDER | _HALL,
    after.RegisterResult: _TABLE,
    after.HandOverFile: _TABLE,
    after.RefundDeposit: _ALL_DESKS,
    after.RemitDeposit: _ALL_DESKS,
    after.SubmitResult: _OFFICE,
    after.ApproveResult: _OFFICE,
    after.RejectResult: _OFFICE,
    after.PublishResult: _ALL_DESKS,
    after.ExtendDossier: _OFFICE,
    after.FileDossier: _OFFICE,
    after.DecideLicence: _OFFICE,
    after.CancelResult: _OFFICE,
    after.CancelApproval: _OFFICE,
    after.LapseApproval: _OFFICE,
    after.HandOverRate: _OFFICE | {Role.SYSTEM},
}

TWO_PEOPLE: Final = frozenset(
    {
        live.OpenSession,
        live.Disqualify,
        live.CancelSession,
        live.DeclareWinner,
        after.CancelResult,
        after.CancelApproval,
    }
)
"""Commands that another person confirms."""
