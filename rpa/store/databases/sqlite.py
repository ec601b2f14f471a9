"""SQLite: one file on a local disk, for one machine.

The write-ahead log with `synchronous=FULL`, because `NORMAL` was measured to sync 8 times for 200 acknowledged
commits and a promise must be on the disk before the press; `BEGIN IMMEDIATE` for every writer, because a reader
that becomes a writer fails at once, however long it may wait; `secure_delete`, because what is deleted would else
stay in the file until its page is used again.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from rpa.errors import DiskFull, LedgerFailed, RpaError, SetupError
from rpa.store.databases.base import WAIT_SECONDS
from rpa.store.faults import FAILED, FULL, NOT_WRITABLE
from rpa.store.owner import LOCKS, Owner, is_alive, is_locked, locks_folder

LEDGER = "ledger.db"

READS = "keyonce_reads"

BUSY = "another process reads the ledger: what was erased may still stand in ledger.db-wal; try again in a while"

NOT_CLEANED = (
    "the ledger could not be written anew ({}), so that what was erased may still stand in its free places: "
    "free some space, end other processes; the next erasure does it"
)
LATER: dict[str, str] = {
    "SQLITE_BUSY": "another process held {ledger} for too long: nothing was written; look for one that hangs",
    "SQLITE_IOERR": FAILED,
}
NEEDS_CARE: dict[str, str] = {
    "SQLITE_READONLY": NOT_WRITABLE,
    "SQLITE_CANTOPEN": "{ledger} cannot be opened: look whether its folder exists and may be written",
    "SQLITE_CONSTRAINT_TRIGGER": (
        "{ledger} takes no such change: it was moved into a database (ledger.moved beside it says which), or its"
        " log is only added to"
    ),
    "SQLITE_CORRUPT": "{ledger} is damaged: stop every worker and restore it from a backup",
    "SQLITE_NOTADB": "{ledger} is not a ledger: stop every worker and restore it from a backup",
}


@dataclass(frozen=True)
class SqliteFile:
    """The ledger of one machine, in its state *folder*."""

    folder: Path

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.folder / LEDGER)

    @property
    def reads(self) -> Mapping[str, Any]:
        """The option on which `_begin` lets writers be."""
        return {READS: True}

    def connect(self) -> Engine:
        """Return the engine; the file appears when it is first connected to."""
        return open_engine(self.folder / LEDGER)

    def prepare(self, engine: Engine) -> None:
        """Do nothing: the tables are all."""

    def is_prepared(self, engine: Engine) -> bool:
        """Say yes."""
        del engine
        return True

    def begin_writing(self, connection: Connection) -> None:
        """Do nothing: `BEGIN IMMEDIATE` keeps other writers out."""

    def rows(self, connection: Connection, wanted: Select[Any]) -> Iterable[Sequence[Any]]:
        """Return the driver's own rows: a million of the library's would take as long as all the hashing."""
        return cast("Iterable[Sequence[Any]]", connection.execute(wanted).cursor)

    def told(self, error: DBAPIError) -> RpaError:
        """Return the failure in words, by the driver's name for it."""
        name = str(getattr(error.orig, "sqlite_errorname", type(error.orig).__name__))
        if name.startswith("SQLITE_FULL"):
            return DiskFull(FULL.format(ledger=self.name))
        for kind, words in ((LedgerFailed, LATER), (SetupError, NEEDS_CARE)):
            for code, sentence in words.items():
                if name.startswith(code):
                    return kind(sentence.format(ledger=self.name))
        return LedgerFailed(f"{self.name} refused to be read or written ({name}): nothing was written")

    def carried(self, mark: str | None) -> str | None:
        """Return the same: only this machine has written it."""
        return mark

    @property
    def delivers(self) -> bool:
        """No: its machine alone works with it."""
        return False

    @property
    def has_roles(self) -> bool:
        """No: whoever may write the file may write all of it."""
        return False

    def act_as_owner(self, connection: Connection) -> None:
        """Do nothing: whoever may write the file owns it."""

    def grant(self, connection: Connection) -> None:
        """Do nothing."""

    def is_unguarded(self, connection: Connection) -> bool:
        """Tell that nothing was to be guarded by roles."""
        del connection
        return False

    def require_owner(self, connection: Connection) -> None:
        """Do nothing."""

    def may_write(self, connection: Connection) -> bool:
        """Tell nothing: who may not write the file is told so when it is tried."""
        del connection
        return True

    def clean(self, engine: Engine) -> None:
        """Write the database anew without its free places, and empty the write-ahead log.

        `secure_delete` overwrites what is deleted, but a page that was split may keep a copy of a row in its gap,
        and the write-ahead log keeps the pages as they were. Raises `LedgerFailed` where a process that reads
        keeps the log from being emptied, or one that writes, or a full disk, keeps the database from being
        written.
        """
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchall()[0][0]
            cursor.close()
        except sqlite3.OperationalError as error:
            raise LedgerFailed(NOT_CLEANED.format(error.sqlite_errorname)) from error
        finally:
            connection.close()
        if busy:
            raise LedgerFailed(BUSY)

    def locks(self, engine: Engine) -> "FileLocks":
        """Return the locks on files beside the ledger."""
        del engine
        return FileLocks(self.folder)


@dataclass(frozen=True)
class FileLocks:
    """Locks on files in the state *folder*: the operating system frees them the moment that a process is gone."""

    folder: Path

    def hold(self) -> AbstractContextManager[Owner]:
        """Be an owner, by the lock on a file of one's own."""
        return Owner.hold(self.folder)

    def gone(self, connection: Connection, owners: Collection[str]) -> list[str]:
        """Return those of the *owners* whose file nobody holds."""
        del connection
        return [one for one in owners if not is_alive(self.folder, one)]

    def slot(self, system: str, number: int) -> "FileSlot":
        """Return a session, by the lock on its file."""
        return FileSlot(FileLock(locks_folder(self.folder) / session_file(system, number)))

    def signed_in(self, connection: Connection, sessions: Mapping[str, int]) -> dict[str, int]:
        """Return of each system how many of its sessions' files somebody holds."""
        del connection
        locks = self.folder / LOCKS
        return {
            system: sum(is_locked(locks / session_file(system, one)) for one in range(number))
            for system, number in sessions.items()
        }

    def attend(self, work: str) -> None:
        """Do nothing: on one machine each run has its own workers."""

    def attended(self, connection: Connection, works: Collection[str]) -> set[str]:
        """Return none: nobody waits here."""
        del connection, works
        return set()

    def close(self) -> None:
        """Do nothing: each lock has its owner."""


@dataclass(frozen=True)
class FileSlot:
    """One of a system's sessions on this machine."""

    lock: FileLock

    @property
    def held(self) -> bool:
        """Tell whether it is this one's."""
        return self.lock.is_locked

    def take(self) -> bool:
        """Take it if nobody has it."""
        if not self.held:
            try:
                self.lock.acquire(blocking=False)
            except Timeout:
                return False
        return True

    def free(self) -> None:
        """Give it back."""
        self.lock.release()


def session_file(system: str, number: int) -> str:
    """Return the name of the file whose lock is one of the system's sessions."""
    return f"session-{system}-{number}.lock"


def open_engine(ledger: Path) -> Engine:
    """Return the engine of a file."""
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
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
