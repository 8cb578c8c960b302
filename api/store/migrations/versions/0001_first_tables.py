"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batches_created"), ["created"], unique=False)
        batch_op.create_index(batch_op.f("ix_batches_state"), ["state"], unique=False)
        batch_op.create_index("uq_batches_retry", ["creator", "idempotency_key"], unique=True)

    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("finding", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("ruleset_version", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_finding"), ["finding"], unique=False)

    op.create_table(
        "reviewers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reviewers")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_reviewers_key_hash")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_table(
        "documents",
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("extraction", sa.LargeBinary(), nullable=True),
        sa.Column("review", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_documents_batch_batches"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index("ix_documents_state", ["state", "batch", "number"], unique=False)

    op.create_table(
        "corrections",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch", "document"],
            ["documents.batch", "documents.number"],
            name=op.f("fk_corrections_batch_document_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_corrections")),
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index("ix_corrections_document", ["batch", "document"], unique=False)

    op.create_table(
        "findings",
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("project", sa.Integer(), nullable=True),
        sa.Column("indicator", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch", "document"],
            ["documents.batch", "documents.number"],
            name=op.f("fk_findings_batch_document_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch", "document", "place", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_id"), ["id"], unique=False)
        batch_op.create_index("ix_findings_rule", ["batch", "rule"], unique=False)

    op.create_table(
        "projects",
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("indicators", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("measurable", sa.Integer(), nullable=False),
        sa.Column("quantified", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("score", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("infos", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch", "document"],
            ["documents.batch", "documents.number"],
            name=op.f("fk_projects_batch_document_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch", "document", "number", name=op.f("pk_projects")),
    )
    op.create_table(
        "sheets",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch", "document"],
            ["documents.batch", "documents.number"],
            name=op.f("fk_sheets_batch_document_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sheets")),
    )
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.create_index("ix_sheets_project", ["batch", "document", "project"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.drop_index("ix_sheets_project")

    op.drop_table("sheets")
    op.drop_table("projects")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index("ix_findings_rule")
        batch_op.drop_index(batch_op.f("ix_findings_id"))

    op.drop_table("findings")
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.drop_index("ix_corrections_document")

    op.drop_table("corrections")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index("ix_documents_state")

    op.drop_table("documents")
    op.drop_table("sessions")
    op.drop_table("reviewers")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_finding"))

    op.drop_table("decisions")
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_index("uq_batches_retry")
        batch_op.drop_index(batch_op.f("ix_batches_state"))
        batch_op.drop_index(batch_op.f("ix_batches_created"))

    op.drop_table("batches")
