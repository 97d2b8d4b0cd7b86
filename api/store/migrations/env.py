"""How does Alembic reach the database? Only through the connection that ``migrate`` hands over, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

import api.store.ledger_models
import api.store.models
import api.store.office
import api.store.province  # noqa: F401 - the tables register themselves

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
context.run_migrations()
