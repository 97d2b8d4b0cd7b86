"""How does debt carry over from year to year, as a province reports it? Opening + newly notified - collected = carried forward.

Late interest stands apart. A published table may be off by a few đồng, so it is checked with the difference named, never
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final, TypeVar

from fees.ledger import Account, Debtor, Entry, by_debtor, sums
from rules.trace import Text

K = TypeVar("K")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """One line of the yearly report, whole đồng; debts are net of what was prepaid (below zero: more prepaid than owed).

    ``notified`` includes what settlements added or took off; ``collected`` is principal paid and offset, less refunds.
    """

    accounts: int = 0
    opening_vnd: int = 0
    notified_vnd: int = 0
    collected_vnd: int = 0
    interest_charged_vnd: int = 0
    interest_collected_vnd: int = 0

    @property
    def receivable_vnd(self) -> int:
        """Opening debt and what was newly notified."""
        return self.opening_vnd + self.notified_vnd

    @property
    def carried_vnd(self) -> int:
        """What is carried to the next year."""
        return self.receivable_vnd - self.collected_vnd

    def __add__(self, other: YearRow) -> YearRow:
        return YearRow(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(YearRow)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The figures of a line as a report prints them."""

    opening_vnd: int
    notified_vnd: int
    receivable_vnd: int
    collected_vnd: int
    carried_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Printed less computed, in đồng, for the two sums of a line."""

    receivable_off_vnd: int
    carried_off_vnd: int

    @property
    def exact(self) -> bool:
        return not self.receivable_off_vnd and not self.carried_off_vnd

    @property
    def text(self) -> Text:
        """The check column: exact, or off by how many đồng."""
        if self.exact:
            return Text("khớp", "exact")
        off = max(abs(self.receivable_off_vnd), abs(self.carried_off_vnd))
        return Text(f"lệch {off} đồng", f"off by {off} đồng")


def year_row_of_sums(before: dict[Account, int], until: dict[Account, int]) -> YearRow:
    """A line of one account from its sums before the year and at its end."""

    def moved(*accounts: Account) -> int:
        return sum(until[one] - before[one] for one in accounts)

    return YearRow(
        accounts=int(bool(before[Account.OWED]) or before != until),
        opening_vnd=before[Account.OWED],
        notified_vnd=moved(Account.OWED, Account.PAID, Account.OFFSET),
        collected_vnd=moved(Account.PAID, Account.OFFSET),
        interest_charged_vnd=-moved(Account.INTEREST),
        interest_collected_vnd=moved(Account.INTEREST_PAID),
    )


def year_report(entries: Iterable[Entry], year: int, *, by: Callable[[Debtor], K]) -> dict[K, YearRow]:
    """The report of a calendar year, by group. The carried sums of one year are the opening ones of the next."""
    rows: dict[K, YearRow] = {}
    eve, last = date(year, 1, 1) - _ONE_DAY, date(year + 1, 1, 1) - _ONE_DAY
    for debtor, own in by_debtor(entries).items():
        before = sums(entry for entry in own if entry.on <= eve)
        until = sums(entry for entry in own if entry.on <= last)
        group = by(debtor)
        rows[group] = rows.get(group, YearRow()) + year_row_of_sums(before, until)
    return rows


def check(printed: Printed) -> Check:
    """Add up a printed line again."""
    receivable = printed.opening_vnd + printed.notified_vnd
    return Check(
        receivable_off_vnd=printed.receivable_vnd - receivable,
        carried_off_vnd=printed.carried_vnd - (receivable - printed.collected_vnd),
    )
