"""On which day is a duty due, and by which article? One answer per rule and period, shared by all licences.

Every answer follows the law in force on the day that starts it: the last day of a tax period, the day of an event, the year
of a report. "Before a day" ends on the day before it (a reading, printed as such); a day off moves to the next working day
(Civil Code Art. 148(5)).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Hashable
from datetime import date, timedelta
from typing import Final, NamedTuple

from fees.case import Group
from fees.obligation import RETURNS, DutyKind, Rule
from fees.tax_return import DAY, next_month
from rules.citation import Citation
from rules.lawbook import Deadline, LawBook, MonthDay, Row
from rules.trace import Text

_ONE_DAY: Final = timedelta(days=1)


class Month(NamedTuple):
    """A month: its name, the month after it, and kind, key and rule of each of its returns (declaration and payment)."""

    name: str
    following: date
    returns: tuple[tuple[DutyKind, str, Rule], ...]


class DutyDates:
    """Due dates of a law book, each found once; ``None`` where the book has no rule for the time."""

    def __init__(self, book: LawBook) -> None:
        self.book = book
        self._known: dict[Hashable, Rule | None] = {}
        self._months: dict[date, Month] = {}

    def month(self, period: date) -> Month:
        """The returns of the month that begins on ``period``."""
        found = self._months.get(period)
        if found is None:
            found = self._months[period] = self._month(period)
        return found

    def final(self, year: int, declared: str) -> Rule | None:
        """Final return of a calendar year."""
        return self._once((declared, year), lambda: self._final(year, declared))

    def closing(self, closed_on: date, declared: str) -> Rule | None:
        """Final return after the end of the activity."""
        return self._once(
            ("closing", declared, closed_on), lambda: self._after("tax_return.closing_due", closed_on, declared)
        )

    def report(self, year: int) -> Rule | None:
        """Periodic report of a year."""
        return self._once(("report", year), lambda: self._filed_before("report.periodic_day", year))

    def mine_map(self, year: int) -> Rule | None:
        """Map and sections as of the end of a year."""
        return self._once(("map", year), lambda: self._filed_before("report.map_day", year))

    def periodic_settlement(self, last_year: int) -> Rule | None:
        """Dossier of a period whose output is cut off at the end of ``last_year``."""
        return self._once(("settle", last_year), lambda: self._filed_before("settlement.dossier_day", last_year))

    def event_settlement(self, on: date) -> Rule | None:
        """Dossier after an extension, adjustment, re-grant, transfer or closure."""
        return self._once(("event", on), lambda: self._after("settlement.event_dossier_due", on))

    def first_settlement(self, parameter: str) -> Rule:
        """Dossier of the first settlement, or its completion by the authority."""
        found = self._once((parameter,), lambda: self._first_settlement(parameter))
        assert found is not None
        return found

    def instalment(self, year: int, half: int | None) -> Rule | None:
        """A yearly payment of the licence-right fee from the second on."""
        return self._once(("instalment", year, half), lambda: self._instalment(year, half))

    def first_instalment(self, notice_on: date) -> Rule | None:
        """The first payment, from the notice of the tax office."""
        return self._once(("first", notice_on), lambda: self._after("licence_right.first_due", notice_on))

    def dossier(self, parameter: str, ended_on: date, group: Group) -> Rule | None:
        """Licence dossier after an auction."""
        return self._once((parameter, ended_on, group), lambda: self._dossier(parameter, ended_on, group))

    def given(self, on: date, why: Text, cites: tuple[Citation, ...]) -> Rule:
        """A day that a plan, a notice or a decision names; it still moves from a day off."""
        return Rule(why, date(on.year, 1, 1), on, self._shift(on), cites)

    def _once(self, key: Hashable, find: Callable[[], Rule | None]) -> Rule | None:
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]

    def _shift(self, day: date) -> date:
        return self.book.calendar.next_working_day(day)

    def _cites(self, row: Row, on: date, *others: str) -> tuple[Citation, ...]:
        return (row.cite, *self._others(on, *others), self.book.periods_cite)

    def _others(self, on: date, *names: str) -> tuple[Citation, ...]:
        return tuple(one.cite for name in names if (one := self.book.find(name, on)) is not None)

    def _month(self, period: date) -> Month:
        name, following = f"{period:%Y-%m}", next_month(period)
        last = following - _ONE_DAY
        row = self.book.find(DAY, last)
        if row is None:
            return Month(name, following, ())
        nominal = following.replace(day=int(row.number()))
        why = Text(
            f"Khai theo tháng: nộp tờ khai và tiền chậm nhất ngày {nominal.day} của tháng sau; tháng không phát sinh vẫn khai.",
            f"Declared by the month: return and payment by day {nominal.day} of the next month; a nil month is declared too.",
        )
        due_on, shared = self._shift(nominal), self._others(last, "tax_return.payment", "late_interest.last_day")
        returns = []
        for kind, _, declared in RETURNS:
            cites = (row.cite, *self._others(last, declared), *shared, self.book.periods_cite)
            returns.append((kind, f"{kind}/{name}", Rule(why, following, nominal, due_on, cites)))
        return Month(name, following, tuple(returns))

    def _final(self, year: int, declared: str) -> Rule | None:
        last = year_end(year)
        row = self.book.find("tax_return.final_months", last)
        if row is None:
            return None
        month = int(row.number())
        nominal = date(year + 1, month, monthrange(year + 1, month)[1])
        why = Text(
            f"Quyết toán năm: chậm nhất ngày cuối cùng của tháng thứ {month} sau năm {year}.",
            f"Final return: by the last day of month {month} after {year}.",
        )
        return Rule(
            why,
            last + _ONE_DAY,
            nominal,
            self._shift(nominal),
            self._cites(row, last, declared, "late_interest.last_day"),
        )

    def _filed_before(self, parameter: str, year: int) -> Rule | None:
        """Filed before a day of the next year."""
        last = year_end(year)
        row = self.book.find(parameter, last)
        if row is None:
            return None
        assert isinstance(row.value, MonthDay)
        return self._before(row, row.value.of(year + 1), last + _ONE_DAY)

    def _before(self, row: Row, day: date, arises_on: date) -> Rule:
        nominal = day - _ONE_DAY
        why = Text(f"Nộp trước ngày {day:%d/%m/%Y}.", f"Filed before {day}.")
        return Rule(why, arises_on, nominal, self._shift(nominal), (row.cite, self.book.periods_cite))

    def _first_settlement(self, parameter: str) -> Rule:
        row = self.book.first(parameter)
        return self._before(row, row.day(), row.period.start)

    def _after(self, parameter: str, on: date, *others: str) -> Rule | None:
        row = self.book.find(parameter, on)
        if row is None:
            return None
        span, calendar = row.value, self.book.calendar
        assert isinstance(span, Deadline)
        nominal = calendar.working_period_end(on, span.days) if span.working else on + timedelta(days=span.days)
        kind = Text("ngày làm việc", "working days") if span.working else Text("ngày", "days")
        why = Text(
            f"Trong {span.days} {kind.vi} kể từ {span.starts.vi} ({on:%d/%m/%Y}).",
            f"Within {span.days} {kind.en} of {span.starts.en} ({on}).",
        )
        return Rule(why, on, nominal, self._shift(nominal), self._cites(row, on, *others))

    def _instalment(self, year: int, half: int | None) -> Rule | None:
        start = date(year, 1, 1)  # a yearly date follows the rule of the first day of its year
        row = self.book.find("licence_right.later_due", start)
        if row is None:
            return None
        assert isinstance(row.value, tuple)
        place = 0 if half is None else half - 1
        if place >= len(row.value):
            return None
        nominal = row.value[place].of(year)
        why = Text(
            f"Từ lần thứ hai trở đi: chậm nhất ngày {nominal:%d/%m} hằng năm.",
            f"From the second payment on: by {nominal:%d/%m} of each year.",
        )
        return Rule(why, start, nominal, self._shift(nominal), self._cites(row, start))

    def _dossier(self, parameter: str, ended_on: date, group: Group) -> Rule | None:
        row = self.book.find(parameter, ended_on, group)
        if row is None:
            return None
        months = int(row.number())
        nominal = _months_later(ended_on, months)
        why = Text(
            f"Trong {months} tháng kể từ ngày kết thúc cuộc đấu giá ({ended_on:%d/%m/%Y}), nhóm {group}; quá hạn thì mất tiền cọc.",
            f"Within {months} months of the end of the session ({ended_on}), group {group}; the deposit is lost after it.",
        )
        return Rule(why, ended_on, nominal, self._shift(nominal), (row.cite, self.book.periods_cite))


def year_end(year: int) -> date:
    """The last day of a calendar year."""
    return date(year + 1, 1, 1) - _ONE_DAY


def _months_later(on: date, months: int) -> date:
    """The corresponding day, or the last of a month that has none (Civil Code Art. 148(3))."""
    years, month = divmod(on.month - 1 + months, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
