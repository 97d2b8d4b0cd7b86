"""How does the ledger of a licence read: balances, debts with late interest, entries, owed and paid by year?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from api.bookkeeping.telling import Outcome
from api.pages.bars import Bars, bars
from api.pages.figures import cell
from api.pages.speech import Speech
from fees.ledger import Account, Entry, Fact, active, by_debtor
from fees.ledger_balance import Balance, balance, balances, inclusive
from fees.ledger_interest import interest_on
from fees.ledger_stops import freed_years
from rules.lawbook import law_book
from rules.trace import Text

Json = dict[str, Any]
FACTS: Final[dict[Fact, Text]] = {
    Fact.DECISION: Text("Quyết định phê duyệt", "Decision"),
    Fact.OPENING: Text("Nợ đầu kỳ", "Opening debt"),
    Fact.NOTICE: Text("Thông báo nộp tiền", "Notice"),
    Fact.SETTLEMENT: Text("Quyết toán", "Settlement"),
    Fact.PAYMENT: Text("Nộp tiền", "Payment"),
    Fact.OFFSET: Text("Bù trừ", "Offset"),
    Fact.REFUND: Text("Hoàn trả", "Refund"),
    Fact.INTEREST: Text("Tiền chậm nộp", "Late interest"),
    Fact.STOP: Text("Ngừng tính tiền chậm nộp", "Interest stop"),
    Fact.REVERSAL: Text("Bút toán đảo", "Reversal"),
}
_ACCOUNTS: Final[dict[Account, Text]] = {
    Account.FEE: Text("tiền cấp quyền", "fee"),
    Account.APPROVED: Text("chưa thông báo", "not yet notified"),
    Account.OWED: Text("phải nộp", "owed"),
    Account.PAID: Text("đã nộp", "paid"),
    Account.OFFSET: Text("bù trừ", "offset"),
    Account.INTEREST: Text("tiền chậm nộp", "late interest"),
    Account.INTEREST_OWED: Text("chậm nộp phải nộp", "interest owed"),
    Account.INTEREST_PAID: Text("chậm nộp đã nộp", "interest paid"),
}
_BALANCE: Final = (
    ("notified_vnd", Text("Đã thông báo", "Notified")),
    ("paid_vnd", Text("Đã nộp (tiền gốc)", "Paid (principal)")),
    ("offset_vnd", Text("Bù trừ", "Offset")),
    ("owed_vnd", Text("Còn phải nộp", "Owed")),
    ("prepaid_vnd", Text("Nộp trước, nộp thừa", "Prepaid")),
    ("approved_vnd", Text("Chưa thông báo", "Not yet notified")),
    ("interest_charged_vnd", Text("Tiền chậm nộp đã tính", "Interest charged")),
    ("interest_paid_vnd", Text("Tiền chậm nộp đã nộp", "Interest paid")),
    ("interest_owed_vnd", Text("Tiền chậm nộp còn nợ", "Interest owed")),
)


def balance_rows(entries: Sequence[Entry], on: date, t: Speech) -> list[tuple[str, str]]:
    """The balance of all accounts on a day, name and sum; what stayed at zero all along is left out."""
    now: Balance = balance(entries, on)
    always = ("notified_vnd", "paid_vnd", "owed_vnd")
    return [
        (t.text(name), t.money(getattr(now, field)))
        for field, name in _BALANCE
        if getattr(now, field) or field in always
    ]


def inclusive_rows(entries: Sequence[Entry], on: date, t: Speech) -> list[Json]:
    """Fee and late interest together, by account, as the settlement request asks for them; empty before the first notice."""
    return [
        {
            "payer": debtor.payer,
            "asked": t.money(one.asked_vnd),
            "settled": t.money(one.settled_vnd),
            "owed": t.money(one.owed_vnd),
            "prepaid": t.money(one.prepaid_vnd),
        }
        for debtor, own in balances(entries, on).items()
        for one in [inclusive(own)]
        if any(one)
    ]


def debt_rows(entries: Sequence[Entry], on: date, t: Speech) -> list[Json]:
    """Every debt by due date, with its late interest up to the day."""
    found = []
    for debtor, own in by_debtor(entries).items():
        for one in interest_on(own, on, law_book()):
            found.append({
                "payer": debtor.payer,
                "instalment": one.debt.instalment,
                "due": t.day(one.due_on_shifted),
                "due_on": one.due_on_shifted,
                "amount": t.money(one.debt.amount_vnd),
                "covered": t.money(one.debt.amount_vnd - one.debt.open_vnd),
                "open": t.money(one.debt.open_vnd),
                "is_open": bool(one.debt.open_vnd),
                "days": one.days_late,
                "interest": t("chưa có tỷ lệ trong sổ luật", "no rate in the law book") if one.interest_vnd is None
                else t.money(one.interest_vnd),
            })  # fmt: skip
    return sorted(found, key=lambda row: (row["due_on"], row["instalment"]))


def entry_rows(entries: Sequence[Entry], on: date, t: Speech) -> list[Json]:
    """The entries, newest first; ``may_reverse`` where an entry stands and is no reversal."""
    standing = {entry.key for entry in active(entries, date.max)}
    known = {entry.key: entry for entry in entries}
    rows = []
    for entry in sorted(entries, key=lambda one: one.on, reverse=True):
        taken = known.get(entry.reverses or "")
        rows.append({
            "key": entry.key,
            "on": t.day(entry.on),
            "later": entry.on > on,
            "fact": t.text(FACTS[entry.fact]) + (f": {t.text(FACTS[taken.fact])}" if taken else ""),
            "payer": entry.debtor.payer,
            "document": entry.document or "",
            "instalment": entry.instalment or "",
            "due": t.day(entry.due_on),
            "stop": f"{t.day(entry.stop.first)} – {t.day(entry.stop.last)}" if entry.stop else "",
            "moves": [(t.text(_ACCOUNTS[one.account]), t.number(one.amount_vnd)) for one in entry.postings],
            "may_reverse": entry.key in standing,
            "reversed": entry.fact is not Fact.REVERSAL and entry.key not in standing,
        })  # fmt: skip
    return rows


def year_chart(entries: Sequence[Entry], on: date, t: Speech) -> Bars | None:
    """What was asked for and what was paid, by calendar year, and what was open at its end."""
    dated = [entry for entry in entries if entry.on <= on]
    if not dated:
        return None
    asked: Counter[int] = Counter()
    paid: Counter[int] = Counter()
    for entry in dated:
        settled = entry.amount(Account.PAID) + entry.amount(Account.OFFSET)
        paid[entry.on.year] += settled
        asked[entry.on.year] += entry.amount(Account.OWED) + settled
    span = range(min(entry.on.year for entry in dated), on.year + 1)
    groups = [
        (str(year), (asked[year], paid[year], balance(dated, min(on, date(year, 12, 31))).owed_vnd)) for year in span
    ]
    legend = (
        t("Thông báo trong năm", "Notified"),
        t("Đã nộp trong năm", "Paid"),
        t("Còn nợ cuối năm", "Owed at the end"),
    )
    return bars(t("Phải nộp và đã nộp", "Owed and paid"), legend, groups, t)


def payers_of(entries: Sequence[Entry], holder: str | None) -> list[str]:
    """Whose accounts the licence has: those of its entries, else its holder."""
    known = dict.fromkeys(entry.debtor.payer for entry in entries)
    return list(known) or ([holder] if holder else [])


def freed_rows(entries: Sequence[Entry], on: date, t: Speech) -> list[Json]:
    """The forced stops of every account and the years for which they free it from paying."""
    found = []
    for debtor, own in by_debtor(entries).items():
        notified = {entry.instalment for entry in active(own, on) if entry.amount(Account.OWED) > 0}
        for one in freed_years(own, on, law_book()):
            years = [str(year) for year in one.years]
            found.append({
                "payer": debtor.payer,
                "span": f"{t.day(one.first)} – {t.day(one.last)}",
                "years": ", ".join(years),
                "due": t.day(one.due_on) if one.years else "",
                "confirmed": one.confirmed,
                "notified": ", ".join(
                    sorted(name for name in notified if name is not None and name.partition("/")[0] in years)
                ),
                "cites": [cite.json for cite in one.cites],
            })  # fmt: skip
    return found


def preview_view(found: Outcome, t: Speech) -> Json:
    """The double entry a fact would make, and what it changes in the balance."""
    return {
        "known": found.known,
        "notes": [t.text(one) for one in found.notes],
        "entries": [
            {
                "fact": t.text(FACTS[entry.fact]),
                "on": t.day(entry.on),
                "document": entry.document or "",
                "instalment": entry.instalment or "",
                "due": t.day(entry.due_on),
                "payer": entry.debtor.payer,
                "stop": f"{t.day(entry.stop.first)} – {t.day(entry.stop.last)}" if entry.stop else "",
                "moves": [
                    (t.text(_ACCOUNTS[one.account]), t.number(max(one.amount_vnd, 0)) if one.amount_vnd > 0 else "",
                     t.number(-one.amount_vnd) if one.amount_vnd < 0 else "")
                    for one in entry.postings
                ],
            }
            for entry in found.entries
        ],
        "schedule": [(one.instalment, t.money(one.amount_vnd), t.day(one.due_on)) for one in found.schedule],
        "changes": [
            (t.text(name), t.money(getattr(found.before, field)), t.money(getattr(found.after, field)))
            for field, name in _BALANCE
            if getattr(found.before, field) != getattr(found.after, field)
        ],
    }  # fmt: skip


def settlement_told(result: Json | None, t: Speech) -> str:
    """The licence's computed settlement in one line; empty where there is none."""
    if result is None or not result["ok"]:
        return ""
    figures = result["result"]
    outcome = cell("outcome", figures["outcome"], t).text
    return t(
        f"Đã tính: quyết toán {t.money(figures['settled_vnd'])}, đã nộp {t.money(figures['paid_vnd'])}, {outcome} "
        f"{t.money(abs(figures['difference_vnd']))}.",
        f"Computed: settled {t.money(figures['settled_vnd'])}, paid {t.money(figures['paid_vnd'])}, {outcome} "
        f"{t.money(abs(figures['difference_vnd']))}.",
    )
