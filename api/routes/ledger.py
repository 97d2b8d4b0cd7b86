"""``/v1/licences/{id}/ledger``: the books of a licence for programs: balance and entries, a fact previewed or written."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from api.bookkeeping.telling import Outcome, tell
from api.contract.ledger import MODELS, read_fact
from api.contract.problems import duplicate_names, problem_json
from api.contract.reading import Unreadable, is_too_deep, read_json
from api.pages.guard import same_site
from api.store.ledger import read_entries
from api.store.models import Licence
from api.store.schedules import planned
from fees.ledger import Entry, by_debtor
from fees.ledger_balance import balance
from fees.ledger_stops import FreedYears, freed_years
from rules.errors import Code, Problem
from rules.lawbook import law_book

router = APIRouter(prefix="/v1/licences", tags=["ledger"])
_LONGEST = 1 << 20
_Id = Annotated[int, Path(ge=1, lt=10**18)]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [{"$ref": f"#/components/schemas/{one.__name__}"} for one in MODELS.values()]},
                "examples": {
                    "notice": {
                        "value": {
                            "fact": "notice", "key": "TB-15-2026", "on": "2026-03-02", "document": "15/TB-CT", "instalment": "2026",
                            "amount_vnd": 1250000000, "due_on": "2026-06-01",
                        }
                    },
                    "payment": {
                        "value": {
                            "fact": "payment", "key": "GNT-77", "on": "2026-05-20", "document": "GNT 77",
                            "principal_vnd": 1250000000,
                        }
                    },
                },
            }
        },
    }
}  # fmt: skip


@router.get("/{licence_id}/ledger", summary="Sổ theo dõi của một giấy phép / The ledger of a licence")
def ledger(request: Request, licence_id: _Id, on: Annotated[date | None, Query()] = None) -> dict[str, Any]:
    """Balance on a day (today where absent), entries in the order they were written, what is planned, years freed."""
    day = on or request.app.state.today()
    with request.app.state.store.session() as session:
        _licence(session.get(Licence, licence_id))
        entries = read_entries(session, licence=licence_id)
        accounts = by_debtor(entries)
        plans = {debtor.payer: planned(session, entries, debtor) for debtor in accounts}
    return {
        "licence": licence_id,
        "on": day.isoformat(),
        "balance": asdict(balance(entries, day)),
        "entries": [entry_json(one) for one in entries],
        "planned": [
            {"payer": payer, "instalment": one.instalment, "amount_vnd": one.amount_vnd,
             "due_on": None if one.due_on is None else one.due_on.isoformat()}
            for payer, several in plans.items() for one in several
        ],
        "freed_years": [
            _freed_json(debtor.payer, one)
            for debtor, own in accounts.items() for one in freed_years(own, day, law_book())
        ],
    }  # fmt: skip


@router.post(
    "/{licence_id}/ledger",
    summary="Ghi một việc vào sổ / Tell the ledger a fact",
    openapi_extra=_BODY,
    responses={422: {"description": "Không ghi / Not written", "content": {"application/json": {}}}},
)
async def add(
    request: Request, licence_id: _Id, preview: Annotated[bool, Query(description="Only show")] = False
) -> JSONResponse:
    """Write a fact whole or not at all; the same ``key`` sent again adds nothing. ``preview`` writes nothing."""
    same_site(request)
    text = b""
    async for chunk in request.stream():
        text += chunk
        if len(text) > _LONGEST:
            raise HTTPException(413, "Dài quá 1 MB / longer than 1 MB")
    return await run_in_threadpool(_told, request, licence_id, text, preview)


def _told(request: Request, licence_id: int, text: bytes, preview: bool) -> JSONResponse:
    try:
        document = read_json(text)
    except Unreadable as error:
        return _refused([Problem(code=Code.INVALID_INPUT, path=None, message_vi=error.vi, message_en=error.en)])
    if is_too_deep(document):
        return _refused(
            [
                Problem(
                    code=Code.INVALID_INPUT, path=None, message_vi="JSON lồng quá sâu.", message_en="Nested too deeply."
                )
            ]
        )
    fact = read_fact(document)
    twice = list(duplicate_names(document))
    if isinstance(fact, list) or twice:
        return _refused([*twice, *(fact if isinstance(fact, list) else [])])
    key, state = fact.key or f"api:{secrets.token_urlsafe(12)}", request.app.state
    if preview:
        with state.store.session() as session:
            found = tell(session, _licence(session.get(Licence, licence_id)), fact, key=key, today=state.today())
    else:
        with state.store.write() as session:
            licence = _licence(session.get(Licence, licence_id))
            found = tell(session, licence, fact, key=key, today=state.today(), now=datetime.now(UTC))
    return _refused(found.problems) if found.problems else JSONResponse(_json(found), 201 if found.written else 200)


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry in the shape of the contract: debits positive, credits negative, in whole đồng."""
    return {
        "key": entry.key,
        "fact": entry.fact.value,
        "on": entry.on.isoformat(),
        "payer": entry.debtor.payer,
        "document": entry.document,
        "instalment": entry.instalment,
        "due_on": None if entry.due_on is None else entry.due_on.isoformat(),
        "stop": None if entry.stop is None else {
            "reason": entry.stop.reason.value, "first": entry.stop.first.isoformat(), "last": entry.stop.last.isoformat(),
        },
        "reverses": entry.reverses,
        "postings": [{"account": one.account.value, "amount_vnd": one.amount_vnd} for one in entry.postings],
    }  # fmt: skip


def _json(found: Outcome) -> dict[str, Any]:
    return {
        "ok": True,
        "written": found.written or found.known,
        "entries": [entry_json(one) for one in found.entries],
        "notes": [{"message_vi": one.vi, "message_en": one.en} for one in found.notes],
        "before": asdict(found.before),
        "after": asdict(found.after),
    }


def _freed_json(payer: str, one: FreedYears) -> dict[str, Any]:
    return {
        "payer": payer,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "years": list(one.years),
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "needs_confirmation": one.confirmed,
        "cite": [cite.json for cite in one.cites],
    }


def _licence(found: Licence | None) -> Licence:
    if found is None:
        raise HTTPException(404, "Không có giấy phép này / there is no such licence")
    return found


def _refused(problems: list[Problem] | tuple[Problem, ...]) -> JSONResponse:
    listed = [problem_json(one) for one in problems]
    return JSONResponse({"ok": False, "error": listed[0], "errors": listed}, 422)
