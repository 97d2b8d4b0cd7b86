"""``/login``, ``/logout``: a device signs in and out, and is told why it was signed out."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import select
from starlette.responses import Response

from api.accounts import doing, sessions
from api.accounts.callers import Caller, Ended
from api.accounts.cookies import drop_session, form_cookie, session_cookie, set_device, set_form, set_session
from api.accounts.forms import answers_of
from api.accounts.gate import FIELD, current_account, gate_of, how_ended, require
from api.accounts.models import Account
from api.accounts.refusals import RefusedError
from api.accounts.sign_in import sign_out
from api.accounts.tokens import new_token, same
from api.pages.guard import same_site
from api.pages.rendering import page, secured
from api.pages.speech import speech_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_Anyone = Annotated[Caller, Depends(require(in_person=True, own_password=False))]
_BACK: Final = re.compile(r"/(?![/\\])[!-~]{0,500}")


@router.get("/login")
async def login(request: Request) -> Response:
    """The form, and why the device was signed out where it was."""
    back = _back(request.query_params.get("next", ""))
    if await current_account(request) is not None:
        return secured(RedirectResponse(back, 303))
    return await _login_page(request, {"next": back}, None, await how_ended(request))


@router.post("/login")
async def enter(request: Request) -> Response:
    """Sign in; what is wrong stands in the form, the password is never sent back."""
    same_site(request)
    try:
        answers = await answers_of(request)
    except RefusedError as error:
        return await _login_page(request, {}, error)
    if not form_cookie(request) or not same(answers.get(FIELD, ""), form_cookie(request)):
        return await _login_page(request, answers, _stale())
    try:
        found = await run_in_threadpool(doing.enter, request, answers.get("name", ""), answers.get("password", ""))
    except RefusedError as error:
        return await _login_page(request, answers, error)
    told = found.account.must_change or found.session.replaced
    response = secured(RedirectResponse("/account" if told else _back(answers.get("next", "")), 303))
    set_session(request, response, found.token)
    if found.device is not None:
        set_device(request, response, found.device)
    return response


@router.post("/logout")
async def leave(request: Request, caller: _Anyone) -> Response:
    """End the session of this device."""
    gate = gate_of(request)
    await run_in_threadpool(sign_out, gate.store, session_cookie(request), gate.now())
    gate.forget()
    response = secured(RedirectResponse("/login", 303))
    drop_session(request, response)
    return response


async def _login_page(
    request: Request, answers: dict[str, str], refusal: RefusedError | None, ended: Ended | None = None
) -> Response:
    t, mark = speech_of(request), form_cookie(request) or new_token()
    response = page(
        request,
        "login.html",
        200 if refusal is None else refusal.status,
        name=answers.get("name", ""),
        back=_back(answers.get("next", "")),
        mark=mark,
        refusal=refusal,
        ended=None if ended is None or ended.why == "logout" else t.text(sessions.ENDINGS[ended.why]),
        ended_at=None if ended is None or ended.at is None or ended.origin is None else t.moment(ended.at),
        ended_from=None if ended is None else ended.origin,
        nobody=await run_in_threadpool(_nobody, request),
    )
    set_form(request, response, mark)
    if refusal is not None and refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _back(path: str) -> str:
    return path if _BACK.fullmatch(path) and not path.startswith(("/login", "/logout")) else "/account"


def _nobody(request: Request) -> bool:
    with gate_of(request).store.session() as session:
        return session.exec(select(Account.id).limit(1)).first() is None


def _stale() -> RefusedError:
    return RefusedError(
        "Biểu mẫu đã cũ hoặc trình duyệt chặn cookie: hãy gửi lại.",
        "The form is old or the browser blocks cookies: send it again.",
        status=403,
    )
