"""Which rows keep what an import did? Its report, a previewed file that waits, and the licences as they were before.

Like ``api.store.models``: storage only. Reports are the packed bytes of ``api.imports.report_pack``.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, LargeBinary, Text
from sqlmodel import Field, SQLModel

from api.store.models import Identifier
from api.store.types import UtcDateTime


class StoredReport(SQLModel, table=True):
    """The report of one import, by an unguessable name.

    ``batch_id`` is a row of ``import_batch`` where ``subject`` is ``register``, else of ``office_batch``; ``None`` where
    the import stored nothing.
    """

    __tablename__ = "import_report"

    name: str = Field(primary_key=True, sa_type=Text)
    subject: str = Field(sa_type=Text)
    batch_id: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    kept_at: datetime = Field(sa_type=UtcDateTime)
    body: bytes = Field(sa_type=LargeBinary)


class WaitingFile(SQLModel, table=True):
    """A previewed file that waits to be imported, with the answers it was previewed with; ``data`` is deflated."""

    __tablename__ = "waiting_file"

    name: str = Field(primary_key=True, sa_type=Text)
    kept_at: datetime = Field(sa_type=UtcDateTime)
    file_name: str = Field(sa_type=Text)
    given: dict[str, str] = Field(sa_type=JSON)
    body: bytes = Field(sa_type=LargeBinary)
    data: bytes = Field(sa_type=LargeBinary)


class RegisterChange(SQLModel, table=True):
    """What an import of a register did to one licence: its state before, ``None`` where the import added it."""

    __tablename__ = "register_change"

    id: int | None = Field(default=None, sa_column=Column(Identifier, primary_key=True))
    batch_id: int = Field(sa_column=Column(Identifier, ForeignKey("import_batch.id"), nullable=False, index=True))
    licence_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
