"""The work of a province: what the officer adds to a licence, who works on it, results, own cited rates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("province_rate", "settlement_result", "settlement_run", "worklist_item", "licence_facts")


def _texts(*names: str, nullable: bool = True) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _sums(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger()) for name in names]


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "licence_facts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("licence_id", _ID, sa.ForeignKey("licence.id"), nullable=False, unique=True),
        sa.Column("eligible", sa.Boolean()),
        *_texts("right_by", "winning_rate_percent"),
        *_sums("won_vnd", "start_vnd"),
        *_texts("rate_at_auction_percent", "price_code", "price_kind"),
        *_texts("bulking_factor", "density", "grade", "price_grade", "grade_unit", "kaolin_recovery", "kaolin_state"),
        *_texts("output_state", "factor", "output_factor", "factor_source"),
        sa.Column("fee_approved_on", sa.Date()),
        *_texts("mined_before_2014"),
        sa.Column("licence_years", sa.Integer()),
        *_texts("flow_m3_per_day", "hours_per_day"),
        *_sums("paid_vnd", "budget_debts_vnd"),
        *_texts("source_sheet"),
        sa.Column("source_row", sa.Integer()),
        sa.Column("batch_id", _ID, sa.ForeignKey("office_batch.id")),
    )
    op.create_index("ix_licence_facts_batch_id", "licence_facts", ["batch_id"])
    op.create_table(
        "worklist_item",
        sa.Column("licence_id", _ID, sa.ForeignKey("licence.id"), primary_key=True),
        *_texts("owner", "status", "note"),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_worklist_item_owner", "worklist_item", ["owner"])
    op.create_table(
        "settlement_run",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime()),
        sa.Column("dated", sa.Date(), nullable=False),
        *_texts("law_digest", nullable=False),
    )
    op.create_table(
        "settlement_result",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("licence_id", _ID, sa.ForeignKey("licence.id"), nullable=False),
        sa.Column("run_id", _ID, sa.ForeignKey("settlement_run.id"), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        *_texts("law_digest", "case_sha256", nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        *_sums("settled_vnd", "paid_vnd", "difference_vnd"),
        *_texts("outcome"),
        *_sums("reapproved_vnd", "annual_vnd"),
        sa.UniqueConstraint("licence_id", "law_digest"),
    )
    op.create_index("ix_settlement_result_run_id", "settlement_result", ["run_id"])
    op.create_table(
        "province_rate",
        sa.Column("id", _ID, primary_key=True),
        *_texts("key", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        *_texts("rate_percent", "instrument", "article", "entered_by", nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("key", "valid_from"),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in _TABLES:
        op.drop_table(table)
