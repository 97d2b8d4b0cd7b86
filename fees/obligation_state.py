"""How does a duty stand on a day: paid, owed, overdue, ahead, or not known? And which article stands behind it?

A duty that is over counts as overdue only where something tells that it was not fulfilled: a debt of the ledger, or a list of
filings that does not name it, from the day on that the list is complete.
"""

from __future__ import annotations

from datetime import date

from fees.obligation import Duty, DutyKind, ObligationsCase, Rule, State
from rules.citation import Citation
from rules.lawbook import LawBook


def duty_of(
    case: ObligationsCase,
    kind: DutyKind,
    period: str,
    rule: Rule,
    amount: int | None = None,
    still: int | None = None,
    *,
    paid: bool = False,
    expected: bool = False,
) -> Duty:
    """A duty with its state: ``still`` is what is open of ``amount`` where that is known."""
    known = still is not None
    if still == 0 or paid or (case.done is not None and f"{kind}/{period}" in case.done):
        state, still = State.PAID, 0 if amount is not None else None
    elif rule.due_on < case.as_of:
        state = State.OVERDUE if known or (not expected and _is_recorded(case, rule)) else State.UNKNOWN
    else:
        state = State.OWED if rule.arises_on <= case.as_of else State.UPCOMING
    return Duty(kind, period, rule, rule.why, state, amount, still, expected)


def _is_recorded(case: ObligationsCase, rule: Rule) -> bool:
    """Whether the filing, had it been made, would stand in the list."""
    return case.done is not None and (case.done_from is None or case.done_from <= rule.due_on)


def cites_of(book: LawBook, parameter: str, on: date) -> tuple[Citation, ...]:
    """Where a rule stands on a day; where it first came to stand, for an earlier day."""
    return (book.find(parameter, on) or book.first(parameter)).cites
