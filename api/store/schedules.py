"""Which instalments do the decisions of a licence plan, and which of them has the tax office not notified yet?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from api.store.ledger_models import LedgerEntry, LedgerInstalment
from fees.ledger import Account, Debtor, Entry, Fact, active


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One instalment of a decision's schedule; ``due_on`` where the decision names it."""

    instalment: str
    amount_vnd: int
    due_on: date | None


def keep_schedule(session: Session, key: str, schedule: Sequence[Planned]) -> None:
    """Keep the schedule of the decision written under ``key``; call it in the transaction that wrote the decision."""
    number = col(LedgerEntry.id)
    entry_id = session.connection().execute(select_columns(number).where(col(LedgerEntry.key) == key)).scalar_one()
    rows = [
        {"entry_id": entry_id, "instalment": one.instalment, "amount_vnd": one.amount_vnd, "due_on": one.due_on}
        for one in schedule
    ]
    if rows:
        session.connection().execute(insert(LedgerInstalment), rows)


def planned(session: Session, entries: Sequence[Entry], debtor: Debtor) -> tuple[Planned, ...]:
    """The instalments of the newest standing schedule of an account that no standing notice has asked for yet.

    ``entries`` are those of the licence. A later schedule stands in the place of an earlier one (house convention).
    """
    standing = [entry for entry in active(entries, date.max) if entry.debtor == debtor]
    decisions = [entry.key for entry in standing if entry.fact is Fact.DECISION]
    row, keyed = LedgerInstalment, col(LedgerEntry.key)
    chosen = (
        select_columns(keyed, col(row.instalment), col(row.amount_vnd), col(row.due_on))
        .join(LedgerEntry, col(LedgerEntry.id) == col(row.entry_id))
        .where(col(LedgerEntry.licence_id) == debtor.licence)
    )
    found: dict[str, list[Planned]] = {}
    for key, instalment, amount, due_on in session.connection().execute(chosen):
        found.setdefault(key, []).append(Planned(instalment=instalment, amount_vnd=amount, due_on=due_on))
    newest = next((key for key in reversed(decisions) if key in found), None)
    if newest is None:
        return ()
    notified = {entry.instalment for entry in standing if entry.amount(Account.OWED) > 0}
    left = [one for one in found[newest] if one.instalment not in notified]
    return tuple(sorted(left, key=lambda one: (one.due_on or date.max, one.instalment)))
