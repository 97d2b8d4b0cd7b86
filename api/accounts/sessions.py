"""Which devices are signed in? A row per device under the digest of its cookie, with an idle and an absolute end.

A session that ended keeps its row: the device is told why. An open page that listens counts as presence, see :mod:`gate`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from api.accounts.models import Account, AccountSession
from api.accounts.roles import ONE_DEVICE
from api.accounts.tokens import digest, new_token
from rules.trace import Text

IDLE: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=24)
"""A session of an auction may outlast a working day."""
SEEN_EVERY: Final = timedelta(minutes=1)

ENDINGS: Final[dict[str, Text]] = {
    "logout": Text("Bạn đã đăng xuất.", "You signed out."),
    "newer_login": Text(
        "Tài khoản vừa đăng nhập trên một thiết bị khác nên thiết bị này đã bị đăng xuất. Nếu không phải bạn, hãy đăng nhập "
        "lại, đổi mật khẩu và báo thư ký phiên đấu giá.",
        "The account was signed in on another device, so this one was signed out. If that was not you, sign in again, change "
        "the password and tell the clerk.",
    ),
    "idle": Text(
        "Đã lâu không có thao tác nên phiên đăng nhập kết thúc.", "The session ended because nothing was done for long."
    ),
    "expired": Text("Phiên đăng nhập đã hết thời hạn.", "The session reached its longest time."),
    "password": Text(
        "Mật khẩu đã được đổi nên thiết bị này bị đăng xuất.",
        "The password was changed, so this device was signed out.",
    ),
    "disabled": Text("Tài khoản đã bị khóa.", "The account was disabled."),
    "revoked": Text("Thiết bị này đã bị đăng xuất từ nơi khác.", "This device was signed out from elsewhere."),
}
"""Why a session ended, as the device is told."""


def start(session: Session, account: Account, *, address: str, now: datetime) -> tuple[str, AccountSession]:
    """Sign a device in and return its secret. A bidder's older devices are signed out and counted in ``replaced``.

    Call it under the lock ``accounts``; the database refuses a second live device of a bidder in any case.
    """
    assert account.id is not None
    one_device = account.role in ONE_DEVICE
    ended = end_all(session, account.id, by="newer_login", now=now, origin=address) if one_device else 0
    token = new_token()
    kept = digest(token)
    assert kept is not None
    row = AccountSession(
        account_id=account.id,
        token_sha256=kept,
        one_device=one_device,
        address=address,
        created_at=now,
        seen_at=now,
        replaced=ended,
    )
    session.add(row)
    session.flush()
    return token, row


def of_token(session: Session, token_sha256: str) -> tuple[AccountSession, Account] | None:
    """The session of a cookie's digest with its account."""
    chosen = select(AccountSession, Account).join(Account).where(col(AccountSession.token_sha256) == token_sha256)
    return session.exec(chosen).first()


def ending(row: AccountSession, now: datetime) -> str | None:
    """Why a session is over at a moment, ``None`` while it goes on."""
    if row.ended_at is not None:
        return row.ended_by
    if now >= row.created_at + LONGEST:
        return "expired"
    return "idle" if now >= row.seen_at + IDLE else None


def touch(session: Session, session_id: int, now: datetime) -> None:
    """Note that a device is present."""
    row = session.get(AccountSession, session_id, with_for_update=True)
    if row is not None and row.ended_at is None and row.seen_at < now:
        row.seen_at = now
        session.add(row)


def live_of(session: Session, account_id: int, now: datetime) -> list[AccountSession]:
    """The signed-in devices of an account, the newest first."""
    return [row for row in _open(session, account_id) if ending(row, now) is None]


def end(session: Session, row: AccountSession, *, by: str, now: datetime) -> None:
    """Sign one device out."""
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, by
        session.add(row)


def end_all(
    session: Session, account_id: int, *, by: str, now: datetime, keep: int | None = None, origin: str | None = None
) -> int:
    """Sign all devices of an account out but the session ``keep``; how many of them were still alive."""
    alive = 0
    for row in _open(session, account_id):
        if row.id == keep:
            continue
        over = ending(row, now)
        alive += over is None
        row.ended_at, row.ended_by, row.ended_from = now, over or by, None if over else origin
        session.add(row)
    session.flush()
    return alive


def _open(session: Session, account_id: int) -> list[AccountSession]:
    chosen = select(AccountSession).where(
        col(AccountSession.account_id) == account_id, col(AccountSession.ended_at).is_(None)
    )
    return list(session.exec(chosen.order_by(col(AccountSession.id).desc())))
