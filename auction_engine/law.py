"""What does the law say about a step of the procedure, and where? Look-ups in the law book by the day of the event.

A rule that ended without a successor that was read, or that comes later than the day, is still applied and cited as it stood
(``rules/law/gaps.toml`` names these holes). Every deadline takes the rule in force on the day that starts it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from rules.lawbook import Deadline, LawBook, Row


class Due(NamedTuple):
    """Last day of a span with the article that sets it."""

    on: date
    article: str


def row(book: LawBook, name: str, on: date, key: str = "") -> Row:
    """The row in force, else the last one that ended, else the first to come; ``LookupError`` for a name without rows."""
    found = book.find(name, on, key)
    if found is not None:
        return found
    rows = book.series[name, key].rows
    ended = [one for one in rows if one.period.start <= on]
    return ended[-1] if ended else rows[0]


def article(book: LawBook, name: str, on: date, key: str = "") -> str:
    """Where a rule stands: ``Điều 41 khoản 2 điểm b, 01/2016/QH14``."""
    cite = row(book, name, on, key).cite
    return f"{cite.at}, {cite.instrument}"


def whole(book: LawBook, name: str, on: date, key: str = "") -> int:
    """A count that the law sets."""
    return int(row(book, name, on, key).number())


def due(book: LawBook, name: str, event: date) -> Due:
    """Last day of a deadline that an event on a day starts (Civil Code Art. 147-148)."""
    span = _span(book, name, event)
    count = book.calendar.working_period_end if span.working else book.calendar.period_end
    return Due(count(event, span.days), article(book, name, event))


def earliest(book: LawBook, name: str, event: date, by: date | None = None) -> Due:
    """First day on which a minimum wait after an event is over; ``by``: the day whose rule counts, else the event's."""
    span = _span(book, name, by or event)
    first = book.calendar.working_period_end(event, span.days) if span.working else event + timedelta(days=span.days)
    return Due(first, article(book, name, by or event))


def latest(book: LawBook, name: str, opening: date) -> Due:
    """Last day that lies a span before the opening, by the rule of the opening's day."""
    span = _span(book, name, opening)
    day = opening
    for _ in range(span.days):
        day -= timedelta(days=1)
        while span.working and book.calendar.is_day_off(day):
            day -= timedelta(days=1)
    return Due(day, article(book, name, opening))


def months_later(book: LawBook, event: date, months: int) -> date:
    """Last day of a span of months: the same day of the month, else its last (Civil Code Art. 147(4), 148(3), 148(5))."""
    year, month = divmod(event.year * MONTHS + event.month - 1 + months, MONTHS)
    first_after = date(year + (month + 1) // MONTHS, (month + 1) % MONTHS + 1, 1)
    last = first_after - timedelta(days=1)
    return book.calendar.next_working_day(last.replace(day=min(event.day, last.day)))


MONTHS = 12


def _span(book: LawBook, name: str, on: date) -> Deadline:
    value = row(book, name, on).value
    assert isinstance(value, Deadline)
    return value
