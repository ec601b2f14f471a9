"""The engine: how the database is opened, and how a transaction begins and ends.

SQLite: the write-ahead log with `synchronous=FULL`, because `NORMAL` was measured to sync 8 times for 200
acknowledged commits and a promise must be on the disk before the press; `BEGIN IMMEDIATE` for every writer,
because a reader that becomes a writer fails at once, however long it may wait.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry

from rpa.audit.entry import Author
from rpa.store.faults import in_words

LEDGER = "ledger.db"
WAIT_SECONDS = 60
"""How long a writer waits. Four writers in a tight loop were measured to keep one of them waiting for 5 s."""

READS = "keyonce_reads"


def open_engine(ledger: Path) -> Engine:
    """Return the engine of the ledger; the file appears when it is first connected to."""
    engine = create_engine(
        URL.create("sqlite", database=str(ledger)),
        connect_args={"timeout": WAIT_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    del entry
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@dataclass(frozen=True)
class Books:
    """An open ledger: its database, its folder, and in whose name it is written."""

    engine: Engine
    folder: Path
    author: Author

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that is committed at the end, or undone whole when anything is raised."""
        with in_words(self.folder / LEDGER), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that sees the ledger as it is now, and keeps nobody from writing."""
        engine = self.engine.execution_options(**{READS: True})
        with in_words(self.folder / LEDGER), engine.begin() as connection:
            yield connection
