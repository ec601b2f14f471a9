"""The log's signing keys, and their change: the last checkpoint and the note of both keys stand side by side."""

from sqlalchemy import Connection, insert, select

from rpa.audit.chain import KeyChange, Keys, read_change
from rpa.audit.entry import Event, Fact
from rpa.audit.keys import public_key
from rpa.audit.note import NotGenuineError
from rpa.errors import LogRewritten, SetupError
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import checkpoints, key_changes
from rpa.store.trail import append


def notes_of_changes(connection: Connection) -> list[str]:
    """Return the notes by which the key was changed, the oldest first."""
    notes = select(key_changes.c.note).order_by(key_changes.c.size)
    return [note.decode(errors="replace") for note in connection.execute(notes).scalars()]


def keys(connection: Connection, books: Books) -> Keys:
    """Return the log's keys; raise `LogRewritten` where their changes do not lead to the public one.

    A change that was written down and then broke off is brought to its end.
    """
    public = public_key(books.folder)
    try:
        known = Keys.of(public, notes_of_changes(connection))
    except NotGenuineError:
        raise LogRewritten from None
    if known.newest != public:
        books.signer.adopt(known.newest)
    return known


def change(books: Books) -> None:
    """Let a new key sign from the last checkpoint on; see `Log.change_signing_key`."""
    with books.writing() as connection:
        before = keys(connection, books).newest
        note = books.signer.change(_last_checkpoint(connection))
        changed = _read(note)
        if changed.old != before or changed.checkpoint.text() != _last_checkpoint(connection):
            raise SetupError("the signer has changed its key at another checkpoint than the log's last one")
        connection.execute(insert(key_changes), {"size": changed.size, "note": note.encode()})
        data = {"key": "signing", "old": str(changed.old), "new": str(changed.new), "size": changed.size}
        append(connection, books.author, Fact(event=Event.KEY_CHANGED, data=data), now())
    books.signer.adopt(changed.new)


def _read(note: str) -> KeyChange:
    try:
        return read_change(note)
    except NotGenuineError as error:
        raise SetupError(f"the signer's change of its key: {error}") from None


def _last_checkpoint(connection: Connection) -> str:
    """Return the text of the last checkpoint."""
    of = checkpoints.c
    note = connection.execute(select(of.note).order_by(of.size.desc()).limit(1)).scalar()
    if note is None:
        raise SetupError("nothing of the log is signed yet: there is no key to be changed")
    return f"{note.decode().partition(chr(10) * 2)[0]}\n"
