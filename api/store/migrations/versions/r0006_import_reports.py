"""Reports of imports, previewed files, and what an import of a register changed, so that it can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.add_column("import_batch", sa.Column("undone_at", sa.DateTime()))
    op.create_table(
        "import_report",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.BigInteger()),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_import_report_batch_id", "import_report", ["batch_id"])
    op.create_table(
        "waiting_file",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "register_change",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("batch_id", _ID, sa.ForeignKey("import_batch.id"), nullable=False),
        sa.Column("licence_id", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.JSON()),
    )
    op.create_index("ix_register_change_batch_id", "register_change", ["batch_id"])
    op.create_index("ix_register_change_licence_id", "register_change", ["licence_id"])


def downgrade() -> None:
    """Remove them."""
    for table in ("register_change", "waiting_file", "import_report"):
        op.drop_table(table)
    op.drop_column("import_batch", "undone_at")
