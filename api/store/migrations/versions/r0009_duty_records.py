"""What was entered of licences for their calendars of duties: facts, events, returns, restoration plans."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "duty_facts",
        sa.Column("licence_id", _ID, sa.ForeignKey("licence.id"), primary_key=True),
        sa.Column("operating_since", sa.Date()),
        sa.Column("filings_from", sa.Date()),
        sa.Column("auction_ended_on", sa.Date()),
        sa.Column("auction_group", sa.Text()),
        sa.Column("auction_explored", sa.Boolean()),
        sa.Column("written_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "duty_entry",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("licence_id", _ID, sa.ForeignKey("licence.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date()),
        sa.Column("done_on", sa.Date()),
        sa.Column("document", sa.JSON()),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("licence_id", "kind", "period"),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("duty_entry")
    op.drop_table("duty_facts")
