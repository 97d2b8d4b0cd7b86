"""A real SQLite file and a real PostgreSQL for the race tests too."""

from tests.api.conftest import database_url, now, postgres_url, store, today

__all__ = ["database_url", "now", "postgres_url", "store", "today"]
