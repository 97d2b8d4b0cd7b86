"""How does an instant survive both databases? As UTC, never without its zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets zones, so they are taken off on the way in and put back on the way out.

    Raises ``ValueError`` for a moment without a zone: it would mean another moment on another machine.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("thời điểm phải có múi giờ / a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read back as UTC."""
        return None if value is None else value.replace(tzinfo=UTC)
