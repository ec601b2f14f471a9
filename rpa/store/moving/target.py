"""The database that an office is moved to: until everything is there and verified, nothing opens it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, exists, func, inspect, select, text

from rpa.audit.entry import Event, Fact
from rpa.errors import SetupError
from rpa.store.connect import Books
from rpa.store.migrate import COPYING, found, migrate
from rpa.store.moving.rows import exactly
from rpa.store.rows import now
from rpa.store.schema import LOG, REVISION, audit_head, ledger
from rpa.store.trail import append

NOT_EMPTY = "{name} holds something already: name an empty database by `database` in rpa.toml"
NO_COPY = "{name} holds no copy that broke off: the ledger was moved there before"
OTHER = "another rpa store copy writes to {name}"


@dataclass
class Target:
    """The database, from when it is empty until it holds the whole ledger."""

    books: Books
    own_key: bool
    _mark: str = field(default_factory=lambda: f"{COPYING} {secrets.token_hex(8)}")

    def begin(self, *, only_again: bool) -> None:
        """Make the tables, empty; *only_again* where a copy to it broke off. Raises `SetupError` for any other."""
        revision = found(self.books.engine) or ""
        broke_off = revision.startswith(COPYING)
        if only_again and not broke_off:
            raise SetupError(NO_COPY.format(name=self.books.database.name))
        if not broke_off:
            self._require_free(revision)
            migrate(self.books, own_key=self.own_key)
        with self.books.writing() as connection:
            self.books.database.act_as_owner(connection)
            if not broke_off:
                self._require_empty(connection)
            _empty(connection)
            _set_revision(connection, self._mark)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction of the owner, unless another copy has begun since."""
        with self.books.writing() as connection:
            self.books.database.act_as_owner(connection)
            if connection.execute(text("SELECT version_num FROM alembic_version")).scalar() != self._mark:
                raise SetupError(OTHER.format(name=self.books.database.name))
            yield connection

    def count_on(self) -> None:
        """Let rows that come be numbered after those that were copied."""
        with self.writing() as connection:
            for table in ledger.sorted_tables:
                column = table.autoincrement_column
                if column is not None:
                    numbers = func.pg_get_serial_sequence(table.name, column.name)
                    connection.execute(select(func.setval(numbers, func.max(column))))

    def end(self, told: dict[str, Any]) -> None:
        """Let it be opened: it is the ledger from now on, and its log says so."""
        with self.writing() as connection:
            _set_revision(connection, REVISION)
            append(connection, self.books.author, Fact(event=Event.LEDGER_MOVED, data=told), now())
            self.books.database.grant(connection)

    def _require_free(self, revision: str) -> None:
        """Raise `SetupError` where tables of others have the names of ours."""
        with self.books.reading() as connection:
            if not revision and set(inspect(connection).get_table_names()) & set(ledger.tables):
                raise SetupError(NOT_EMPTY.format(name=self.books.database.name))

    def _require_empty(self, connection: Connection) -> None:
        tables = [table for table in ledger.sorted_tables if table is not audit_head]
        holds = any(connection.execute(select(exists(exactly(table)))).scalar() for table in tables)
        if holds or connection.execute(select(audit_head.c.size)).scalar_one():
            raise SetupError(NOT_EMPTY.format(name=self.books.database.name))


def _empty(connection: Connection) -> None:
    """Take away what a copy that broke off has left; the triggers of the log let only the owner do so."""
    for able in ("DISABLE", "ENABLE"):
        for table in LOG:
            connection.execute(text(f"ALTER TABLE {table} {able} TRIGGER USER"))
        if able == "DISABLE":
            connection.execute(text(f"TRUNCATE {', '.join(ledger.tables)} RESTART IDENTITY"))


def _set_revision(connection: Connection, revision: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
