"""Who is behind with how much, and for how long? Open debts by age, grouped by payer, authority or anything else."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeVar

from fees.ledger import Debtor, Entry, by_debtor
from fees.ledger_balance import balance
from fees.ledger_interest import interest_on
from rules.lawbook import LawBook

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrears:
    """Open debts of a group in whole đồng.

    ``by_age`` follows the edges asked for: (30, 90) gives 1-30 days late, 31-90, more than 90. ``interest_vnd`` is the
    interest computed on all debts of the group, paid ones included, to compare with what was charged; ``without_rate``
    counts the debts that fell due before the law book's first rate.
    """

    accounts: int = 0
    not_due_vnd: int = 0
    by_age: tuple[int, ...] = ()
    prepaid_vnd: int = 0
    interest_vnd: int = 0
    without_rate: int = 0

    @property
    def overdue_vnd(self) -> int:
        """Everything past its due date."""
        return sum(self.by_age)

    @property
    def owed_vnd(self) -> int:
        """Everything notified and open."""
        return self.not_due_vnd + self.overdue_vnd

    def __add__(self, other: Arrears) -> Arrears:
        ages = tuple(mine + theirs for mine, theirs in zip(self.by_age, other.by_age, strict=True))
        plain = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(Arrears)
            if one.name != "by_age"
        }
        return Arrears(by_age=ages, **plain)


def arrears(
    entries: Iterable[Entry], on: date, book: LawBook, *, edges: Sequence[int], by: Callable[[Debtor], K]
) -> dict[K, Arrears]:
    """Arrears on a day, by group. ``edges`` are the last days of the age bands, ascending; ``by`` names a debtor's group."""
    groups: dict[K, Arrears] = {}
    for debtor, own in by_debtor(entries).items():
        group = by(debtor)
        one = _of_account(own, on, book, edges)
        groups[group] = groups[group] + one if group in groups else one
    return groups


def _of_account(entries: Sequence[Entry], on: date, book: LawBook, edges: Sequence[int]) -> Arrears:
    ages = [0] * (len(edges) + 1)
    found = Arrears(accounts=1, prepaid_vnd=balance(entries, on).prepaid_vnd)
    not_due = interest = without_rate = 0
    for one in interest_on(entries, on, book):
        if one.days_late:
            ages[bisect_left(edges, one.days_late)] += one.debt.open_vnd
        else:
            not_due += one.debt.open_vnd
        interest += one.interest_vnd or 0
        without_rate += one.interest_vnd is None
    return replace(found, not_due_vnd=not_due, by_age=tuple(ages), interest_vnd=interest, without_rate=without_rate)
