"""The tables. What a reviewer says is only ever added (decisions, corrections, sheets), never changed or removed."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Times are UTC.
batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("title", Text, nullable=False),
    Column("created", DateTime, nullable=False, index=True),
    Column("creator", Text, nullable=False),
    # queued, running, done, cancelled
    Column("state", String(10), nullable=False, index=True),
    # When it was done or cancelled; null before.
    Column("ended", DateTime),
    # A retry with the same key by the same creator is the same batch.
    Column("idempotency_key", String(255)),
    # What a request with that key held: another content under the same key is refused.
    Column("fingerprint", String(64)),
    Index("uq_batches_retry", "creator", "idempotency_key", unique=True),
)

documents = Table(
    "documents",
    metadata,
    Column("batch", ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),  # in the order of upload, from 0
    Column("label", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("fiscal_year", Integer),
    # queued, running, done, failed, cancelled
    Column("state", String(10), nullable=False),
    # Of a failed document: the code and the sentence of its problem.
    Column("problem", String(64)),
    Column("message", Text),
    Column("content", LargeBinary),  # the file; null once its time is over
    Column("extraction", LargeBinary),  # JSON, deflated; as read, corrections are kept apart
    Column("review", LargeBinary),  # JSON, deflated; of the extraction with its corrections
    Index("ix_documents_state", "state", "batch", "number"),
)

# One row a project of a document that was read, for lists: what is shown, sorted, filtered, searched.
projects = Table(
    "projects",
    metadata,
    Column("batch", String(32), primary_key=True),
    Column("document", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", Text),
    Column("code", Text),
    Column("organisation", Text),
    Column("fiscal_year", Integer),
    Column("indicators", Integer, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("measurable", Integer, nullable=False),
    Column("quantified", Numeric(9, 4)),  # a share; null where no value is filled in
    Column("score", Numeric(9, 4)),  # points reached of the checkable ones, a share; null where nothing was checkable
    Column("errors", Integer, nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("infos", Integer, nullable=False),
    ForeignKeyConstraint(["batch", "document"], ["documents.batch", "documents.number"], ondelete="CASCADE"),
)

findings = Table(
    "findings",
    metadata,
    Column("batch", String(32), primary_key=True),
    Column("document", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),  # in the review's list
    Column("id", String(32), nullable=False, index=True),
    Column("rule", String(16), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("project", Integer),
    Column("indicator", Integer),
    ForeignKeyConstraint(["batch", "document"], ["documents.batch", "documents.number"], ondelete="CASCADE"),
    Index("ix_findings_rule", "batch", "rule"),
)

# Keyed by the finding's id alone: it outlives the batch, another upload of the document, and a newer ruleset.
decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("finding", String(32), nullable=False, index=True),
    Column("rule", String(16), nullable=False),
    # accept, dismiss, reopen, edit (of the suggestion), note
    Column("action", String(8), nullable=False),
    Column("text", Text),
    Column("reviewer", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("ruleset_version", String(16), nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("batch", String(32), nullable=False),
    Column("document", Integer, nullable=False),
    Column("project", Integer, nullable=False),
    Column("indicator", Integer, nullable=False),
    Column("field", String(16), nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("reviewer", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    ForeignKeyConstraint(["batch", "document"], ["documents.batch", "documents.number"], ondelete="CASCADE"),
    Index("ix_corrections_document", "batch", "document"),
)

# What a person writes on a project's review sheet: the newest row of a project holds.
sheets = Table(
    "sheets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("batch", String(32), nullable=False),
    Column("document", Integer, nullable=False),
    Column("project", Integer, nullable=False),
    Column("version", Integer, nullable=False),  # 1, 2, …: of two who save over the same one, one is refused
    Column("filled", Text, nullable=False),  # JSON: block → {points, opinion}, and the overall opinion and grade
    Column("reviewer", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    ForeignKeyConstraint(["batch", "document"], ["documents.batch", "documents.number"], ondelete="CASCADE"),
    Index("uq_sheets_version", "batch", "document", "project", "version", unique=True),
)

reviewers = Table(
    "reviewers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),  # SHA-256 of a random key of 256 bits
    Column("created", DateTime, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("reviewer", Text, nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("expires", DateTime, nullable=False),
)
