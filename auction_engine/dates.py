"""Is a day that a command names a day at all? Years outside those of living memory and planning are slips of the pen."""

from __future__ import annotations

from datetime import date
from typing import Final

FIRST: Final = 1990
LAST: Final = 2999


def day(text: str) -> date | None:
    """The day of an ISO text of ten characters, else ``None``; also ``None`` outside the years taken."""
    if len(text) != len("2026-11-24"):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found.year <= LAST else None
