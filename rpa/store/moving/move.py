"""The whole move: copy, compare, verify, close the file of before, open the database. In this order.

Where it breaks off, the file is as it was, or closed for good once all is in the database and verified; and the
database is not opened before the end. So there are never two ledgers in which the same record could be entered.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from rpa.audit.verify import ALONE
from rpa.errors import LedgerFailed, SetupError
from rpa.store import moved
from rpa.store.checking import verified
from rpa.store.connect import Books
from rpa.store.databases.sqlite import LEDGER
from rpa.store.migrate import migrate
from rpa.store.moving.rows import add, batches, count, same
from rpa.store.moving.source import alone, close
from rpa.store.moving.target import Target
from rpa.store.schema import ledger

NOTHING = "there is no ledger at {file} that could be moved; rpa store migrate makes a new one in the database"
BROKEN = (
    "the audit trail of {name} is broken: {problem}; rpa audit verify tells more, and nothing is moved until then"
)
DIFFERS = "what {name} holds in {table} is not what was copied: nothing was moved; run rpa store copy again"


@dataclass(frozen=True)
class Copied:
    """What was moved, from the file to the place, in how many seconds."""

    source: str
    place: str
    tables: int
    rows: int
    entries: int
    seconds: float


def move(source: Books, target: Books, *, own_key: bool, told: Callable[[str, int], None]) -> Copied:
    """Move the ledger; see `Store.copy`."""
    began, file, to = time.monotonic(), source.database.name, target.database.name
    closed = moved.place(source.folder)
    if closed not in {None, to}:
        raise SetupError(moved.GOES_ON.format(place=closed))
    if not (source.folder / LEDGER).exists():
        raise SetupError(NOTHING.format(file=file))
    if closed is None:
        with source.in_words():
            migrate(source, own_key=own_key)
        _require_verified(source)
    goal = Target(target, own_key)
    with source.in_words(), alone(source) as connection:
        with target.in_words():
            goal.begin(only_again=closed is not None)
        rows = sum(_copy(connection, goal, told))
        _compare(connection, target)
        goal.count_on()
        entries = _require_verified(target)
        moved.mark(source.folder, to)
        close(connection)
    goal.end({"from": file, "to": to, "size": entries})
    return Copied(file, to, len(ledger.tables), rows, entries, time.monotonic() - began)


def _copy(connection: Connection, goal: Target, told: Callable[[str, int], None]) -> Iterator[int]:
    """Copy each table, after those that it refers to; yield how many rows it has."""
    for table in ledger.sorted_tables:
        rows = 0
        for some in batches(connection, table):
            with goal.writing() as to:
                add(to, table, some)
            rows += len(some)
        told(table.name, rows)
        yield rows


def _compare(connection: Connection, target: Books) -> None:
    """Raise `LedgerFailed` unless the target holds every row as it is, and no other; all proofs are rows too."""
    for table in ledger.sorted_tables:
        rows = 0
        for some in batches(connection, table):
            with target.reading() as to:
                if not same(to, table, some):
                    raise LedgerFailed(DIFFERS.format(name=target.database.name, table=table.name))
            rows += len(some)
        with target.reading() as to:
            if count(to, table) != rows:
                raise LedgerFailed(DIFFERS.format(name=target.database.name, table=table.name))


def _require_verified(books: Books) -> int:
    """Return how many entries the log has; raise `SetupError` where it is broken."""
    verdict = verified(books, ALONE)
    if verdict.problems:
        raise SetupError(BROKEN.format(name=books.database.name, problem=verdict.problems[0]))
    return verdict.entries
