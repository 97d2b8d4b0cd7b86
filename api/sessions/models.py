"""Which rows keep the auction sessions? One for each session, one for each entry of its log, one for each signed checkpoint.

Entries and checkpoints are only ever added, triggers see to it. ``auction_session`` is the row that writers lock: its ``seq``, ``head`` and
``tick_at`` repeat what the log says, so that nobody has to read the log to go on.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.models import Identifier


class AuctionSession(SQLModel, table=True):
    """A session (*phiên đấu giá*); instants are written as in the log. ``tick_at``: when its next timer fires."""

    __tablename__ = "auction_session"
    __table_args__ = (Index("ix_auction_session_tick_at", "tick_at"),)

    id: int | None = Field(default=None, sa_column=Column(Identifier, primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    created_at: str = Field(sa_type=Text)
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    head: str = Field(sa_type=Text)
    tick_at: str | None = Field(default=None, sa_type=Text)


class AuctionEntry(SQLModel, table=True):
    """One entry of a log: ``body`` is its canonical JSON, ``hash`` chains it to the entry before.

    ``sender`` and ``key`` are null where the order came without a key; the same key of the same sender stands once.
    """

    __tablename__ = "auction_entry"
    __table_args__ = (UniqueConstraint("session_id", "sender", "key"),)

    session_id: int = Field(sa_column=Column(Identifier, ForeignKey("auction_session.id"), primary_key=True))
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    sender: str | None = Field(default=None, sa_type=Text)
    key: str | None = Field(default=None, sa_type=Text)
    body: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)


class AuctionCheckpoint(SQLModel, table=True):
    """A signed checkpoint over the first ``size`` entries; ``body`` is its canonical JSON."""

    __tablename__ = "auction_checkpoint"
    __table_args__ = (UniqueConstraint("session_id", "size"),)

    session_id: int = Field(sa_column=Column(Identifier, ForeignKey("auction_session.id"), primary_key=True))
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    body: str = Field(sa_type=Text)
