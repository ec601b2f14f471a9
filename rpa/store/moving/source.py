"""The file that an office is moved from: nobody else has it open, and afterwards it takes nothing any more."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import Connection, text

from rpa.errors import SetupError
from rpa.store.connect import Books
from rpa.store.databases.base import WAIT_SECONDS
from rpa.store.migrate import MOVED
from rpa.store.owner import anybody_works
from rpa.store.schema import ledger

IN_USE = "{file} is in use: end the service, the console and every run, and keep them from starting"
REFUSAL = "the ledger was moved"


@contextmanager
def alone(books: Books) -> Iterator[Connection]:
    """Give the ledger in one transaction, in which nobody else writes. Raises `SetupError` where it is in use."""
    in_use = SetupError(IN_USE.format(file=books.database.name))
    if anybody_works(books.folder):
        raise in_use
    with books.engine.connect() as connection:
        if not _is_alone(cast("sqlite3.Connection", connection.connection.driver_connection)):
            raise in_use
        with connection.begin():
            yield connection


def close(connection: Connection) -> None:
    """Let it take no change any more, of whatever has it open or is older than this; nor be opened."""
    for table in ledger.tables:
        for change in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_moved_{change.lower()} BEFORE {change} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
            )
    connection.execute(text("UPDATE alembic_version SET version_num = :moved"), {"moved": MOVED})


def _is_alone(driver: sqlite3.Connection) -> bool:
    """Tell whether no other connection is open: only then SQLite lets the write-ahead log go, for a moment."""
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        return bool(driver.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",))
    except sqlite3.OperationalError:
        return False
    finally:
        driver.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
        driver.execute("PRAGMA journal_mode = WAL")
