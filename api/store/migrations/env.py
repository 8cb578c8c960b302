"""Alembic: runs the migrations on the engine that the store hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Engine

from api.store.tables import metadata

_engine: Engine = context.config.attributes["engine"]
with _engine.connect().execution_options(kpi_write=True) as _connection, _connection.begin():
    context.configure(_connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
