"""``/licences/{id}/ledger``: what a licence owes and has paid; a payment or a reversal is added, never a row changed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response

from api.imports.cells import Doubt, read_vnd
from api.pages.answers import read_day
from api.pages.guard import same_site
from api.pages.ledgerview import balance_rows, debt_rows, entry_rows, payers_of, year_chart
from api.pages.licences import find_licence
from api.pages.rendering import page, secured
from api.pages.speech import Speech, speech_of
from api.pages.summary import listed
from api.store.ledger import append, read_entries, reverse
from api.store.models import Licence
from api.store.office_data import Payment, paid_of
from fees.ledger import Debtor
from fees.ledger_facts import Told, payment
from rules.errors import Problem
from rules.formats import date_vi
from rules.trace import Text

router = APIRouter()
_LONGEST: Final = 300
_KEY: Final = "page:"
_PAYMENT: Final = ("paid_on", "document", "principal", "interest", "instalment", "payer")
Errors = dict[str, Text]


@router.get("/licences/{licence_id}/ledger")
def ledger(request: Request, licence_id: str) -> Response:
    """Balance on a day, debts with late interest, chart, entries, the forms."""
    licence = find_licence(request, licence_id)
    asked = {name: request.query_params.get(name, "")[:_LONGEST] for name in _PAYMENT}
    return _page(request, licence, asked, {})


@router.post("/licences/{licence_id}/ledger")
async def change(request: Request, licence_id: str) -> Response:
    """Add a payment or a reversal; what is wrong stands beside its field and nothing is added."""
    same_site(request)
    licence = await run_in_threadpool(find_licence, request, licence_id)
    try:
        form = await request.form(max_files=0, max_fields=20)
    except StarletteHTTPException:
        return await run_in_threadpool(
            _page, request, licence, {}, {"": Text("Biểu mẫu không đọc được.", "The form cannot be read.")}, 400
        )
    given = {name: value.replace("\0", "").strip()[:_LONGEST] for name, value in form.items() if isinstance(value, str)}
    errors = await run_in_threadpool(_changed, request, licence, given)
    if errors:
        return await run_in_threadpool(_page, request, licence, given, errors, 422)
    return secured(RedirectResponse(f"/licences/{licence.id}/ledger", 303))


def _changed(request: Request, licence: Licence, given: Mapping[str, str]) -> Errors:
    now, today = datetime.now(UTC), request.app.state.today()
    match given.get("do"):
        case "payment":
            return _pay(request, licence, given, now, today)
        case "reverse":
            return _reverse(request, licence, given, now, today)
    return {"": Text("Không rõ thao tác.", "Unknown action.")}


def _pay(request: Request, licence: Licence, given: Mapping[str, str], now: datetime, today: date) -> Errors:
    errors: Errors = {}
    on = _day(given.get("paid_on", ""), "paid_on", today, errors)
    sums = {}
    for name in ("principal", "interest"):
        found = read_vnd(given[name]) if given.get(name) else "0"
        if isinstance(found, Doubt):
            errors[name] = Text("Viết số đồng nguyên như 12.500.000.", "Write whole đồng such as 12,500,000.")
        else:
            sums[name] = int(found)
    if len(sums) == 2 and not any(sums.values()):
        errors["principal"] = Text("Nhập tiền gốc hoặc tiền chậm nộp.", "Enter principal or late interest.")
    for name, text in (
        ("document", Text("Nhập số giấy nộp tiền.", "Enter the number of the voucher.")),
        ("payer", Text("Nhập người nộp.", "Enter the payer.")),
    ):
        if not given.get(name):
            errors[name] = text
    if errors or on is None:
        return errors
    assert licence.id is not None
    # the form brings its own key: sent twice, it is written once
    key = given.get("key") if given.get("key", "").startswith(_KEY) else _new_key()
    entry = payment(
        Told(key=key or _new_key(), debtor=Debtor(licence.id, given["payer"]), on=on, document=given["document"]),
        principal_vnd=sums["principal"],
        interest_vnd=sums["interest"],
        instalment=given.get("instalment") or None,
    )
    with request.app.state.store.write() as session:
        written = read_entries(session, licence=licence.id)
        if any(one.key == entry.key for one in written):
            return {}
        same = [
            one for one in written if (one.document, one.on, one.postings) == (entry.document, entry.on, entry.postings)
        ]
        if same and given.get("again") != "yes":
            return {"again": Text(
                "Sổ đã có khoản nộp cùng số chứng từ, ngày và số tiền. Đánh dấu nếu đây là một khoản khác.",
                "The ledger has a payment with this voucher, day and sum. Tick where this is another one.",
            )}  # fmt: skip
        return _placed(append(session, [entry], now=now), {"on": "paid_on", "postings": "principal"})


def _reverse(request: Request, licence: Licence, given: Mapping[str, str], now: datetime, today: date) -> Errors:
    errors: Errors = {}
    on = _day(given.get("reversed_on", ""), "reversed_on", today, errors)
    key = given.get("entry", "")
    if not given.get("reason"):
        errors["reason"] = Text("Ghi số văn bản hoặc lý do đảo.", "Give the document or the reason.")
    if not key:
        errors["entry"] = Text("Chọn bút toán cần đảo.", "Choose the entry to reverse.")
    if errors or on is None:
        return errors
    with request.app.state.store.write() as session:
        if key not in {one.key for one in read_entries(session, licence=licence.id)}:
            return {"entry": Text("Giấy phép này không có bút toán đó.", "This licence has no such entry.")}
        problems = reverse(session, key, reversal_key=_new_key(), on=on, now=now, document=given["reason"])
    return _placed(problems, {"on": "reversed_on", "reverses": "entry", "postings": "entry"})


def _day(text: str, name: str, today: date, errors: Errors) -> date | None:
    found = read_day(text)
    if isinstance(found, Text):
        errors[name] = found
        return None
    day = date.fromisoformat(found)
    if day > today:
        errors[name] = Text(f"Ngày sau hôm nay ({date_vi(today)}).", f"The day lies after today ({date_vi(today)}).")
        return None
    return day


def _placed(problems: tuple[Problem, ...], names: Mapping[str, str]) -> Errors:
    """The ledger's problems beside the fields of the form."""
    errors: Errors = {}
    for one in problems:
        last = str(one.path[-1]) if one.path else ""
        errors.setdefault(names.get(last, ""), Text(one.message_vi, one.message_en))
    return errors


