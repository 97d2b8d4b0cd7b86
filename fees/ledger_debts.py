"""Which payment covers which instalment? The one its document names, else the oldest: derived from the entries, never posted.

The law is silent on the order since Law 108/2025 (a payment follows the identifier of its debt); so house convention: within
one account, day by day, a payment that names a notified instalment goes there first; what is left, and every other payment,
goes to the debt with the earliest due date; what no debt takes waits as a prepayment. On one day debts come before
payments and these before refunds, whatever the order in which they were written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from fees.ledger import Account, Entry, Fact, active


class Cover(NamedTuple):
    """A part of a debt that was covered: the day, the amount, the key of the payment, offset or settlement that did it.

    ``lowers``: a settlement lowered the debt itself, so that it counts as never owed (Decree 252/2026 Art. 26(5)).
    """

    on: date
    amount_vnd: int
    key: str
    lowers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """One instalment (or top-up) as it stands on a day; ``key`` is the entry that made it."""

    instalment: str
    due_on: date
    notified_on: date
    amount_vnd: int
    key: str
    covers: tuple[Cover, ...]

    @property
    def open_vnd(self) -> int:
        """What is still to pay of it."""
        return self.amount_vnd - sum(cover.amount_vnd for cover in self.covers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debts:
    """All debts of one account on a day, by due date; the prepayment; payments that name an instalment nobody notified."""

    debts: tuple[Debt, ...]
    prepaid_vnd: int
    unmatched: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    entry: Entry
    name: str
    due_on: date
    amount: int
    left: int
    covers: list[Cover] = field(default_factory=list)


@dataclass(slots=True)
class _Credit:
    entry: Entry
    left: int


def debts_of(entries: Iterable[Entry], on: date) -> Debts:
    """The debts of one account on a day. ``entries`` are those of one debtor; later ones do not count yet."""
    debts: list[_Open] = []
    waiting: list[_Credit] = []
    standing = sorted(active(entries, on), key=_order)
    for _, group in groupby(standing, key=lambda entry: entry.on):
        today = list(group)
        debts.extend(_debt(entry) for entry in today if _adds(entry))
        debts.sort(key=lambda debt: (debt.due_on, debt.entry.on, debt.name))
        paid = [_Credit(entry, -entry.amount(Account.OWED)) for entry in today if entry.amount(Account.OWED) < 0]
        for credit in paid:
            _cover([debt for debt in debts if debt.name == credit.entry.instalment], credit)
        waiting = [credit for credit in (*waiting, *paid) if credit.left]
        for credit in waiting:
            _cover(debts, credit)
        for entry in today:
            if entry.fact in (Fact.OFFSET, Fact.REFUND) and entry.amount(Account.OWED) > 0:
                debts.extend(_used_up(waiting, entry))
        waiting = [credit for credit in waiting if credit.left]
    names = {debt.name for debt in debts}
    return Debts(
        debts=tuple(_seen(debt) for debt in debts),
        prepaid_vnd=sum(credit.left for credit in waiting),
        unmatched=tuple(
            entry.key
            for entry in standing
            if entry.amount(Account.OWED) < 0 and entry.instalment is not None and entry.instalment not in names
        ),
    )


def _order(entry: Entry) -> tuple[date, str, int, str]:
    """By day; on one day by document and amount, so that the order of writing never matters."""
    return entry.on, entry.document or "", entry.amount(Account.OWED), entry.key


def _adds(entry: Entry) -> bool:
    return entry.fact not in (Fact.OFFSET, Fact.REFUND) and entry.amount(Account.OWED) > 0


def _debt(entry: Entry) -> _Open:
    amount = entry.amount(Account.OWED)
    return _Open(entry, entry.instalment or entry.key, entry.due_on or entry.on, amount, amount)


def _cover(debts: Iterable[_Open], credit: _Credit) -> None:
    for debt in debts:
        amount = min(debt.left, credit.left)
        if amount:
            debt.left -= amount
            credit.left -= amount
            lowers = credit.entry.fact is Fact.SETTLEMENT
            debt.covers.append(Cover(credit.entry.on, amount, credit.entry.key, lowers))


def _used_up(waiting: list[_Credit], entry: Entry) -> Iterator[_Open]:
    """An excess that is paid out; what it takes beyond the excess (its payment was taken back) is owed again."""
    left = entry.amount(Account.OWED)
    for credit in waiting:
        amount = min(credit.left, left)
        credit.left -= amount
        left -= amount
    if left:
        yield _Open(entry, entry.key, entry.on, left, left)


def _seen(debt: _Open) -> Debt:
    return Debt(
        instalment=debt.name,
        due_on=debt.due_on,
        notified_on=debt.entry.on,
        amount_vnd=debt.amount,
        key=debt.entry.key,
        covers=tuple(debt.covers),
    )
