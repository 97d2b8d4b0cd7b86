"""Did two people agree? What one role proposes, another person of another role confirms, exactly as it was proposed, in time.

The caller runs the action in the transaction in which :func:`confirm` answers: confirmed and done are one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import update
from sqlmodel import Session, col, select

from api.accounts.audit import record
from api.accounts.callers import Caller
from api.accounts.models import Approval
from api.accounts.refusals import RefusedError
from api.accounts.roles import Role
from auction_engine.canonical import canonical

CHAIR_AND_CLERK: Final = frozenset({Role.CHAIR, Role.CLERK})
LASTS: Final = timedelta(minutes=15)


def propose(
    session: Session,
    caller: Caller,
    *,
    action: str,
    subject: str,
    payload: Mapping[str, Any],
    now: datetime,
    between: Collection[Role] = CHAIR_AND_CLERK,
    lasts: timedelta = LASTS,
) -> Approval:
    """Ask for the second pair of eyes. ``between``: the roles that may propose and confirm. An open proposal of the same action
    on the same subject by the same person is replaced.
    """
    _in_person(caller)
    _of_role(caller, between)
    for one in waiting(session, subject=subject, now=now):
        if one.action == action and one.proposed_by == caller.account_id and one.id is not None:
            refuse(session, caller, one.id, now=now)
    body = canonical(dict(payload))
    row = Approval(
        action=action,
        subject=subject,
        payload=body.decode(),
        digest=hashlib.sha256(body).hexdigest(),
        between=",".join(sorted(between)),
        proposed_by=caller.account_id,
        proposed_role=caller.role.value,
        proposed_at=now,
        expires_at=now + lasts,
    )
    session.add(row)
    session.flush()
    _record(session, caller, row, "propose", now)
    return row


def confirm(session: Session, caller: Caller, approval_id: int, *, digest: str, now: datetime) -> Approval:
    """Agree to a proposal, once; ``digest`` is that of the payload the person saw. Raises :class:`RefusedError`."""
    _in_person(caller)
    row = _row(session, approval_id)
    _of_role(caller, [Role(one) for one in row.between.split(",")])
    if caller.account_id == row.proposed_by or caller.role == row.proposed_role:
        raise RefusedError(
            "Người xác nhận phải là người khác, giữ vai trò khác với người đề nghị.",
            "Another person of another role must confirm.",
            status=403,
        )
    if digest != row.digest:
        raise RefusedError(
            "Nội dung đề nghị không phải nội dung bạn đã xem: hãy tải lại trang.",
            "The proposal is not what you saw: load the page again.",
            field="digest",
            status=409,
        )
    if now >= row.expires_at or not _settle(session, approval_id, caller, confirmed=True, now=now):
        raise _over()
    session.refresh(row)
    _record(session, caller, row, "confirm", now)
    return row


def refuse(session: Session, caller: Caller, approval_id: int, *, now: datetime) -> Approval:
    """Take a proposal back or turn it down: its proposer and those who could confirm it may."""
    _in_person(caller)
    row = _row(session, approval_id)
    if caller.account_id != row.proposed_by:
        _of_role(caller, [Role(one) for one in row.between.split(",")])
    if now >= row.expires_at or not _settle(session, approval_id, caller, confirmed=False, now=now):
        raise _over()
    session.refresh(row)
    _record(session, caller, row, "refuse", now)
    return row


def waiting(session: Session, *, subject: str, now: datetime) -> list[Approval]:
    """The proposals on a subject that can still be confirmed, the oldest first."""
    chosen = select(Approval).where(
        col(Approval.subject) == subject, col(Approval.settled_at).is_(None), col(Approval.expires_at) > now
    )
    return list(session.exec(chosen.order_by(col(Approval.id))))


def payload_of(row: Approval) -> dict[str, Any]:
    """What was proposed."""
    found: dict[str, Any] = orjson.loads(row.payload)
    return found


def _row(session: Session, approval_id: int) -> Approval:
    row = session.get(Approval, approval_id)
    if row is None:
        raise RefusedError("Không có đề nghị này.", "There is no such proposal.", status=404)
    return row


def _settle(session: Session, approval_id: int, caller: Caller, *, confirmed: bool, now: datetime) -> bool:
    # one statement, so that of two who settle at the same time one alone does
    changed = session.connection().execute(
        update(Approval)
        .where(col(Approval.id) == approval_id, col(Approval.settled_at).is_(None))
        .values(settled_by=caller.account_id, settled_role=caller.role.value, settled_at=now, confirmed=confirmed)
    )
    return bool(changed.rowcount)


def _in_person(caller: Caller) -> None:
    if not caller.in_person:
        raise RefusedError(
            "Việc này cần người thật đăng nhập, không dùng khóa API.", "A person must do this, not a key.", status=403
        )


def _of_role(caller: Caller, between: Collection[Role]) -> None:
    if caller.role not in between:
        raise RefusedError("Vai trò của bạn không làm được việc này.", "Your role may not do this.", status=403)


def _record(session: Session, caller: Caller, row: Approval, what: str, now: datetime) -> None:
    record(
        session,
        by=caller.name,
        role=caller.role.value,
        action=f"approval.{what}",
        subject=row.subject,
        now=now,
        approval=row.id,
        of=row.action,
        digest=row.digest,
    )


def _over() -> RefusedError:
    return RefusedError(
        "Đề nghị đã hết hạn hoặc đã được giải quyết: hãy đề nghị lại.",
        "The proposal has expired or is settled: propose again.",
        status=409,
    )
