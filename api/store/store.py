"""The database: SQLite by default, PostgreSQL by URL, with the same tables; brought to the newest form when opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_MIGRATIONS = Path(__file__).parent / "migrations"
# A writer waits so long for another one before it gives up.
_BUSY_SECONDS = 30


class Store:
    """An open database. ``read`` and ``write`` give a connection in a transaction; ``write`` keeps all or nothing."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        migrate(self.engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the data."""
        with self.engine.connect() as connection, _certain(connection):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection whose changes are kept when the block ends, and dropped when it raises."""
        begun = self.engine.connect().execution_options(kpi_write=True)
        with begun as connection, connection.begin(), _certain(connection):
            yield connection

    def copy_to(self, file: Path) -> None:
        """Copy a SQLite database as it is at one moment, while others go on writing; the copy is one file."""
        with self.engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def _certain(connection: Connection) -> Iterator[None]:
    """Close the connection where it is not known how far the driver had come when something else than it raised.

    An answer may be on its way that the next query would get. The server rolls back by itself.
    """
    try:
        yield
    except DBAPIError:
        raise
    except BaseException:
        connection.invalidate()
        raise


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+pg8000")
    return create_engine(parsed, pool_pre_ping=True, isolation_level="READ COMMITTED")


def _sqlite_connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begins(connection: Connection) -> None:
    """A writer takes its lock at once: one that only asks for it on its first change may be refused without waiting."""
    writes = connection.get_execution_options().get("kpi_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest form; what is there already is left alone."""
    config = _config(engine)
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != newest:
        command.upgrade(config, "head")


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path.absolute()}"


# PostgreSQL: connection lost, resources (disk, connections), an administrator, a lock that another one was quicker to.
_AWAY = ("08", "53", "57", "40")


def is_away(error: Exception) -> bool:
    """Whether the database is away, locked or full for a while, and does not refuse what it was told."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    said = error.orig.args[0] if error.orig is not None and error.orig.args else None
    code = said.get("C") if isinstance(said, dict) else None  # as pg8000 tells it
    return error.connection_invalidated or (isinstance(code, str) and code.startswith(_AWAY))
