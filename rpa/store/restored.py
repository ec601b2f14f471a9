"""An old copy of the ledger put back: noticed when it is opened, and distrusted until the systems have been asked.

The last signed checkpoint is also kept in a file beside the ledger. A ledger that does not hold it is an older
copy: it has forgotten entries that were made since. What it has open, and what the next run of a bot finds in its
documents, may be in the systems already, so all of it is *unsure*: a search is not believed before `settle` is
over, and what can't be searched for goes to a person.
"""

from contextlib import suppress
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, insert, select, update

from rpa import uptime
from rpa.audit.checkpoint import Checkpoint, checkpoint_of, read_checkpoint
from rpa.audit.entry import Event, Fact
from rpa.audit.keys import public_key, write_whole
from rpa.audit.note import NotGenuineError
from rpa.errors import SetupError
from rpa.store.connect import Books
from rpa.store.owner import locks_folder
from rpa.store.rows import now
from rpa.store.schema import audit_head, checkpoints, restores, runs, transactions
from rpa.store.seals import sign
from rpa.store.trail import append
from rpa.work import ENTERED, Run, Status

CHECKPOINT = "checkpoint"
"""The file's name: the newest signed checkpoint, as the ledger had it when a run ended."""

CERTAIN = frozenset({*ENTERED, Status.ABANDONED, Status.IN_DOUBT})
"""Nobody enters it any more, or not before a person has looked for it; what was rejected or has failed may have
been sent again since."""

of = transactions.c


def keep_checkpoint(folder: Path, note: str) -> None:
    """Put the signed checkpoint into its file, whole or not at all.

    On a full disk an older one stays: it notices less, and nothing false.
    """
    with suppress(OSError), FileLock(locks_folder(folder) / "ledger.lock"):
        _write(folder, note)


def notice(books: Books) -> None:
    """Distrust the ledger where its checkpoint's file knows more than it. Raises `SetupError` for a false file."""
    if _is_held(books):
        return
    with FileLock(locks_folder(books.folder) / "ledger.lock"):
        if _is_held(books):  # another process was quicker
            return
        with books.writing() as connection:
            note = _distrust(connection, books, _known(books.folder))
        if note is not None:
            _write(books.folder, note)


def unsure_since(connection: Connection, run: Run) -> str | None:
    """Return since when what this run finds may have been entered already; None where it is new for sure.

    The first run of the bot that is begun after the ledger was put back and comes to its end has seen every
    document that lay there then.
    """
    newest = connection.execute(select(restores).order_by(restores.c.id.desc()).limit(1)).first()
    if newest is None:
        return None
    since = (runs.c.bot == run.bot, runs.c.started >= newest.at, runs.c.finished.is_not(None))
    seen = connection.execute(select(runs.c.id).where(*since).limit(1)).first()
    return None if seen else str(newest.uptime)


def _write(folder: Path, note: str) -> None:
    write_whole(folder / CHECKPOINT, note.removesuffix("\n"), 0o644)


def _is_held(books: Books) -> bool:
    """Tell whether the ledger holds the checkpoint of the file, or there is none: each was signed in it before."""
    path = books.folder / CHECKPOINT
    if not path.exists():
        return True
    with books.reading() as connection:
        kept = select(checkpoints.c.note).where(checkpoints.c.note == path.read_bytes())
        return connection.execute(kept).first() is not None


def _known(folder: Path) -> Checkpoint:
    """Return what the file knows.

    One that another key of the same log has signed counts too: the keys were put back with the ledger, and were
    changed after it was copied. Whoever forges one has more looked for than needs to be, and nothing made twice.
    """
    path, key = folder / CHECKPOINT, public_key(folder)
    note = path.read_text("utf-8", errors="replace")
    try:
        known = checkpoint_of(note)
        return known if known.origin == key.name else read_checkpoint(note, key)
    except NotGenuineError as error:
        words = f"{path} is not of this log ({error}): put ledger, keys and checkpoint back together"
        raise SetupError(words) from None


def _distrust(connection: Connection, books: Books, known: Checkpoint) -> str | None:
    at, mark = now(), uptime.mark()
    size = connection.execute(select(audit_head.c.size)).scalar_one()
    connection.execute(insert(restores), {"at": at, "uptime": mark})
    connection.execute(update(transactions).where(of.status.not_in(CERTAIN)).values(unsure=mark))
    # What was promised is given its whole time to settle anew: the newest press may be one that was forgotten.
    connection.execute(update(transactions).where(of.status == Status.SUBMITTING).values(uptime=mark))
    data = {"size": size, "signed_size": known.size, "signed_root": known.root.hex()}
    reason = "the ledger is older than its last signed checkpoint"
    append(connection, books.author, Fact(event=Event.LEDGER_RESTORED, reason=reason, data=data), at)
    return sign(connection, books)
