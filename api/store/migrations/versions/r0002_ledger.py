"""The ledger: entries and their postings, which the database itself lets nobody change or delete."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("ledger_entry", "ledger_posting")
_REFUSAL = "sổ chỉ ghi thêm: hãy ghi bút toán đảo / the ledger is append-only: write a reversal"
_POSTGRES = (
    f"CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def upgrade() -> None:
    """Create the tables, their indexes and the triggers that keep them append-only."""
    op.create_table(
        "ledger_entry",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("licence_id", _ID, sa.ForeignKey("licence.id"), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("document", sa.Text()),
        sa.Column("instalment", sa.Text()),
        sa.Column("due_on", sa.Date()),
        sa.Column("stop_reason", sa.Text()),
        sa.Column("stop_first", sa.Date()),
        sa.Column("stop_last", sa.Date()),
        sa.Column("reverses", sa.Text(), sa.ForeignKey("ledger_entry.key"), unique=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "ledger_posting",
        sa.Column("entry_id", _ID, sa.ForeignKey("ledger_entry.id"), primary_key=True),
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("licence_id", _ID, nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_ledger_entry_licence", "ledger_entry", ["licence_id", "dated", "id"])
    op.create_index("ix_ledger_entry_payer", "ledger_entry", ["payer", "dated", "id"])
    summed = ["account", "amount_vnd"]
    op.create_index("ix_ledger_posting_licence", "ledger_posting", ["licence_id", "dated", "payer", *summed])
    op.create_index("ix_ledger_posting_payer", "ledger_posting", ["payer", "dated", "licence_id", *summed])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRES)
        for table in _TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
            )
        return
    for table in _TABLES:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )


def downgrade() -> None:
    """Remove the tables with their triggers."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_is_append_only()")
