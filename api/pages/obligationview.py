"""How does a duty read: on a page, in a workbook, in JSON? One row for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode

import xlsxwriter

from api.duties.enterable import NOT_HERE
from api.duties.escrow import SUPPLEMENT
from api.duties.facts import LicenceDuties, Span
from api.duties.records import Told
from api.pages.casedocument import answers_of
from api.pages.rendering import CONFIDENCE
from api.pages.speech import Speech
from api.pages.workbook import Sheets
from api.store.duty_records import ESCROW_PLAN
from fees.obligation import BY_AUTHORITY, RETURNS, TITLES, Duty, DutyKind, Event, State
from fees.obligations import open_vnd, row_of
from rules.trace import Text

Json = dict[str, Any]
MONTHLY: Final = tuple(monthly for monthly, _, _ in RETURNS)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
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


def period_text(kind: DutyKind, period: str, t: Speech) -> str:
    """The period of a duty as people write it: 11/2026 for a month, the event for a settlement."""
    if kind in (DutyKind.FIRST_SETTLEMENT, DutyKind.FIRST_SETTLEMENT_DONE):
        return t("lần đầu", "first")
    if kind in (DutyKind.RESOURCE_TAX, DutyKind.ENVIRONMENTAL_FEE):
        year, _, month = period.partition("-")
        return f"{month}/{year}"
    if kind is DutyKind.EVENT_SETTLEMENT:
        event, _, day = period.partition("-")
        return f"{t.text(_EVENTS[Event(event)])} {t.day(day) if day else ''}".strip()
    if kind is DutyKind.ESCROW_DEPOSIT and period.endswith(SUPPLEMENT):
        return f"{period.removesuffix(SUPPLEMENT)} ({t('bổ sung', 'supplement')})"
    return t.day(period) if _DAY.fullmatch(period) else period


def duty_words(kind: DutyKind, period: str, t: Speech) -> str:
    """A duty with its period; the restoration plan has a name of its own."""
    if (kind, period) == ESCROW_PLAN:
        return t("Kế hoạch ký quỹ và các lần đã nộp quỹ", "Deposit plan and payments to the fund")
    return f"{t.text(TITLES[kind])}, {t('kỳ', 'period')} {period_text(kind, period, t)}"


def entry_address(licence_id: int | None, duty: Duty) -> str:
    """Where a duty is entered; empty for what is entered elsewhere."""
    place = ESCROW_PLAN if duty.kind is DutyKind.ESCROW_DEPOSIT else (duty.kind, duty.period)
    if duty.kind in NOT_HERE and place != ESCROW_PLAN:
        return ""
    return f"/licences/{licence_id}/obligations/{place[0]}/{place[1]}"


def explained_at(licence_id: int | None, duty: Duty, told: Told | None) -> str:
    """The page that explains the amount of a duty; empty where it has none."""
    if duty.amount_vnd is None:
        return ""
    if told is not None and told.document is not None:
        return f"/calculator/{told.document['kind']}?{urlencode({**answers_of(told.document), 'do': 'compute'})}"
    if duty.kind in (DutyKind.FEE_INSTALMENT, DutyKind.FEE_TOP_UP):
        return f"/licences/{licence_id}/{'settlement' if duty.open_vnd is None else 'ledger'}"
    return ""


def days_late(duty: Duty, told: Told | None, as_of: date) -> int:
    """How long after its day a duty was done, or is open; 0 where it was in time or nobody knows."""
    if duty.rule is None:
        return 0
    until = as_of if duty.state is State.OVERDUE else None if told is None else told.done_on
    return 0 if until is None else max(0, (until - duty.rule.due_on).days)


def view(found: LicenceDuties, duty: Duty, t: Speech, span: Span) -> Json:
    """A duty as a page shows it."""
    rule, told = duty.rule, found.told.get(duty.key)
    return {
        "key": duty.key,
        "licence": found.licence.number or f"#{found.licence.id}",
        "address": f"/licences/{found.licence.id}/obligations",
        "holder": found.licence.holder or "",
        "title": t.text(TITLES[duty.kind]),
        "period": period_text(duty.kind, duty.period, t),
        "due": "" if rule is None else t.day(rule.due_on),
        "nominal": "" if rule is None or rule.nominal == rule.due_on else t.day(rule.nominal),
        "why": t.text(duty.why),
        "cites": [] if rule is None else [cite.json for cite in rule.cites],
        "state": t.text(STATES[duty.state]),
        "tag": _TAGS[duty.state],
        "late": days_late(duty, told, span.as_of),
        "done": "" if told is None or told.done_on is None else t.day(told.done_on),
        "nil": duty.kind in MONTHLY and duty.amount_vnd == 0,
        "entry": entry_address(found.licence.id, duty),
        "explained": explained_at(found.licence.id, duty, told),
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
                    row_of(duty)
                    | {"title": TITLES[duty.kind]._asdict(), "why": duty.why._asdict()}
                    | _told(one.told.get(duty.key))
                    for duty in one.duties
                ],
            }
            for one in found
        ],
        "law": {"digest": digest},
    }


def _told(told: Told | None) -> Json:
    """What was entered of a duty: the day it was done, the case of the contract behind its amount."""
    if told is None:
        return {"done_on": None, "case": None}
    return {"done_on": None if told.done_on is None else told.done_on.isoformat(), "case": told.document}


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
                (t("Độ tin cậy", "Confidence"), 18), (t("Ngày nộp", "Done on"), 12), (t("Số ngày chậm", "Days late"), 12),
            ),
            (_row(one, duty, t, span) for one in found for duty in one.duties),
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


def _row(found: LicenceDuties, duty: Duty, t: Speech, span: Span) -> Sequence[str | int]:
    rule, told = duty.rule, found.told.get(duty.key)
    cites = () if rule is None else rule.cites
    return (
        "" if rule is None else t.day(rule.due_on),
        "" if rule is None else t.day(rule.nominal),
        found.licence.number or "",
        found.licence.holder or "",
        t.text(TITLES[duty.kind]),
        period_text(duty.kind, duty.period, t),
        t.text(STATES[duty.state]),
        "" if duty.amount_vnd is None else duty.amount_vnd,
        "" if duty.amount_vnd is None or duty.state is State.PAID else open_vnd(duty),
        t.text(duty.why),
        "; ".join(f"{cite.at}, {cite.instrument}" for cite in cites),
        "; ".join(dict.fromkeys(t.text(CONFIDENCE[cite.confidence][0]) for cite in cites)),
        "" if told is None or told.done_on is None else t.day(told.done_on),
        days_late(duty, told, span.as_of) or "",
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
