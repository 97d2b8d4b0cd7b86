"""How does a duty read: on a page, in a workbook, in JSON? One row for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from api.duties.facts import LicenceDuties, Span
from api.pages.rendering import CONFIDENCE
from api.pages.speech import Speech
from api.pages.workbook import Sheets
from fees.obligation import BY_AUTHORITY, TITLES, Duty, DutyKind, Event, State
from fees.obligations import open_vnd, row_of
from rules.trace import Text

Json = dict[str, Any]
STATES: Final[dict[State, Text]] = {
    State.OVERDUE: Text("Quá hạn", "Overdue"),
    State.OWED: Text("Phải nộp", "Owed"),
    State.UPCOMING: Text("Sắp tới", "Upcoming"),
    State.UNKNOWN: Text("Chưa rõ đã nộp", "Not known"),
    State.PAID: Text("Đã nộp", "Paid or filed"),
}
_TAGS: Final = {
    State.OVERDUE: "severity-error",
    State.OWED: "severity-warning",
    State.UPCOMING: "severity-info",
    State.UNKNOWN: "state-expired",
    State.PAID: "state-complete",
}


_EVENTS: Final = {
    Event.EXTENSION: Text("gia hạn", "extension"),
    Event.ADJUSTMENT: Text("điều chỉnh", "adjustment"),
    Event.REGRANT: Text("cấp lại", "re-grant"),
    Event.TRANSFER: Text("chuyển nhượng", "transfer"),
    Event.CLOSURE: Text("đóng cửa mỏ, hết hạn", "closure, end of the term"),
}


def period_text(duty: Duty, t: Speech) -> str:
    """The period of a duty as people write it: 11/2026 for a month, the event for a settlement."""
    period = duty.period
    if duty.kind in (DutyKind.FIRST_SETTLEMENT, DutyKind.FIRST_SETTLEMENT_DONE):
        return t("lần đầu", "first")
    if duty.kind in (DutyKind.RESOURCE_TAX, DutyKind.ENVIRONMENTAL_FEE):
        year, _, month = period.partition("-")
        return f"{month}/{year}"
    if duty.kind is DutyKind.EVENT_SETTLEMENT:
        event, _, day = period.partition("-")
        return f"{t.text(_EVENTS[Event(event)])} {t.day(day) if day else ''}".strip()
    return period


def view(found: LicenceDuties, duty: Duty, t: Speech, span: Span) -> Json:
    """A duty as a page shows it."""
    rule = duty.rule
    late = (span.as_of - rule.due_on).days if rule is not None and duty.state is State.OVERDUE else 0
    return {
        "key": duty.key,
        "licence": found.licence.number or f"#{found.licence.id}",
        "address": f"/licences/{found.licence.id}/obligations",
        "holder": found.licence.holder or "",
        "title": t.text(TITLES[duty.kind]),
        "period": period_text(duty, t),
        "due": "" if rule is None else t.day(rule.due_on),
        "nominal": "" if rule is None or rule.nominal == rule.due_on else t.day(rule.nominal),
        "why": t.text(duty.why),
        "cites": [] if rule is None else [cite.json for cite in rule.cites],
        "state": t.text(STATES[duty.state]),
        "tag": _TAGS[duty.state],
        "late": late,
        "amount": "" if duty.amount_vnd is None else t.money(duty.amount_vnd),
        "open": "" if duty.amount_vnd is None or duty.state is State.PAID else t.money(open_vnd(duty)),
        "by_authority": duty.kind in BY_AUTHORITY,
        "expected": duty.expected,
    }


def as_json(found: Iterable[LicenceDuties], span: Span, digest: str) -> Json:
    """The calendars of licences as JSON: what the contract gives of each duty, with its words."""
    return {
        "as_of": span.as_of.isoformat(),
        "from_on": span.first.isoformat(),
        "until_on": span.last.isoformat(),
        "licences": [
            {
                "id": one.licence.id,
                "number": one.licence.number,
                "holder": one.licence.holder,
                "lacks": None if one.lacks is None else one.lacks._asdict(),
                "duties": [
                    row_of(duty) | {"title": TITLES[duty.kind]._asdict(), "why": duty.why._asdict()}
                    for duty in one.duties
                ],
            }
            for one in found
        ],
        "law": {"digest": digest},
    }


def workbook(found: Sequence[LicenceDuties], span: Span, t: Speech) -> bytes:
    """The calendars as .xlsx bytes: every duty, the sums of each month, licences without a calendar."""
    target = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        sheets = Sheets(book)
        sheets.add(
            t("Lịch nghĩa vụ", "Duties"),
            (
                (t("Hạn", "Due"), 12), (t("Hạn theo luật", "Before the shift"), 14), (t("Giấy phép", "Licence"), 18),
                (t("Đơn vị", "Holder"), 36), (t("Nghĩa vụ", "Duty"), 44), (t("Kỳ", "Period"), 14),
                (t("Tình trạng", "State"), 18), (t("Số tiền (đồng)", "Amount (VND)"), 20),
                (t("Còn phải nộp (đồng)", "Open (VND)"), 20), (t("Quy định", "Rule"), 60), (t("Căn cứ", "Citation"), 50),
                (t("Độ tin cậy", "Confidence"), 18),
            ),
            (_row(one, duty, t) for one in found for duty in one.duties),
        )  # fmt: skip
        sheets.add(
            t("Theo tháng", "By month"),
            (
                (t("Tháng", "Month"), 12), (t("Số nghĩa vụ", "Duties"), 14), (t("Số tiền (đồng)", "Amount (VND)"), 22),
                (t("Còn phải nộp (đồng)", "Open (VND)"), 22), (t("Chưa biết số tiền", "Amount not known"), 20),
            ),
            ((one["month"], one["count"], one["amount_vnd"], one["open_vnd"], one["unknown"]) for one in months(found)),
        )  # fmt: skip
        sheets.add(
            t("Chưa lập được lịch", "Without a calendar"),
            ((t("Giấy phép", "Licence"), 18), (t("Đơn vị", "Holder"), 36), (t("Lý do", "Reason"), 80)),
            (
                (one.licence.number or "", one.licence.holder or "", t.text(one.lacks))
                for one in found
                if one.lacks is not None
            ),
        )
    return target.getvalue()


def _row(found: LicenceDuties, duty: Duty, t: Speech) -> Sequence[str | int]:
    rule = duty.rule
    cites = () if rule is None else rule.cites
    return (
        "" if rule is None else t.day(rule.due_on),
        "" if rule is None else t.day(rule.nominal),
        found.licence.number or "",
        found.licence.holder or "",
        t.text(TITLES[duty.kind]),
        period_text(duty, t),
        t.text(STATES[duty.state]),
        "" if duty.amount_vnd is None else duty.amount_vnd,
        "" if duty.amount_vnd is None or duty.state is State.PAID else open_vnd(duty),
        t.text(duty.why),
        "; ".join(f"{cite.at}, {cite.instrument}" for cite in cites),
        "; ".join(dict.fromkeys(t.text(CONFIDENCE[cite.confidence][0]) for cite in cites)),
    )


def months(found: Iterable[LicenceDuties]) -> list[Json]:
    """Count and sums of each month by due date."""
    by_month: dict[str, list[Duty]] = {}
    for one in found:
        for duty in one.duties:
            if duty.rule is not None:
                by_month.setdefault(f"{duty.rule.due_on:%Y-%m}", []).append(duty)
    return [
        {
            "month": f"{month[5:]}/{month[:4]}",
            "count": len(several),
            "amount_vnd": sum(duty.amount_vnd or 0 for duty in several),
            "open_vnd": sum(open_vnd(duty) for duty in several if duty.state is not State.PAID),
            "unknown": sum(duty.amount_vnd is None for duty in several),
        }
        for month, several in sorted(by_month.items())
    ]
