"""Does a licence fall under the first settlement, the re-approval, the exchange? Law 54/2024 Art. 111(9), Decree 21/2026 Art. 1(59)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from api.store.models import Licence
from api.store.province import LicenceFacts
from rules.citation import Citation
from rules.lawbook import LawBook


class Scope(StrEnum):
    """Where a licence stands on the first day of the new law; ``ended``: before any year that is settled."""

    RUNNING = "running"
    EXPIRED = "expired"
    ENDED = "ended"
    AFTER = "after"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days of the first settlement, each from the law book, with where they stand."""

    mined_since: date
    cutoff: date
    first_day: date
    dossier_deadline: date
    deadline: date
    cites: tuple[Citation, ...]

    @classmethod
    def of(cls, book: LawBook) -> Calendar:
        """The days as the law book has them."""
        names = ("reapproval.mined_since", "settlement.first_cutoff", "reapproval.price_on", "settlement.dossier_deadline",
                 "settlement.authority_deadline")  # fmt: skip
        rows = [book.first(name) for name in names]
        provisions = ("transition.first_settlement", "transition.reapproval", "exchange.required")
        since, cutoff, first_day, dossier, deadline = (row.day() for row in rows)
        return cls(
            mined_since=since,
            cutoff=cutoff,
            first_day=first_day,
            dossier_deadline=dossier,
            deadline=deadline,
            cites=(*(row.cite for row in rows), *(book.first(name).cite for name in provisions)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the transition asks of a licence. ``undecided``: expired, and nobody has said whether it is eligible."""

    scope: Scope
    settlement: bool
    reapproval: bool
    exchange: bool
    undecided: bool = False


def standing(licence: Licence, facts: LicenceFacts, days: Calendar, *, water: bool, mined: bool) -> Standing:
    """Where a licence stands. A licence is exchanged where it has no term, or neither reserve nor capacity.

    ``mined``: output is declared of a time that is settled; without it a licence that ended before has nothing to settle.
    """
    if licence.issued_on is None:
        return Standing(scope=Scope.UNKNOWN, settlement=False, reapproval=False, exchange=False)
    if licence.issued_on >= days.first_day:
        return Standing(scope=Scope.AFTER, settlement=False, reapproval=False, exchange=False)
    if licence.expires_on is not None and licence.expires_on < days.first_day:
        if licence.expires_on < days.mined_since and not mined:
            return Standing(scope=Scope.ENDED, settlement=False, reapproval=False, exchange=False)
        eligible = facts.eligible
        return Standing(
            scope=Scope.EXPIRED, settlement=bool(eligible), reapproval=False, exchange=False, undecided=eligible is None
        )
    measured = water or has_quantity(licence)
    exchange = licence.expires_on is None or not measured
    return Standing(scope=Scope.RUNNING, settlement=True, reapproval=not exchange, exchange=exchange)


def has_quantity(licence: Licence) -> bool:
    """Whether the register has a reserve, a volume or a capacity."""
    return any(
        (
            licence.licensed_m3,
            licence.licensed_tonne,
            licence.mining_m3,
            licence.mining_tonne,
            licence.capacity_m3,
            licence.capacity_tonne,
        )
    )
