"""The offices' tables: declared output, price lists, payments, weighed months, and the changes of each import."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _texts(*names: str, nullable: bool = True) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _source() -> list[sa.Column[str] | sa.Column[int]]:
    return [sa.Column("source_sheet", sa.Text()), sa.Column("source_row", sa.Integer(), nullable=False)]


def _batch() -> sa.Column[int]:
    return sa.Column("batch_id", _ID, sa.ForeignKey("office_batch.id"), nullable=False)


def _licence(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("licence_id", _ID, sa.ForeignKey("licence.id"), nullable=nullable)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "office_batch",
        sa.Column("id", _ID, primary_key=True),
        *_texts("kind", "file_name", "sha256", nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime()),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rows", "new", "unchanged", "changed", "removed", "set_aside")
        ),
        sa.Column("report", sa.JSON(), nullable=False),
    )
    op.create_table(
        "office_change",
        sa.Column("id", _ID, primary_key=True),
        _batch(),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.JSON()),
    )
    op.create_table(
        "declared_output",
        sa.Column("id", _ID, primary_key=True),
        _licence(),
        sa.Column("mineral_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        *_texts("output", "grade", "clean_coal", "product_output", "product_unit"),
        *_texts("sold", "opening_stock", "tax_output", "density", "note"),
        *_source(),
        _batch(),
        sa.UniqueConstraint("licence_id", "mineral_code", "starts_on"),
    )
    op.create_table(
        "price_line",
        sa.Column("id", _ID, primary_key=True),
        *_texts("region"),
        *_texts("region_key", "decision", "decision_key", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        *_texts("amends_key"),
        sa.Column("sample", sa.Boolean(), nullable=False),
        *_texts("code", nullable=False),
        *_texts("name", "unit_written", "unit"),
        sa.Column("price_vnd", sa.BigInteger(), nullable=False),
        *_texts("note"),
        *_source(),
        _batch(),
        sa.UniqueConstraint("region_key", "decision_key", "code"),
    )
    op.create_table(
        "tax_payment",
        sa.Column("id", _ID, primary_key=True),
        _licence(nullable=True),
        *_texts("payer"),
        *_texts("owner_key", nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        *_texts("document", "document_key", "part", nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        *_texts("note"),
        *_source(),
        _batch(),
        sa.UniqueConstraint("document_key", "paid_on", "owner_key", "part"),
    )
    op.create_table(
        "weighed_month",
        sa.Column("id", _ID, primary_key=True),
        *_texts("scale", "scale_key", nullable=False),
        _licence(),
        *_texts("mineral_code", nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("month", "covers_from", "covers_to")),
        sa.Column("loads", sa.Integer(), nullable=False),
        sa.Column("weight_kg", sa.BigInteger(), nullable=False),
        _batch(),
        sa.UniqueConstraint("scale_key", "licence_id", "mineral_code", "month", "covers_from"),
    )
    for table, columns in _INDEXES.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


_INDEXES = {
    "office_batch": ("kind",),
    "office_change": ("batch_id", "row_id"),
    "declared_output": ("licence_id", "batch_id"),
    "price_line": ("decision_key", "code", "batch_id"),
    "tax_payment": ("licence_id", "owner_key", "batch_id"),
    "weighed_month": ("scale_key", "licence_id", "batch_id"),
}


def downgrade() -> None:
    """Remove the tables."""
    for table in ("weighed_month", "tax_payment", "price_line", "declared_output", "office_change", "office_batch"):
        op.drop_table(table)
