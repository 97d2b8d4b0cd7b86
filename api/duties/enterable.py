"""Which entries may a licence have? Those of the duties its calendar knows, its restoration plan, contributions of any year."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from sqlmodel import Session

from api.duties.facts import Span, licence_duties
from api.store.duty_records import ESCROW_PLAN
from api.store.models import Licence
from fees.obligation import BY_AUTHORITY, DutyKind
from rules.lawbook import law_book

NOT_HERE: Final = frozenset({DutyKind.FEE_INSTALMENT, DutyKind.FEE_TOP_UP, DutyKind.ESCROW_DEPOSIT}) | BY_AUTHORITY
"""What is not entered duty by duty: the fee stands in the ledger, deposits in the plan."""
_YEAR: Final = re.compile(r"(19|20|21)[0-9]{2}")
_FURTHEST: Final = 100
_AFTER: Final = 3
"""Years after the end of a licence in which its last duties fall due."""


def is_enterable(session: Session, licence: Licence, kind: DutyKind, period: str, today: date) -> bool:
    """Whether an entry of this kind and period belongs to the licence."""
    if (kind, period) == ESCROW_PLAN:
        return True
    if kind is DutyKind.INFRASTRUCTURE_CONTRIBUTION:
        return _YEAR.fullmatch(period) is not None
    if kind in NOT_HERE:
        return False
    first, last = licence.issued_on or date(today.year - 1, 1, 1), max(licence.expires_on or today, today)
    span = Span(as_of=today, first=first, last=date(min(last.year + _AFTER, today.year + _FURTHEST), 12, 31))
    found = licence_duties(session, licence, span, law_book())
    return any((one.kind, one.period) == (kind, period) for one in found.duties)
