"""Runs: begun, and finished under a signed checkpoint."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from rpa.audit.entry import Event, Fact
from rpa.store import memory
from rpa.store.connect import Books
from rpa.store.rows import now, run_of
from rpa.store.schema import runs
from rpa.store.seals import sign
from rpa.store.trail import append
from rpa.work import Run

STOPPED = "it was told to stop"


def current(books: Books, bot: str) -> Run | None:
    """Return the run that the bot's work belongs to now; see `Store.current_run`."""
    with books.reading() as connection:
        row = connection.execute(select(runs).where(runs.c.bot == bot).order_by(runs.c.id.desc()).limit(1)).first()
    return None if row is None else run_of(row)


def start(books: Books, bot: str, digest: str, by: str, addresses: str | None) -> Run:
    """Begin a run; see `Store.start_run`."""
    with books.writing() as connection:
        at = now()
        before = _last_digest(connection, bot)
        values = {"bot": bot, "digest": digest, "by": by, "started": at, "addresses": addresses}
        run = run_of(connection.execute(insert(runs).values(values).returning(*runs.c)).one())
        fact = Fact(event=Event.RUN_STARTED, bot=bot, digest=digest, run=run.id, data={"by": by})
        append(connection, books.author, fact, at)
        if before not in {None, digest}:
            changed = replace(fact, event=Event.BOT_CHANGED, data={"before": before})
            append(connection, books.author, changed, at)
    return run


def _last_digest(connection: Connection, bot: str) -> str | None:
    """Return what the bot's definition was in its last run."""
    last = select(runs.c.digest).where(runs.c.bot == bot).order_by(runs.c.id.desc()).limit(1)
    return connection.execute(last).scalar()


def find(books: Books, run_id: int) -> Run:
    """Return one run; see `Store.run`."""
    with books.reading() as connection:
        row = connection.execute(select(runs).where(runs.c.id == run_id)).first()
    if row is None:
        raise LookupError(f"there is no run {run_id}")
    return run_of(row)


def read_all(books: Books, run: Run) -> None:
    """Note that all documents that lay there are on the ledger; see `Store.read_all`."""
    with books.writing() as connection:
        connection.execute(update(runs).where(runs.c.id == run.id).values(read_all=True))


def finish(books: Books, run: Run, summary: Mapping[str, int], reason: str | None, *, stopped: bool) -> Run:
    """End a run; see `Store.finish_run`."""
    with books.writing() as connection:
        at = now()
        values = {"finished": at, "summary": dict(summary), "reason": reason, "stopped": stopped}
        ended = update(runs).where(runs.c.id == run.id, runs.c.finished.is_(None))
        row = connection.execute(ended.values(values).returning(*runs.c)).first()
        if row is None:
            raise ValueError(f"run {run.id} has finished already")
        fact = Fact(event=Event.RUN_FINISHED, bot=run.bot, digest=run.digest, run=run.id, data=dict(summary))
        said = STOPPED if stopped else reason
        append(connection, books.author, replace(fact, reason=said), at)
        note = sign(connection, books)
    if note is not None:
        memory.follow(books)  # after the commit: what is remembered must never be ahead of the ledger
    return run_of(row)
