"""Review sheets have a version, so that two who save at once cannot both take theirs for the newest"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = ["batch", "document", "project"]


def upgrade() -> None:
    """Count the sheets of each project in the order in which they were saved."""
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_index("ix_sheets_project")
    sheets = sa.table("sheets", sa.column("number"), sa.column("version"), *map(sa.column, _COLUMNS))
    earlier = sheets.alias()
    same = [earlier.c[name] == sheets.c[name] for name in _COLUMNS]
    count = sa.select(sa.func.count()).select_from(earlier).where(earlier.c.number <= sheets.c.number, *same)
    op.execute(sa.update(sheets).values(version=count.scalar_subquery()))
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)
        batch_op.create_index("uq_sheets_version", [*_COLUMNS, "version"], unique=True)


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.drop_index("uq_sheets_version")
        batch_op.drop_column("version")
        batch_op.create_index("ix_sheets_project", _COLUMNS, unique=False)
