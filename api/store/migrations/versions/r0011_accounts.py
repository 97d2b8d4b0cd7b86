"""Accounts: people, devices, keys, counted failures, four eyes, and an audit trail that the database lets nobody change."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("account", "account_session", "account_key", "login_device", "login_count", "approval", "audit_entry")
_REFUSAL = "nhật ký kiểm toán chỉ ghi thêm / the audit trail is append-only"
_POSTGRES = (
    f"CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
_ONE_LIVE = sa.text("one_device AND ended_at IS NULL")


def _of_account(name: str = "account_id", *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, _ID, sa.ForeignKey("account.id"), nullable=nullable)


def _text(name: str, *, nullable: bool = False, unique: bool | None = None) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=nullable, unique=unique)


def upgrade() -> None:
    """Create the tables, their indexes and the triggers of the audit trail."""
    op.create_table(
        "account",
        sa.Column("id", _ID, primary_key=True),
        _text("name", unique=True),
        _text("person"),
        _text("role"),
        _text("password_hash"),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime()),
    )
    op.create_table(
        "account_session",
        sa.Column("id", _ID, primary_key=True),
        _of_account(),
        _text("token_sha256", unique=True),
        sa.Column("one_device", sa.Boolean(), nullable=False),
        _text("address"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime()),
        _text("ended_by", nullable=True),
        _text("ended_from", nullable=True),
    )
    op.create_index(
        "ux_account_session_one_live",
        "account_session",
        ["account_id"],
        unique=True,
        sqlite_where=_ONE_LIVE,
        postgresql_where=_ONE_LIVE,
    )
    op.create_table(
        "account_key",
        sa.Column("id", _ID, primary_key=True),
        _of_account(),
        _text("label"),
        _text("hint"),
        _text("key_sha256", unique=True),
        _text("role"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime()),
        sa.Column("revoked_at", sa.DateTime()),
    )
    op.create_table(
        "login_device",
        sa.Column("token_sha256", sa.Text(), primary_key=True),
        _of_account(),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "login_count",
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(), nullable=False),
        sa.Column("blocked_until", sa.DateTime()),
    )
    op.create_table(
        "approval",
        sa.Column("id", _ID, primary_key=True),
        _text("action"),
        _text("subject"),
        _text("payload"),
        _text("digest"),
        _text("between"),
        _of_account("proposed_by"),
        _text("proposed_role"),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        _of_account("settled_by", nullable=True),
        _text("settled_role", nullable=True),
        sa.Column("settled_at", sa.DateTime()),
        sa.Column("confirmed", sa.Boolean()),
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", _ID, primary_key=True, autoincrement=False),
        _text("body"),
        _text("hash"),
    )
    for table in ("account_session", "account_key", "login_device"):
        op.create_index(f"ix_{table}_account_id", table, ["account_id"])
    op.create_index("ix_login_count_failed_at", "login_count", ["failed_at"])
    op.create_index("ix_approval_subject", "approval", ["subject"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRES)
        op.execute(
            "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{change.lower()} BEFORE {change} ON audit_entry "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )


def downgrade() -> None:
    """Remove the tables with their triggers."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")
