"""Which rows are kept of accounts? Nobody's secret: passwords as argon2, sessions, keys and devices as SHA-256 digests."""

from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from api.store.models import Identifier
from api.store.types import UtcDateTime

_ONE_LIVE = text("one_device AND ended_at IS NULL")


def _id() -> int | None:
    found: int | None = Field(default=None, sa_column=Column(Identifier, primary_key=True))
    return found


def _of_account(*, index: bool = True) -> int:
    found: int = Field(sa_column=Column(Identifier, ForeignKey("account.id"), nullable=False, index=index))
    return found


class Account(SQLModel, table=True):
    """A person (*tài khoản*): ``name`` to sign in with, ``person`` as on papers, one role; ``must_change``: somebody else knows the password."""

    __tablename__ = "account"

    id: int | None = _id()
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    person: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    password_hash: str = Field(sa_type=Text)
    must_change: bool
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AccountSession(SQLModel, table=True):
    """One signed-in device. ``one_device``: at most one such row of an account has no end, and the database itself sees to it."""

    __tablename__ = "account_session"
    __table_args__ = (
        Index(
            "ux_account_session_one_live",
            "account_id",
            unique=True,
            sqlite_where=_ONE_LIVE,
            postgresql_where=_ONE_LIVE,
        ),
    )

    id: int | None = _id()
    account_id: int = _of_account()
    token_sha256: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    one_device: bool = Field(sa_column=Column(Boolean, nullable=False))
    address: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    replaced: int
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, sa_type=Text)
    ended_from: str | None = Field(default=None, sa_type=Text)


class ApiKey(SQLModel, table=True):
    """A key of a machine, cut down to ``role``; ``hint`` are the first signs of it, to tell keys apart."""

    __tablename__ = "account_key"

    id: int | None = _id()
    account_id: int = _of_account()
    label: str = Field(sa_type=Text)
    hint: str = Field(sa_type=Text)
    key_sha256: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    role: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LoginDevice(SQLModel, table=True):
    """A device somebody once signed in from: strangers' failures elsewhere do not slow it down."""

    __tablename__ = "login_device"

    token_sha256: str = Field(sa_column=Column(Text, primary_key=True))
    account_id: int = _of_account()
    created_at: datetime = Field(sa_type=UtcDateTime)


class LoginCount(SQLModel, table=True):
    """Failures counted for an account name, an address or a device; the subject is a digest."""

    __tablename__ = "login_count"

    subject: str = Field(sa_column=Column(Text, primary_key=True))
    failures: int
    failed_at: datetime = Field(sa_type=UtcDateTime, index=True)
    blocked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Approval(SQLModel, table=True):
    """An action that waits for, or got, its second pair of eyes; ``payload`` is canonical JSON, ``digest`` its SHA-256."""

    __tablename__ = "approval"

    id: int | None = _id()
    action: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text, index=True)
    payload: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text)
    between: str = Field(sa_type=Text)
    proposed_by: int = _of_account(index=False)
    proposed_role: str = Field(sa_type=Text)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    settled_by: int | None = Field(default=None, sa_column=Column(Identifier, ForeignKey("account.id")))
    settled_role: str | None = Field(default=None, sa_type=Text)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed: bool | None = None


class AuditEntry(SQLModel, table=True):
    """One line of the audit trail: the database lets nobody change or delete it, the hash shows where somebody did."""

    __tablename__ = "audit_entry"

    seq: int = Field(sa_column=Column(Identifier, primary_key=True, autoincrement=False))
    body: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)
