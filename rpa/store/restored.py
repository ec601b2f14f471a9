"""An old copy of the ledger put back: noticed when it is opened, and distrusted until the systems have been asked.

The last signed checkpoint is also kept outside of the ledger. A ledger that does not hold it is an older
copy: it has forgotten entries that were made since. What it has open, and what the next run of a bot finds in its
documents, may be in the systems already, so all of it is *unsure*: a search is not believed before `settle` is
over, and what can't be searched for goes to a person.
"""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from rpa import uptime
from rpa.audit.checkpoint import Checkpoint, checkpoint_of, read_checkpoint
from rpa.audit.entry import Event, Fact, decode
from rpa.audit.keys import public_key
from rpa.audit.note import NotGenuineError
from rpa.errors import SetupError
from rpa.keeping.base import Note
from rpa.store import memory
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import audit_entries, audit_head, checkpoints, restores, runs, transactions
from rpa.store.seals import sign
from rpa.store.trail import append
from rpa.work import ENTERED, Run, Status

CERTAIN = frozenset({*ENTERED, Status.ABANDONED, Status.IN_DOUBT})
"""Nobody enters it any more, or not before a person has looked for it; what was rejected or has failed may have
been sent again since."""

STRANGE = (
    "{folder} has no checkpoint of {name}, so that nobody would notice here if an older copy of it was put back:"
    " copy the file checkpoint, with personal.key, audit.key and audit.pub, from a machine that works with it"
    " (docs/scale.md, Workers on several machines)"
)

of = transactions.c


def notice(books: Books) -> None:
    """Distrust the ledger where a checkpoint is remembered that it does not hold, and remember its newest.

    Raises `SetupError` for a false file, and on a machine that remembers nothing of a ledger that others share.
    """
    known = memory.notes(books)
    with books.reading() as connection:
        if not known:
            _require_alone(connection, books)
        forgotten = _forgotten(connection, books, known)
    memory.follow(books, over=_answer(books) if forgotten else ())


def unsure_since(connection: Connection, run: Run) -> str | None:
    """Return since when what this run finds may have been entered already; None where it is new for sure.

    A run of the bot that was begun after the ledger was put back, and has read all there was to read, has seen
    every document that lay there then.
    """
    newest = connection.execute(select(restores).order_by(restores.c.id.desc()).limit(1)).first()
    if newest is None:
        return None
    since = (runs.c.bot == run.bot, runs.c.started >= newest.at, runs.c.read_all)
    seen = connection.execute(select(runs.c.id).where(*since).limit(1)).first()
    return None if seen else str(newest.uptime)


def _require_alone(connection: Connection, books: Books) -> None:
    """Raise `SetupError` where other machines may know more of the ledger than can be known here."""
    if books.database.delivers and connection.execute(memory.NEWEST).first() is not None:
        raise SetupError(STRANGE.format(folder=books.folder, name=books.database.name))


def _answer(books: Books) -> list[bytes]:
    """Distrust the ledger, unless another machine has for the same; return what need not be remembered then."""
    with books.writing() as connection:
        forgotten = _forgotten(connection, books, memory.notes(books))
        missed = [one for one in forgotten.values() if not _is_told(connection, one)]
        if missed and _distrust(connection, books, max(missed, key=lambda one: one.size)) is None:
            return []
    return list(forgotten)


def _forgotten(connection: Connection, books: Books, known: Mapping[Note, bytes]) -> dict[bytes, Checkpoint]:
    """Return what is known and the ledger does not hold: each was signed in it before."""
    read = {note: _read(books.folder, place, note) for place, note in known.items()}
    return {note: one for note, one in read.items() if not _is_held(connection, one, note)}


def _is_held(connection: Connection, known: Checkpoint, note: bytes) -> bool:
    kept = select(checkpoints.c.note).where(checkpoints.c.size == known.size)
    return connection.execute(kept).scalar() == note


def _is_told(connection: Connection, known: Checkpoint) -> bool:
    """Tell whether the log says already that the ledger is older than this one; that entry is signed by itself."""
    entries = select(audit_entries.c.body).join(checkpoints, checkpoints.c.size == audit_entries.c.seq)
    earlier = entries.where(checkpoints.c.size <= known.size, audit_entries.c.body != b"")
    told = (decode(body) for body in connection.execute(earlier).scalars())
    return any(
        one["event"] == Event.LEDGER_RESTORED and one["data"] == {**one["data"], **_told(known)} for one in told
    )


def _told(known: Checkpoint) -> dict[str, int | str]:
    return {"signed_size": known.size, "signed_root": known.root.hex()}


def _read(folder: Path, place: Note, note: bytes) -> Checkpoint:
    """Return what is known there.

    One that another key of the same log has signed counts too: the keys were put back with the ledger, and were
    changed after it was copied. Whoever forges one has more looked for than needs to be, and nothing made twice.
    """
    key, text = public_key(folder), note.decode(errors="replace")
    try:
        known = checkpoint_of(text)
        return known if known.origin == key.name else read_checkpoint(text, key)
    except NotGenuineError as error:
        words = f"{place.name} is not of this log ({error}): put ledger, keys and checkpoint back together"
        raise SetupError(words) from None


def _distrust(connection: Connection, books: Books, known: Checkpoint) -> str | None:
    at, mark = now(), uptime.mark()
    size = connection.execute(select(audit_head.c.size)).scalar_one()
    connection.execute(insert(restores), {"at": at, "uptime": mark})
    connection.execute(update(transactions).where(of.status.not_in(CERTAIN)).values(unsure=mark))
    # What was promised is given its whole time to settle anew: the newest press may be one that was forgotten.
    connection.execute(update(transactions).where(of.status == Status.SUBMITTING).values(uptime=mark))
    data = {"size": size, **_told(known)}
    reason = "the ledger is older than its last signed checkpoint"
    append(connection, books.author, Fact(event=Event.LEDGER_RESTORED, reason=reason, data=data), at)
    return sign(connection, books)
