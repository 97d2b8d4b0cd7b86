"""Whose is a cookie or a key? The gate looks it up once, keeps the answer, and notices what any process changed within a second."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi.concurrency import run_in_threadpool

from api.accounts import audit, keys, sessions
from api.accounts.roles import Role
from api.accounts.tokens import digest, form_token
from api.store.engine import Store

KEPT_FOR: Final = timedelta(seconds=1)
_MOST_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: an account in a role, by a device (``session_id``, ``csrf``) or by a key (``key_id``)."""

    account_id: int
    name: str
    person: str
    role: Role
    session_id: int | None = None
    key_id: int | None = None
    csrf: str = ""
    must_change: bool = False
    replaced: int = 0

    @property
    def in_person(self) -> bool:
        """Whether a person sits at the other end, not a machine."""
        return self.session_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A session that is over: why, and when and from where where a newer login ended it."""

    why: str
    at: datetime | None
    origin: str | None


Answer = Caller | Ended | None


def utc_now() -> datetime:
    """This moment: the one clock of accounts."""
    return datetime.now(UTC)


class Gate:
    """Turns a cookie or a key into its caller; ``app.state.gate``."""

    def __init__(self, store: Store, now: Callable[[], datetime] = utc_now) -> None:
        self.store = store
        self.now = now
        self._kept: dict[str, tuple[Answer, datetime]] = {}
        self._line = -1
        self._looked_at: datetime | None = None
        self._turn = threading.Lock()

    async def ask(self, secret: str) -> Answer:
        """Who a secret belongs to."""
        key = digest(secret)
        if key is None:
            return None
        now = self.now()
        if not self._is_fresh(now):
            await run_in_threadpool(self._freshen, now)
        kept = self._kept.get(key)
        if kept is not None and now < kept[1]:
            return kept[0]
        answers = self._kept
        kept = await run_in_threadpool(self._look_up, secret, key, now)
        if len(answers) >= _MOST_KEPT:
            answers.clear()
        # into the table of before the question: what was forgotten meanwhile stays forgotten
        answers[key] = kept
        return kept[0]

    def forget(self) -> None:
        """Accounts changed: ask the database again."""
        self._kept = {}

    def _is_fresh(self, now: datetime) -> bool:
        return self._looked_at is not None and self._looked_at <= now < self._looked_at + KEPT_FOR

    def _freshen(self, now: datetime) -> None:
        """Every change of accounts writes a line of the audit trail: a new last line means to ask anew."""
        with self._turn:
            if self._is_fresh(now):
                return
            with self.store.session() as session:
                line = audit.last_line(session)
            if line != self._line:
                self._kept, self._line = {}, line
            self._looked_at = now

    def _look_up(self, secret: str, key: str, now: datetime) -> tuple[Answer, datetime]:
        """The answer and until when it may be kept."""
        found = self._key(key, now) if secret.startswith(keys.PREFIX) else self._session(secret, key, now)
        return found or (None, now + KEPT_FOR)

    def _session(self, token: str, key: str, now: datetime) -> tuple[Answer, datetime] | None:
        with self.store.session() as session:
            found = sessions.of_token(session, key)
        if found is None:
            return None
        row, account = found
        over = sessions.ending(row, now)
        if over is not None:
            return Ended(why=over, at=row.ended_at, origin=row.ended_from), now + KEPT_FOR
        assert row.id is not None
        assert account.id is not None
        seen_at = row.seen_at
        if now >= seen_at + sessions.SEEN_EVERY:
            with self.store.write() as session:
                sessions.touch(session, row.id, now)
            seen_at = now
        caller = Caller(
            account_id=account.id,
            name=account.name,
            person=account.person,
            role=Role(account.role),
            session_id=row.id,
            csrf=form_token(token),
            must_change=account.must_change,
            replaced=row.replaced,
        )
        return caller, min(seen_at + sessions.SEEN_EVERY, row.created_at + sessions.LONGEST)

    def _key(self, key_sha256: str, now: datetime) -> tuple[Answer, datetime] | None:
        with self.store.session() as session:
            found = keys.of_secret(session, key_sha256)
        if found is None:
            return None
        key, account = found
        assert key.id is not None
        assert account.id is not None
        used_at = key.used_at
        if used_at is None or now >= used_at + sessions.SEEN_EVERY:
            with self.store.write() as session:
                keys.touch(session, key.id, now)
            used_at = now
        caller = Caller(
            account_id=account.id, name=account.name, person=account.person, role=Role(key.role), key_id=key.id
        )
        return caller, used_at + sessions.SEEN_EVERY