def _new_key() -> str:
    return _KEY + secrets.token_urlsafe(12)


def _page(request: Request, licence: Licence, given: Mapping[str, str], errors: Errors, status: int = 200) -> Response:
    t, today = speech_of(request), request.app.state.today()
    asked = request.query_params.get("on", "").strip()[:_LONGEST]
    day = read_day(asked) if asked else today.isoformat()
    wrong_day = day if isinstance(day, Text) else None
    on = today if isinstance(day, Text) else date.fromisoformat(day)
    assert licence.id is not None
    with request.app.state.store.session() as session:
        entries = read_entries(session, licence=licence.id)
        listed_payments = paid_of(session, licence.id).payments
    written = {one.document for one in entries}
    debts = debt_rows(entries, on, t)
    payers = payers_of(entries, licence.holder)
    return page(
        request,
        "ledger.html",
        status,
        licence=licence,
        row=listed(licence, t, today),
        tab="ledger",
        path=f"/licences/{licence.id}/ledger",
        on=asked or date_vi(on),
        on_day=date_vi(on),
        wrong_day=wrong_day,
        balance=balance_rows(entries, on, t),
        debts=debts,
        several=len({one["payer"] for one in debts}) > 1,
        chart=year_chart(entries, on, t),
        entries=entry_rows(entries, on, t),
        instalments=sorted({one["instalment"] for one in debts if one["is_open"]}),
        payers=payers,
        values=_values(given, payers, today),
        errors={name: t.text(text) for name, text in errors.items()},
        key=given.get("key") or _new_key(),
        unwritten=[_offered(one, t) for one in listed_payments if one.document not in written],
    )


def _values(given: Mapping[str, str], payers: list[str], today: date) -> dict[str, str]:
    defaults = {"paid_on": date_vi(today), "reversed_on": date_vi(today), "payer": payers[0] if payers else ""}
    names = (*_PAYMENT, "reversed_on", "reason", "entry")
    return {name: given.get(name) or defaults.get(name, "") for name in names}


def _offered(one: Payment, t: Speech) -> dict[str, str]:
    """A payment the tax office lists that the ledger does not have, with the form's answers for it."""
    part = "principal" if one.principal else "interest"
    query = {"paid_on": date_vi(one.paid_on), "document": one.document, part: str(one.amount_vnd)}
    return {
        "on": t.day(one.paid_on),
        "document": one.document,
        "amount": t.money(one.amount_vnd),
        "part": t("tiền gốc", "principal") if one.principal else t("tiền chậm nộp", "late interest"),
        "query": urlencode(query),
    }
