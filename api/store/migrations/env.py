"""How does Alembic reach the database? Only through the connection that ``migrate`` hands over, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

import api.accounts.models
import api.sessions.models
import api.store.calendar_links
import api.store.duty_records
import api.store.import_models
import api.store.ledger_models
import api.store.models
import api.store.office
import api.store.province
import api.store.targets  # noqa: F401 - the tables register themselves

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
context.run_migrations()
