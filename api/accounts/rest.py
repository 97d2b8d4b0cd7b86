"""``/v1/auth``: sign in and out, the own account and its keys, all accounts, the audit trail, for programs.

A browser's program signs in with a cookie and sends ``csrf`` of the answer as ``X-CSRF-Token`` with every change; a machine sends
its key as ``Authorization: Bearer``. Secrets are told once, in a body.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.accounts import audit, doing, keys, people, sessions
from api.accounts.callers import Caller
from api.accounts.cookies import drop_session, session_cookie, set_device, set_session
from api.accounts.gate import gate_of, require
from api.accounts.models import Account, ApiKey
from api.accounts.roles import Role
from api.accounts.sign_in import sign_out
from api.accounts.tokens import form_token
from api.pages.guard import same_site

_HEADERS = {"Cache-Control": "no-store"}


def _no_store(response: Response) -> None:
    response.headers.update(_HEADERS)


router = APIRouter(prefix="/v1/auth", tags=["auth"], dependencies=[Depends(_no_store)])
_Id = Annotated[int, Path(ge=1, lt=10**18)]
_Anyone = Annotated[Caller, Depends(require(own_password=False))]
_AnyPerson = Annotated[Caller, Depends(require(in_person=True, own_password=False))]
_Person = Annotated[Caller, Depends(require(in_person=True))]
_Operator = Annotated[Caller, Depends(require(Role.OPERATOR, in_person=True))]
_Overseer = Annotated[Caller, Depends(require(Role.OPERATOR, Role.AUDITOR))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Login(_Body):
    """Name and password."""

    name: str = Field(max_length=200)
    password: SecretStr = Field(max_length=1000)


class NewPassword(_Body):
    """The present password and the one to have from now on."""

    old: SecretStr = Field(max_length=1000)
    password: SecretStr = Field(max_length=1000)


class NewKey(_Body):
    """Which machine the key is for, and what it may act as."""

    label: str = Field(max_length=1000)
    role: Role


class NewAccount(_Body):
    """Name to sign in with, the person's name as on papers, one role."""

    name: str = Field(max_length=1000)
    person: str = Field(max_length=1000)
    role: Role


@router.post("/login", summary="Đăng nhập bằng cookie / Sign in with a cookie")
def login(request: Request, response: Response, body: Login) -> dict[str, Any]:
    """Sets the session's cookie and returns the account with its ``csrf``; ``replaced``: older devices signed out by this."""
    same_site(request)
    found = doing.enter(request, body.name, body.password.get_secret_value())
    set_session(request, response, found.token)
    if found.device is not None:
        set_device(request, response, found.device)
    return {**_account(found.account), "csrf": form_token(found.token), "replaced": found.session.replaced}


@router.post("/logout", summary="Đăng xuất / Sign out", status_code=204)
def logout(request: Request, response: Response, caller: _AnyPerson) -> None:
    """Ends the session of the cookie."""
    gate = gate_of(request)
    sign_out(gate.store, session_cookie(request), gate.now())
    gate.forget()
    drop_session(request, response)


@router.get("/account", summary="Tài khoản của tôi / Own account")
def account(caller: _Anyone) -> dict[str, Any]:
    """Who the cookie or key belongs to."""
    return {
        "name": caller.name,
        "person": caller.person,
        "role": caller.role.value,
        "must_change": caller.must_change,
        "by_key": caller.key_id is not None,
        "csrf": caller.csrf or None,
        "replaced": caller.replaced,
    }


@router.post("/account/password", summary="Đổi mật khẩu / Change the password", status_code=204)
def password(request: Request, caller: _AnyPerson, body: NewPassword) -> None:
    """Other devices are signed out."""
    doing.own_password(request, caller, body.old.get_secret_value(), body.password.get_secret_value())


@router.get("/account/sessions", summary="Thiết bị đang đăng nhập / Signed-in devices")
def devices(request: Request, caller: _Anyone) -> dict[str, Any]:
    """The newest first."""
    gate = gate_of(request)
    with gate.store.session() as session:
        rows = sessions.live_of(session, caller.account_id, gate.now())
    return {
        "sessions": [
            {
                "id": row.id,
                "address": row.address,
                "since": row.created_at.isoformat(),
                "seen": row.seen_at.isoformat(),
                "this": row.id == caller.session_id,
            }
            for row in rows
        ]
    }


