"""Dates that a case may carry, thickest around every change of law (extra ``testing``).

Changes are read from the law book, so a decree added as data is tried on its first day without touching this module.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal

from hypothesis import strategies as st

from rules.dated import Period
from rules.lawbook import LawBook, MonthDay, law_book

FeeKind = Literal["licence_right_fee", "licence_right_fee_2019"]
"""The two fee kinds of the contract."""

FEE_KINDS: Final[tuple[FeeKind, ...]] = ("licence_right_fee", "licence_right_fee_2019")

_ONE_DAY: Final = timedelta(days=1)
_BEYOND_HORIZON: Final = timedelta(days=400)
_LONGEST_TERM_YEARS: Final = 50
# A parameter that only this kind's decree has: its period is the period of the kind.
_OF_KIND: Final[dict[FeeKind, tuple[str, str]]] = {
    "licence_right_fee": ("licence_right.last_year_counts_from", ""),
    "licence_right_fee_2019": ("licence_right.k1", "other"),
}


def law_changes(book: LawBook | None = None) -> tuple[date, ...]:
    """Every day on which a row, an instrument or a line of the price frame begins or ends, and that after the horizon."""
    book = book or law_book()
    days = {book.horizon + _ONE_DAY}
    periods = [row.period for row in book.rows()] + [one.period for one in book.instruments]
    periods += [line.period for series in book.frame.values() for line in series.rows]
    for period in periods:
        days.add(period.start)
        if period.end is not None:
            days.add(period.end)
    return tuple(sorted(days))


def period_of(kind: FeeKind, book: LawBook | None = None) -> Period:
    """The days on which a fee of this kind can be approved."""
    return (book or law_book()).first(*_OF_KIND[kind]).period


def approval_dates(kind: FeeKind, book: LawBook | None = None) -> st.SearchStrategy[date]:
    """Days of approval: around each change of law, leap days, any other day, some past the horizon."""
    book = book or law_book()
    period = period_of(kind, book)
    last = period.end - _ONE_DAY if period.end is not None else book.horizon + _BEYOND_HORIZON
    special = sorted(
        {day for change in law_changes(book) for day in _around(change)} | set(_leap_days(period.start, last))
    )
    return st.one_of(
        st.sampled_from([day for day in special if period.start <= day <= last]),
        st.dates(period.start, last),
    )


def notice_dates(approved_on: date, book: LawBook | None = None) -> st.SearchStrategy[date | None]:
    """Days of the tax office's notice, on or after the approval: none yet, soon, around each change of deadline rule."""
    book = book or law_book()
    changes = [row.period.start for row in book.series["licence_right.first_due", ""].rows]
    special = [day for change in changes for day in _around(change) if day >= approved_on]
    soon = st.integers(0, 400).map(lambda days: approved_on + timedelta(days=days))
    return st.one_of(st.none(), soon, st.sampled_from(special)) if special else st.one_of(st.none(), soon)


@st.composite
def terms(draw: st.DrawFn, approved_on: date, book: LawBook | None = None) -> tuple[date, date]:
    """Issue and end of a licence: ends around the day the last year counts from, leap days, one year, one day, long."""
    book = book or law_book()
    issued = approved_on + timedelta(days=draw(st.integers(-400, 60)))
    if draw(st.booleans()):
        years = [year for year in (issued.year, issued.year - 1) if isleap(year)]
        edges = [date(issued.year, 1, 1), date(issued.year, 12, 31), *(date(year, 2, 29) for year in years)]
        issued = draw(st.sampled_from(edges))
    counts_from = book.first("licence_right.last_year_counts_from").value
    assert isinstance(counts_from, MonthDay)
    year = draw(st.integers(issued.year, issued.year + _LONGEST_TERM_YEARS))
    ends = [
        *_around(counts_from.of(year)),
        date(year, 12, 31),
        _same_day(issued, year),
        _same_day(issued, issued.year + 1),
        issued,
        *_leap_days(date(year, 1, 1), date(year + 4, 1, 1)),
        issued + timedelta(days=draw(st.integers(0, 365 * _LONGEST_TERM_YEARS))),
    ]
    return issued, draw(st.sampled_from([day for day in ends if day >= issued]))


def _around(day: date) -> Iterator[date]:
    yield from (day - _ONE_DAY, day, day + _ONE_DAY)


def _leap_days(first: date, last: date) -> list[date]:
    days = [date(year, 2, 29) for year in range(first.year, last.year + 1) if isleap(year)]
    return [day for day in days if first <= day <= last]


def _same_day(day: date, year: int) -> date:
    return day.replace(year=year) if (day.month, day.day) != (2, 29) or isleap(year) else date(year, 3, 1)
