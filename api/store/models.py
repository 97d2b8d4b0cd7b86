"""Which rows are kept? Licences, the files they came from, and the officer's mappings of headers and minerals.

Rows are storage, neither domain objects nor API schemas: nothing here validates. Exact decimals are TEXT, shortest
form ("1600830", "12.5"); money would be BIGINT; no column is a float. What the register says is kept as written:
whether a licence has expired is asked with a date at reading time, never stored.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, Text
from sqlmodel import Field, SQLModel

from api.store.types import UtcDateTime

Identifier = BigInteger().with_variant(Integer(), "sqlite")
"""A row's own number; SQLite numbers rows by itself only in a column called INTEGER."""


class ImportBatch(SQLModel, table=True):
    """One import that added or changed something: which file, when, with what outcome; ``undone_at`` once undone."""

    __tablename__ = "import_batch"

    id: int | None = Field(default=None, sa_column=Column(Identifier, primary_key=True))
    file_name: str = Field(sa_type=Text)
    sha256: str = Field(sa_type=Text, index=True)
    imported_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rows: int
    new: int
    unchanged: int
    changed: int
    set_aside: int
    report: dict[str, Any] = Field(sa_type=JSON)


class Licence(SQLModel, table=True):
    """One row of a licence register (*giấy phép khai thác khoáng sản*), as the province wrote it.

    ``mineral_code`` is a code of the compute contract, ``None`` while the local name is not mapped; ``authority`` is
    ``ministry`` or ``province``. ``gaps`` lists what is missing or could not be read, each with what to do; a value
    that could not be read stands there as it was written. ``extra`` keeps the columns nobody mapped.
    """

    __tablename__ = "licence"

    id: int | None = Field(default=None, sa_column=Column(Identifier, primary_key=True))
    number: str | None = Field(default=None, sa_type=Text)
    number_key: str = Field(default="", sa_type=Text, index=True)
    holder: str | None = Field(default=None, sa_type=Text)
    mine_name: str | None = Field(default=None, sa_type=Text)
    place: str | None = Field(default=None, sa_type=Text)
    district: str | None = Field(default=None, sa_type=Text)
    region: str | None = Field(default=None, sa_type=Text)
    mineral_local: str | None = Field(default=None, sa_type=Text)
    mineral_code: str | None = Field(default=None, sa_type=Text, index=True)
    authority: str | None = Field(default=None, sa_type=Text, index=True)
    issued_on: date | None = None
    expires_on: date | None = Field(default=None, index=True)
    area_ha: str | None = Field(default=None, sa_type=Text)
    capacity_m3: str | None = Field(default=None, sa_type=Text)
    capacity_tonne: str | None = Field(default=None, sa_type=Text)
    mining_m3: str | None = Field(default=None, sa_type=Text)
    mining_tonne: str | None = Field(default=None, sa_type=Text)
    licensed_m3: str | None = Field(default=None, sa_type=Text)
    licensed_tonne: str | None = Field(default=None, sa_type=Text)
    depth: str | None = Field(default=None, sa_type=Text)
    construction_months: str | None = Field(default=None, sa_type=Text)
    status: str | None = Field(default=None, sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)
    gaps: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    extra: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    search_text: str = Field(default="", sa_type=Text)
    fingerprint: str = Field(sa_type=Text)
    source_file: str = Field(sa_type=Text)
    source_sheet: str | None = Field(default=None, sa_type=Text)
    source_row: int
    batch_id: int = Field(sa_column=Column(Identifier, ForeignKey("import_batch.id"), nullable=False, index=True))
    updated_at: datetime = Field(sa_type=UtcDateTime)


class HeaderAlias(SQLModel, table=True):
    """The officer's own reading of a column header; it goes before the one the product brings."""

    __tablename__ = "header_alias"

    header_key: str = Field(primary_key=True, sa_type=Text)
    header: str = Field(sa_type=Text)
    field: str | None = Field(default=None, sa_type=Text)


class MineralAlias(SQLModel, table=True):
    """The officer's own code for a local mineral name, everywhere or where the mine's name holds ``where_key``."""

    __tablename__ = "mineral_alias"

    name_key: str = Field(primary_key=True, sa_type=Text)
    where_key: str = Field(default="", primary_key=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    mineral_code: str | None = Field(default=None, sa_type=Text)
