"""The ledger as the rest of the house sees it: what waits, what is under way, how it ended, and who did it.

Every change is one commit that holds the change and its audit entry; if the entry can't be written, nothing
happened. All times are aware; UTC comes out. A database that fails raises `ApplicationException` (try again later:
the disk is full, somebody holds it) or `SetupError` (a person is needed: read-only, damaged). Local disks only:
the locks of network file systems can't be trusted.
"""

import os
import socket
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rpa.audit.entry import FACTS, Actor, Author, Event, Fact
from rpa.audit.verify import Verdict
from rpa.errors import DiskFull
from rpa.store import (
    ballast,
    documents,
    intake,
    ledger,
    queue,
    reading,
    restored,
    review,
    runs,
    seals,
    systems,
    trail,
)
from rpa.store.connect import LEDGER, Books, open_engine
from rpa.store.facts import about
from rpa.store.faults import in_words
from rpa.store.intake import Added, IntakeRow, NewItem
from rpa.store.migrate import migrate
from rpa.store.owner import Owner
from rpa.store.queue import Reserved
from rpa.store.review import Waiting
from rpa.store.rows import now
from rpa.store.systems import SystemState
from rpa.work import Receipt, Run, Status, Transaction, WorkItem


class Store:
    """An open ledger. May be used by several threads; one worker process opens its own."""

    def __init__(self, books: Books) -> None:
        self._books = books

    @classmethod
    def open(cls, folder: Path, *, actor: Actor) -> Self:
        """Open the ledger in the project's state *folder*, made or brought up to date if need be.

        A ledger that is older than its last signed checkpoint was put back: what it has open is distrusted.
        *actor* stands as the doer in each audit entry that is written through this store. Raises `SetupError`.
        """
        author = Author(actor=actor, host=socket.gethostname(), pid=os.getpid())
        store = cls(Books(open_engine(folder / LEDGER), folder, author))
        try:
            with in_words(folder / LEDGER):
                migrate(store._books.engine, folder)
                restored.notice(store._books)
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database's connections."""
        self._books.engine.dispose()

    # Runs and documents.

    def start_run(self, bot: str, digest: str, by: str) -> Run:
        """Begin a run of *bot*, whose definition has this *digest*, on behalf of *by*."""
        return runs.start(self._books, bot, digest, by)

    def finish_run(self, run: Run, summary: Mapping[str, int]) -> Run:
        """End the run and sign a checkpoint over the whole log, this entry included."""
        return runs.finish(self._books, run, summary)

    def knows_document(self, bot: str, sha256: str) -> str | None:
        """Return what came of the document when the bot took it in completely; None if it hasn't."""
        return documents.knows(self._books, bot, sha256)

    def remember_document(self, run: Run, sha256: str, name: str, outcome: str, reason: str | None) -> None:
        """Write down what came of a document, once all its records are on the ledger.

        *outcome* is read, duplicate or quarantined; another one later replaces it. The file's *name* may
        be personal and stays out of the log.
        """
        documents.remember(self._books, run, sha256, name, outcome, reason)

    def add(self, run: Run, item: NewItem) -> Added:
        """Put a record on the ledger, unless its reference is there: then it is `known` or a `revision`.

        A revision changes nothing: the new record is kept in the intake for a person to look at. With
        `item.rejected` the transactions begin as rejected, for that reason.
        """
        return intake.add(self._books, run, item)

    # What a worker does.

    def reserve(self, owner: Owner, systems: Collection[str], bot: str | None = None) -> Reserved | None:
        """Take the transaction that is to be worked on next, or None if nothing can be done now.

        Workable is what is new, due, not postponed, and has what it depends on entered; and, of owners that are
        gone or none, what is in progress or due for settling. To be settled goes first; then by priority, deadline
        and age. What a dead worker had in progress comes back as `new`; the audit entry says why. What it had
        promised comes as `submitting`: settle it.
        """
        return queue.reserve(self._books, owner, systems, bot)

    def move(
        self,
        transaction: Transaction,
        status: Status,
        owner: Owner,
        *,
        reason: str | None = None,
        receipt: Receipt | None = None,
        not_before: datetime | None = None,
    ) -> Transaction:
        """Move the transaction; return it as it now stands.

        To `in_progress` counts the attempt, to `submitting` dates the promise, to `new` or an end lets the owner
        go. *reason* and *not_before* replace what was there, *receipt* only if given.
        Raises `OwnershipLost` where this owner doesn't hold the row as given, ValueError for a move that `MOVES`
        does not have or that only a person may make.
        """

        def move() -> Transaction:
            return ledger.move(
                self._books, transaction, status, owner, reason=reason, receipt=receipt, not_before=not_before
            )

        return self._in_any_case(move) if transaction.status is Status.SUBMITTING else move()

    def note(
        self, transaction: Transaction, owner: Owner, receipt: Receipt, reason: str | None = None
    ) -> Transaction:
        """Keep what the system showed right after the press, while it is still `submitting`; as `move` raises."""
        return self._in_any_case(lambda: ledger.note(self._books, transaction, owner, receipt, reason))

    def _in_any_case(self, write: Callable[[], Transaction]) -> Transaction:
        """Write down what became of a press, on a full disk in the room that the ballast gives up."""
        try:
            return write()
        except DiskFull:
            if not ballast.give_up(self._books.folder):
                raise
            return write()

    def postpone(self, transaction: Transaction, owner: Owner, not_before: datetime) -> Transaction:
        """Give back what is `submitting`, to be settled by whoever reserves it from then on; as `move` raises."""
        return ledger.postpone(self._books, transaction, owner, not_before)

    def enter_again(self, transaction: Transaction, owner: Owner, reason: str) -> Transaction:
        """Let what is `submitting` be entered once more, for a *reason*: it becomes `new`, once in its life.

        Raises `OwnershipLost` as `move` does, and where it was entered again before.
        """
        return ledger.enter_again(self._books, transaction, owner, reason)

    def release(self, transaction: Transaction, owner: Owner) -> None:
        """Give the transaction back if this owner still holds it as given; what was in progress becomes new."""
        ledger.release(self._books, transaction, owner)

    def has_open(self, systems: Collection[str], bot: str | None = None, *, closed: Collection[str] = ()) -> bool:
        """Tell whether anything is left for workers of these systems, now or later in this run.

        Counted is also what another worker holds, what waits to be tried again, and what waits for an entry that
        still may be made in another system. Not counted is what waits for a person or was postponed by one, and
        what waits, itself or for an entry, on a system that is paused or among the *closed*.
        """
        return queue.has_open(self._books, systems, bot, closed)

    def next_due(self, systems: Collection[str], bot: str | None = None) -> datetime | None:
        """Return when `reserve` will next find something that nobody holds: now, later, or None for never."""
        return queue.next_due(self._books, systems, bot)

    # Systems in trouble.

    def system_failed(self, system: str, reason: str, pause_after: int) -> None:
        """Count an application exception of the system; pause it once *pause_after* came in a row.

        While it is paused, `reserve` lets one transaction through from time to time.
        """
        systems.failed(self._books, system, reason, pause_after)

    def system_answered(self, system: str) -> None:
        """Note that a transaction came to its end in the system: what failed before is forgotten.

        A system that was being tried is resumed by it; one that waits for a person is not.
        """
        systems.answered(self._books, system)

    def pause_system(self, system: str, reason: str) -> None:
        """Let the system's work wait, in every run, until a person resumes it."""
        systems.pause(self._books, system, reason)

    def resume_system(self, system: str, reason: str) -> None:
        """Let the system's work go on. Raises `BusinessException` where it isn't paused."""
        systems.resume(self._books, system, reason)

    def systems(self) -> list[SystemState]:
        """Return how the systems stand that ever failed or were paused, by name."""
        return systems.states(self._books)

    # What a person does.

    def decide(
        self,
        transaction_id: int,
        status: Status,
        *,
        person: Actor,
        reason: str,
        receipt: Receipt | None = None,
    ) -> Transaction:
        """Move a transaction that is in doubt, rejected or failed, as *person* decided, for a *reason*.

        To `new` begins at the beginning, with all its tries. To `confirmed` needs the *receipt*, which is added to
        what was seen before. Raises `BusinessException` where there is nothing to decide or something is missing.
        """
        return ledger.decide(self._books, transaction_id, status, person=person, reason=reason, receipt=receipt)

    def waiting(self, bot: str | None = None) -> list[Waiting]:
        """Return the documents that could not be read and the revisions that wait for a person."""
        return review.waiting(self._books, bot)

    def decide_waiting(self, waiting_id: str, outcome: str, *, reason: str) -> None:
        """Write down that a person has dealt with one of `waiting`, or wants a document read again.

        *outcome* is `review.DISMISSED` or `review.AGAIN`. Raises `BusinessException` where it doesn't wait.
        """
        review.decide(self._books, waiting_id, outcome, reason)

    def take_revision(self, waiting_id: str, *, reason: str) -> None:
        """Put a revision's content in the place of the old and begin anew with it.

        Only while no entry was made or may have been. Raises `BusinessException` where that is not so.
        """
        review.take(self._books, waiting_id, reason)

    # Reading.

    def transaction(self, transaction_id: int) -> Transaction:
        """Return one transaction; raise LookupError where there is none."""
        return reading.transaction(self._books, transaction_id)

    def transactions(self, work_item_id: int) -> list[Transaction]:
        """Return the transactions of a work item, in the order of its bot's entries."""
        return reading.transactions_of(self._books, work_item_id)

    def find(self, reference: str, bot: str | None = None) -> list[WorkItem]:
        """Return the work items that have the reference."""
        return reading.find_items(self._books, reference=reference, bot=bot, status=None)

    def work_items(self, bot: str | None = None, status: Status | None = None) -> list[WorkItem]:
        """Return the work items, oldest first; with a status, those with a transaction that stands there."""
        return reading.find_items(self._books, reference=None, bot=bot, status=status)

    def counts(self, bot: str) -> Mapping[tuple[str, Status], int]:
        """Return how many transactions of the bot stand where, by (entry, status)."""
        return reading.counts(self._books, bot)

    def intake(self, *, run_id: int | None = None, bot: str | None = None) -> list[IntakeRow]:
        """Return each record of each document as it was found, by one run or by all of a bot, oldest first."""
        return intake.taken_in(self._books, run_id=run_id, bot=bot)

    # The audit log.

    def append(
        self,
        event: Event,
        *,
        run: Run | None = None,
        transaction: Transaction | None = None,
        reason: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> int:
        """Write down a fact that changes nothing in the ledger, of a run or a transaction; return its number.

        Raises ValueError for an event that goes with a change, TypeError for a float in *data*.
        """
        if event not in FACTS:
            raise ValueError(f"{event} is written by the change that it tells")
        with self._books.writing() as connection:
            fact = Fact(event=event) if transaction is None else about(connection, transaction.id, event)
            if run is not None:
                fact = replace(fact, bot=run.bot, digest=run.digest, run=run.id)
            fact = replace(fact, reason=reason, data=data or {})
            return trail.append(connection, self._books.author, fact, now())

    def trail(
        self,
        reference: str | None = None,
        *,
        bot: str | None = None,
        run: int | None = None,
        transaction: int | None = None,
        after: int = 0,
    ) -> Iterator[dict[str, Any]]:
        """Yield the audit entries of what is given, numbered above *after*, oldest first."""
        return trail.read(self._books, reference=reference, after=after, bot=bot, run=run, transaction=transaction)

    def verify(self) -> Verdict:
        """Verify the whole log against its checkpoints and the public key beside it."""
        return seals.verified(self._books)
