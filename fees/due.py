"""When is a payment due? Decree 193/2025 Art. 137(2); before it Decree 126/2020 Art. 18(6) and Decree 67/2019 Art. 9(3).

A deadline follows the rule in force on the day that starts it, and moves to the next working day (Civil Code Art. 148).
"""

from __future__ import annotations

from datetime import date, timedelta

from fees.working import Working
from rules.errors import Code, Path
from rules.lawbook import Deadline, MonthDay, Row
from rules.trace import Text


def first_due(work: Working, notice_on: date | None, path: Path) -> date | None:
    """Due date of the first payment, from the day of the tax office's notice; ``None`` without a notice."""
    if notice_on is None:
        return None
    if notice_on > work.book.horizon:
        work.past_horizon(notice_on)
    row = work.book.find("licence_right.first_due", notice_on)
    if row is None:
        work.refuse(
            Code.NO_RULE_AT_DATE,
            path,
            f"Sổ luật không có hạn nộp cho thông báo ngày {notice_on:%d/%m/%Y}; kiểm tra ngày thông báo nộp tiền.",
            f"The law book has no due date for a notice of {notice_on}; check the date of the payment notice.",
        )
        return None
    due = deadline_end(work, row, notice_on, path)
    if due is not None:
        assert isinstance(row.value, Deadline)
        kind = Text("ngày làm việc", "working days") if row.value.working else Text("ngày", "days")
        label = Text(
            f"Hạn nộp lần đầu: {row.value.days} {kind.vi} kể từ {row.value.starts.vi}",
            f"First payment due: {row.value.days} {kind.en} from {row.value.starts.en}",
        )
        work.trace.note("due_1", label, due.isoformat(), "date", (row.cite, work.book.periods_cite))
    return due


def deadline_end(work: Working, row: Row, start: date, path: Path) -> date | None:
    """Last day of a deadline that an event starts; refuses a day from which the calendar runs out."""
    span = row.value
    assert isinstance(span, Deadline)
    calendar = work.book.calendar
    try:
        if span.working:
            end = calendar.working_period_end(start, span.days)
            estimated = calendar.is_estimated(start + timedelta(days=1)) or calendar.is_estimated(end)
        else:
            end = calendar.period_end(start, span.days)
            estimated = calendar.is_estimated(start + timedelta(days=span.days)) or calendar.is_estimated(end)
    except (ValueError, OverflowError):
        work.refuse(
            Code.INVALID_INPUT,
            path,
            f"Ngày {start.isoformat()} quá xa để tính hạn nộp.",
            f"The date {start.isoformat()} is too far away to compute a due date from.",
        )
        return None
    lean_on_calendar(work, end, estimated=estimated)
    return end


def yearly_due(work: Working, day: MonthDay, year: int, not_before: date | None) -> date:
    """A yearly due date after the holiday shift; one before the first due date falls due with the first."""
    nominal = day.of(year)
    due = work.book.calendar.next_working_day(nominal)
    lean_on_calendar(work, due, estimated=work.book.calendar.is_estimated(nominal))
    return due if not_before is None else max(due, not_before)


def lean_on_calendar(work: Working, due: date, *, estimated: bool) -> None:
    """Caution how far the days off behind a due date are known."""
    cite = work.book.calendar_cite
    if estimated:
        work.trace.caution(
            "estimated_holiday",
            Text(
                "Có hạn nộp ở năm chưa có (hoặc chưa nhập) thông báo nghỉ lễ: chỉ tính thứ Bảy, Chủ nhật và ngày lễ cố định.",
                "Some due dates lie in years without an entered holiday notice: only weekends and fixed holidays count.",
            ),
            (cite,),
        )
        return
    work.trace.caution(
        "secondary_parameter",
        Text(
            "Lịch nghỉ lễ, nghỉ bù, hoán đổi 2024-2027 lấy từ nguồn thứ cấp; thứ Bảy, Chủ nhật là ngày nghỉ theo trí nhớ.",
            "Holidays, compensation and swapped days 2024-2027 come from secondary sources; weekly rest days are recalled.",
        ),
        (cite,),
    )
