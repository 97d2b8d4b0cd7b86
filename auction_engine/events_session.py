"""What happened in the session? Bids count steps above the start."""

from __future__ import annotations

from dataclasses import dataclass

from auction_engine.values import SystemFault, Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn:
    """A bidder is present."""

    bidder: str
    lot_share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """The session is open; ``ends_at`` is empty where no window runs."""

    present: tuple[str, ...]
    ends_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidPlaced:
    """The best bid so far."""

    bidder: str
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowExtended:
    """A late bid moved the end."""

    ends_at: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRaised:
    """The best bid reached the multiple of the start that the regulation calls abnormal."""

    steps: int
    times_start: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCalled:
    """The best bid was called."""

    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotSealed:
    """A sealed ballot is in the box; nobody can read it."""

    bidder: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundClosed:
    """The box is closed."""

    round: int
    ballots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotOpened:
    """A valid ballot."""

    bidder: str
    round: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotInvalid:
    """A ballot that does not count, with its article."""

    bidder: str
    round: int
    code: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotMissing:
    """A sealed ballot that its owner did not open."""

    bidder: str
    round: int
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCounted:
    """Best of the round and who bid it; ``steps`` is -1 where nobody bid."""

    round: int
    steps: int
    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOpened:
    """A round is open to ``among``; valid ballots lie at ``at_least`` steps or above. ``extra``: among those tied."""

    round: int
    among: tuple[str, ...]
    at_least: int
    extra: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraRoundDeclined:
    """One of those tied does not bid on."""

    bidder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotsCalled:
    """Lots are to be drawn among those tied."""

    among: tuple[str, ...]
    steps: int
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotsDrawn:
    """The lot, with all it was computed from."""

    secret: str
    seed: str
    among: tuple[str, ...]
    winner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidWithdrawn:
    """A bid was taken back; its owner is out."""

    bidder: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disqualified:
    """A bidder is out."""

    bidder: str
    violation: Violation
    evidence: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """The session stands; ``by_timer``: because a timer fired too late."""

    at: str
    reason: str
    by_timer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The session goes on."""

    reason: str
    ends_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultReported:
    """The system failed."""

    fault: SystemFault
    evidence: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPostponed:
    """The session could not start: it is held another day."""

    reason: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCancelled:
    """The session is cancelled, deposits go back."""

    reason: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BiddingClosed:
    """Nobody bids any more."""

    steps: int
    leader: str


EventInSession = (
    CheckedIn
    | SessionOpened
    | BidPlaced
    | WindowExtended
    | SignalRaised
    | PriceCalled
    | BallotSealed
    | RoundClosed
    | BallotOpened
    | BallotInvalid
    | BallotMissing
    | RoundCounted
    | RoundOpened
    | ExtraRoundDeclined
    | LotsCalled
    | LotsDrawn
    | BidWithdrawn
    | Disqualified
    | Paused
    | Resumed
    | FaultReported
    | SessionPostponed
    | SessionCancelled
    | BiddingClosed
)
"""Events of the session."""
