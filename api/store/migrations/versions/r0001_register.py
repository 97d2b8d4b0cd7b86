"""The licence register: licences, imports, and the officer's mappings of headers and minerals."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXTS = (
    "holder",
    "mine_name",
    "place",
    "district",
    "region",
    "mineral_local",
    "mineral_code",
    "authority",
    "area_ha",
    "capacity_m3",
    "capacity_tonne",
    "mining_m3",
    "mining_tonne",
    "licensed_m3",
    "licensed_tonne",
    "depth",
    "construction_months",
    "status",
    "note",
    "source_sheet",
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "import_batch",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("rows", "new", "unchanged", "changed")),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
    )
    op.create_table(
        "licence",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.Text()),
        sa.Column("number_key", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in _TEXTS),
        sa.Column("issued_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("source_file", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("batch_id", _ID, sa.ForeignKey("import_batch.id"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "header_alias",
        sa.Column("header_key", sa.Text(), primary_key=True),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("field", sa.Text()),
    )
    op.create_table(
        "mineral_alias",
        sa.Column("name_key", sa.Text(), primary_key=True),
        sa.Column("where_key", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mineral_code", sa.Text()),
    )
    op.create_index("ix_import_batch_sha256", "import_batch", ["sha256"])
    for name in ("number_key", "mineral_code", "authority", "expires_on", "batch_id"):
        op.create_index(f"ix_licence_{name}", "licence", [name])


def downgrade() -> None:
    """Remove the tables."""
    for table in ("mineral_alias", "header_alias", "licence", "import_batch"):
        op.drop_table(table)
