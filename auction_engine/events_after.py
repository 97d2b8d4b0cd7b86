"""What happened after the session?"""

from __future__ import annotations

from dataclasses import dataclass

from auction_engine.grid import Amount
from auction_engine.values import ApprovalGround, Extension, LapseGround, ResultGround, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSet:
    """A step is due by this day."""

    task: Task
    due_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDone:
    """A step was taken, in time or late."""

    task: Task
    done_on: str
    due_on: str
    late: bool
    article: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultApproved:
    """The result is approved."""

    decision: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRejected:
    """The result is not approved."""

    reason: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExtended:
    """The time to file is extended."""

    ground: Extension
    until: str
    evidence: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFiled:
    """The licence dossier is in."""

    filed_on: str
    reference: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierMissed:
    """The day to file passed without a dossier."""

    due_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceGranted:
    """The licence."""

    exploration: bool
    decision: str
    decided_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRefused:
    """No licence."""

    winner_at_fault: bool
    decision: str
    decided_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCancelled:
    """The result is cancelled."""

    ground: ResultGround
    decision: str
    decided_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalCancelled:
    """The approval is cancelled."""

    ground: ApprovalGround
    decision: str
    decided_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLapsed:
    """The approval lapsed."""

    ground: LapseGround
    evidence: str
    lapsed_on: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRefunded:
    """A deposit was paid back; ``late``: after its day."""

    bidder: str
    amount_vnd: int
    refunded_on: str
    reference: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRemitted:
    """A forfeited deposit went to the budget."""

    bidder: str
    amount_vnd: int
    remitted_on: str
    reference: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateHandedOver:
    """What the fee takes from the auction: the won rate or sum, and the rates of the other minerals of the area."""

    mineral: str
    amount: Amount
    companions: tuple[str, ...]
    rates: tuple[str, ...]
    article: str


EventAfter = (
    DeadlineSet
    | TaskDone
    | ResultApproved
    | ResultRejected
    | DeadlineExtended
    | DossierFiled
    | DossierMissed
    | LicenceGranted
    | LicenceRefused
    | ResultCancelled
    | ApprovalCancelled
    | ApprovalLapsed
    | DepositRefunded
    | DepositRemitted
    | RateHandedOver
)
"""Events after the session."""
