"""What an office adds to its books: its own collection targets, the instalments a decision plans; balances of a whole province."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PLAN = "ledger_instalment"
_REFUSAL = "sổ chỉ ghi thêm: hãy ghi bút toán đảo / the ledger is append-only: write a reversal"


def upgrade() -> None:
    """Create the tables; the plan of a decision is append-only like its entry."""
    op.create_table(
        "province_target",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        _PLAN,
        sa.Column("entry_id", _ID, sa.ForeignKey("ledger_entry.id"), primary_key=True),
        sa.Column("instalment", sa.Text(), primary_key=True),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date()),
    )
    columns = ["account", "licence_id", "payer", "dated", "amount_vnd"]
    op.create_index("ix_ledger_posting_account", "ledger_posting", columns)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {_PLAN}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {_PLAN} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {_PLAN}_no_{change.lower()} BEFORE {change} ON {_PLAN} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )


def downgrade() -> None:
    """Remove the tables with their triggers, and the index."""
    op.drop_index("ix_ledger_posting_account", "ledger_posting")
    for table in (_PLAN, "province_target"):
        op.drop_table(table)
