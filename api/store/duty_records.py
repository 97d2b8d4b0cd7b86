"""What was entered of a licence for its calendar of duties? The facts of its life, and what was declared, filed or happened.

Storage only: a ``document`` is a case of the compute contract (a return, a restoration plan) and is checked before it
gets here. Sums are never kept, they are computed with the present law book whenever they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import JSON, Column, ForeignKey, Text, UniqueConstraint
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, SQLModel, col, delete, select

from api.store.models import Identifier
from api.store.types import UtcDateTime

EVENT: Final = "event"
"""The kind of the entries that are events of the licence; their period is the event and its day."""
ESCROW_PLAN: Final = ("escrow_deposit", "plan")
"""Kind and period of the entry that holds the restoration plan with its payments."""
WRITE_LOCK: Final = "duty_records"
"""The lock that writers of these tables share."""


class DutyFacts(SQLModel, table=True):
    """The life of a licence as no register tells it; ``None`` while unknown.

    ``filings_from``: from this day on every filing is entered here, so that what is not is overdue. ``auction_group`` and
    ``auction_explored`` stand with ``auction_ended_on``.
    """

    __tablename__ = "duty_facts"

    licence_id: int = Field(sa_column=Column(Identifier, ForeignKey("licence.id"), primary_key=True))
    operating_since: date | None = None
    filings_from: date | None = None
    auction_ended_on: date | None = None
    auction_group: str | None = Field(default=None, sa_type=Text)
    auction_explored: bool | None = None
    written_at: datetime = Field(sa_type=UtcDateTime)


class DutyEntry(SQLModel, table=True):
    """One duty, one event or the restoration plan of a licence, by the kind and period that the calendar calls it.

    ``on_day``: the day of an event, the last day of a contribution. ``done_on``: filed or paid. ``document``: the case of
    the contract that says what is owed.
    """

    __tablename__ = "duty_entry"
    __table_args__ = (UniqueConstraint("licence_id", "kind", "period"),)

    id: int | None = Field(default=None, sa_column=Column(Identifier, primary_key=True))
    licence_id: int = Field(sa_column=Column(Identifier, ForeignKey("licence.id"), nullable=False))
    kind: str = Field(sa_type=Text)
    period: str = Field(sa_type=Text)
    on_day: date | None = None
    done_on: date | None = None
    document: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    written_at: datetime = Field(sa_type=UtcDateTime)


def read_facts(session: Session, licence_id: int | None = None) -> dict[int, DutyFacts]:
    """The facts by licence, of one or of all."""
    chosen = select(DutyFacts)
    if licence_id is not None:
        chosen = chosen.where(DutyFacts.licence_id == licence_id)
    return {row.licence_id: row for row in session.exec(chosen).all()}


class Entered(NamedTuple):
    """An entry as it is read: see :class:`DutyEntry`."""

    kind: str
    period: str
    on_day: date | None
    done_on: date | None
    document: dict[str, Any] | None


def read_entries_of(session: Session, licence_id: int | None = None) -> dict[int, list[Entered]]:
    """The entries by licence, of one or of all, in the order of kind and period."""
    names = ("licence_id", *Entered._fields)
    chosen = select_columns(*(getattr(DutyEntry, name) for name in names)).order_by(
        col(DutyEntry.kind), col(DutyEntry.period)
    )
    if licence_id is not None:
        chosen = chosen.where(col(DutyEntry.licence_id) == licence_id)
    found: dict[int, list[Entered]] = {}
    for number, *values in session.connection().execute(chosen):
        found.setdefault(number, []).append(Entered(*values))
    return found


def get_entry(session: Session, licence_id: int, kind: str, period: str) -> DutyEntry | None:
    """One entry, ``None`` where nothing was entered."""
    chosen = select(DutyEntry).where(
        DutyEntry.licence_id == licence_id, DutyEntry.kind == kind, DutyEntry.period == period
    )
    return session.exec(chosen).first()


def keep_facts(session: Session, facts: DutyFacts, events: Iterable[DutyEntry]) -> None:
    """Keep the facts of a licence and its events, in the place of those kept before."""
    session.merge(facts)
    session.exec(delete(DutyEntry).where(col(DutyEntry.licence_id) == facts.licence_id, col(DutyEntry.kind) == EVENT))
    session.flush()
    session.add_all(events)


def keep_entry(session: Session, entry: DutyEntry) -> None:
    """Keep an entry in the place of the one of its kind and period."""
    old = get_entry(session, entry.licence_id, entry.kind, entry.period)
    if old is not None:
        entry.id = old.id
    session.merge(entry)


def drop_entry(session: Session, licence_id: int, kind: str, period: str) -> None:
    """Take an entry out; nothing happens where there is none."""
    old = get_entry(session, licence_id, kind, period)
    if old is not None:
        session.delete(old)
