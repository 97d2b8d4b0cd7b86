"""Who won, what became of the deposits, which commands were refused?"""

from __future__ import annotations

from dataclasses import dataclass

from auction_engine.grid import Amount
from auction_engine.values import Forfeit, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class WinnerDeclared:
    """The winner was announced: the session ended on this day."""

    bidder: str
    steps: int
    amount: Amount
    ended_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRefused:
    """The winner refused."""

    bidder: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUpFound:
    """The next bid; ``passes`` says whether it is near enough, and is nothing where the seller must decide."""

    bidders: tuple[str, ...]
    steps: int
    passes: bool | None
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUpDecided:
    """The seller's decision."""

    bidder: str
    accepted: bool
    reason: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered:
    """The next bidder's answer."""

    bidder: str
    accepts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFailed:
    """The auction failed (*đấu giá không thành*)."""

    ground: str
    failures: int
    may_leave_auctions: bool
    ended_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSigned:
    """A party signed the minutes of this digest."""

    party: Party
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesRefused:
    """The winner refused to sign."""

    bidder: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesComplete:
    """All parties signed."""

    digest: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositForfeited:
    """A deposit is forfeited, by the closed list alone."""

    bidder: str
    amount_vnd: int
    ground: Forfeit
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDue:
    """A deposit has to be paid back by this day."""

    bidder: str
    amount_vnd: int
    due_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositSecures:
    """The winner's deposit secures the duties that follow (*tiền đặt cọc*)."""

    bidder: str
    amount_vnd: int
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A command without effect, with the article and the reason."""

    command: str
    code: str
    articles: tuple[str, ...]
    reason_vi: str
    reason_en: str


EventOfOutcome = (
    WinnerDeclared
    | ResultRefused
    | RunnerUpFound
    | RunnerUpDecided
    | OfferAnswered
    | SessionFailed
    | MinutesSigned
    | MinutesRefused
    | MinutesComplete
    | DepositForfeited
    | RefundDue
    | DepositSecures
    | Refused
)
"""Events around the outcome; ``Refused`` may stand anywhere."""
