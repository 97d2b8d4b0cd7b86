"""Who did what with which power, and was the list edited since? An append-only SHA-256 chain of canonical JSON.

Every privileged action writes its line in the transaction that does it: no action without its line, no line without its action.
A secret never stands in a line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import func, text
from sqlmodel import Session, col, select

from api.accounts.models import AuditEntry
from auction_engine.canonical import canonical
from auction_engine.log import link
from auction_engine.moments import moment

ORIGIN: Final = hashlib.sha256(b"khoangsan audit trail").hexdigest()
"""What stands before the first line."""
CONSOLE: Final = "console"
"""Who acts from the command line of the machine itself."""
_BATCH: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check of the whole chain found: its length, its last hash, and the first line that does not fit."""

    lines: int
    head: str
    broken_at: int | None


def record(
    session: Session, *, by: str, role: str, action: str, subject: str, now: datetime, **detail: str | int | None
) -> AuditEntry:
    """Add the next line. Call it last in a transaction: on PostgreSQL the trail stays locked until its end."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("LOCK TABLE audit_entry IN EXCLUSIVE MODE"))
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)).first()
    seq, prev = (1, ORIGIN) if last is None else (last.seq + 1, last.hash)
    body = canonical(
        {"seq": seq, "at": moment(now), "by": by, "role": role, "action": action, "subject": subject, "detail": detail}
    )
    entry = AuditEntry(seq=seq, body=body.decode(), hash=link(prev, body))
    session.add(entry)
    session.flush()
    return entry


def last_line(session: Session) -> int:
    """The number of the last line, 0 where there is none."""
    return session.exec(select(func.max(AuditEntry.seq))).one() or 0


def check(session: Session) -> Checked:
    """Walk the whole chain: sequence, hash and the form of every line."""
    prev, seq = ORIGIN, 0
    for entry in _all(session):
        seq += 1
        body = entry.body.encode()
        if entry.seq != seq or entry.hash != link(prev, body) or not _is_line(body, seq):
            return Checked(lines=seq - 1, head=prev, broken_at=seq)
        prev = entry.hash
    return Checked(lines=seq, head=prev, broken_at=None)


def latest(session: Session, count: int, *, before: int | None = None) -> list[Mapping[str, Any]]:
    """The newest lines first, each with its ``hash``; ``before`` continues an earlier answer."""
    chosen = select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(count)
    if before is not None:
        chosen = chosen.where(col(AuditEntry.seq) < before)
    return [{**orjson.loads(entry.body), "hash": entry.hash} for entry in session.exec(chosen)]


def _all(session: Session) -> Iterator[AuditEntry]:
    after = -(1 << 62)
    while True:
        chosen = select(AuditEntry).where(col(AuditEntry.seq) > after).order_by(col(AuditEntry.seq)).limit(_BATCH)
        found = session.exec(chosen).all()
        yield from found
        if len(found) < _BATCH:
            return
        after = found[-1].seq
        session.expunge_all()


def _is_line(body: bytes, seq: int) -> bool:
    try:
        raw = orjson.loads(body)
    except ValueError:
        return False
    return isinstance(raw, dict) and canonical(raw) == body and raw.get("seq") == seq
