"""What may be asked after the session? Hand-over, approval, licence dossier, deposits, cancellations, the rate for the fee."""

from __future__ import annotations

from dataclasses import dataclass

from auction_engine.values import ApprovalGround, Extension, LapseGround, ResultGround


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterResult:
    """The result is entered in the book and told to the seller."""

    done_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverFile:
    """The file goes to the agency."""

    done_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDeposit:
    """A deposit is paid back."""

    bidder: str
    refunded_on: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemitDeposit:
    """A forfeited deposit goes to the budget."""

    bidder: str
    remitted_on: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitResult:
    """The agency submits the result for approval."""

    done_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveResult:
    """The authority approves the result."""

    decision: str
    done_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectResult:
    """The authority does not approve, in writing, with its reasons."""

    reason: str
    done_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResult:
    """The result is made public."""

    done_on: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendDossier:
    """The time to file for the licence is extended."""

    ground: Extension
    until: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDossier:
    """The winner's licence dossier is received."""

    filed_on: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideLicence:
    """The licence is granted or refused."""

    granted: bool
    winner_at_fault: bool
    decision: str
    decided_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelResult:
    """The result of the auction is cancelled (*hủy kết quả đấu giá*). ``state_unharmed``: an agreement harms nobody's interest;
    ``winner_at_fault``: the winner colluded."""

    ground: ResultGround
    decision: str
    decided_on: str
    state_unharmed: bool
    winner_at_fault: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelApproval:
    """The approval of the winning result is cancelled (*hủy quyết định phê duyệt*)."""

    ground: ApprovalGround
    decision: str
    decided_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseApproval:
    """The approval lapses."""

    ground: LapseGround
    evidence: str
    lapsed_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverRate:
    """The winning rate goes to the computation of the fee."""


CommandAfter = (
    RegisterResult
    | HandOverFile
    | RefundDeposit
    | RemitDeposit
    | SubmitResult
    | ApproveResult
    | RejectResult
    | PublishResult
    | ExtendDossier
    | FileDossier
    | DecideLicence
    | CancelResult
    | CancelApproval
    | LapseApproval
    | HandOverRate
)
"""Commands after the session."""
