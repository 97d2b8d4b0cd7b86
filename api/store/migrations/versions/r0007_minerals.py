"""What an officer adds is told mineral by mineral: price code, conversion, licensed quantity, code of the price frame."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLE = "licence_facts"
_NEW = ("frame_code", "licensed_quantity", "quantity_unit")
_ONE = "uq_licence_facts_licence_id"
_NAMED_BY_POSTGRESQL = "licence_facts_licence_id_key"
_EACH = "uq_licence_facts_licence_id_mineral_code"
_NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    """Let a licence have a row for each of its minerals; rows there are those of the licence's own."""
    mineral = sa.Column("mineral_code", sa.Text(), nullable=False, server_default="")
    more = [sa.Column(name, sa.Text()) for name in _NEW]
    if _sqlite():
        with op.batch_alter_table(_TABLE, naming_convention=_NAMES) as table:
            for column in (mineral, *more):
                table.add_column(column)
            table.drop_constraint(_ONE, type_="unique")
            table.create_unique_constraint(_EACH, ["licence_id", "mineral_code"])
        return
    for column in (mineral, *more):
        op.add_column(_TABLE, column)
    op.drop_constraint(_NAMED_BY_POSTGRESQL, _TABLE, type_="unique")
    op.create_unique_constraint(_EACH, _TABLE, ["licence_id", "mineral_code"])


def downgrade() -> None:
    """Go back to one row a licence; rows of other minerals are lost."""
    op.execute(sa.text(f"DELETE FROM {_TABLE} WHERE mineral_code <> ''"))  # noqa: S608 - a name of this file
    with op.batch_alter_table(_TABLE) as table:
        table.drop_constraint(_EACH, type_="unique")
        table.create_unique_constraint(_ONE if _sqlite() else _NAMED_BY_POSTGRESQL, ["licence_id"])
        for name in ("mineral_code", *_NEW):
            table.drop_column(name)
