"""How does an account stand on a day: notified, principal paid, interest paid, each by itself?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple

from fees.ledger import Account, Debtor, Entry, by_debtor, sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Sums in whole đồng on a day.

    ``fee`` = ``approved`` (not yet notified) + ``notified``; ``notified`` = ``paid`` + ``offset`` + ``owed`` - ``prepaid``;
    ``interest_charged`` = ``interest_paid`` + ``interest_owed`` (below zero: paid before it was charged). ``paid`` is
    principal alone. Of several accounts ``owed`` and ``prepaid`` are added each by itself: one payer's excess on one licence
    does not pay another.
    """

    fee_vnd: int = 0
    approved_vnd: int = 0
    notified_vnd: int = 0
    paid_vnd: int = 0
    offset_vnd: int = 0
    owed_vnd: int = 0
    prepaid_vnd: int = 0
    interest_charged_vnd: int = 0
    interest_paid_vnd: int = 0
    interest_owed_vnd: int = 0

    def __add__(self, other: Balance) -> Balance:
        return Balance(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Balance)})


class Inclusive(NamedTuple):
    """Fee and late interest together, whole đồng, as the settlement request (*mẫu số 04*) prints them.

    ``asked`` = ``settled`` + ``owed`` - ``prepaid``; ``settled`` is paid or offset.
    """

    asked_vnd: int
    settled_vnd: int
    owed_vnd: int
    prepaid_vnd: int


def inclusive(on: Balance) -> Inclusive:
    """The totals of one account with late interest; what is prepaid of the fee pays no interest, nor the other way round."""
    return Inclusive(
        asked_vnd=on.notified_vnd + on.interest_charged_vnd,
        settled_vnd=on.paid_vnd + on.offset_vnd + on.interest_paid_vnd,
        owed_vnd=on.owed_vnd + max(0, on.interest_owed_vnd),
        prepaid_vnd=on.prepaid_vnd + max(0, -on.interest_owed_vnd),
    )


def balance_of_sums(accounts: Mapping[Account, int]) -> Balance:
    """The balance of one account book from the sums of its accounts; an account that is not there is zero."""
    owed, paid, offset = (accounts.get(one, 0) for one in (Account.OWED, Account.PAID, Account.OFFSET))
    return Balance(
        fee_vnd=-accounts.get(Account.FEE, 0),
        approved_vnd=accounts.get(Account.APPROVED, 0),
        notified_vnd=owed + paid + offset,
        paid_vnd=paid,
        offset_vnd=offset,
        owed_vnd=max(0, owed),
        prepaid_vnd=max(0, -owed),
        interest_charged_vnd=-accounts.get(Account.INTEREST, 0),
        interest_paid_vnd=accounts.get(Account.INTEREST_PAID, 0),
        interest_owed_vnd=accounts.get(Account.INTEREST_OWED, 0),
    )


def balances(entries: Iterable[Entry], on: date) -> dict[Debtor, Balance]:
    """The balance of every account on a day (entries up to and on it)."""
    dated = (entry for entry in entries if entry.on <= on)
    return {debtor: balance_of_sums(sums(own)) for debtor, own in by_debtor(dated).items()}


def balance(entries: Iterable[Entry], on: date, *, licence: int | None = None, payer: str | None = None) -> Balance:
    """The balance on a day of one licence, of one payer, or of everything."""
    total = Balance()
    for debtor, one in balances(entries, on).items():
        if licence in (None, debtor.licence) and payer in (None, debtor.payer):
            total += one
    return total
