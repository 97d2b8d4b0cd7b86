"""May somebody try a password now? Failures are counted in the database, the wait doubles up to a quarter of an hour, never more.

A failure counts before its password is looked at, so a thousand at once are a thousand. Counted are the account name (known or
not: the answer is the same), the address (IPv6 by its /64), or, where the browser shows that somebody once signed in to this
account from it, that device alone: a rival who fails on purpose elsewhere, or in the same hall, keeps nobody out of a session.
Attempts during a wait are refused and count nothing; a day without failure forgets all.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.accounts.models import LoginCount

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(days=1)
_SIX_PREFIX: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is counted, under a digest, and how many failures are free."""

    key: str
    free: int


def subjects(*, name: str, address: str, device: str | None) -> tuple[Subject, ...]:
    """What an attempt is counted under. ``device``: digest of a device known for this very account."""
    if device is not None:
        return (Subject(key=f"device:{device}", free=10),)
    return (
        Subject(key=f"account:{_digest(name)}", free=5),
        Subject(key=f"address:{_digest(_network(address))}", free=30),
    )


def wait_left(session: Session, tried: tuple[Subject, ...], now: datetime) -> timedelta | None:
    """The wait that is left, ``None`` where an attempt may be made. Reads alone: a flood of refused attempts keeps no writer waiting."""
    chosen = select(LoginCount.blocked_until).where(col(LoginCount.subject).in_([one.key for one in tried]))
    waits = [until - now for until in session.exec(chosen) if until is not None and until > now]
    return max(waits, default=None)


def begin(session: Session, tried: tuple[Subject, ...], now: datetime) -> timedelta | None:
    """Count an attempt as failed until :func:`forgive` says otherwise; the wait that is left where it may not be made."""
    wait = wait_left(session, tried, now)
    if wait is not None:
        return wait
    session.exec(delete(LoginCount).where(col(LoginCount.failed_at) < now - FORGOTTEN_AFTER))
    for subject in tried:
        row = session.get(LoginCount, subject.key, with_for_update=True)
        if row is None:
            row = LoginCount(subject=subject.key, failures=0, failed_at=now)
        row.failures += 1
        row.failed_at = now
        row.blocked_until = None if row.failures < subject.free else now + _wait(row.failures - subject.free)
        session.add(row)
    session.flush()
    return None


def forgive(session: Session, tried: tuple[Subject, ...]) -> None:
    """The attempt was right: its account or device starts anew, its address loses this one failure only."""
    for subject in tried:
        row = session.get(LoginCount, subject.key, with_for_update=True)
        if row is None:
            continue
        if subject.key.startswith("address:") and row.failures > 1:
            row.failures -= 1
            row.blocked_until = row.blocked_until if row.failures >= subject.free else None
            session.add(row)
        else:
            session.delete(row)


def _wait(beyond: int) -> timedelta:
    doublings = min(beyond, LONGEST_WAIT // FIRST_WAIT)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, _SIX_PREFIX), strict=False))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
