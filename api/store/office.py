"""Which rows of the offices' tables are kept? Output, prices, payments, weighed months, and every change by an import.

Like ``api.store.models``: storage only. Quantities are TEXT, shortest decimals; money is BIGINT in whole đồng; weights
are BIGINT in kilograms. ``batch_id`` is the import that wrote the row last. What an import did to a row stands in
``OfficeChange``, so that the import can be undone as a whole.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.models import Identifier
from api.store.province import LicenceFacts
from api.store.types import UtcDateTime


def _batch() -> Any:
    return Field(sa_column=Column(Identifier, ForeignKey("office_batch.id"), nullable=False, index=True))


def _licence(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Identifier, ForeignKey("licence.id"), nullable=nullable, index=True))


def _identifier() -> Any:
    return Field(default=None, sa_column=Column(Identifier, primary_key=True))


class OfficeBatch(SQLModel, table=True):
    """One import of output, prices, payments or loads that added or changed something; ``undone_at`` once undone."""

    __tablename__ = "office_batch"

    id: int | None = _identifier()
    kind: str = Field(sa_type=Text, index=True)
    file_name: str = Field(sa_type=Text)
    sha256: str = Field(sa_type=Text)
    imported_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rows: int
    new: int
    unchanged: int
    changed: int
    removed: int
    set_aside: int
    report: dict[str, Any] = Field(sa_type=JSON)


class OfficeChange(SQLModel, table=True):
    """What an import did to one row: its state before, ``None`` where the import added it."""

    __tablename__ = "office_change"

    id: int | None = _identifier()
    batch_id: int = _batch()
    table_name: str = Field(sa_type=Text)
    row_id: int = Field(sa_type=BigInteger, index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class DeclaredOutput(SQLModel, table=True):
    """Output of one licence, mineral and period within a year (*sản lượng khai thác*), as declared.

    ``output`` is raw output (*nguyên khai*), SL_i of Decree 193/2025 Art. 139(3), in ``unit`` of the contract. ``sold``,
    ``opening_stock`` and ``tax_output`` are in the same unit; ``clean_coal`` in tonnes; ``density`` in tonnes per m³ of
    ``unit``.
    """

    __tablename__ = "declared_output"
    __table_args__ = (UniqueConstraint("licence_id", "mineral_code", "starts_on"),)

    id: int | None = _identifier()
    licence_id: int = _licence()
    mineral_code: str = Field(sa_type=Text)
    year: int = Field(sa_type=Integer)
    starts_on: date
    ends_on: date
    unit: str = Field(sa_type=Text)
    output: str | None = Field(default=None, sa_type=Text)
    grade: str | None = Field(default=None, sa_type=Text)
    clean_coal: str | None = Field(default=None, sa_type=Text)
    product_output: str | None = Field(default=None, sa_type=Text)
    product_unit: str | None = Field(default=None, sa_type=Text)
    sold: str | None = Field(default=None, sa_type=Text)
    opening_stock: str | None = Field(default=None, sa_type=Text)
    tax_output: str | None = Field(default=None, sa_type=Text)
    density: str | None = Field(default=None, sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)
    source_sheet: str | None = Field(default=None, sa_type=Text)
    source_row: int
    batch_id: int = _batch()


class PriceLine(SQLModel, table=True):
    """One line of a province's price list (*bảng giá tính thuế tài nguyên*).

    A list is a decision in a region; its key and the code together name a price, for codes change their meaning from
    one instrument to the next. ``region_key`` is empty for a list of the whole province. ``amends_key``: the decision
    whose other lines stay in force. ``unit`` is ``None`` where the contract has no such unit. ``sample``: not a list in
    force, shown as such.
    """

    __tablename__ = "price_line"
    __table_args__ = (UniqueConstraint("region_key", "decision_key", "code"),)

    id: int | None = _identifier()
    region: str | None = Field(default=None, sa_type=Text)
    region_key: str = Field(sa_type=Text)
    decision: str = Field(sa_type=Text)
    decision_key: str = Field(sa_type=Text, index=True)
    valid_from: date
    valid_to: date | None = None
    amends_key: str | None = Field(default=None, sa_type=Text)
    sample: bool = Field(sa_type=Boolean)
    code: str = Field(sa_type=Text, index=True)
    name: str | None = Field(default=None, sa_type=Text)
    unit_written: str | None = Field(default=None, sa_type=Text)
    unit: str | None = Field(default=None, sa_type=Text)
    price_vnd: int = Field(sa_type=BigInteger)
    note: str | None = Field(default=None, sa_type=Text)
    source_sheet: str | None = Field(default=None, sa_type=Text)
    source_row: int
    batch_id: int = _batch()


class TaxPayment(SQLModel, table=True):
    """One payment into the budget as the tax office lists it; ``part`` is ``principal`` or ``interest``.

    ``licence_id`` is ``None`` while only the payer is known. Interest paid never lowers the fee owed.
    """

    __tablename__ = "tax_payment"
    __table_args__ = (UniqueConstraint("document_key", "paid_on", "owner_key", "part"),)

    id: int | None = _identifier()
    licence_id: int | None = _licence(nullable=True)
    payer: str | None = Field(default=None, sa_type=Text)
    owner_key: str = Field(sa_type=Text, index=True)
    paid_on: date
    document: str = Field(sa_type=Text)
    document_key: str = Field(sa_type=Text)
    part: str = Field(sa_type=Text)
    amount_vnd: int = Field(sa_type=BigInteger)
    note: str | None = Field(default=None, sa_type=Text)
    source_sheet: str | None = Field(default=None, sa_type=Text)
    source_row: int
    batch_id: int = _batch()


class WeighedMonth(SQLModel, table=True):
    """Loads of one weighbridge, licence and mineral in one month (*trạm cân*): how many, how heavy.

    ``covers_from`` and ``covers_to`` are the first and last day of that month on which the file has loads of this
    weighbridge: a later file that covers them replaces the row.
    """

    __tablename__ = "weighed_month"
    __table_args__ = (UniqueConstraint("scale_key", "licence_id", "mineral_code", "month", "covers_from"),)

    id: int | None = _identifier()
    scale: str = Field(sa_type=Text)
    scale_key: str = Field(sa_type=Text, index=True)
    licence_id: int = _licence()
    mineral_code: str = Field(sa_type=Text)
    month: date
    covers_from: date
    covers_to: date
    loads: int
    weight_kg: int = Field(sa_type=BigInteger)
    batch_id: int = _batch()


OFFICE_TABLES: dict[str, type[SQLModel]] = {
    "declared_output": DeclaredOutput,
    "price_line": PriceLine,
    "tax_payment": TaxPayment,
    "weighed_month": WeighedMonth,
    "licence_facts": LicenceFacts,
}
"""The tables an import writes, by name."""
