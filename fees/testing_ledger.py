"""Ledgers to try properties on: any sequence of facts that the ledger accepts (extra ``testing``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from fees.ledger import Account, Debtor, Entry, Fact, Ledger, Stop, StopReason, active, sums
from fees.ledger_checks import appended
from fees.ledger_facts import (
    Told,
    decision,
    interest_charge,
    interest_stop,
    notice,
    offset_in,
    offset_out,
    opening,
    payment,
    refund,
    reversal,
    settlement,
)

FIRST_DAY: Final = date(2020, 7, 1)
"""The first day of a generated entry: that of the first rate of late interest. Debts fall due no earlier."""
LAST_DAY: Final = date(2027, 12, 31)
_INSTALMENTS: Final = ("2021", "2022", "2023", "2024", "2025", "2026")
_AMOUNTS: Final = st.one_of(
    st.integers(1, 5), st.integers(1, 10).map(lambda count: count * 10**9), st.integers(1, 10**12)
)
_FACTS: Final = (*Fact, Fact.PAYMENT, Fact.PAYMENT, Fact.NOTICE, Fact.NOTICE)


def ledger_days() -> st.SearchStrategy[date]:
    """Days of entries; few enough for several entries to fall on one."""
    few = st.integers(0, 4).map(lambda month: FIRST_DAY + timedelta(days=31 * month))
    return st.one_of(few, few, st.dates(FIRST_DAY, LAST_DAY))


@st.composite
def ledgers(draw: st.DrawFn, debtors: Sequence[Debtor] = (Debtor(1, "A"),), most: int = 14) -> Ledger:
    """A ledger of some debtors; entries are drawn one by one and what the ledger refuses is left out."""
    book = Ledger()
    for number in range(draw(st.integers(0, most))):
        entry = draw(_entries(book, f"e{number}", draw(st.sampled_from(tuple(debtors)))))
        book = appended(book, [entry]).ledger
    return book


@st.composite
def _entries(draw: st.DrawFn, book: Ledger, key: str, debtor: Debtor) -> Entry:
    on, amount = draw(ledger_days()), draw(_AMOUNTS)
    document = draw(st.sampled_from((None, "01/TB", "02/TB", f"{key}/TB")))
    told = Told(key=key, debtor=debtor, on=on, document=document)
    name, due = draw(st.sampled_from(_INSTALMENTS)), max(FIRST_DAY, on + timedelta(days=draw(st.integers(-60, 120))))
    named = draw(st.sampled_from((None, *_INSTALMENTS)))
    own = [entry for entry in book.entries if entry.debtor == debtor]
    excess = max(0, -sums(active(own, on))[Account.OWED])
    used = min(amount, excess) or amount
    fact: Fact = draw(st.sampled_from(_FACTS))
    match fact:
        case Fact.DECISION:
            return decision(told, draw(st.sampled_from((amount, -amount))))
        case Fact.OPENING:
            return opening(told, amount, instalment=name, due_on=due, interest_vnd=draw(_AMOUNTS))
        case Fact.NOTICE:
            return notice(told, amount, instalment=name, due_on=due)
        case Fact.SETTLEMENT:
            if draw(st.booleans()):
                return settlement(told, amount, instalment=f"top-up {name}", due_on=due)
            return settlement(told, -amount)
        case Fact.PAYMENT:
            parts = draw(st.sampled_from(((amount, 0), (0, amount), (amount, amount // 7))))
            return payment(told, principal_vnd=parts[0], interest_vnd=parts[1], instalment=named)
        case Fact.OFFSET:
            if draw(st.booleans()):
                return offset_in(told, amount, instalment=named)
            return offset_out(told, used, own_interest_vnd=draw(st.sampled_from((0, used // 2))))
        case Fact.REFUND:
            return refund(told, used)
        case Fact.INTEREST:
            return interest_charge(told, draw(st.sampled_from((amount, -amount))))
        case Fact.STOP:
            last = on + timedelta(days=draw(st.integers(0, 400)))
            return interest_stop(
                told, Stop(reason=draw(st.sampled_from(StopReason)), first=on, last=last), instalment=named
            )
        case Fact.REVERSAL:
            if not book.entries:
                return decision(told, amount)
            target = draw(st.sampled_from(book.entries))
            return reversal(target, key=key, on=max(on, target.on))
