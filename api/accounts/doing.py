"""What pages and programs do alike: one transaction under the lock of accounts, and the gate asks anew afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlmodel import Session

from api.accounts.audit import record
from api.accounts.callers import Caller
from api.accounts.cookies import device_cookie, session_cookie
from api.accounts.gate import gate_of
from api.accounts.models import Account
from api.accounts.passwords import hash_password, new_password
from api.accounts.people import Actor, add, change_password, disable, enable, get, read_change, read_new, reset_password
from api.accounts.refusals import RefusedError
from api.accounts.sessions import end_all
from api.accounts.sign_in import LOCK, SignedIn, sign_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An account with the password that is told this once."""

    account: Account
    password: str


@contextmanager
def writing(request: Request) -> Iterator[tuple[Session, datetime]]:
    """A write transaction and its moment."""
    gate = gate_of(request)
    with gate.store.write(lock=LOCK) as session:
        yield session, gate.now()
    gate.forget()


def enter(request: Request, name: str, password: str) -> SignedIn:
    """Sign the device of a request in."""
    gate = gate_of(request)
    address = "" if request.client is None else request.client.host
    found = sign_in(
        gate.store,
        name=name,
        password=password,
        address=address,
        device=device_cookie(request),
        old=session_cookie(request),
        now=gate.now(),
    )
    gate.forget()
    return found


def own_password(request: Request, caller: Caller, old: str, new: str) -> None:
    """Change the caller's password; this device stays signed in."""
    assert caller.session_id is not None
    with gate_of(request).store.session() as session:
        before = get(session, caller.account_id)
    password_hash = read_change(before, old, new)
    with writing(request) as (session, now):
        account = get(session, caller.account_id)
        if account.password_hash != before.password_hash:
            raise RefusedError(
                "Mật khẩu vừa được đổi ở nơi khác.", "The password was just changed elsewhere.", status=409
            )
        change_password(session, account, password_hash, keep=caller.session_id, now=now)


def end_other_devices(request: Request, caller: Caller) -> None:
    """Sign the caller out everywhere but here."""
    with writing(request) as (session, now):
        ended = end_all(session, caller.account_id, by="revoked", now=now, keep=caller.session_id)
        record(
            session,
            by=caller.name,
            role=caller.role.value,
            action="sessions.end",
            subject=caller.name,
            now=now,
            ended=ended,
        )


def add_account(request: Request, caller: Caller, *, name: str, person: str, role: str) -> Told:
    """Make an account with a password that its holder must change."""
    password = new_password()
    new = read_new(name=name, person=person, role=role, password=password)
    with writing(request) as (session, now):
        made = add(session, new, must_change=True, actor=_actor(caller), now=now)
    return Told(account=made, password=password)


def reset_account(request: Request, caller: Caller, account_id: int) -> Told:
    """Give an account a new password that its holder must change."""
    password = new_password()
    password_hash = hash_password(password)
    with writing(request) as (session, now):
        account = get(session, account_id)
        reset_password(session, account, password_hash, must_change=True, actor=_actor(caller), now=now)
    return Told(account=account, password=password)


def shut_account(request: Request, caller: Caller, account_id: int) -> Account:
    """Disable an account."""
    with writing(request) as (session, now):
        account = get(session, account_id)
        disable(session, account, actor=_actor(caller), now=now)
    return account


def open_account(request: Request, caller: Caller, account_id: int) -> Account:
    """Enable a disabled account."""
    with writing(request) as (session, now):
        account = get(session, account_id)
        enable(session, account, actor=_actor(caller), now=now)
    return account


def _actor(caller: Caller) -> Actor:
    return Actor(name=caller.name, role=caller.role.value)
