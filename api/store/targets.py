"""What does the province want to collect? Its own targets, each with the plan it stands in; none while nobody entered one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Text
from sqlmodel import Field, Session, SQLModel, select

from api.imports.cells import plain
from api.store.types import UtcDateTime


class ProvinceTarget(SQLModel, table=True):
    """A target of the province's own: ``name`` as in the sample targets, ``source`` the plan that sets it."""

    __tablename__ = "province_target"

    name: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    set_at: datetime = Field(sa_type=UtcDateTime)


def own_targets(session: Session) -> dict[str, ProvinceTarget]:
    """The province's own targets by name."""
    return {row.name: row for row in session.exec(select(ProvinceTarget)).all()}


class Own(NamedTuple):
    """A target as the province sets it: the figure and the plan it stands in."""

    value: Decimal
    source: str


def set_targets(session: Session, wanted: Mapping[str, Own | None], *, now: datetime) -> None:
    """Set the named targets; ``None`` takes the own one away, so that the sample holds again."""
    kept = own_targets(session)
    for name, own in wanted.items():
        old = kept.get(name)
        if own is None:
            if old is not None:
                session.delete(old)
        elif old is None or (old.value, old.source) != (plain(own.value), own.source):
            session.merge(ProvinceTarget(name=name, value=plain(own.value), source=own.source, set_at=now))
    session.flush()
