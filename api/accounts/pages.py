"""``/account``, ``/account/keys``, ``/accounts``: the pages of accounts; secrets are shown once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from api.accounts import audit, doing, keys, people, sessions
from api.accounts.callers import Caller
from api.accounts.forms import answers_of
from api.accounts.gate import gate_of, require
from api.accounts.models import AccountSession
from api.accounts.refusals import RefusedError
from api.accounts.roles import HELD, NAMES, Role, scopes_of
from api.accounts.words import action_name
from api.pages.rendering import page, secured
from api.pages.speech import Speech, speech_of
from auction_engine.moments import read

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_Anyone = Annotated[Caller, Depends(require(in_person=True, own_password=False))]
_Person = Annotated[Caller, Depends(require(in_person=True))]
_Operator = Annotated[Caller, Depends(require(Role.OPERATOR, in_person=True))]
_Overseer = Annotated[Caller, Depends(require(Role.OPERATOR, Role.AUDITOR, in_person=True))]
_BACK: Final = re.compile(r"/(?![/\\])[!-~]{0,500}")
_LONGEST: Final = 1000
_SHOWN_LINES: Final = 50


@router.get("/account")
def account(request: Request, caller: _Anyone) -> Response:
    """Who I am here, my devices, my password, my keys."""
    return _account_page(request, caller)


@router.post("/account")
async def change_account(request: Request, caller: _Anyone) -> Response:
    """Change the password, or sign other devices out."""

    def change(answers: dict[str, str]) -> Response:
        match answers.get("do"):
            case "password":
                if answers.get("password", "") != answers.get("again", ""):
                    raise RefusedError("Hai lần nhập không giống nhau.", "The two are not the same.", field="again")
                doing.own_password(request, caller, answers.get("old", ""), answers.get("password", ""))
            case "end_others":
                doing.end_other_devices(request, caller)
            case _:
                raise _unknown()
        return secured(RedirectResponse("/account", 303))

    return await _changed(request, change, lambda **told: _account_page(request, caller, **told))


@router.get("/account/keys")
def show_keys(request: Request, caller: _Person) -> Response:
    """The keys stand on the account's page."""
    return secured(RedirectResponse("/account#keys", 303))


@router.post("/account/keys")
async def change_keys(request: Request, caller: _Person) -> Response:
    """Make a key, shown this once, or revoke one."""

    def change(answers: dict[str, str]) -> Response:
        with doing.writing(request) as (session, now):
            held = people.get(session, caller.account_id)
            secret: str | None = None
            match answers.get("do"):
                case "new":
                    label, role = answers.get("label", ""), answers.get("role", "")
                    secret, _ = keys.create(session, held, label=label, role=role, now=now)
                case "revoke":
                    keys.revoke(session, held, _number(answers.get("key", "")), now=now)
                case _:
                    raise _unknown()
        if secret is None:
            return secured(RedirectResponse("/account#keys", 303))
        return _account_page(request, caller, secret=secret)

    return await _changed(request, change, lambda **told: _account_page(request, caller, **told))


@router.get("/accounts")
def accounts(request: Request, caller: _Overseer) -> Response:
    """All accounts and the newest lines of the audit trail; ``check=1`` walks its chain."""
    return _accounts_page(request, caller)


@router.post("/accounts")
async def change_accounts(request: Request, caller: _Operator) -> Response:
    """Make, disable or enable an account, or give it a new password, shown this once."""

    def change(answers: dict[str, str]) -> Response:
        match answers.get("do"):
            case "add":
                told = {name: answers.get(name, "") for name in ("name", "person", "role")}
                return _accounts_page(request, caller, told=doing.add_account(request, caller, **told))
            case "reset":
                told_again = doing.reset_account(request, caller, _number(answers.get("account", "")))
                return _accounts_page(request, caller, told=told_again)
            case "disable":
                doing.shut_account(request, caller, _number(answers.get("account", "")))
            case "enable":
                doing.open_account(request, caller, _number(answers.get("account", "")))
            case _:
                raise _unknown()
        return secured(RedirectResponse("/accounts", 303))

    return await _changed(request, change, lambda **told: _accounts_page(request, caller, **told))


async def _changed(
    request: Request, change: Callable[[dict[str, str]], Response], again: Callable[..., Response]
) -> Response:
    """The answer to a form, or its page again with what is wrong; nothing is written then."""
    answers: dict[str, str] = {}
    try:
        answers = await answers_of(request)
        return await run_in_threadpool(change, answers)
    except RefusedError as error:
        refusal = error
    return await run_in_threadpool(lambda: again(answers=answers, refusal=refusal))


def _account_page(
    request: Request,
    caller: Caller,
    *,
    answers: dict[str, str] | None = None,
    refusal: RefusedError | None = None,
    secret: str | None = None,
) -> Response:
    t, gate = speech_of(request), gate_of(request)
    with gate.store.session() as session:
        devices = sessions.live_of(session, caller.account_id, gate.now())
        listed = keys.list_keys(session, caller.account_id)
    return page(
        request,
        "account.html",
        200 if refusal is None else refusal.status,
        me=caller,
        role=t.text(NAMES[caller.role]),
        devices=[_device(one, caller, t) for one in devices],
        keys=[
            {
                "id": one.id,
                "label": one.label,
                "hint": one.hint,
                "role": t.text(NAMES[Role(one.role)]),
                "created": t.moment(one.created_at),
                "used": "" if one.used_at is None else t.moment(one.used_at),
            }
            for one in listed
        ],
        scopes=[(one.value, t.text(NAMES[one])) for one in scopes_of(caller.role)],
        answers=answers or {},
        errors=_beside(refusal, t),
        secret=secret,
    )


def _accounts_page(
    request: Request,
    caller: Caller,
    *,
    answers: dict[str, str] | None = None,
    refusal: RefusedError | None = None,
    told: doing.Told | None = None,
) -> Response:
    t, gate = speech_of(request), gate_of(request)
    with gate.store.session() as session:
        rows = people.list_accounts(session)
        lines = audit.latest(session, _SHOWN_LINES)
        checked = audit.check(session) if request.query_params.get("check") == "1" else None
    return page(
        request,
        "accounts.html",
        200 if refusal is None else refusal.status,
        me=caller,
        rows=[(one, t.text(NAMES[Role(one.role)]), t.moment(one.created_at)) for one in rows],
        roles=[(one.value, t.text(NAMES[one])) for one in HELD],
        lines=[{**one, "what": action_name(one["action"], t), "when": t.moment(read(one["at"]))} for one in lines],
        checked=checked,
        answers=answers or {},
        errors=_beside(refusal, t),
        told=told,
    )


def _device(row: AccountSession, caller: Caller, t: Speech) -> dict[str, Any]:
    return {
        "address": row.address,
        "since": t.moment(row.created_at),
        "seen": t.moment(row.seen_at),
        "this": row.id == caller.session_id,
    }


def _beside(refusal: RefusedError | None, t: Speech) -> dict[str, str]:
    return {} if refusal is None else {one.field: t.text(one.text) for one in refusal.all}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def _unknown() -> RefusedError:
    return RefusedError("Không rõ thao tác.", "Unknown action.")
