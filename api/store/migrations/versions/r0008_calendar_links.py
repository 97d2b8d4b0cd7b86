"""Secret links of the calendar feeds of licences."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "calendar_link",
        sa.Column("licence_id", _ID, sa.ForeignKey("licence.id"), primary_key=True),
        sa.Column("token_sha256", sa.Text(), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("calendar_link")
