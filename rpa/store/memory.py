"""What is known of the ledger outside of it: its newest signed checkpoint, in notes that no database brings back.

One is in the state folder of each machine, and one beside the documents where all machines see those: whichever
knows most counts. They are written while no other machine writes to the ledger, since the locks of network file
systems can't be trusted, and not every store of objects has any.
"""

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row, select

from rpa.audit.checkpoint import checkpoint_of
from rpa.audit.note import NotGenuineError
from rpa.errors import RpaError
from rpa.keeping.base import CHECKPOINT, Note
from rpa.keeping.folder import NoteFile
from rpa.store.connect import Books
from rpa.store.schema import checkpoints

NEWEST = select(checkpoints.c.size, checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)


def notes(books: Books) -> dict[Note, bytes]:
    """Return what is remembered, by its place. Raises `LedgerFailed` for one that can't be read now."""
    found = {place: place.read() for place in _places(books)}
    return {place: note for place, note in found.items() if note is not None}


def follow(books: Books, over: Collection[bytes] = ()) -> None:
    """Let each place know what the ledger has signed since; only those of the notes *over* give way to less.

    Where one can't be written, or the ledger not be read, an older one stays: it notices less, and nothing
    false.
    """
    with suppress(RpaError):
        with books.reading() as connection:
            behind = _behind(connection, books, over)
        if behind:
            with books.writing() as connection:  # read anew: another machine may have been quicker
                for place, note in _behind(connection, books, over).items():
                    place.write(note)


def _places(books: Books) -> list[Note]:
    own = NoteFile(books.folder / CHECKPOINT)
    return [own] if books.shared is None else [own, books.shared]


def _behind(connection: Connection, books: Books, over: Collection[bytes]) -> dict[Note, bytes]:
    """Return the places that know less than the ledger, with what they are to know."""
    newest = connection.execute(NEWEST).first()
    known = notes(books)
    return {
        place: newest.note
        for place in _places(books)
        if newest is not None and _gives_way(known.get(place), newest, over)
    }


def _gives_way(known: bytes | None, newest: Row[Any, Any], over: Collection[bytes]) -> bool:
    if known is None:
        return True
    if known in over:
        return bool(known != newest.note)
    try:
        return checkpoint_of(known.decode(errors="replace")).size < int(newest.size)
    except NotGenuineError:
        return False  # whoever opens the ledger is told of it
