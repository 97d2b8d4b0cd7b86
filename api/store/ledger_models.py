"""Which rows keep the ledger? One per entry, posting and planned instalment; they are only ever added, triggers see to it.

A posting repeats licence, payer and date of its entry, so that one index answers any balance without touching the rows: of a
licence, of a payer, of the whole province.
Money is BIGINT in whole đồng.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from api.store.models import Identifier
from api.store.types import UtcDateTime


class LedgerEntry(SQLModel, table=True):
    """One fact of ``fees.ledger``; ``key`` is its sender's own. A ``reverses`` can stand once: nothing is reversed twice."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_licence", "licence_id", "dated", "id"),
        Index("ix_ledger_entry_payer", "payer", "dated", "id"),
    )

    id: int | None = Field(default=None, sa_column=Column(Identifier, primary_key=True))
    key: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    licence_id: int = Field(sa_column=Column(Identifier, ForeignKey("licence.id"), nullable=False))
    payer: str = Field(sa_type=Text)
    fact: str = Field(sa_type=Text)
    dated: date
    document: str | None = Field(default=None, sa_type=Text)
    instalment: str | None = Field(default=None, sa_type=Text)
    due_on: date | None = None
    stop_reason: str | None = Field(default=None, sa_type=Text)
    stop_first: date | None = None
    stop_last: date | None = None
    reverses: str | None = Field(default=None, sa_column=Column(Text, ForeignKey("ledger_entry.key"), unique=True))
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class LedgerPosting(SQLModel, table=True):
    """Whole đồng on one account of one entry."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        Index("ix_ledger_posting_licence", "licence_id", "dated", "payer", "account", "amount_vnd"),
        Index("ix_ledger_posting_payer", "payer", "dated", "licence_id", "account", "amount_vnd"),
        Index("ix_ledger_posting_account", "account", "licence_id", "payer", "dated", "amount_vnd"),
    )

    entry_id: int = Field(sa_column=Column(Identifier, ForeignKey("ledger_entry.id"), primary_key=True))
    account: str = Field(sa_type=Text, primary_key=True)
    licence_id: int = Field(sa_column=Column(Identifier, nullable=False))
    payer: str = Field(sa_type=Text)
    dated: date
    amount_vnd: int = Field(sa_column=Column(BigInteger, nullable=False))


class LedgerInstalment(SQLModel, table=True):
    """One instalment of the schedule that a decision plans; it moves no money until the tax office notifies it."""

    __tablename__ = "ledger_instalment"

    entry_id: int = Field(sa_column=Column(Identifier, ForeignKey("ledger_entry.id"), primary_key=True))
    instalment: str = Field(sa_type=Text, primary_key=True)
    amount_vnd: int = Field(sa_column=Column(BigInteger, nullable=False))
    due_on: date | None = None
