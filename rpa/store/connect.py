"""An open ledger: its database and folder, and how a transaction begins and ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from rpa.audit.entry import Author
from rpa.audit.signer import Signer
from rpa.keeping.base import Note
from rpa.store.databases.base import Database, Locks
from rpa.store.sealing import Sealer


@dataclass(frozen=True)
class Books:
    """An open ledger: its database and folder, who writes it, what opens its records, and who signs its log.

    *shared* is where all machines see the newest checkpoint, if they do.
    """

    database: Database
    engine: Engine
    locks: Locks
    folder: Path
    author: Author
    sealer: Sealer
    signer: Signer
    shared: Note | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that is committed at the end, or undone whole when anything is raised."""
        with self.in_words(), self.engine.begin() as connection:
            self.database.begin_writing(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that sees the ledger as it is now, and keeps nobody from writing."""
        engine = self.engine.execution_options(**self.database.reads)
        with self.in_words(), engine.begin() as connection:
            yield connection

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Raise the database's errors as `LedgerFailed` (try later) or `SetupError` (a person is needed).

        Never with a statement, whose values may be personal.
        """
        try:
            yield
        except DBAPIError as error:
            raise self.database.told(error) from error

    def require_owner(self) -> None:
        """Raise `SetupError` for an account that can't take what is erased out of the database's files."""
        with self.reading() as connection:
            self.database.require_owner(connection)

    def close(self) -> None:
        """Let go what is held, and close the connections."""
        self.locks.close()
        self.engine.dispose()
