"""How much late interest has run on each debt by a day? Law 108/2025 Art. 14(7), 16, 20; Decree 252/2026 Art. 26.

Every day from the one after the due date (after the holiday shift) counts on what was then unpaid, but for the days of a
stop. Computed as if the rest were paid on the day asked for; each debt is rounded half up once. What is computed here is a
claim to compare with the interest that was charged; it enters the books only by an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fees.late_interest import RATE, interest_days, late_interest, rate_parts
from fees.ledger import Entry, Stop, StopReason, active
from fees.ledger_debts import Debt, debts_of
from rules.citation import Citation
from rules.lawbook import LawBook
from rules.number import Traced

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtInterest:
    """Interest on one debt. ``None`` where it fell due before the law book's first rate: a known gap, never zero.

    ``days_late`` counts from the shifted due date to the day asked for, without the days of a deferral; 0 while nothing of the debt is open.
    """

    debt: Debt
    due_on_shifted: date
    days_late: int
    interest_vnd: int | None


def interest_on(entries: Iterable[Entry], on: date, book: LawBook) -> tuple[DebtInterest, ...]:
    """Interest of every debt of one account up to ``on``; ``entries`` are those of one debtor."""
    own = list(entries)
    stops = [
        (entry.instalment, entry.stop) for entry in active(own, on) if entry.stop is not None and _holds(entry.stop, on)
    ]
    found = []
    for debt in debts_of(own, on).debts:
        held = [stop for name, stop in stops if name in (None, debt.instalment)]
        found.append(_of_debt(debt, held, on, book))
    return tuple(found)


def total_interest(found: Iterable[DebtInterest]) -> int:
    """The interest of all debts that have a rate."""
    return sum(one.interest_vnd or 0 for one in found)


def stop_citations(book: LawBook, reason: StopReason, on: date) -> tuple[Citation, ...]:
    """Where the law lets no interest run for this reason; before the article stood, as it first stands."""
    name = f"late_interest.stop.{reason.value}"
    return (book.find(name, on) or book.first(name)).cites


def _holds(stop: Stop, on: date) -> bool:
    """Interest of a frozen debt waits; when the freeze has ended it is charged from the due date on (Art. 20(4))."""
    return stop.reason is not StopReason.FROZEN or on <= stop.last


def _of_debt(debt: Debt, stops: Sequence[Stop], on: date, book: LawBook) -> DebtInterest:
    shifted = book.calendar.next_working_day(debt.due_on)
    days_late = 0
    if debt.open_vnd:
        deferred = [stop for stop in stops if stop.reason is StopReason.DEFERRAL]
        days_late = sum(days for _, days in _running(shifted + _ONE_DAY, (on - shifted).days, deferred))
    interest = None
    if book.find(RATE, debt.due_on) is not None:
        interest = _interest(debt, shifted, stops, on, book)
    return DebtInterest(debt=debt, due_on_shifted=shifted, days_late=days_late, interest_vnd=interest)


def _interest(debt: Debt, shifted: date, stops: Sequence[Stop], on: date, book: LawBook) -> int:
    parts = [(cover.amount_vnd, cover.on) for cover in debt.covers if not cover.lowers]
    total = Traced.of("I", 0)
    for amount, paid in (*parts, (debt.open_vnd, on)):
        for first, days in _running(shifted + _ONE_DAY, interest_days(paid, shifted), stops):
            for part in rate_parts(book, first, days) or ():
                rate = Traced.percent("r", part.rate.number())
                total = total + late_interest(Traced.of("B", amount), rate, Traced.of("d", part.days))
    return total.half_up(1).whole()


def _running(first: date, days: int, stops: Sequence[Stop]) -> Iterator[tuple[date, int]]:
    """The stretches of ``days`` days from ``first`` that no stop covers: first day and number of days."""
    end = first + timedelta(days=max(0, days))
    for stop in sorted(stops, key=lambda one: one.first):
        if first < min(stop.first, end):
            yield first, (min(stop.first, end) - first).days
        first = max(first, stop.last + _ONE_DAY)
    if first < end:
        yield first, (end - first).days
