"""What happened before the session opened?"""

from __future__ import annotations

from dataclasses import dataclass

from auction_engine.grid import Amount, Unit
from auction_engine.values import AreaKind, Ballots, Mode
from fees.case import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApproved:
    """The area is in the plan. First event of every log: names the engine and the law book it was decided with."""

    engine: str
    law_digest: str
    area: str
    place: str
    group: Group
    kind: AreaKind
    minerals: tuple[str, ...]
    main: str
    failures: int
    may_leave_auctions: bool
    decision: str
    approved_on: str
    publish_by: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsSet:
    """Start, step and deposit; ``deposit_percent`` is the share of the estimated fee as plain decimal or fraction."""

    set_on: str
    unit: Unit
    start: Amount
    step: Amount
    estimated_fee_vnd: int
    deposit_vnd: int
    deposit_percent: str
    price_list_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulationIssued:
    """The regulation; fields as in the command. ``first_steps``, ``calls``, ``tied_rounds``, ``min_bidders`` are the law's of the opening day."""

    issued_on: str
    mode: Mode
    ballots: Ballots
    opens_at: str
    window_minutes: int
    extend_within: int
    extend_by: int
    longest_extensions: int
    rounds: int
    dossiers_from: str
    dossiers_until: str
    deposit_from: str
    deposit_until: str
    council: bool
    council_members: int
    late_limit: int
    lot_commitment: str
    signal_times: int
    first_steps: int
    calls: int
    tied_rounds: int
    min_bidders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Posted, not later than the law asks."""

    posted_on: str
    where: str
    session_from: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """The ``number``-th notice."""

    number: int
    notified_on: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSold:
    """A dossier was sold."""

    buyer: str
    sold_on: str
    price_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierReceived:
    """A dossier was received in time."""

    bidder: str
    name: str
    received_on: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BidderScreened:
    """Result of the screening; each ground not to select the bidder stands with its article."""

    bidder: str
    eligible: bool
    grounds: tuple[str, ...]
    articles: tuple[str, ...]
    owners: tuple[str, ...]
    linked_to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPublished:
    """The list of eligible bidders."""

    bidders: tuple[str, ...]
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositReceived:
    """Money in time; ``total_vnd`` is what the bidder has paid so far, ``matched`` whether that is the deposit."""

    bidder: str
    amount_vnd: int
    total_vnd: int
    matched: bool
    paid_on: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositUnusable:
    """Money that came late or without a place on the list: it goes back and gives no right."""

    bidder: str
    amount_vnd: int
    paid_on: str
    reference: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidderLeft:
    """A bidder took its dossier back."""

    bidder: str
    terms_changed: bool
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled:
    """A new opening; dossiers, list and deposits are kept."""

    opens_at: str
    reason: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """A bidder's absence is excused."""

    bidder: str
    evidence: str


EventBefore = (
    PlanApproved
    | TermsSet
    | RegulationIssued
    | Posted
    | Notified
    | DossierSold
    | DossierReceived
    | BidderScreened
    | ListPublished
    | DepositReceived
    | DepositUnusable
    | BidderLeft
    | Rescheduled
    | Excused
)
"""Events before the session."""
