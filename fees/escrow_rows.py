"""What was paid towards each deposit, how late, and what is held? The rows of a plan's table.

Money goes to the oldest deposit still open (house convention). Days late are counted; no text that was read charges for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from fees.escrow import Indexed, printed_line
from fees.escrow_balance import Movement, cover
from fees.escrow_due import days_late
from fees.escrow_plan import Plan, rule
from fees.licence_right import LARGEST_TOTAL
from fees.working import Working
from rules.errors import Code
from rules.number import Traced
from rules.trace import Text


class DepositPart(NamedTuple):
    """A plan or its supplement, worked out; ``mark`` tells their symbols apart."""

    plan: Plan
    lines: list[Indexed]
    due: list[date | None]
    mark: str


def deposit_rows(
    work: Working, as_of: date, payments: Sequence[Movement], parts: Sequence[DepositPart]
) -> tuple[list[list[dict[str, Any]]], int]:
    """Each deposit with what was paid towards it and how late, by part; and the payments left over."""
    places = [(part, at) for part in parts for at in range(len(part.lines))]
    places.sort(
        key=lambda place: place[0].lines[place[1]].base.year
    )  # oldest first; of one year, the plan's before the supplement's
    known = [(part, at) for part, at in places if part.lines[at].amount is not None]
    amounts = [amount.whole() for part, at in known if (amount := part.lines[at].amount) is not None]
    covers, left = cover(amounts, payments)
    covered = {(part.mark, at): one for (part, at), one in zip(known, covers, strict=True)}
    rows = []
    for part in parts:
        listed = []
        for at, line in enumerate(part.lines):
            due, one = part.due[at], covered.get((part.mark, at))
            row: dict[str, Any] = {**printed_line(line), "due_on": None if due is None else due.isoformat()}
            row |= {"paid_vnd": None, "open_vnd": None, "completed_on": None, "days_late": None}
            if one is not None and line.amount is not None:
                row |= _covered(work, as_of, line, one.paid_vnd, one.settled_on, due, part.mark)
            listed.append(row)
        rows.append(listed)
    if any(row["days_late"] for listed in rows for row in listed):
        gap = work.book.gap("escrow.late_charge", as_of)
        if gap is not None:
            work.trace.did_not_apply("late_charge_unknown", gap.reason, ())
    return rows, left


def _covered(
    work: Working, as_of: date, line: Indexed, paid: int, settled_on: date | None, due: date | None, mark: str
) -> dict[str, Any]:
    trace, year, name = work.trace, line.base.year, f"{line.base.year}{mark}"
    assert line.amount is not None
    cite = rule(work, "escrow.total").cites
    label = Text(f"Đã nộp cho lần {line.base.number} ({year})", f"Paid towards deposit {line.base.number} ({year})")
    convention = work.book.conventions["escrow_oldest_first"]
    P = trace.define(f"P_{name}", label, Traced.of(f"P_{name}", paid), "VND", cite, convention)
    label = Text(f"Còn thiếu của lần {line.base.number} ({year})", f"Open of deposit {line.base.number} ({year})")
    rest = trace.define(f"O_{name}", label, line.amount - P, "VND", cite)
    complete = settled_on if rest.num == 0 else None
    late = None
    if due is not None:
        until = complete or (as_of if rest.num else due)
        late = days_late(due, until)
        label = Text(
            f"Số ngày chậm của lần {line.base.number} ({year})", f"Days late, deposit {line.base.number} ({year})"
        )
        convention = work.book.conventions["escrow_own_year"]
        trace.define(f"t_{name}", label, Traced.of(f"t_{name}", late), "day", cite, convention)
    return {
        "paid_vnd": paid,
        "open_vnd": rest.whole(),
        "completed_on": None if complete is None else complete.isoformat(),
        "days_late": late,
    }


def indexed_total(work: Working, parts: Sequence[DepositPart]) -> int:
    """The sum of all deposits whose index is known."""
    amounts = [line.amount for part in parts for line in part.lines if line.amount is not None]
    total = Traced.of("0", 0)
    for index, amount in enumerate(amounts):
        total = amount if index == 0 else total + amount
    label = Text("Tổng các lần đã tính được trượt giá", "Sum of the deposits that could be indexed")
    found = work.trace.define("ΣS", label, total, "VND", rule(work, "escrow.total").cites)
    if found.whole() > LARGEST_TOTAL:
        work.refuse(
            Code.OUT_OF_RANGE, None, "Tổng số tiền ký quỹ vượt 10^18 đồng.", "The deposits exceed 10^18 đồng in sum."
        )
    return found.whole()


def balance(work: Working, payments: Sequence[Movement], refunds: Sequence[Movement], left: int) -> dict[str, Any]:
    """Principal paid in, given back, held; and what was paid beyond the deposits known so far."""
    trace, cite = work.trace, rule(work, "escrow.total").cites
    paid, back = (sum(one.amount_vnd for one in moved) for moved in (payments, refunds))
    label = Text("Đã ký quỹ (gốc)", "Paid in (principal)")
    P = trace.define("ΣP", label, Traced.of("ΣP", paid), "VND", cite)
    R = trace.define("ΣR", Text("Đã hoàn trả (gốc)", "Given back (principal)"), Traced.of("ΣR", back), "VND", cite)
    held = trace.define("H", Text("Số dư gốc", "Principal held"), P - R, "VND", cite)
    label = Text("Nộp vượt các lần đã biết số tiền", "Paid beyond the deposits known so far")
    trace.define("ΣP_d", label, Traced.of("ΣP_d", left), "VND", cite)
    return {"paid_vnd": paid, "credit_vnd": left, "refunded_vnd": back, "balance_vnd": held.whole()}
