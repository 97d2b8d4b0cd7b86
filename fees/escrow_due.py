"""When is a restoration deposit due, and how late is it? Decree 08/2022 Art. 37(6), Decision 71/2008 (time of deposit).

No text that was read sets a charge for a late deposit, so days are counted and nothing is charged. A due date that the
law book cannot give (Circular 38/2015) stays open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from fees.due import deadline_end, yearly_due
from fees.escrow_plan import Base
from fees.working import Working
from rules.citation import Citation
from rules.errors import Code
from rules.lawbook import Deadline, MonthDay
from rules.trace import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFacts:
    """What starts the deadlines: the day mining (or basic construction) starts, the days on which yearly indices were announced."""

    starts_on: date | None = None
    cpi_announced_on: Mapping[int, date] = field(default_factory=dict)


def deposit_due(work: Working, base: Base, facts: DueFacts, mark: str = "") -> date | None:
    """The last day of a deposit; ``None`` where the rule or the event that starts it is not known."""
    if base.number == 1:
        return _first_due(work, base, facts, mark)
    row = work.find("escrow.later_due")
    if row is not None:
        work.read(row)
        assert isinstance(row.value, MonthDay)
        due = yearly_due(work, row.value, base.year, None)
        return _noted(work, base, due, (row.cite, work.book.periods_cite), mark)
    row = work.find("escrow.later_due_after_cpi")
    announced = facts.cpi_announced_on.get(base.year - 1)
    if row is None or announced is None:
        return None
    work.lean_on(row.cite)
    end = deadline_end(work, row, announced, ("cpi_announced_on", str(base.year - 1)))
    return None if end is None else _noted(work, base, end, (row.cite, work.book.periods_cite), mark)


def _first_due(work: Working, base: Base, facts: DueFacts, mark: str) -> date | None:
    if facts.starts_on is None:
        return None
    days = work.find("escrow.first_days_before_mining")
    if days is not None:
        try:
            due = facts.starts_on - timedelta(days=int(days.number()))
        except OverflowError:
            work.refuse(
                Code.INVALID_INPUT,
                ("starts_on",),
                "Ngày quá xa để tính hạn ký quỹ.",
                "The date is too far away to compute a due date from.",
            )
            return None
        return _noted(work, base, due, days.cites, mark)
    row = work.find("escrow.first_before_construction")
    if row is None:
        return None
    work.lean_on(row.cite)
    return _noted(work, base, facts.starts_on, row.cites, mark)


def _noted(work: Working, base: Base, due: date, cite: tuple[Citation, ...], mark: str) -> date:
    label = Text(f"Hạn ký quỹ lần {base.number}", f"Due date of deposit {base.number}")
    work.trace.note(f"due_{base.year}{mark}", label, due.isoformat(), "date", cite)
    return due


def say_unknown(work: Working) -> None:
    """Say where the law book cannot give the due dates of a regime."""
    gap = work.book.gap("escrow.later_due_after_cpi", work.on)
    if gap is not None:
        text = Text(f"{gap.reason.vi} {gap.ask.vi}", f"{gap.reason.en} {gap.ask.en}")
        work.trace.did_not_apply("due_dates_unknown", text, ())


def supplement_due(work: Working, starts_on: date | None, mark: str) -> date | None:
    """The last day to begin a supplementary deposit, from the event that its rule names."""
    row = work.find("escrow.supplement_due")
    if row is None or starts_on is None:
        return None
    work.lean_on(row.cite)
    end = deadline_end(work, row, starts_on, ("supplement", "starts_on"))
    if end is None:
        return None
    assert isinstance(row.value, Deadline)
    label = Text(
        f"Hạn ký quỹ bổ sung, tính từ {row.value.starts.vi}", f"Supplement due, from {row.value.starts.en}"
    )  # fmt: skip
    work.trace.note(f"due{mark}", label, end.isoformat(), "date", (row.cite, work.book.periods_cite))
    return end


def days_late(due: date, until: date) -> int:
    """Days from the due date to the day the deposit was complete (or the day of reckoning), never negative."""
    return max(0, (until - due).days)
