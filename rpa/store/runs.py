"""Runs: begun, and finished under a signed checkpoint."""

from collections.abc import Mapping

from sqlalchemy import insert, update

from rpa.audit.entry import Event, Fact
from rpa.store.connect import Books
from rpa.store.restored import keep_checkpoint
from rpa.store.rows import now, run_of
from rpa.store.schema import runs
from rpa.store.seals import sign
from rpa.store.trail import append
from rpa.work import Run


def start(books: Books, bot: str, digest: str, by: str) -> Run:
    """Begin a run; see `Store.start_run`."""
    with books.writing() as connection:
        at = now()
        values = {"bot": bot, "digest": digest, "by": by, "started": at}
        run = run_of(connection.execute(insert(runs).values(values).returning(*runs.c)).one())
        fact = Fact(event=Event.RUN_STARTED, bot=bot, digest=digest, run=run.id, data={"by": by})
        append(connection, books.author, fact, at)
    return run


def finish(books: Books, run: Run, summary: Mapping[str, int]) -> Run:
    """End a run; see `Store.finish_run`."""
    with books.writing() as connection:
        at = now()
        ended = update(runs).where(runs.c.id == run.id, runs.c.finished.is_(None))
        row = connection.execute(ended.values(finished=at, summary=dict(summary)).returning(*runs.c)).first()
        if row is None:
            raise ValueError(f"run {run.id} has finished already")
        fact = Fact(event=Event.RUN_FINISHED, bot=run.bot, digest=run.digest, run=run.id, data=dict(summary))
        append(connection, books.author, fact, at)
        note = sign(connection, books)
    if note is not None:
        keep_checkpoint(books.folder, note)  # after the commit: the file must never be ahead of the ledger
    return run_of(row)
