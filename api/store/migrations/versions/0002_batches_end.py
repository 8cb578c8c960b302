"""When a batch ended: how long its uploads are kept counts from then"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. When earlier batches ended is not known: their time counts from now."""
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended", sa.DateTime(), nullable=True))
    batches = sa.table("batches", sa.column("ended", sa.DateTime()), sa.column("state", sa.String()))
    over = batches.c.state.in_(("done", "cancelled"))
    op.execute(sa.update(batches).where(over).values(ended=sa.func.current_timestamp(type_=sa.DateTime())))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_column("ended")
