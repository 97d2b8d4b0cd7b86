"""Auction sessions: their logs and checkpoints, which the database itself lets nobody change or delete."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("auction_entry", "auction_checkpoint")
_REFUSAL = "nhật ký phiên đấu giá chỉ ghi thêm / the log of a session is append-only"
_POSTGRES = (
    f"CREATE FUNCTION auction_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def upgrade() -> None:
    """Create the tables and the triggers that keep them append-only."""
    op.create_table(
        "auction_session",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("tick_at", sa.Text()),
    )
    op.create_index("ix_auction_session_tick_at", "auction_session", ["tick_at"])
    op.create_table(
        "auction_entry",
        sa.Column("session_id", _ID, sa.ForeignKey("auction_session.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("sender", sa.Text()),
        sa.Column("key", sa.Text()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.UniqueConstraint("session_id", "sender", "key"),
    )
    op.create_table(
        "auction_checkpoint",
        sa.Column("session_id", _ID, sa.ForeignKey("auction_session.id"), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.UniqueConstraint("session_id", "size"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRES)
        for table in _TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION auction_log_is_append_only()"
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
    for table in (*_TABLES, "auction_session"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION auction_log_is_append_only()")
