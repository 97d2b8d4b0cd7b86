"""Which licences match what the officer asks for, and how many stand behind each filter?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, and_, case, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from api.store.models import ImportBatch, Licence
from api.store.text import fold

Expiry = Literal["active", "expired", "within_year"]
"""A licence is active through its last day; ``within_year`` is active and ends within a year of the given date."""

UNKNOWN: Final = "unknown"
"""The filter value for licences whose mineral or authority is not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicencePage:
    """The licences of one page in the order of the register, and how many there are on all pages."""

    rows: Sequence[Licence]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterCounts:
    """How many licences stand behind each value of each filter; the key ``unknown`` counts the empty ones."""

    mineral: Mapping[str, int]
    authority: Mapping[str, int]
    expiry: Mapping[str, int]


def list_licences(
    session: Session,
    *,
    today: date,
    search: str = "",
    mineral: str | None = None,
    authority: str | None = None,
    expiry: Expiry | None = None,
    page: int = 1,
    size: int = 50,
) -> LicencePage:
    """One page (from 1) of the licences that match every given filter.

    ``search`` finds licences that hold all its words, accents and case aside, in number, holder, mine, place, district,
    region or local mineral name. ``mineral`` is a mineral code and ``authority`` is ``ministry`` or ``province``;
    both take ``unknown``. ``today`` is the date that expiry is judged on.
    """
    where: list[ColumnElement[bool]] = [
        col(Licence.search_text).contains(word, autoescape=True) for word in fold(search.replace("\0", " ")).split()
    ]
    if mineral is not None:
        where.append(_equals(col(Licence.mineral_code), mineral))
    if authority is not None:
        where.append(_equals(col(Licence.authority), authority))
    if expiry is not None:
        where.append(_expiry(expiry, today))
    total = session.exec(select(func.count()).select_from(Licence).where(*where)).one()
    chosen = select(Licence).where(*where).order_by(col(Licence.id)).offset((page - 1) * size).limit(size)
    return LicencePage(rows=session.exec(chosen).all(), total=total)


def get_licence(session: Session, licence_id: int) -> Licence | None:
    """The licence with this number in the store, or ``None``."""
    return session.get(Licence, licence_id)


def list_register_batches(session: Session, *, limit: int = 100) -> Sequence[ImportBatch]:
    """The imports of registers, newest first."""
    return session.exec(select(ImportBatch).order_by(col(ImportBatch.id).desc()).limit(limit)).all()


def count_filters(session: Session, *, today: date) -> FilterCounts:
    """How many of all licences stand behind each filter value on ``today``."""
    expiry: tuple[Expiry, ...] = ("active", "expired", "within_year")
    sums = [func.coalesce(func.sum(case((_expiry(name, today), 1), else_=0)), 0) for name in expiry]
    blank = func.coalesce(func.sum(case((col(Licence.expires_on).is_(None), 1), else_=0)), 0)
    counted = session.connection().execute(select_columns(*sums, blank)).one()
    return FilterCounts(
        mineral=_grouped(session, col(Licence.mineral_code)),
        authority=_grouped(session, col(Licence.authority)),
        expiry=dict(zip((*expiry, UNKNOWN), map(int, counted), strict=True)),
    )


def _equals(column: Mapped[str | None], value: str) -> ColumnElement[bool]:
    return column.is_(None) if value == UNKNOWN else column == value


def _expiry(expiry: Expiry, today: date) -> ColumnElement[bool]:
    ends = col(Licence.expires_on)
    match expiry:
        case "active":
            return ends >= today
        case "expired":
            return ends < today
        case "within_year":
            return and_(ends >= today, ends <= today + relativedelta(years=1))


def _grouped(session: Session, column: Mapped[str | None]) -> dict[str, int]:
    rows = session.connection().execute(select_columns(column, func.count()).group_by(column).order_by(column)).all()
    return {UNKNOWN if value is None else value: count for value, count in rows}
