"""An office that was moved: the file of before takes nothing any more, so that nobody goes on in it by accident.

Whoever did would enter a second time what was entered since. A file beside it, `ledger.moved`, says where the work
goes on; it also stands in the way of a backup that is put back. Whoever deletes it means to go back.
"""

from pathlib import Path

from sqlalchemy import select

from rpa.audit.keys import write_whole
from rpa.errors import LedgerFailed, SetupError
from rpa.store.connect import Books
from rpa.store.databases.sqlite import LEDGER, SqliteFile
from rpa.store.migrate import found
from rpa.store.schema import audit_head

FILE = "ledger.moved"

GOES_ON = (
    "the ledger of this project was moved to {place}: say so by `database` in rpa.toml; how to go back is told in"
    " docs/scale.md"
)
NOT_YET = (
    "{name} is empty, and {file} holds the ledger of this project: move it by rpa store copy; where it is needed"
    " no more, delete it"
)
NOT_BEGUN = (
    "{name} holds no ledger: to begin a new one there, run rpa store migrate, once and on one machine; to move one"
    " from a file, run rpa store copy where that file is"
)
REMAINS = "{file} of before the move may still hold what was erased: delete it"


def place(folder: Path) -> str | None:
    """Return where the ledger of the state *folder* was moved to; None where it was not."""
    path = folder / FILE
    return path.read_text("utf-8").strip() if path.exists() else None


def mark(folder: Path, name: str) -> None:
    """Say that the ledger is moved to the database of this *name*."""
    write_whole(folder / FILE, name, 0o644)


def require_here(books: Books) -> None:
    """Raise `SetupError` for a ledger in a file that was moved, before anything is made in its place."""
    if isinstance(books.database, SqliteFile) and (elsewhere := place(books.folder)) is not None:
        raise SetupError(GOES_ON.format(place=elsewhere))


def require_begun(books: Books) -> None:
    """Raise `SetupError` for an empty database: the ledger that is to come there may be in a file elsewhere.

    Another machine that began one of its own would enter what stands there once more.
    """
    if isinstance(books.database, SqliteFile) or books.database.has_roles or found(books.engine) is not None:
        return
    file = books.folder / LEDGER
    words = NOT_YET if file.exists() and place(books.folder) is None else NOT_BEGUN
    raise SetupError(words.format(name=books.database.name, file=file))


def require_moved(books: Books) -> None:
    """Raise `SetupError` for a database in which nothing stands while a file beside it holds the ledger."""
    file = books.folder / LEDGER
    if isinstance(books.database, SqliteFile) or not file.exists() or place(books.folder) is not None:
        return
    with books.reading() as connection:
        if connection.execute(select(audit_head.c.size)).scalar_one() == 0:
            raise SetupError(NOT_YET.format(name=books.database.name, file=file))


def require_gone(books: Books) -> None:
    """Raise `LedgerFailed` where the file of before is still there, once something was erased."""
    file = books.folder / LEDGER
    if not isinstance(books.database, SqliteFile) and file.exists():
        raise LedgerFailed(REMAINS.format(file=file))
