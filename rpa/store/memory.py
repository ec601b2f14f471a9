"""What is known of the ledger outside of it: its newest signed checkpoint, in files that no database brings back.

One is in the state folder of each machine, and one beside the documents where all machines see those: whichever
knows most counts. They are written while no other machine writes to the ledger, since the locks of network file
systems can't be trusted.
"""

import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from rpa.audit.checkpoint import checkpoint_of
from rpa.audit.keys import write_whole
from rpa.audit.note import NotGenuineError
from rpa.errors import LedgerFailed, RpaError
from rpa.store.connect import Books
from rpa.store.schema import checkpoints

CHECKPOINT = "checkpoint"
"""The file's name."""

NEWEST = select(checkpoints.c.size, checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)


def notes(books: Books) -> dict[Path, bytes]:
    """Return what is remembered, by its file. Raises `LedgerFailed` for a file that can't be read now."""
    found = {path: _read(path) for path in _places(books)}
    return {path: note for path, note in found.items() if note is not None}


def follow(books: Books, over: Collection[bytes] = ()) -> None:
    """Let each file know what the ledger has signed since; only those of the notes *over* give way to less.

    Where a file can't be written, or the ledger not be read, an older one stays: it notices less, and nothing
    false.
    """
    with suppress(RpaError):
        with books.reading() as connection:
            behind = _behind(connection, books, over)
        if behind:
            with books.writing() as connection:  # read anew: another machine may have been quicker
                for path, note in _behind(connection, books, over).items():
                    _write(path, note)


def _places(books: Books) -> list[Path]:
    return [folder / CHECKPOINT for folder in (books.folder, books.shared) if folder is not None]


def _behind(connection: Connection, books: Books, over: Collection[bytes]) -> dict[Path, bytes]:
    """Return the files that know less than the ledger, with what they are to know."""
    newest = connection.execute(NEWEST).first()
    known = notes(books)
    return {
        path: newest.note
        for path in _places(books)
        if newest is not None and _gives_way(known.get(path), newest, over)
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


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerFailed(
            f"{path} can't be read ({error.strerror}): whether the ledger is whole is unknown"
        ) from None


def _write(path: Path, note: bytes) -> None:
    """Write by a draft of its own: a machine that stood still and wakes up must not spoil another's."""
    draft = path.with_name(f"{path.name}-{secrets.token_hex(4)}")
    with suppress(OSError):
        try:
            write_whole(draft, note.decode().removesuffix("\n"), 0o644)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
