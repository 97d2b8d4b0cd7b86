"""What may be asked of an open session? Roll call, bids, ballots, ties, faults, the winner, the minutes."""

from __future__ import annotations

from dataclasses import dataclass

from auction_engine.grid import Amount
from auction_engine.values import Party, SystemFault, Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """A bidder answers the roll call or logs in; ``lot_share``: 64 hex digits of its own for the drawing of lots, or nothing."""

    bidder: str
    lot_share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """The session is opened; ``members_present`` of the council attend, 0 where an auction organisation holds it."""

    members_present: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A bid, recorded by the auctioneer in the oral mode, sent by the bidder online."""

    bidder: str
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPrice:
    """The auctioneer calls the best bid once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A sealed ballot: the hash of the amount with a nonce (:func:`auction_engine.sealing.seal`)."""

    bidder: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """The amount and the nonce of a sealed ballot."""

    bidder: str
    round: int
    amount: Amount
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBallot:
    """The clerk records an opened paper ballot."""

    bidder: str
    round: int
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRound:
    """No more ballots are taken; they are opened."""

    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRound:
    """All ballots are opened; the round is counted."""

    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineExtraRound:
    """One of those tied does not agree to bid on."""

    bidder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawLots:
    """The committed secret is shown and lots are drawn."""

    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawBid:
    """A bidder takes its bid back."""

    bidder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disqualify:
    """A bidder is excluded."""

    bidder: str
    violation: Violation
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The session is interrupted."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """The session goes on."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFault:
    """The system failed."""

    fault: SystemFault
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A timer fires; ``now`` says when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSession:
    """The session is stopped and cancelled."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareWinner:
    """The winner is announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseResult:
    """The winner refuses the result at the session."""

    bidder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRunnerUp:
    """The seller decides whether the next bidder may win."""

    bidder: str
    accepted: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOffer:
    """The next bidder accepts or declines."""

    bidder: str
    accepts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignMinutes:
    """A party signs the minutes with this digest."""

    party: Party
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseMinutes:
    """The winner refuses to sign the minutes."""

    bidder: str


CommandInSession = (
    CheckIn
    | OpenSession
    | Bid
    | CallPrice
    | Seal
    | Reveal
    | RecordBallot
    | CloseRound
    | CountRound
    | DeclineExtraRound
    | DrawLots
    | WithdrawBid
    | Disqualify
    | Pause
    | Resume
    | ReportFault
    | Tick
    | CancelSession
    | DeclareWinner
    | RefuseResult
    | DecideRunnerUp
    | AnswerOffer
    | SignMinutes
    | RefuseMinutes
)
"""Commands of an open session."""