@router.get("/account/keys", summary="Khóa API của tôi / Own API keys")
def list_keys(request: Request, caller: _Anyone) -> dict[str, Any]:
    """The keys that work, without their secrets."""
    with gate_of(request).store.session() as session:
        return {"keys": [_key(one) for one in keys.list_keys(session, caller.account_id)]}


@router.post("/account/keys", summary="Tạo khóa API / Make an API key", status_code=201)
def add_key(request: Request, caller: _Person, body: NewKey) -> dict[str, Any]:
    """``key`` is told this once."""
    with doing.writing(request) as (session, now):
        held = people.get(session, caller.account_id)
        secret, key = keys.create(session, held, label=body.label, role=body.role.value, now=now)
        return {**_key(key), "key": secret}


@router.delete("/account/keys/{key_id}", summary="Thu hồi khóa API / Revoke an API key", status_code=204)
def revoke_key(request: Request, caller: _Person, key_id: _Id) -> None:
    """It stops working at once."""
    with doing.writing(request) as (session, now):
        keys.revoke(session, people.get(session, caller.account_id), key_id, now=now)


@router.get("/accounts", summary="Mọi tài khoản / All accounts")
def accounts(request: Request, caller: _Overseer) -> dict[str, Any]:
    """For operators and auditors."""
    with gate_of(request).store.session() as session:
        return {"accounts": [_account(one) for one in people.list_accounts(session)]}


@router.post("/accounts", summary="Tạo tài khoản / Make an account", status_code=201)
def add_account(request: Request, caller: _Operator, body: NewAccount) -> dict[str, Any]:
    """``password`` is told this once; its holder must change it."""
    made = doing.add_account(request, caller, name=body.name, person=body.person, role=body.role.value)
    return {**_account(made.account), "password": made.password}


@router.post("/accounts/{account_id}/disable", summary="Khóa tài khoản / Disable an account")
def disable_account(request: Request, caller: _Operator, account_id: _Id) -> dict[str, Any]:
    """Signs its devices out and ends its keys."""
    return _account(doing.shut_account(request, caller, account_id))


@router.post("/accounts/{account_id}/enable", summary="Mở lại tài khoản / Enable an account")
def enable_account(request: Request, caller: _Operator, account_id: _Id) -> dict[str, Any]:
    """Its keys stay revoked."""
    return _account(doing.open_account(request, caller, account_id))


@router.post("/accounts/{account_id}/password", summary="Cấp lại mật khẩu / Give a new password")
def reset_password(request: Request, caller: _Operator, account_id: _Id) -> dict[str, Any]:
    """``password`` is told this once; its holder must change it."""
    told = doing.reset_account(request, caller, account_id)
    return {**_account(told.account), "password": told.password}


@router.get("/audit", summary="Nhật ký kiểm toán / Audit trail")
def trail(
    request: Request,
    caller: _Overseer,
    before: Annotated[int | None, Query(ge=1, lt=10**18)] = None,
    count: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """The newest lines first; ``before`` goes on from an earlier answer."""
    with gate_of(request).store.session() as session:
        return {"entries": audit.latest(session, count, before=before)}


@router.get("/audit/check", summary="Kiểm tra chuỗi nhật ký / Check the chain of the trail")
def check(request: Request, caller: _Overseer) -> dict[str, Any]:
    """Walks all lines; ``broken_at`` is the first that does not fit."""
    with gate_of(request).store.session() as session:
        found = audit.check(session)
    return {"ok": found.broken_at is None, "lines": found.lines, "head": found.head, "broken_at": found.broken_at}


def _account(one: Account) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "person": one.person,
        "role": one.role,
        "must_change": one.must_change,
        "disabled": one.disabled_at is not None,
    }


def _key(one: ApiKey) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "hint": one.hint,
        "role": one.role,
        "created": one.created_at.isoformat(),
        "used": None if one.used_at is None else one.used_at.isoformat(),
    }
