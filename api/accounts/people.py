"""Which accounts are there? Made, disabled, enabled, given a new password: always by somebody, always with an audit line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.accounts.audit import record
from api.accounts.keys import revoke_all
from api.accounts.models import Account
from api.accounts.passwords import check_new, hash_password, is_password
from api.accounts.refusals import RefusedError, refuse_all
from api.accounts.roles import HELD, Role
from api.accounts.sessions import end_all

LONGEST_PERSON: Final = 200
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{2,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something to accounts: a signed-in person or the console."""

    name: str
    role: str


def key_of(name: str) -> str:
    """The form in which names are compared: small letters, no blanks around."""
    return unicodedata.normalize("NFKC", name.encode("utf-8", "replace").decode()).strip().lower()


def find(session: Session, name: str) -> Account | None:
    """The account of a name, ``None`` for a name that none can have."""
    key = key_of(name)
    if not _NAME.fullmatch(key):
        return None
    return session.exec(select(Account).where(col(Account.name) == key)).first()


def get(session: Session, account_id: int) -> Account:
    """An account by its number; refused (404) where there is none."""
    found = session.get(Account, account_id)
    if found is None:
        raise RefusedError("Không có tài khoản này.", "There is no such account.", status=404)
    return found


def list_accounts(session: Session) -> list[Account]:
    """All accounts by name."""
    return list(session.exec(select(Account).order_by(col(Account.name))))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """The answers for a new account, read and right."""

    name: str
    person: str
    role: Role
    password_hash: str


def read_new(*, name: str, person: str, role: str, password: str) -> NewAccount:
    """Read the answers for a new account; raises :class:`RefusedError` with everything wrong.

    Hashing takes a tenth of a second: call it before the transaction, in which every other writer would wait.
    """
    problems: list[RefusedError] = []
    key, shown = key_of(name), " ".join(person.split())
    if not _NAME.fullmatch(key):
        problems.append(
            RefusedError(
                "Tên đăng nhập gồm 3–64 chữ không dấu, chữ số, dấu . _ @ - và bắt đầu bằng chữ hoặc số.",
                "A name has 3 to 64 letters without accents, figures and . _ @ -, and starts with a letter or figure.",
                field="name",
            )
        )
    if not shown or len(shown) > LONGEST_PERSON or not shown.isprintable():
        problems.append(
            RefusedError(
                f"Hãy ghi họ tên như trên giấy tờ, dài nhất {LONGEST_PERSON} ký tự.",
                f"Write the person's name as on papers, at most {LONGEST_PERSON} characters.",
                field="person",
            )
        )
    if role not in [one.value for one in HELD]:
        problems.append(RefusedError("Hãy chọn một vai trò.", "Choose a role.", field="role"))
    try:
        check_new(password, key)
    except RefusedError as error:
        problems.append(error)
    refuse_all(problems)
    return NewAccount(name=key, person=shown, role=Role(role), password_hash=hash_password(password))


def add(session: Session, new: NewAccount, *, must_change: bool, actor: Actor, now: datetime) -> Account:
    """Make an account; refused (409) where its name is taken."""
    if find(session, new.name) is not None:
        raise RefusedError("Tên đăng nhập này đã có.", "This name is taken.", field="name", status=409)
    account = Account(
        name=new.name,
        person=new.person,
        role=new.role.value,
        password_hash=new.password_hash,
        must_change=must_change,
        created_at=now,
    )
    session.add(account)
    session.flush()
    record(
        session,
        by=actor.name,
        role=actor.role,
        action="account.add",
        subject=new.name,
        now=now,
        held=new.role.value,
        person=new.person,
    )
    return account


def disable(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Shut an account: its devices are signed out, its keys end. The last operator stays, for nobody could open another."""
    if account.disabled_at is not None:
        return
    if account.role == Role.OPERATOR and _working_operators(session) == 1:
        raise RefusedError(
            "Đây là tài khoản quản trị cuối cùng: hãy tạo tài khoản quản trị khác trước.",
            "This is the last operator: make another one first.",
        )
    account.disabled_at = now
    session.add(account)
    assert account.id is not None
    end_all(session, account.id, by="disabled", now=now)
    revoke_all(session, account.id, now=now)
    record(session, by=actor.name, role=actor.role, action="account.disable", subject=account.name, now=now)


def enable(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Open a shut account again; keys stay revoked."""
    if account.disabled_at is None:
        return
    account.disabled_at = None
    session.add(account)
    record(session, by=actor.name, role=actor.role, action="account.enable", subject=account.name, now=now)


def reset_password(
    session: Session, account: Account, password_hash: str, *, must_change: bool, actor: Actor, now: datetime
) -> None:
    """Somebody else sets the password: every device is signed out, and the trail says who did it."""
    _set(session, account, password_hash, must_change=must_change, now=now, keep=None)
    record(session, by=actor.name, role=actor.role, action="account.password_reset", subject=account.name, now=now)


def read_change(account: Account, old: str, new: str) -> str:
    """The hash of the holder's own new password, where the present one is right; call it before the transaction."""
    if not is_password(old, account.password_hash):
        raise RefusedError("Mật khẩu hiện tại không đúng.", "The present password is not right.", field="old")
    check_new(new, account.name)
    if is_password(new, account.password_hash):
        raise RefusedError(
            "Hãy đặt mật khẩu khác mật khẩu cũ.", "Choose another password than the old.", field="password"
        )
    return hash_password(new)


def change_password(session: Session, account: Account, password_hash: str, *, keep: int, now: datetime) -> None:
    """The holder sets an own password; other devices are signed out, the session ``keep`` goes on."""
    _set(session, account, password_hash, must_change=False, now=now, keep=keep)
    record(session, by=account.name, role=account.role, action="account.password", subject=account.name, now=now)


def _set(
    session: Session, account: Account, password_hash: str, *, must_change: bool, now: datetime, keep: int | None
) -> None:
    account.password_hash, account.must_change = password_hash, must_change
    session.add(account)
    assert account.id is not None
    end_all(session, account.id, by="password", now=now, keep=keep)


def _working_operators(session: Session) -> int:
    chosen = select(func.count()).select_from(Account)
    return session.exec(chosen.where(col(Account.role) == Role.OPERATOR, col(Account.disabled_at).is_(None))).one()
