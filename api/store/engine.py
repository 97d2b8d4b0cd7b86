"""Where is the data, and how is it written safely? One interface over SQLite and PostgreSQL.

SQLite: WAL, ``synchronous=FULL``, foreign keys on, writers queue at ``BEGIN IMMEDIATE`` instead of losing to
"database is locked". PostgreSQL: psycopg 3; writers that must not overlap name the same lock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlmodel import Session

BUSY_TIMEOUT_MS: Final = 30_000
"""How long a SQLite writer waits for its turn, in milliseconds."""
_IMMEDIATE: Final = "khoangsan_immediate"


class StoreError(Exception):
    """The store cannot be opened or used; the text says in Vietnamese and English what to do."""

    def __init__(self, *, message_vi: str, message_en: str) -> None:
        super().__init__(f"{message_vi} / {message_en}")
        self.message_vi = message_vi
        self.message_en = message_en


class Store:
    """An open database. ``session()`` reads, ``write()`` writes; both commit at the end and roll back on an error.

    Both raise ``StoreError`` when the database itself fails: not reachable, locked, full, read-only, no database.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{_IMMEDIATE: True})

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One consistent look at the data. Do not write here: on SQLite a reader cannot become a writer safely."""
        with _failures_in_words(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def write(self, *, lock: str | None = None) -> Iterator[Session]:
        """One write transaction. Writers that name the same ``lock`` go one after the other, on both databases."""
        with _failures_in_words(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            if lock is not None and self.engine.dialect.name == "postgresql":
                session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_key(lock)})
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


@contextmanager
def _failures_in_words() -> Iterator[None]:
    try:
        yield
    except (IntegrityError, DataError, ProgrammingError):
        raise
    except DBAPIError as error:
        raise StoreError(
            message_vi=f"Cơ sở dữ liệu không dùng được ({error.orig}): hãy kiểm tra địa chỉ, quyền ghi, chỗ trống trên "
            "đĩa và máy chủ.",
            message_en=f"The database cannot be used ({error.orig}): check its address, the write permission, the free "
            "space and the server.",
        ) from error


def open_store(url: str) -> Store:
    """Open ``sqlite:///path/to/file.db`` or ``postgresql://user@host/name``; a SQLite file's folder is created.

    Raises ``StoreError`` when the address is not one of these two. The tables come from ``migrate``.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        try:
            engine = create_engine(parsed, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise StoreError(
                message_vi="Chưa có trình điều khiển PostgreSQL: hãy cài khoangsan kèm phần bổ sung «postgres».",
                message_en='The PostgreSQL driver is missing: install khoangsan with the extra "postgres".',
            ) from error
    return Store(engine)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is not None and parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        if parsed.database and parsed.database != ":memory:" and not parsed.database.startswith("file:"):
            return parsed
    elif parsed is not None and parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise StoreError(
        message_vi="Địa chỉ cơ sở dữ liệu không dùng được: hãy viết sqlite:///đường/dẫn/tệp.db hoặc "
        "postgresql://người_dùng@máy_chủ/tên.",
        message_en="The database address cannot be used: write sqlite:///path/to/file.db or postgresql://user@host/name.",
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # None: transactions begin in _begin_sqlite alone; the driver would begin late, after the first read
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
