"""Half-open periods ``[start, end)`` and series of dated rows in which gaps and overlaps are errors."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from ``start`` up to, not including, ``end``; ``end`` is ``None`` while the rule is in force."""

    start: date
    end: date | None = None

    def contains(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)

    def __str__(self) -> str:
        return f"[{self.start}, {self.end or '…'})"


class _Dated(Protocol):
    @property
    def period(self) -> Period: ...


Row = TypeVar("Row", bound=_Dated)


class Series(Generic[Row]):
    """Rows of one parameter in order of time."""

    __slots__ = ("_starts", "rows")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: row.period.start))
        self._starts = [row.period.start for row in self.rows]

    def at(self, on: date) -> Row | None:
        """The row in force on a day, or ``None``."""
        index = bisect_right(self._starts, on) - 1
        if index < 0:
            return None
        row = self.rows[index]
        end = row.period.end
        return row if end is None or on < end else None

    def overlaps(self) -> list[tuple[Row, Row]]:
        """Neighbouring rows of which the earlier runs into the later."""
        return [
            (earlier, later)
            for earlier, later in zip(self.rows, self.rows[1:], strict=False)
            if earlier.period.end is None or earlier.period.end > later.period.start
        ]

    def holes(self, covered: Period) -> list[Period]:
        """The parts of ``covered`` in which no row is in force."""
        holes = []
        reached: date | None = covered.start
        for row in self.rows:
            if reached is None:
                break
            if row.period.start > reached:
                end = row.period.start if covered.end is None else min(row.period.start, covered.end)
                if reached < end:
                    holes.append(Period(start=reached, end=end))
            if row.period.end is None:
                reached = None
            elif row.period.end > reached:
                reached = row.period.end
        if reached is not None and (covered.end is None or reached < covered.end):
            holes.append(Period(start=reached, end=covered.end))
        return holes
