"""Which years does a forced stop free, and when is the year of the resumption due? Decree 193/2025 Art. 137(2)(c), (3), 153(4).

A holder who must stop because a State body asks for it, not for a breach of law, pays nothing for the years from the one after
the stop to the one before mining resumes. The year of the stop and the year of the resumption are paid for. Which years these
are is derived from the stops of the ledger, never posted; an instalment already notified for such a year is taken back by its
reversal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fees.ledger import Entry, StopReason, active
from rules.citation import Citation
from rules.lawbook import Deadline, LawBook, Row

FREED: Final = "forced_stop.freed_years"
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreedYears:
    """One forced stop from ``first`` to ``last`` (both stopped) and the years it frees; none where it is too short.

    ``due_on``: the last day to pay for the year of the resumption (Art. 137(2)(c)), after the holiday
    shift; ``None`` where mining resumed before the decree, or so late that the calendar ends. ``confirmed``: it began before the
    decree was in force, so the provincial People's Committee must confirm it (Art. 153(4)).
    """

    first: date
    last: date
    years: range
    due_on: date | None
    confirmed: bool
    cites: tuple[Citation, ...]


def freed_years(entries: Iterable[Entry], on: date, book: LawBook) -> tuple[FreedYears, ...]:
    """The forced stops of one account as they stand on a day, those that touch or overlap as one, and the years they free.

    A stop that names an instalment holds back its interest alone and frees no year.
    """
    stops = sorted(
        (entry.stop.first, entry.stop.last)
        for entry in active(entries, on)
        if entry.stop is not None and entry.stop.reason is StopReason.FORCED_STOP and entry.instalment is None
    )
    spans: list[tuple[date, date]] = []
    for first, last in stops:
        if spans and first - _ONE_DAY <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return tuple(_freed(first, last, book) for first, last in spans)


def _freed(first: date, last: date, book: LawBook) -> FreedYears:
    start = book.first(FREED)
    older = first < start.period.start
    rows = [book.find(FREED, last) or start, *([book.first("forced_stop.older")] if older else [])]
    resumed = last if last == date.max else last + _ONE_DAY
    due_on, due = _resumed_due(resumed, book)
    rows += due
    return FreedYears(
        first=first,
        last=last,
        years=range(first.year + 1, resumed.year),
        due_on=due_on,
        confirmed=older,
        cites=tuple(cite for one in rows for cite in one.cites),
    )


def _resumed_due(resumed: date, book: LawBook) -> tuple[date | None, list[Row]]:
    """The last day to pay after the resumption, with the row it follows."""
    row = book.find("forced_stop.resumed_due", resumed)
    if row is None:
        return None, []
    assert isinstance(row.value, Deadline)
    end = book.calendar.working_period_end if row.value.working else book.calendar.period_end
    try:
        return end(resumed, row.value.days), [row]
    except (ValueError, OverflowError):
        return None, []
