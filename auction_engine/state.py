"""Where does a session stand? The fold of its events; nothing else is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Final, TypeVar

from auction_engine.events_before import PlanApproved, RegulationIssued, TermsSet
from auction_engine.grid import Grid
from auction_engine.values import Forfeit, Party, Phase, Stage, Task
from rules.lawbook import LawBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Bidder:
    """One who registered. Sums in đồng; ``deposit`` is what came in time and is not forfeited, refunded or used."""

    name: str
    filed: bool = False
    members: tuple[str, ...] = ()
    eligible: bool | None = None
    owners: tuple[str, ...] = ()
    left: bool = False
    deposit: int = 0
    unusable: int = 0
    refund_due: int = 0
    refund_by: str = ""
    forfeited: int = 0
    forfeit_ground: Forfeit | None = None
    remitted: int = 0
    refunded: int = 0
    secures: bool = False
    present: bool = False
    lot_share: str = ""
    excused: bool = False
    out: bool = False
    """Disqualified, also by taking a bid back (Law 01/2016 Art. 50(4))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A bid in a chain back to the first; ``steps`` above the start. Equality looks at the bid alone: chains are long."""

    bidder: str
    steps: int
    round: int
    at: str
    before: Placed | None = field(repr=False, compare=False)

    def chain(self) -> Iterator[Placed]:
        """This bid and those before it."""
        one: Placed | None = self
        while one is not None:
            yield one
            one = one.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The open session. ``last`` is the newest valid bid, ``best`` the steps of the best one (-1 for none) and ``leaders`` who bid it.

    ``sealed`` are the unopened ballots of the round, ``opened`` its valid ones; ``among`` may bid (nobody named: all present).
    """

    phase: Phase = Phase.BIDDING
    last: Placed | None = None
    best: int = -1
    leaders: tuple[str, ...] = ()
    calls: int = 0
    ends_at: str = ""
    extensions: int = 0
    signalled: bool = False
    round: int = 0
    at_least: int = 0
    extra: bool = False
    among: tuple[str, ...] = ()
    sealed: Mapping[str, str] = field(default_factory=dict)
    opened: Mapping[str, int] = field(default_factory=dict)
    invalid: tuple[str, ...] = ()
    tied_rounds: int = 0
    declined: bool = False
    paused_at: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome; ``ended_on`` is the day the session ended, from which the licence deadlines run."""

    winner: str = ""
    steps: int = 0
    ended_on: str = ""
    refused_by: str = ""
    refused_steps: int = 0
    offered: str = ""
    candidates: tuple[str, ...] = ()
    signed: tuple[Party, ...] = ()
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A session after ``seq`` entries, the last of them at ``at``. ``book`` is the law it is held under, not part of its log."""

    session: str
    book: LawBook = field(repr=False, compare=False)
    seq: int = 0
    at: str = ""
    stage: Stage = Stage.NEW
    plan: PlanApproved | None = None
    terms: TermsSet | None = None
    grid: Grid | None = None
    regulation: RegulationIssued | None = None
    posted_on: str = ""
    notices: tuple[str, ...] = ()
    failures: int = 0
    bidders: Mapping[str, Bidder] = field(default_factory=dict)
    live: Live = field(default_factory=Live)
    result: Result = field(default_factory=Result)
    due: Mapping[Task, str] = field(default_factory=dict)
    done: Mapping[Task, str] = field(default_factory=dict)
    approved_by: str = ""
    exploration_granted: bool = False
    missed: bool = False
    handed_rate: bool = False
    refused: int = 0
    opened_at: str = ""
    lots: tuple[str, str, str] = ("", "", "")
    """Secret, seed and winner where lots were drawn."""

    def eligible(self) -> list[str]:
        """Bidders of the list who did not leave and are not out."""
        return [name for name, one in self.bidders.items() if one.eligible and not one.left and not one.out]

    def paid(self) -> list[str]:
        """Those of the list whose deposit is complete."""
        needed = self.terms.deposit_vnd if self.terms else 0
        return [name for name in self.eligible() if self.bidders[name].deposit >= needed]

    def present(self) -> list[str]:
        """Those who take part: paid, present, not out."""
        return [name for name in self.paid() if self.bidders[name].present]


T = TypeVar("T", State, Live)
_SETTERS: Final = {
    kind: [(one.name, getattr(kind, one.name).__set__) for one in fields(kind)] for kind in (State, Live)
}


def changed(one: T, **changes: object) -> T:
    """``dataclasses.replace`` for the two events of the hot path, in half the time: slots are copied, no constructor runs."""
    kind = type(one)
    copy = object.__new__(kind)
    for name, put in _SETTERS[kind]:
        put(copy, changes[name] if name in changes else getattr(one, name))
    return copy


def new_state(session: str, book: LawBook) -> State:
    """The state before the first entry; ``ValueError`` for an empty name."""
    if not session:
        raise ValueError("a session needs a name")
    return State(session=session, book=book)
