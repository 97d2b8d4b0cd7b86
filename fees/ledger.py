"""What does one mineral right owe and what has it paid, from decision to closure? An account book in double entry.

Ledger, *sổ theo dõi nghĩa vụ nộp tiền cấp quyền khai thác khoáng sản*. Facts are only ever added; a wrong one is corrected
by its reversal. The postings of an entry sum to zero, those of the fee and those of late interest each by themselves, so
interest paid can never lower the fee owed (Decree 193/2025 Art. 139(8) compares the fee alone). Which payment covers which
instalment is not posted but derived (:mod:`fees.ledger_debts`): a voucher that arrives late then rewrites no history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple


class Account(StrEnum):
    """Where a sum stands. Debits are positive; the first five hold the fee, the last three late interest."""

    FEE = "fee"
    """Credit: the fee as decisions and settlements set it."""
    APPROVED = "approved"
    """Set by a decision, not yet notified by the tax office."""
    OWED = "owed"
    """Notified and not paid; below zero: paid before any debt (*nộp thừa, nộp trước*)."""
    PAID = "paid"
    """Principal paid into the budget."""
    OFFSET = "offset"
    """Settled without cash: excess brought in from another debt (+) or used for one (-)."""
    INTEREST = "interest"
    """Credit: late interest (*tiền chậm nộp*) as notified or declared."""
    INTEREST_OWED = "interest_owed"
    """Late interest charged and not paid; below zero: paid before it was charged."""
    INTEREST_PAID = "interest_paid"
    """Late interest paid."""


INTEREST_ACCOUNTS: Final = frozenset({Account.INTEREST, Account.INTEREST_OWED, Account.INTEREST_PAID})


class Fact(StrEnum):
    """What happened."""

    DECISION = "decision"
    """*Quyết định phê duyệt, điều chỉnh, phê duyệt lại*: the fee set, or the change of it."""
    OPENING = "opening"
    """A debt carried over from before the ledger began; date it the day before its first day."""
    NOTICE = "notice"
    """*Thông báo nộp tiền* of the tax office: an instalment with its due date."""
    SETTLEMENT = "settlement"
    """*Quyết toán*: settled less notified; more to pay with its due date, or a reduction."""
    PAYMENT = "payment"
    """*Giấy nộp tiền*: principal, interest or both."""
    OFFSET = "offset"
    """*Bù trừ*: an excess used for another debt, or one of another debt used here."""
    REFUND = "refund"
    """*Hoàn trả*: an excess paid back."""
    INTEREST = "interest"
    """Late interest charged (+) or exempted, adjusted (-)."""
    STOP = "stop"
    """A span in which no interest runs; moves no money."""
    REVERSAL = "reversal"
    """Takes back one entry."""


class StopReason(StrEnum):
    """Why no interest runs."""

    DEFERRAL = "deferral"
    """*Gia hạn nộp*: also moves the day from which the debt is overdue."""
    FORCED_STOP = "forced_stop"
    """*Tạm dừng khai thác theo yêu cầu*: a State body restricts the right without fault of its holder; also frees years
    (:mod:`fees.ledger_stops`)."""
    FROZEN = "frozen"
    """*Khoanh tiền thuế nợ* for any other reason: interest waits, and is charged in full once the freeze has ended."""
    FORCE_MAJEURE = "force_majeure"
    """*Bất khả kháng*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Days on which no interest runs, both included."""

    reason: StopReason
    first: date
    last: date


class Debtor(NamedTuple):
    """Whose account: the licence's number in the register, and the payer (tax code, or name where there is none)."""

    licence: int
    payer: str


class Posting(NamedTuple):
    """Whole đồng on one account."""

    account: Account
    amount_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fact. Build it with :mod:`fees.ledger_facts`.

    ``key`` is unique in the ledger (the sender's own, so that sending twice is noticed). ``instalment`` is the debt that a
    notice or settlement makes, or that a payment or stop names. ``document`` is the number of the decision, notice or
    voucher. ``reverses`` is the key of the entry a reversal takes back.
    """

    key: str
    debtor: Debtor
    fact: Fact
    on: date
    postings: tuple[Posting, ...] = ()
    document: str | None = None
    instalment: str | None = None
    due_on: date | None = None
    stop: Stop | None = None
    reverses: str | None = None

    def amount(self, account: Account) -> int:
        """What the entry posts on an account."""
        return sum(posting.amount_vnd for posting in self.postings if posting.account is account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Entries in the order they were written. Add with :func:`fees.ledger_checks.appended`."""

    entries: tuple[Entry, ...] = ()


def active(entries: Iterable[Entry], on: date) -> list[Entry]:
    """The entries that stand on a day: dated up to it and not taken back by then; reversals themselves are left out."""
    known = [entry for entry in entries if entry.on <= on]
    gone = {entry.reverses for entry in known if entry.fact is Fact.REVERSAL}
    return [entry for entry in known if entry.fact is not Fact.REVERSAL and entry.key not in gone]


def by_debtor(entries: Iterable[Entry]) -> dict[Debtor, list[Entry]]:
    """The entries of each account, in their order."""
    found: dict[Debtor, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.debtor, []).append(entry)
    return found


def sums(entries: Iterable[Entry]) -> dict[Account, int]:
    """What all postings come to, by account; every account is there."""
    found = dict.fromkeys(Account, 0)
    for entry in entries:
        for account, amount in entry.postings:
            found[account] += amount
    return found


def is_balanced(postings: Sequence[Posting]) -> bool:
    """Whether the fee's postings and the interest's each sum to zero."""
    fee = sum(one.amount_vnd for one in postings if one.account not in INTEREST_ACCOUNTS)
    interest = sum(one.amount_vnd for one in postings if one.account in INTEREST_ACCOUNTS)
    return fee == 0 and interest == 0
