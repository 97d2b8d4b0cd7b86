"""What was paid in, what is held, and what has it earned? Circular 57/2024 Art. 5 and 7, before it Circular 08/2017.

Principal and interest are kept apart. The rate payable to the depositor is set by the fund and its bank: it is given as a
dated series, never assumed. Simple interest by day on the principal held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import add
from typing import NamedTuple, TypeVar

from fees.working import Working
from rules.citation import Citation
from rules.errors import Code
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money into (payment) or out of (refund) the deposit, whole đồng, on a day."""

    on: date
    amount_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFrom:
    """A yearly rate in percent that holds from a day on."""

    on: date
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestTerms:
    """The fund's dated rates and the days it counts to a year."""

    rates: tuple[RateFrom, ...]
    days_per_year: int


class Cover(NamedTuple):
    """How far a deposit is covered: paid towards it, and the day it was complete (``None`` while it is not)."""

    paid_vnd: int
    settled_on: date | None


def cover(amounts: Sequence[int], payments: Sequence[Movement]) -> tuple[list[Cover], int]:
    """Payments taken to the oldest open deposit first, and what is left over."""
    queue = sorted(payments, key=lambda payment: payment.on)
    left = [payment.amount_vnd for payment in queue]
    at = 0
    covers = []
    for amount in amounts:
        paid, settled = 0, None
        while paid < amount and at < len(queue):
            part = min(amount - paid, left[at])
            paid += part
            left[at] -= part
            settled = queue[at].on
            at += left[at] == 0
        covers.append(Cover(paid, settled if paid == amount else None))
    return covers, sum(left)


def held_on(day: date, payments: Sequence[Movement], refunds: Sequence[Movement]) -> int:
    """The principal held at the end of a day."""
    paid = sum(one.amount_vnd for one in payments if one.on <= day)
    return paid - sum(one.amount_vnd for one in refunds if one.on <= day)


def check_movements(work: Working, payments: Sequence[Movement], refunds: Sequence[Movement], as_of: date) -> None:
    """Refuse money that moves after the day of reckoning, and refunds above what is held."""
    for name, field, moved in (("payments", "paid_on", payments), ("refunds", "refunded_on", refunds)):
        for index, one in enumerate(moved):
            if one.on > as_of:
                work.refuse(
                    Code.INVALID_INPUT,
                    (name, index, field),
                    f"Ngày {one.on:%d/%m/%Y} sau ngày tính {as_of:%d/%m/%Y}.",
                    f"{one.on} lies after the day of reckoning {as_of}.",
                )
    for index, one in enumerate(refunds):
        if held_on(one.on, payments, refunds) < 0:
            work.refuse(
                Code.OUT_OF_RANGE,
                ("refunds", index, "amount_vnd"),
                "Hoàn trả nhiều hơn số tiền gốc đang giữ.",
                "More is refunded than the principal held.",
            )


def interest_part(H: N, r: N, d: N, D: N) -> N:
    """L = H x r x d : D: principal held, yearly rate, days, days of a year."""
    return H * r * d / D


class _Stretch(NamedTuple):
    start: date
    days: int
    held: int
    rate: Decimal


def interest(
    work: Working, terms: InterestTerms, payments: Sequence[Movement], refunds: Sequence[Movement], as_of: date
) -> int | None:
    """Interest earned up to, not including, ``as_of``, as steps; ``None`` where it was refused."""
    row = work.book.find("escrow.interest", as_of)
    if row is None:
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("interest",),
            f"Sổ luật không có quy định về lãi của tiền ký quỹ tại ngày {as_of:%d/%m/%Y}.",
            f"The law book has no rule on the interest of deposits on {as_of}.",
        )
        return None
    days = [rate.on for rate in terms.rates]
    for index, on in enumerate(days):
        if on in days[:index]:
            work.refuse(
                Code.INVALID_INPUT,
                ("interest", "rates", index, "from"),
                f"Ngày {on:%d/%m/%Y} có hai lãi suất; giữ một.",
                f"Two rates begin on {on}; keep one.",
            )
    stretches = _stretches(terms, payments, refunds, as_of)
    if stretches is None:
        first = min((rate.on for rate in terms.rates), default=None)
        since = "" if first is None else f" {first:%d/%m/%Y}"
        work.refuse(
            Code.MISSING_PARAMETER,
            ("interest", "rates"),
            f"Chưa có lãi suất cho những ngày giữ tiền trước ngày{since or ' tính'}.",
            f"No rate is given for days on which money was held before{since or ' the day of reckoning'}.",
        )
        return None
    work.lean_on(row.cite)
    return _sum(work, terms, stretches, row.cites)


def _stretches(
    terms: InterestTerms, payments: Sequence[Movement], refunds: Sequence[Movement], as_of: date
) -> list[_Stretch] | None:
    """The time with money held, cut where the principal or the rate changes; ``None`` where a rate is missing."""
    rates = sorted(terms.rates, key=lambda rate: rate.on)
    cuts = sorted({one.on for one in (*payments, *refunds)} | {rate.on for rate in rates} | {as_of})
    found = []
    for start, end in pairwise(cuts):
        held = held_on(start, payments, refunds)
        if not held or start >= as_of:
            continue
        rate = next((rate for rate in reversed(rates) if rate.on <= start), None)
        if rate is None:
            return None
        found.append(_Stretch(start, (end - start).days, held, rate.percent))
    return found


def _sum(work: Working, terms: InterestTerms, stretches: list[_Stretch], cite: tuple[Citation, ...]) -> int:
    trace = work.trace
    label = Text("Số ngày của một năm tính lãi", "Days of a year for interest")
    D = trace.define("D", label, Traced.of("D", terms.days_per_year), "day", cite)
    parts = []
    for number, stretch in enumerate(stretches, start=1):
        start = stretch.start
        label = Text(f"Số dư gốc từ {start:%d/%m/%Y}", f"Principal held from {start}")
        H = trace.define(f"H_{number}", label, Traced.of(f"H_{number}", stretch.held), "VND", cite)
        label = Text("Lãi suất một năm (quỹ công bố)", "Yearly rate (stated by the fund)")
        r = trace.define(f"r_{number}", label, Traced.percent(f"r_{number}", stretch.rate), "%", cite)
        label = Text("Số ngày", "Days")
        d = trace.define(f"d_{number}", label, Traced.of(f"d_{number}", stretch.days), "day", cite)
        parts.append(interest_part(H, r, d, D))
    exact = reduce(add, parts) if parts else Traced.of("0", 0)
    label = Text("Lãi của tiền ký quỹ (làm tròn một lần)", "Interest earned (rounded once)")
    convention = work.book.conventions["escrow_interest"]
    return trace.define("L", label, exact.half_up(1), "VND", cite, convention).whole()
