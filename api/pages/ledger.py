"""``/licences/{id}/ledger``: what a licence owes and has paid; facts are previewed and added, never a row changed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.bookkeeping.settled import computed_settlement
from api.bookkeeping.telling import Outcome, tell
from api.contract.ledger import read_fact
from api.pages.answers import read_day
from api.pages.form import Case
from api.pages.formview import Maker, name_of
from api.pages.guard import same_site
from api.pages.ledgerfields import FORMS, NOT_FILLED
from api.pages.ledgerforms import SCHEDULE, fact_of, labels
from api.pages.ledgerview import (
    balance_rows,
    debt_rows,
    entry_rows,
    freed_rows,
    inclusive_rows,
    payers_of,
    preview_view,
    settlement_told,
    year_chart,
)
from api.pages.licences import find_licence
from api.pages.posted import UNREAD, posted
from api.pages.rendering import page, secured
from api.pages.speech import Speech, speech_of
from api.pages.summary import listed
from api.store.ledger import read_entries
from api.store.models import Licence
from api.store.office_data import Payment, paid_of
from api.store.schedules import Planned, planned
from fees.ledger import by_debtor
from rules.errors import Problem
from rules.formats import date_vi
from rules.trace import Text

router = APIRouter()
_LONGEST: Final = 300
_LONGEST_SCHEDULE: Final = 20_000
_KEY: Final = "page:"
_PAYMENT: Final = ("paid_on", "document", "principal", "interest", "instalment", "payer")
_NOTICE: Final = ("notice_instalment", "notice_amount_vnd", "notice_due_on", "notice_payer")
_FACTS: Final = {"reverse": "reversal"}
"""What a form calls its fact, where that is not the fact's own name."""
_MISSING: Final = "Thiếu trường bắt buộc"
Errors = dict[str, Text]


@router.get("/licences/{licence_id}/ledger")
def ledger(request: Request, licence_id: str) -> Response:
    """Balance on a day, debts with late interest, chart, entries, the forms."""
    licence = find_licence(request, licence_id)
    asked = {name: request.query_params.get(name, "")[:_LONGEST] for name in (*_PAYMENT, *_NOTICE)}
    return _page(request, licence, asked, {})


@router.post("/licences/{licence_id}/ledger")
async def change(request: Request, licence_id: str) -> Response:
    """Preview or write one fact; what is wrong stands beside its field and nothing is written."""
    same_site(request)
    licence = await run_in_threadpool(find_licence, request, licence_id)
    form = await posted(request, 30)
    if form is None:
        return await run_in_threadpool(_page, request, licence, {}, {"": UNREAD}, None, 400)
    given = {name: value.strip()[: _LONGEST_SCHEDULE if name == SCHEDULE else _LONGEST] for name, value in form.items()}
    found = await run_in_threadpool(_told, request, licence, given)
    if isinstance(found, dict):
        return await run_in_threadpool(_page, request, licence, given, found, None, 422)
    if found.written or (found.known and given.get("step") != "preview"):
        return secured(RedirectResponse(f"/licences/{licence.id}/ledger", 303))
    return await run_in_threadpool(_page, request, licence, given, {}, found)


def _told(request: Request, licence: Licence, given: dict[str, str]) -> Outcome | Errors:
    """What the answers come to, previewed or written; or what is wrong, by field."""
    do = given.get("do", "")
    case = fact_of(_FACTS.get(do, do), given)
    if case is None:
        return {"": Text("Không rõ thao tác.", "Unknown action.")}
    # the form brings its own key: sent twice, it is written once
    key = given["key"] if given.get("key", "").startswith(_KEY) else _new_key()
    given["key"] = key
    fact = read_fact(case.document)
    if isinstance(fact, list) or case.unread:
        problems = fact if isinstance(fact, list) else []
        return {**_beside(case, problems), **case.unread}
    state = request.app.state
    if given.get("step") == "preview":
        with state.store.session() as session:
            found = tell(session, licence, fact, key=key, today=state.today())
    else:
        with state.store.write() as session:
            found = tell(session, licence, fact, key=key, today=state.today(), now=datetime.now(UTC))
    return _beside(case, found.problems) if found.problems else found


