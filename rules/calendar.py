"""On which day does a period end, and which days count as working days (Civil Code 91/2015, Articles 144-148)?

The day of the event is not counted; a period whose last day is a day off ends on the next working day. Days off are
Saturdays, Sundays and the announced days of the law book. A worked Saturday of a swap (*làm bù*) binds the civil
service alone, so it is no working day for a deadline (house convention). Outside the years that the book lists fully,
only weekends and holidays of fixed date are known; :meth:`Calendar.is_estimated` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MINYEAR, date, timedelta
from enum import StrEnum
from typing import Final

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


class DayKind(StrEnum):
    """Why a day is special, as the announcements name it; the values are those of ``law/holidays.csv``."""

    HOLIDAY = "holiday"
    """*Ngày nghỉ lễ, tết*."""
    COMPENSATION = "compensation"
    """*Nghỉ bù*: the day off for a holiday that fell on a weekend."""
    SWAP_OFF = "swap_off"
    """*Nghỉ hoán đổi*: a weekday off, worked on another day."""
    SWAP_WORK = "swap_work"
    """*Làm bù*: the weekend day worked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedHoliday:
    """A holiday of the same solar date every year, from ``from_year`` on where it is a new one."""

    month: int
    day: int
    from_year: int = MINYEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The working-day calendar.

    ``days`` are the announced days; from ``known_from`` to ``known_until`` (years, both included) they are complete.
    ``fixed`` serves the other years. Raises ``ValueError`` for years in the wrong order or a worked swap day that is
    no weekend day. Every method raises ``ValueError``, in both languages, where a date would pass the year 9999.
    """

    days: Mapping[date, DayKind]
    known_from: int
    known_until: int
    fixed: tuple[FixedHoliday, ...]

    def __post_init__(self) -> None:
        if self.known_from > self.known_until:
            raise ValueError(f"known years end before they begin: {self.known_from} > {self.known_until}")
        for day, kind in self.days.items():
            if kind is DayKind.SWAP_WORK and day.weekday() < _SATURDAY:
                raise ValueError(f"{day.isoformat()}: a worked swap day must be a Saturday or a Sunday")

    def is_day_off(self, day: date) -> bool:
        """Whether ``day`` is a Saturday, a Sunday or another day off."""
        if day.weekday() >= _SATURDAY or day in self.days:  # a worked swap day is a weekend day, so already off
            return True
        return self.is_estimated(day) and any(
            day.month == holiday.month and day.day == holiday.day and day.year >= holiday.from_year
            for holiday in self.fixed
        )

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` counts as a working day (*ngày làm việc*)."""
        return not self.is_day_off(day)

    def is_estimated(self, day: date) -> bool:
        """Whether ``day`` lies in a year whose days off are not fully listed."""
        return not self.known_from <= day.year <= self.known_until

    def next_working_day(self, day: date) -> date:
        """``day`` itself if it is a working day, else the first working day after it (Article 148(5))."""
        while self.is_day_off(day):
            if day == date.max:
                raise _beyond(day)
            day += _ONE_DAY
        return day

    def period_end(self, start: date, days: int) -> date:
        """The last day of a period of ``days`` calendar days (at least 1) that runs from the event on ``start``."""
        return self.next_working_day(start + _checked(start, days))

    def working_period_end(self, start: date, days: int) -> date:
        """The ``days``-th working day (at least the first) after the event on ``start``."""
        _checked(start, days)
        day = start
        for _ in range(days):
            if day == date.max:
                raise _beyond(start)
            day = self.next_working_day(day + _ONE_DAY)
        return day


def _checked(start: date, days: int) -> timedelta:
    if days < 1:
        raise ValueError(
            f"Thời hạn {days} ngày không hợp lệ: hãy nhập ít nhất 1 ngày. / "
            f"A period of {days} days is not valid: give at least 1 day."
        )
    if days > (date.max - start).days:
        raise _beyond(start)
    return timedelta(days=days)


def _beyond(start: date) -> ValueError:
    return ValueError(
        f"Thời hạn tính từ {start.isoformat()} vượt quá năm 9999: hãy kiểm tra lại ngày. / "
        f"The period from {start.isoformat()} passes the year 9999: check the date."
    )
