"""Facts kept before a licence could have several minerals stay those of its own mineral, there and back."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from api.store.engine import Store, open_store
from api.store.migrate import MIGRATIONS, migrate


def moved(store: Store, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with store.write(lock="migrate") as session:
        config.attributes["connection"] = session.connection()
        (command.downgrade if revision == "0006" else command.upgrade)(config, revision)


def facts(store: Store) -> list[tuple[object, ...]]:
    with store.session() as session:
        found = session.connection().execute(text("SELECT licence_id, price_code FROM licence_facts ORDER BY id"))
        return [tuple(row) for row in found]


def test_facts_survive_the_change_in_both_directions(database_url: str) -> None:
    store = open_store(database_url)
    migrate(store)
    moved(store, "0006")
    with store.write() as session:
        for statement in (
            (
                "INSERT INTO import_batch (file_name, sha256, imported_at, rows, new, unchanged, changed, set_aside, report)"
                " VALUES ('a', 'b', '2026-01-01 00:00:00', 1, 1, 0, 0, 0, '{}')"
            ),
            (
                "INSERT INTO licence (number_key, gaps, extra, search_text, fingerprint, source_file, source_row, batch_id, updated_at)"
                " VALUES ('1', '[]', '{}', '', 'f', 'a', 1, 1, '2026-01-01 00:00:00')"
            ),
            "INSERT INTO licence_facts (licence_id, price_code) VALUES (1, 'I102')",
        ):
            session.connection().execute(text(statement))
    moved(store, "head")
    with store.write() as session:
        session.connection().execute(
            text("INSERT INTO licence_facts (licence_id, mineral_code, price_code) VALUES (1, 'iron', 'I201')")
        )
    assert facts(store) == [(1, "I102"), (1, "I201")]
    moved(store, "0006")
    assert facts(store) == [(1, "I102")]
    moved(store, "head")
    assert facts(store) == [(1, "I102")]
    store.close()