def _beside(case: Case, problems: Sequence[Problem]) -> Errors:
    """The problems by the field they stand beside; the empty name is about the whole."""
    errors: Errors = {}
    for one in problems:
        missing = one.message_vi.startswith(_MISSING)
        errors.setdefault(
            name_of(case, one.field) or "", NOT_FILLED if missing else Text(one.message_vi, one.message_en)
        )
    return errors


def _new_key() -> str:
    return _KEY + secrets.token_urlsafe(12)


def _page(
    request: Request,
    licence: Licence,
    given: Mapping[str, str],
    errors: Errors,
    preview: Outcome | None = None,
    status: int = 200,
) -> Response:
    t, today = speech_of(request), request.app.state.today()
    asked = request.query_params.get("on", "").strip()[:_LONGEST]
    day = read_day(asked) if asked else today.isoformat()
    wrong_day = day if isinstance(day, Text) else None
    on = today if isinstance(day, Text) else date.fromisoformat(day)
    assert licence.id is not None
    with request.app.state.store.session() as session:
        entries = read_entries(session, licence=licence.id)
        listed_payments = paid_of(session, licence.id).payments
        planned_rows = [
            (debtor.payer, one) for debtor in by_debtor(entries) for one in planned(session, entries, debtor)
        ]
        computed = computed_settlement(session, licence.id, None)
    written = {one.document for one in entries}
    debts = debt_rows(entries, on, t)
    payers = payers_of(entries, licence.holder)
    said = {name: t.text(text) for name, text in errors.items()}
    told = _filled(given, payers, today)
    do = given.get("do", "")
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
        inclusive=inclusive_rows(entries, on, t),
        debts=debts,
        several=len({one["payer"] for one in debts}) > 1,
        chart=year_chart(entries, on, t),
        entries=entry_rows(entries, on, t),
        instalments=sorted({one["instalment"] for one in debts if one["is_open"]}),
        payers=payers,
        values=_values(given, payers, today),
        errors=said,
        labels={name: t.text(text) for name, text in labels().items()},
        forms=[_form(fact, told, said, t, is_open=do == fact) for fact in FORMS],
        do=do,
        schedule=told.get(SCHEDULE, ""),
        preview=None if preview is None else preview_view(preview, t),
        answers={name: value for name, value in given.items() if name != "step"},
        freed=freed_rows(entries, on, t),
        planned=[_planned(payer, one, t) for payer, one in planned_rows],
        settlement=settlement_told(computed, t),
        key=given.get("key") or _new_key(),
        unwritten=[_offered(one, t) for one in listed_payments if one.document not in written],
    )


def _values(given: Mapping[str, str], payers: list[str], today: date) -> dict[str, str]:
    defaults = {"paid_on": date_vi(today), "reversed_on": date_vi(today), "payer": payers[0] if payers else ""}
    names = (*_PAYMENT, "reversed_on", "reason", "entry")
    return {name: given.get(name) or defaults.get(name, "") for name in names}


def _filled(given: Mapping[str, str], payers: list[str], today: date) -> dict[str, str]:
    """The answers with what a form starts from: today, the payer."""
    first = payers[0] if payers else ""
    start = {f"{fact}_on": date_vi(today) for fact in FORMS} | {f"{fact}_payer": first for fact in FORMS}
    return start | {name: value for name, value in given.items() if value}


def _form(
    fact: str, given: Mapping[str, str], errors: Mapping[str, str], t: Speech, *, is_open: bool
) -> dict[str, Any]:
    """One of the forms made field by field; open where it was used last."""
    form = FORMS[fact]
    fields = Maker(given, t, errors).all(form.specs, f"{fact}_")
    prefilled = any(given.get(f"{fact}_{spec.key}") for spec in form.specs if spec.key in ("amount_vnd", "instalment"))
    return {"fact": fact, "title": t.text(form.title), "help": t.text(form.help), "fields": fields,
            "open": is_open or prefilled}  # fmt: skip


def _planned(payer: str, one: Planned, t: Speech) -> dict[str, str]:
    """An instalment of the decision's schedule that is not notified yet, with the notice's answers for it."""
    query = {"notice_instalment": one.instalment, "notice_amount_vnd": str(one.amount_vnd), "notice_payer": payer}
    if one.due_on is not None:
        query["notice_due_on"] = date_vi(one.due_on)
    return {
        "instalment": one.instalment,
        "amount": t.money(one.amount_vnd),
        "due": t.day(one.due_on),
        "query": urlencode(query),
    }


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
