"""What does a stored row say, as JSON, and how does it come back as it was?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date
from sqlmodel import SQLModel

from api.store.types import UtcDateTime


def state_of(row: SQLModel) -> dict[str, Any]:
    """The values of a row by column, dates and moments in ISO form."""
    return {
        column.name: value.isoformat() if isinstance(value := getattr(row, column.name), date) else value
        for column in row.__table__.columns  # type: ignore[attr-defined]
    }


def row_from(model: type[SQLModel], state: dict[str, Any]) -> SQLModel:
    """The row that ``state_of`` described."""
    reads: dict[str, Callable[[str], date]] = {}
    for column in model.__table__.columns:  # type: ignore[attr-defined]
        if isinstance(column.type, Date):
            reads[column.name] = date.fromisoformat
        elif isinstance(column.type, UtcDateTime):
            reads[column.name] = datetime.fromisoformat
    return model(**{name: reads[name](value) if name in reads and value else value for name, value in state.items()})
