"""How does the computed settlement of a licence enter its ledger? Decree 193/2025 Art. 139(8).

The difference to what was notified is posted, so that afterwards the account owes what the settlement says is owed; the part of
an excess that goes to debts to the budget is offset; what goes to next instalments waits as a prepayment for their notices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session, select

from api.contract.compute import compute
from api.province.worklist import worklist_row
from api.store.province import SettlementResult
from fees.ledger import Entry
from fees.ledger_balance import balance
from fees.ledger_facts import Told, offset_out, settlement
from rules.errors import Code, Problem
from rules.formats import vnd
from rules.lawbook import law_book
from rules.trace import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The entries of a settlement with what to know about them, or what is wrong."""

    entries: tuple[Entry, ...] = ()
    notes: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()


def computed_settlement(session: Session, licence_id: int, notice_on: date | None) -> dict[str, Any] | None:
    """The settlement the province's last run computed under the present law, with the due day of a notice; ``None``
    where there is none."""
    digest = law_book().digest
    chosen = select(SettlementResult).where(
        SettlementResult.licence_id == licence_id, SettlementResult.law_digest == digest
    )
    stored = session.exec(chosen).first()
    if stored is None or "settlement" not in stored.cases:
        return None
    case = stored.cases["settlement"]
    return compute(case if notice_on is None else {**case, "notice_on": notice_on.isoformat()})


def settlement_entries(
    session: Session,
    told: Told,
    written: tuple[Entry, ...],
    *,
    instalment: str | None,
    paid_differs: bool,
    today: date,
) -> Settled:
    """The entries of the licence's computed settlement, notified on ``told.on``; ``written`` are the licence's entries."""
    row = worklist_row(session, told.debtor.licence, today)
    result = None if row is None or row.stale else computed_settlement(session, told.debtor.licence, told.on)
    if result is None:
        return _refused(None, Text(
            "Giấy phép này chưa có kết quả quyết toán theo số liệu hiện nay: hãy quyết toán trước.",
            "This licence has no settlement of its present figures: settle it first.",
        ))  # fmt: skip
    if not result["ok"]:
        return Settled(
            problems=tuple(
                Problem(
                    code=Code(one["code"]),
                    path=("on",) if one["field"] == "notice_on" else None,
                    message_vi=one["message_vi"],
                    message_en=one["message_en"],
                )
                for one in result["errors"]
            )
        )
    figures = result["result"]
    own = [entry for entry in written if entry.debtor == told.debtor]
    before = balance(own, told.on)
    paid = before.paid_vnd + before.offset_vnd
    if paid != figures["paid_vnd"] and not paid_differs:
        return _refused("paid_differs", Text(
            f"Sổ có {vnd(paid)} tiền gốc đã nộp đến ngày thông báo, quyết toán tính với {vnd(figures['paid_vnd'])}: ghi đủ khoản nộp, "
            "tính lại, hoặc xác nhận ghi như vậy.",
            f"The ledger has {vnd(paid, 'en')} of principal paid by the day of the notice, the settlement was computed with "
            f"{vnd(figures['paid_vnd'], 'en')}: write the payments, settle again, or confirm.",
        ))  # fmt: skip
    delta = figures["settled_vnd"] - before.notified_vnd
    due = figures["additional_due_on"]
    top_up = settlement(
        told,
        delta,
        instalment=instalment or f"QT {told.on.year}",
        due_on=told.on if due is None else date.fromisoformat(due),
    )
    if delta <= 0:
        top_up = replace(top_up, instalment=None, due_on=None)
    entries = [top_up]
    if figures["offset_debts_vnd"]:
        entries.append(offset_out(replace(told, key=f"{told.key}:offset"), figures["offset_debts_vnd"]))
    return Settled(entries=tuple(entries), notes=tuple(_notes(figures, before.notified_vnd)))


def _notes(figures: dict[str, Any], notified: int) -> list[Text]:
    settled = figures["settled_vnd"]
    notes = [Text(
        f"Quyết toán {vnd(settled)} so với đã thông báo {vnd(notified)}: ghi chênh lệch {vnd(settled - notified)}.",
        f"Settled {vnd(settled, 'en')} against {vnd(notified, 'en')} notified: the difference of {vnd(settled - notified, 'en')} is "
        "posted.",
    )]  # fmt: skip
    for name, vi, en in (
        ("offset_next_instalments_vnd", "bù trừ vào các kỳ nộp sau: nằm lại là số nộp trước", "offset against next instalments: it waits as a prepayment"),
        ("excess_for_tax_office_vnd", "còn thừa do cơ quan thuế xử lý: ghi khi có quyết định hoàn trả, bù trừ", "left for the tax office: write its refund or offset when decided"),
    ):  # fmt: skip
        if figures[name]:
            notes.append(Text(f"{vnd(figures[name])} {vi}.", f"{vnd(figures[name], 'en')} {en}."))
    repriced = figures["top_up"]["repriced_vnd"]
    if figures["outcome"] == "underpaid" and repriced is not None:
        notes.append(Text(
            f"Cách hiểu thứ hai của số nộp bổ sung: {vnd(repriced)}; sổ ghi phần chênh lệch (cách hiểu thứ nhất).",
            f"The second reading of the top-up gives {vnd(repriced, 'en')}; the books take the difference (first reading).",
        ))  # fmt: skip
    return notes


def _refused(field: str | None, text: Text) -> Settled:
    path = None if field is None else (field,)
    return Settled(problems=(Problem(code=Code.INVALID_INPUT, path=path, message_vi=text.vi, message_en=text.en),))
