"""What does the fund give back, and by when? Decree 48/2026 Art. 15 (clauses 7 and 8a of Decree 08/2022 Art. 37), Circular 38/2015.

By progress: the certified share of the works times the principal paid in, less what was refunded (the clause has no
formula; the reading is printed). Without a closure duty the whole principal, within 90 days. Interest is shown apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from fees.due import deadline_end
from fees.escrow_balance import Movement
from fees.working import Working
from rules.errors import Code
from rules.lawbook import Row
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


class Because(StrEnum):
    """Why money goes back: works done in part, all works certified, or no closure duty (ended or returned licence)."""

    PROGRESS = "progress"
    COMPLETED = "completed"
    NO_CLOSURE = "no_closure"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsked:
    """A refund: the day of the certificate, of the end of the licence or of its revocation; the share of the works done."""

    because: Because
    on: date
    percent: Decimal | None = None


def earned_back(q: N, P: N, R: N) -> N:
    """q x P - R: the share of the works done times the principal paid in, less what was refunded."""
    return q * P - R


def refund(
    work: Working, asked: RefundAsked, payments: Sequence[Movement], refunds: Sequence[Movement]
) -> dict[str, Any] | None:
    """The principal to give back and the last day for it; ``None`` where it was refused."""
    row = _rule(work, asked)
    if (asked.because is Because.PROGRESS) != (asked.percent is not None):
        work.refuse(
            Code.MISSING_PARAMETER if asked.percent is None else Code.INVALID_INPUT,
            ("refund", "percent"),
            "Tỷ lệ hoàn thành chỉ nhập, và phải nhập, khi hoàn trả theo tiến độ (progress).",
            "The share of the works done is given for a refund by progress, and only then.",
        )
        return None
    if asked.because is not Because.COMPLETED and row is None:
        return None
    cite = row.cites if row is not None else work.book.get("escrow.total", work.on).cites
    P, R = (
        work.trace.define(f"{name}_h", label, Traced.of(f"{name}_h", sum(one.amount_vnd for one in moved)), "VND", cite)
        for name, label, moved in (
            ("P", Text("Số tiền gốc đã ký quỹ", "Principal paid in"), payments),
            ("R", Text("Đã hoàn trả", "Refunded so far"), refunds),
        )
    )
    label = Text("Số tiền gốc được hoàn trả", "Principal to give back")
    if asked.percent is None:
        amount = work.trace.define("R_t", label, P - R, "VND", cite)
    else:
        assert row is not None
        work.read(row)
        share = Traced.percent("q", asked.percent)
        q = work.trace.define("q", Text("Tỷ lệ đã hoàn thành", "Share of the works done"), share, "%", cite)
        exact = earned_back(q, P, R).half_up(1)
        amount = work.trace.define("R_t", label, exact if exact.num >= 0 else Traced.of("0", 0), "VND", cite)
    due = None
    if row is not None and row.value is not None:
        due = deadline_end(work, row, asked.on, ("refund", "on"))
        if due is not None:
            last = Text("Hạn hoàn trả", "Refund due")
            work.trace.note("due_R", last, due.isoformat(), "date", (row.cite, work.book.periods_cite))
    return {"refund_vnd": amount.whole(), "refund_due_on": None if due is None else due.isoformat()}


def _rule(work: Working, asked: RefundAsked) -> Row | None:
    """The row that holds a refund; a completed plan without a known time has none, any other one is refused."""
    if asked.because is Because.COMPLETED:
        row = work.find("escrow.refund_due_completed")
        if row is None:
            gap = work.book.gap("escrow.refund_due_completed", asked.on)
            if gap is not None:
                work.trace.did_not_apply("refund_time_unknown", gap.reason, ())
        else:
            work.lean_on(row.cite)
        return row
    name = "escrow.refund_by_progress" if asked.because is Because.PROGRESS else "escrow.refund_due_no_closure"
    row = work.book.find(name, asked.on)
    if row is None:
        start = work.book.first(name).period.start
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("refund", "on"),
            f"Sổ luật có quy định hoàn trả này từ ngày {start:%d/%m/%Y}; ngày {asked.on:%d/%m/%Y} sớm hơn.",
            f"The law book has this refund from {start}; {asked.on} is earlier.",
        )
    return row
