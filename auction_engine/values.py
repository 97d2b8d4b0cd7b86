"""The words a session is described in: kinds of area, modes, stages, parties, grounds."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Who acts. ``SYSTEM`` fires the timers, ``AGENCY`` is the licensing authority's specialised agency."""

    SELLER = "seller"
    AGENCY = "agency"
    CHAIR = "chair"
    AUCTIONEER = "auctioneer"
    CLERK = "clerk"
    BIDDER = "bidder"
    SYSTEM = "system"


class AreaKind(StrEnum):
    """What is known of the area (Law 54/2024 Art. 102(3), 104(2)); salvage and group IV follow the rules of explored areas."""

    UNEXPLORED = "unexplored"
    EXPLORED = "explored"
    SALVAGE = "salvage"


class Zone(StrEnum):
    """Result of the zone check (Decree 193/2025 Art. 144(1), Law 54/2024 Art. 26, 100(2))."""

    OPEN = "open"
    FORBIDDEN = "forbidden"
    TEMPORARILY_FORBIDDEN = "temporarily_forbidden"
    NON_AUCTION = "non_auction"


class Mode(StrEnum):
    """Form of the session (Law 01/2016 Art. 40(1))."""

    ORAL = "oral"
    DIRECT_BALLOT = "direct_ballot"
    INDIRECT_BALLOT = "indirect_ballot"
    ONLINE = "online"


class Ballots(StrEnum):
    """How ballots come in: on paper, recorded by the clerk, or as hashes that are opened together."""

    PAPER = "paper"
    SEALED = "sealed"


class Stage(StrEnum):
    """Where the whole procedure stands."""

    NEW = "new"
    PLANNED = "planned"
    PRICED = "priced"
    REGULATED = "regulated"
    LISTED = "listed"
    POSTPONED = "postponed"
    OPEN = "open"
    DECLARED = "declared"
    RUNNER_UP = "runner_up"
    MINUTED = "minuted"
    HANDED_OVER = "handed_over"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    FILED = "filed"
    LICENSED = "licensed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    LICENCE_REFUSED = "licence_refused"
    RESULT_CANCELLED = "result_cancelled"
    APPROVAL_CANCELLED = "approval_cancelled"
    LAPSED = "lapsed"


class Phase(StrEnum):
    """Where an open session stands."""

    BIDDING = "bidding"
    OPENING = "opening"
    """The round is closed, ballots are being opened."""
    TIED = "tied"
    """Those tied are asked to bid on."""
    LOTS = "lots"
    CLOSED = "closed"
    """Bidding is over, the winner is not announced yet."""


class Party(StrEnum):
    """Who signs the minutes (Law 01/2016 Art. 44(2))."""

    AUCTIONEER = "auctioneer"
    CLERK = "clerk"
    WINNER = "winner"
    SELLER = "seller"
    BIDDERS = "bidders"
    CHAIR = "chair"


class Bar(StrEnum):
    """Why someone may not register; the value names the rule of the law book, ``session.bar_...``."""

    INCAPABLE = "incapable"
    STAFF = "staff"
    DECIDER = "decider"
    KIN = "kin"
    NO_RIGHT = "no_right"
    TWO_BIDDERS = "two_bidders"
    """Acts for two bidders or more."""
    PROXY = "proxy"
    """Bids while acting for another bidder."""
    KIN_BIDDER = "kin_bidder"
    """Spouse or sibling of another bidder."""


class Violation(StrEnum):
    """Prohibited acts of bidders (Law 01/2016 Art. 9(5))."""

    FALSE_PAPERS = "false_papers"
    COLLUSION = "collusion"
    DISTURBANCE = "disturbance"
    THREAT = "threat"


class SystemFault(StrEnum):
    """What went wrong (Decree 62/2017 Art. 16a(4)): only the first leaves the session to be held another day."""

    CANNOT_START = "cannot_start"
    CANNOT_BID = "cannot_bid"
    BID_NOT_RECORDED = "bid_not_recorded"


class Forfeit(StrEnum):
    """The closed list of Law 01/2016 Art. 39(6)-(7), and Law 54/2024 Art. 102(4); values name rules, ``session.forfeit_...``."""

    ABSENT = "absent"
    DISQUALIFIED = "disqualified"
    MINUTES = "minutes"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    LATE_DOSSIER = "late_dossier"


class ResultGround(StrEnum):
    """Why a result is cancelled (Law 01/2016 Art. 72); values name rules, ``session.cancel_...``."""

    AGREED = "agreed"
    VOID = "void"
    CONTRACT = "contract"
    COLLUSION = "collusion"
    SANCTION = "sanction"


class ApprovalGround(StrEnum):
    """Why an approval is cancelled by decision (Law 54/2024 Art. 106(1)); values name rules, ``session.cancel_...``."""

    LATE_DOSSIER = "late_dossier"
    LOST_RIGHT = "lost_right"


class LapseGround(StrEnum):
    """Why an approval lapses (Law 54/2024 Art. 106(2)); values name rules, ``session.lapse_...``."""

    RESULT_CANCELLED = "result_cancelled"
    EXPLORATION_ENDED = "exploration_ended"
    MINING_ENDED = "mining_ended"


class Extension(StrEnum):
    """Why the time to file is extended (Decree 193/2025 Art. 148a, 46(2); Law 54/2024 Art. 104(2)(b))."""

    FORCE_MAJEURE = "force_majeure"
    STATE_POLICY = "state_policy"
    TRIALS = "trials"
    AUTHORITY_LATE = "authority_late"


class Task(StrEnum):
    """Steps with a deadline of their own; values name rules, ``session....``."""

    PLAN_PUBLISHED = "plan_published"
    RESULT_REGISTERED = "result_registered"
    FILE_HANDED_OVER = "file_handed_over"
    LOSERS_REFUNDED = "losers_refunded"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RESULT_PUBLISHED = "result_published"
    LICENCE_DOSSIER = "licence_dossier"
