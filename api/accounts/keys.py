"""Which machines may ask in whose name? A key is shown once, kept as a digest, acts as one role, and can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from api.accounts.audit import record
from api.accounts.models import Account, ApiKey
from api.accounts.refusals import RefusedError
from api.accounts.roles import Role, scopes_of
from api.accounts.tokens import digest, new_token

PREFIX: Final = "ks_"
_HINT: Final = len(PREFIX) + 6
_LONGEST_LABEL: Final = 100
_MOST: Final = 50


def create(session: Session, account: Account, *, label: str, role: str, now: datetime) -> tuple[str, ApiKey]:
    """Make a key and return it, this once. Refused for bidders: a key would be a second device."""
    assert account.id is not None
    shown = " ".join(label.split())
    allowed = scopes_of(Role(account.role))
    if not allowed:
        raise RefusedError(
            "Người tham gia đấu giá không dùng khóa API: mỗi người chỉ có một thiết bị đang đăng nhập.",
            "A bidder has no API keys: each has one signed-in device only.",
            field="role",
            status=403,
        )
    if role not in [one.value for one in allowed]:
        raise RefusedError(
            "Khóa chỉ dùng được vai trò của tài khoản hoặc vai trò chỉ xem.",
            "A key acts as the account's own role or one that only looks on.",
            field="role",
        )
    if not shown or len(shown) > _LONGEST_LABEL:
        raise RefusedError(
            f"Hãy ghi khóa này dùng cho máy nào, dài nhất {_LONGEST_LABEL} ký tự.",
            f"Say which machine the key is for, at most {_LONGEST_LABEL} characters.",
            field="label",
        )
    if len(list_keys(session, account.id)) >= _MOST:
        raise RefusedError(
            f"Mỗi tài khoản có nhiều nhất {_MOST} khóa: hãy thu hồi khóa không dùng.",
            f"An account has at most {_MOST} keys: revoke those not in use.",
        )
    secret = PREFIX + new_token()
    kept = digest(secret)
    assert kept is not None
    key = ApiKey(account_id=account.id, label=shown, hint=secret[:_HINT], key_sha256=kept, role=role, created_at=now)
    session.add(key)
    session.flush()
    record(
        session,
        by=account.name,
        role=account.role,
        action="key.add",
        subject=f"{account.name}/{key.id}",
        now=now,
        label=shown,
        scope=role,
    )
    return secret, key


def list_keys(session: Session, account_id: int) -> list[ApiKey]:
    """The keys of an account that work, the newest first."""
    chosen = select(ApiKey).where(col(ApiKey.account_id) == account_id, col(ApiKey.revoked_at).is_(None))
    return list(session.exec(chosen.order_by(col(ApiKey.id).desc())))


def revoke(session: Session, account: Account, key_id: int, *, now: datetime) -> None:
    """End a key of an account; refused (404) for another's."""
    key = session.get(ApiKey, key_id)
    if key is None or key.account_id != account.id:
        raise RefusedError("Không có khóa này.", "There is no such key.", status=404)
    if key.revoked_at is None:
        key.revoked_at = now
        session.add(key)
        record(
            session,
            by=account.name,
            role=account.role,
            action="key.revoke",
            subject=f"{account.name}/{key.id}",
            now=now,
        )


def revoke_all(session: Session, account_id: int, *, now: datetime) -> None:
    """End every key of an account."""
    for key in list_keys(session, account_id):
        key.revoked_at = now
        session.add(key)


def of_secret(session: Session, key_sha256: str) -> tuple[ApiKey, Account] | None:
    """The working key of a digest with its account; ``None`` for a revoked one or a disabled account."""
    chosen = (
        select(ApiKey, Account)
        .join(Account)
        .where(
            col(ApiKey.key_sha256) == key_sha256, col(ApiKey.revoked_at).is_(None), col(Account.disabled_at).is_(None)
        )
    )
    return session.exec(chosen).first()


def touch(session: Session, key_id: int, now: datetime) -> None:
    """Note that a key was used."""
    key = session.get(ApiKey, key_id, with_for_update=True)
    if key is not None and (key.used_at is None or key.used_at < now):
        key.used_at = now
        session.add(key)
