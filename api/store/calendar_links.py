"""Who may read the calendar feed of a licence? Whoever has its secret link; only the digest of the secret is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import Column, ForeignKey, Text
from sqlmodel import Field, Session, SQLModel, col, select

from api.store.models import Identifier
from api.store.types import UtcDateTime

_BYTES: Final = 24
_LONGEST: Final = 100


class CalendarLink(SQLModel, table=True):
    """The one feed of a licence: a digest of its secret, and since when."""

    __tablename__ = "calendar_link"

    licence_id: int = Field(sa_column=Column(Identifier, ForeignKey("licence.id"), primary_key=True))
    token_sha256: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    created_at: datetime = Field(sa_type=UtcDateTime)


def new_link(session: Session, licence_id: int, *, now: datetime) -> str:
    """Make the feed of a licence and return its secret, which is told this once; an older link stops working."""
    token = secrets.token_urlsafe(_BYTES)
    link = session.get(CalendarLink, licence_id)
    if link is None:
        link = CalendarLink(licence_id=licence_id, token_sha256="", created_at=now)
    link.token_sha256, link.created_at = _digest(token), now
    session.add(link)
    return token


def revoke_link(session: Session, licence_id: int) -> None:
    """End the feed of a licence; nothing happens where it has none."""
    link = session.get(CalendarLink, licence_id)
    if link is not None:
        session.delete(link)


def link_of(session: Session, licence_id: int) -> CalendarLink | None:
    """The feed of a licence, ``None`` where it has none."""
    return session.get(CalendarLink, licence_id)


def licence_of(session: Session, token: str) -> int | None:
    """The licence a secret opens, ``None`` for one that opens nothing."""
    if len(token) > _LONGEST:
        return None
    chosen = select(CalendarLink.licence_id).where(col(CalendarLink.token_sha256) == _digest(token))
    return session.exec(chosen).first()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
