"""What may be asked of a session before it opens? Plan, terms, regulation, posting, dossiers, screening, deposits."""

from __future__ import annotations

from dataclasses import dataclass

from auction_engine.grid import Amount, Unit
from auction_engine.values import AreaKind, Ballots, Bar, Mode, Zone
from fees.case import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePlan:
    """The area is in an approved auction plan (*kế hoạch đấu giá*); ``minerals`` are codes, ``main`` the auctioned one. ``failures``: failed
    auctions of this area so far."""

    area: str
    place: str
    group: Group
    kind: AreaKind
    minerals: tuple[str, ...]
    main: str
    zone: Zone
    failures: int
    decision: str
    approved_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """The plan is published on the portals."""

    published_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTerms:
    """Start, step and advance deposit are set. ``estimated_fee_vnd``: the estimated fee of the area, of which the deposit is a share;
    ``price_list_vnd``: price list of the auctioned mineral in đồng per unit, 0 where none is given."""

    set_on: str
    unit: Unit
    start: Amount
    step: Amount
    estimated_fee_vnd: int
    deposit_vnd: int
    price_list_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRegulation:
    """The regulation of the session (*quy chế cuộc đấu giá*).

    Days are ISO days of Viet Nam, ``opens_at`` an instant. ``window_minutes``: online bidding time; a bid within ``extend_within`` seconds of
    the end moves the end to ``extend_by`` seconds after it, at most ``longest_extensions`` times. ``rounds``: agreed ballot rounds, 0 for
    until nobody bids. ``late_limit``: seconds a timer may fire late. ``lot_commitment``: SHA-256 of the secret for drawing lots.
    ``signal_times``: multiple of the start at which a bid is signalled as abnormal, 0 for never."""

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
    deposit_window_agreed: bool
    council: bool
    council_members: int
    late_limit: int
    lot_commitment: str
    signal_times: int
    extra_conditions: tuple[str, ...]
    extra_forfeits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The session is posted (*niêm yết*)."""

    posted_on: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """A public notice appears."""

    notified_on: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SellDossier:
    """A dossier is sold."""

    buyer: str
    sold_on: str
    price_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveDossier:
    """A dossier is received; ``members`` names the partners where a joint venture files."""

    bidder: str
    name: str
    received_on: str
    complete: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What the screening found. Sums in đồng; ``estimate_vnd``: estimate of the exploration project or total investment of the mine, without
    VAT; ``parent_promised_vnd``: what a parent company promised, ``parent_equity_vnd`` its own equity. ``duties_owed``: the duties of
    Art. 147(1) not fulfilled; they count once ``tax_link`` says that the minerals system is linked to the tax data. ``ban``: number and
    period of a decision that bars the bidder. ``owners``: who holds its capital; ``linked_to``: other bidders with the same owners."""

    estimate_vnd: int
    equity_vnd: int
    audited: bool
    guarantee_vnd: int
    lenders_vnd: int
    parent_promised_vnd: int
    parent_equity_vnd: int
    duties_owed: tuple[str, ...]
    tax_link: bool
    bars: tuple[Bar, ...]
    ban: str
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenBidder:
    """A dossier is examined."""

    bidder: str
    found: Screening


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishList:
    """The list of eligible bidders is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeposit:
    """Money of a bidder arrived on the deposit account."""

    bidder: str
    amount_vnd: int
    paid_on: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAuction:
    """A bidder takes its dossier back; ``terms_changed``: start, quantity or quality were changed after the posting."""

    bidder: str
    terms_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule:
    """A new opening is set for a session that was postponed."""

    opens_at: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """Force majeure kept a bidder away."""

    bidder: str
    evidence: str


CommandBefore = (
    ApprovePlan
    | PublishPlan
    | SetTerms
    | IssueRegulation
    | Post
    | Notify
    | SellDossier
    | ReceiveDossier
    | ScreenBidder
    | PublishList
    | RecordDeposit
    | LeaveAuction
    | Reschedule
    | Excuse
)
"""Commands before the session."""
