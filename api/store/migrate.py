"""Is the database as this version of the program expects it? If not, bring it there, once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from api.store.engine import Store, StoreError

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def migrate(store: Store) -> bool:
    """Bring the tables to the newest revision; ``True`` when something had to change.

    Several processes may call it at once: one migrates, the others wait and find it done. Raises ``StoreError`` when
    the database cannot be used or comes from a newer version of the program.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    try:
        with store.session() as session:
            if _revision(session.connection()) == head:
                return False
        with store.write(lock="migrate") as session:
            connection = session.connection()
            if _revision(connection) == head:
                return False
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return True
    except CommandError as error:
        raise StoreError(
            message_vi="Cơ sở dữ liệu do một phiên bản mới hơn tạo ra: hãy dùng phiên bản khoangsan mới nhất.",
            message_en="The database was made by a newer version: use the newest khoangsan.",
        ) from error


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
