"""How does each fact of a mineral right's money life become an entry? One function per fact, and one for a whole schedule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fees.ledger import Account, Debtor, Entry, Fact, Posting, Stop
from fees.result import Instalment
from rules.errors import Code, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What every fact has: its key, whose account, its date, the number of its document."""

    key: str
    debtor: Debtor
    on: date
    document: str | None = None

    def entry(
        self,
        fact: Fact,
        *moves: tuple[Account, Account, int],
        instalment: str | None = None,
        due_on: date | None = None,
        stop: Stop | None = None,
    ) -> Entry:
        """An entry that moves each amount from its second account to its first; nothing moves where it is zero."""
        found: dict[Account, int] = {}
        for debit, credit, amount in moves:
            found[debit] = found.get(debit, 0) + amount
            found[credit] = found.get(credit, 0) - amount
        return Entry(
            key=self.key,
            debtor=self.debtor,
            fact=fact,
            on=self.on,
            postings=tuple(sorted(Posting(account, amount) for account, amount in found.items() if amount)),
            document=self.document,
            instalment=instalment,
            due_on=due_on,
            stop=stop,
        )


def decision(told: Told, amount_vnd: int) -> Entry:
    """The fee a decision sets, or the change (also below zero) that an adjustment or re-approval makes."""
    return told.entry(Fact.DECISION, (Account.APPROVED, Account.FEE, amount_vnd))


def opening(told: Told, amount_vnd: int, *, instalment: str, due_on: date, interest_vnd: int = 0) -> Entry:
    """A debt from before the ledger began, with the interest charged on it."""
    return told.entry(
        Fact.OPENING,
        (Account.OWED, Account.FEE, amount_vnd),
        (Account.INTEREST_OWED, Account.INTEREST, interest_vnd),
        instalment=instalment,
        due_on=due_on,
    )


def notice(told: Told, amount_vnd: int, *, instalment: str, due_on: date) -> Entry:
    """An instalment that the tax office asks for."""
    return told.entry(Fact.NOTICE, (Account.OWED, Account.APPROVED, amount_vnd), instalment=instalment, due_on=due_on)


def settlement(
    told: Told, delta_notified_vnd: int, *, instalment: str | None = None, due_on: date | None = None
) -> Entry:
    """Settled less notified (*chênh lệch so với số đã thông báo*).

    Above zero it is a new debt and needs ``instalment`` and ``due_on``; below zero it lowers open debts, oldest first, and
    what is left is an excess. What is still to pay after it, *top_up*, is this difference plus the old debts.
    """
    return told.entry(
        Fact.SETTLEMENT, (Account.OWED, Account.FEE, delta_notified_vnd), instalment=instalment, due_on=due_on
    )


def payment(told: Told, *, principal_vnd: int = 0, interest_vnd: int = 0, instalment: str | None = None) -> Entry:
    """A payment; ``instalment`` where its document names one."""
    return told.entry(
        Fact.PAYMENT,
        (Account.PAID, Account.OWED, principal_vnd),
        (Account.INTEREST_PAID, Account.INTEREST_OWED, interest_vnd),
        instalment=instalment,
    )


def offset_in(told: Told, amount_vnd: int, *, instalment: str | None = None) -> Entry:
    """An excess of another debt to the budget, used for this fee. Date it the day that excess arose: from then on no interest
    runs on what it covers (Decree 252/2026 Art. 26(3)(g))."""
    return told.entry(Fact.OFFSET, (Account.OFFSET, Account.OWED, amount_vnd), instalment=instalment)


def offset_out(told: Told, amount_vnd: int, *, own_interest_vnd: int = 0) -> Entry:
    """An excess of this fee used for debts to the budget (Art. 139(8)(c)); ``own_interest_vnd`` of it for late interest of
    this right. The part for next instalments needs no entry: it waits as a prepayment for their notices."""
    return told.entry(
        Fact.OFFSET,
        (Account.OWED, Account.OFFSET, amount_vnd),
        (Account.INTEREST_PAID, Account.INTEREST_OWED, own_interest_vnd),
    )


def refund(told: Told, amount_vnd: int) -> Entry:
    """An excess paid back by the tax office."""
    return told.entry(Fact.REFUND, (Account.OWED, Account.PAID, amount_vnd))


def interest_charge(told: Told, amount_vnd: int) -> Entry:
    """Late interest as notified by the tax office or declared by the payer; below zero where it is exempted or adjusted."""
    return told.entry(Fact.INTEREST, (Account.INTEREST_OWED, Account.INTEREST, amount_vnd))


def interest_stop(told: Told, stop: Stop, *, instalment: str | None = None) -> Entry:
    """Days without interest, for one instalment or for all."""
    return told.entry(Fact.STOP, instalment=instalment, stop=stop)


def reversal(entry: Entry, *, key: str, on: date, document: str | None = None) -> Entry:
    """The entry that takes ``entry`` back from ``on``."""
    return Entry(
        key=key,
        debtor=entry.debtor,
        fact=Fact.REVERSAL,
        on=on,
        postings=tuple(Posting(account, -amount) for account, amount in entry.postings),
        document=document,
        reverses=entry.key,
    )


class FromSchedule(NamedTuple):
    """Entries, or what is wrong with the notices that were named."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def ledger_of_schedule(
    told: Told, schedule: Sequence[Instalment], *, notified: Mapping[str, date] | None = None
) -> FromSchedule:
    """The entries of an approved fee: its decision, and a notice for every instalment of ``notified``.

    ``told`` is the decision's. An instalment is called by its year, or ``2026/1``, ``2026/2`` where a year pays twice;
    ``notified`` gives the day of its notice. The keys are ``told.key`` and ``told.key:instalment``.
    """
    named = instalment_names(schedule)
    notices = dict(notified or {})
    problems = []
    for name in notices.keys() - named.keys():
        problems.append(_unknown(name, list(named)))
    entries = [decision(told, sum(one["amount_vnd"] for one in schedule))]
    for name, one in named.items():
        if name not in notices or not one["amount_vnd"]:
            continue
        if one["due_on"] is None:
            problems.append(_without_due_date(name))
            continue
        due = date.fromisoformat(one["due_on"])
        facts = Told(key=f"{told.key}:{name}", debtor=told.debtor, on=notices[name], document=told.document)
        entries.append(notice(facts, one["amount_vnd"], instalment=name, due_on=due))
    return FromSchedule((), tuple(problems)) if problems else FromSchedule(tuple(entries), ())


def instalment_names(schedule: Sequence[Instalment]) -> dict[str, Instalment]:
    """The instalments of a schedule by name, in order."""
    several = Counter(one["year"] for one in schedule)
    seen: Counter[int] = Counter()
    named = {}
    for one in schedule:
        year = one["year"]
        seen[year] += 1
        named[f"{year}/{seen[year]}" if several[year] > 1 else str(year)] = one
    return named


def _unknown(name: str, known: list[str]) -> Problem:
    return Problem(
        code=Code.INVALID_INPUT,
        path=("notified", name),
        message_vi=f"Lịch nộp không có kỳ {name}; có: {', '.join(known)}.",
        message_en=f"The schedule has no instalment {name}; it has: {', '.join(known)}.",
    )


def _without_due_date(name: str) -> Problem:
    return Problem(
        code=Code.MISSING_PARAMETER,
        path=("notified", name),
        message_vi=f"Kỳ {name} chưa có hạn nộp; tính lại với ngày thông báo nộp tiền (tax_notice_on).",
        message_en=f"Instalment {name} has no due date yet; compute again with the day of the notice (tax_notice_on).",
    )
