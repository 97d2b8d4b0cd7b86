"""What was entered of a licence for its calendar, in a few lines for the top of its page."""

from __future__ import annotations

from sqlmodel import Session

from api.pages.inputs import choice_words
from api.pages.speech import Speech
from api.store.duty_records import ESCROW_PLAN, EVENT, DutyFacts, Entered, read_entries_of, read_facts


def facts_told(session: Session, licence_id: int, t: Speech) -> list[tuple[str, str]]:
    """Name and value of each fact; what is not known says so."""
    kept = read_facts(session, licence_id).get(licence_id)
    entries = read_entries_of(session, licence_id).get(licence_id, [])
    unknown = t("chưa ghi", "not entered")
    return [
        (t("Bắt đầu khai thác", "Mining since"), t.day(kept.operating_since) if kept and kept.operating_since else unknown),
        (t("Ghi đủ các lần nộp từ", "Every filing entered from"), t.day(kept.filings_from) if kept and kept.filings_from else unknown),
        (t("Đấu giá", "Auction"), _auction(kept, t) or unknown),
        (t("Sự kiện", "Events"), "\n".join(_event(one, t) for one in entries if one.kind == EVENT) or unknown),
        (t("Kế hoạch ký quỹ", "Deposit plan"), next((_plan(one, t) for one in entries if (one.kind, one.period) == ESCROW_PLAN), unknown)),
    ]  # fmt: skip


def _auction(kept: DutyFacts | None, t: Speech) -> str:
    if kept is None or kept.auction_ended_on is None:
        return ""
    explored = t("đã thăm dò", "explored") if kept.auction_explored else t("chưa thăm dò", "not explored")
    return f"{t.day(kept.auction_ended_on)}, {t('nhóm', 'group')} {kept.auction_group}, {explored}"


def _event(one: Entered, t: Speech) -> str:
    return f"{t.text(choice_words(one.period.partition('-')[0]))} {t.day(one.on_day)}"


def _plan(one: Entered, t: Speech) -> str:
    document = one.document or {}
    total, paid = document.get("total_vnd"), sum(each["amount_vnd"] for each in document.get("payments", ()))
    regime = t.text(choice_words(document["regime"]))
    first = "" if total is None else f", {t.money(total)}"
    return f"{regime}{first}; {t('đã nộp', 'paid')} {t.money(paid)}"
