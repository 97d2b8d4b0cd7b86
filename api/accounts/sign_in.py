"""Name and password: whose are they, and what does the device get? Counted first, checked outside any transaction, then settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from api.accounts import sessions, throttle
from api.accounts.audit import record
from api.accounts.models import Account, AccountSession, LoginDevice
from api.accounts.passwords import is_password
from api.accounts.people import find, key_of
from api.accounts.refusals import RefusedError
from api.accounts.tokens import digest, new_token
from api.store.engine import Store

LOCK: Final = "accounts"
"""What writers of accounts and sessions queue at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The secrets for the cookies of a device that signed in: its session, and its mark where it got a new one."""

    token: str
    device: str | None
    account: Account
    session: AccountSession


def sign_in(store: Store, *, name: str, password: str, address: str, device: str, old: str, now: datetime) -> SignedIn:
    """Sign a device in. ``device`` and ``old`` are the cookies it brought: its mark and the session it leaves.

    Raises :class:`RefusedError`: 401 with one text for an unknown name, a wrong password and a disabled account; 429 with
    ``retry_after`` while it must wait.
    """
    key = key_of(name)
    with store.session() as session:
        account = find(session, key)
        known = _known_device(session, account, device)
        tried = throttle.subjects(name=key, address=address, device=known)
        wait = throttle.wait_left(session, tried, now)
    if wait is None:
        with store.write(lock=LOCK) as session:
            wait = throttle.begin(session, tried, now)
    if wait is not None:
        seconds = max(1, -int(-wait.total_seconds() // 1))
        raise RefusedError(
            f"Đăng nhập sai quá nhiều lần: hãy thử lại sau {seconds} giây.",
            f"Too many failures: try again in {seconds} seconds.",
            status=429,
            retry_after=seconds,
        )
    right = is_password(password, None if account is None else account.password_hash)
    if account is None or not right or account.disabled_at is not None:
        raise _wrong()
    with store.write(lock=LOCK) as session:
        fresh = session.get(Account, account.id)
        if fresh is None or fresh.disabled_at is not None or fresh.password_hash != account.password_hash:
            raise _wrong()
        return _settle(session, fresh, tried, address=address, known=known, old=old, now=now)


def _settle(
    session: Session,
    account: Account,
    tried: tuple[throttle.Subject, ...],
    *,
    address: str,
    known: str | None,
    old: str,
    now: datetime,
) -> SignedIn:
    throttle.forgive(session, tried)
    left = sessions.of_token(session, digest(old) or "")
    if left is not None:
        sessions.end(session, left[0], by="logout", now=now)
        session.flush()
    token, row = sessions.start(session, account, address=address, now=now)
    mark = None if known is not None else _mark(session, account, now)
    record(
        session,
        by=account.name,
        role=account.role,
        action="login",
        subject=account.name,
        now=now,
        device=row.id,
        address=address,
        replaced=row.replaced,
    )
    return SignedIn(token=token, device=mark, account=account, session=row)


def sign_out(store: Store, token: str, now: datetime) -> None:
    """End the session of a cookie; nothing happens where it has ended already."""
    with store.write(lock=LOCK) as session:
        found = sessions.of_token(session, digest(token) or "")
        if found is not None and found[0].ended_at is None:
            row, account = found
            sessions.end(session, row, by="logout", now=now)
            record(
                session,
                by=account.name,
                role=account.role,
                action="logout",
                subject=account.name,
                now=now,
                device=row.id,
            )


def _known_device(session: Session, account: Account | None, device: str) -> str | None:
    kept = digest(device)
    row = None if kept is None or account is None else session.get(LoginDevice, kept)
    return kept if row is not None and account is not None and row.account_id == account.id else None


def _mark(session: Session, account: Account, now: datetime) -> str:
    mark = new_token()
    kept = digest(mark)
    assert kept is not None
    assert account.id is not None
    session.add(LoginDevice(token_sha256=kept, account_id=account.id, created_at=now))
    return mark


def _wrong() -> RefusedError:
    return RefusedError(
        "Tên đăng nhập hoặc mật khẩu không đúng.",
        "The name or the password is not right.",
        field="password",
        status=401,
    )
