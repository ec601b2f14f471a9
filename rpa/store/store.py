"""The ledger as the rest of the house sees it: what waits, what is under way, how it ended, and who did it.

Every change is one commit that holds the change and its audit entry; if the entry can't be written, nothing
happened. All times are aware; UTC comes out. A database that fails raises `ApplicationException` (try again later:
the disk is full, somebody holds it) or `SetupError` (a person is needed: read-only, damaged). Local disks only:
the locks of network file systems can't be trusted.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, Unpack

from rpa.audit.entry import Actor
from rpa.errors import DiskFull
from rpa.store import (
    ballast,
    documents,
    forecast,
    intake,
    kept,
    known,
    ledger,
    moved,
    queue,
    reading,
    restored,
    review,
    runs,
    systems,
)
from rpa.store.accounts import Accounts
from rpa.store.changes import Changes
from rpa.store.connect import Books
from rpa.store.databases.base import Slot
from rpa.store.feedback import Feedbacks
from rpa.store.forecast import Forecast
from rpa.store.insight import Insight
from rpa.store.intake import Added, IntakeRow, NewItem
from rpa.store.known import Known
from rpa.store.listing import Lists
from rpa.store.log import Log
from rpa.store.migrate import grant, migrate, ready
from rpa.store.monitoring import Monitoring
from rpa.store.moving.move import Copied, move
from rpa.store.occurrences import Occurrences
from rpa.store.opening import Where, connected
from rpa.store.owner import Owner
from rpa.store.personal import Personal
from rpa.store.queue import Reserved
from rpa.store.receipts import Receipts
from rpa.store.review import Waiting
from rpa.store.sealing import Sealer
from rpa.store.second_factor import SecondFactors
from rpa.store.systems import SystemState
from rpa.work import Receipt, Run, Status, Transaction, WorkItem


class Store:
    """An open ledger. May be used by several threads; one worker process opens its own."""

    def __init__(self, books: Books) -> None:
        self._books = books

    @classmethod
    def open(
        cls, folder: Path, *, actor: Actor, on_behalf_of: Actor | None = None, **where: Unpack[Where]
    ) -> Self:
        """Open the ledger in the project's state *folder*, made or brought up to date if need be.

        A ledger that is older than its last signed checkpoint was put back: what it has open is distrusted.
        *actor* stands as the doer in each audit entry that is written through this store, and *on_behalf_of* as
        whoever set it to work. Raises `SetupError`.
        """
        store = cls.examine(folder, actor=actor, on_behalf_of=on_behalf_of, **where)
        try:
            store.notice_restored()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def examine(
        cls, folder: Path, *, actor: Actor, on_behalf_of: Actor | None = None, **where: Unpack[Where]
    ) -> Self:
        """Open the ledger as `open` does, but as it is: whether it was put back or changed is not asked."""
        books = connected(folder, actor, on_behalf_of, **where)
        try:
            with books.in_words():
                moved.require_here(books)
                moved.require_begun(books)
                ready(books, own_key=where.get("key") is None)
                moved.require_moved(books)
                sealer = Sealer(books.sealer.load, kept.kept_hiding(books))
        except BaseException:
            books.close()
            raise
        return cls(replace(books, sealer=sealer))

    @classmethod
    def migrate(cls, folder: Path, *, actor: Actor, **where: Unpack[Where]) -> None:
        """Make the ledger's tables, or bring them up to date, as their owner; and give the roles their rights.

        Raises `SetupError` for an account that is not the owner, and for roles that can't be as they are.
        """
        books = connected(folder, actor, **where)
        with closing(books), books.in_words():
            moved.require_here(books)
            migrate(books, own_key=where.get("key") is None)
            grant(books)

    @classmethod
    def copy(
        cls, folder: Path, *, actor: Actor, told: Callable[[str, int], None], **where: Unpack[Where]
    ) -> Copied:
        """Move the ledger from its file in the state *folder* to the *database*; see `rpa.store.moving`.

        *told* hears of each table that was copied, and of how many rows. Raises `SetupError` where file or
        database can't be taken for it, with nothing lost; `LedgerFailed` where it breaks off, to be begun again.
        """
        from_file: Where = {**where, "database": None}
        with (
            closing(connected(folder, actor, **from_file)) as source,
            closing(connected(folder, actor, **where)) as target,
        ):
            return move(source, target, own_key=where.get("key") is None, told=told)

    def may_write(self) -> bool:
        """Tell whether this account may add to the log; an auditor of the database may only read it."""
        with self._books.reading() as connection:
            return self._books.database.may_write(connection)

    def is_unguarded(self) -> bool:
        """Tell whether this account can drop what guards the log, although there are roles so that it can't."""
        with self._books.reading() as connection:
            return self._books.database.is_unguarded(connection)

    def require_owner(self) -> None:
        """Raise `SetupError` for an account that can't take what is erased out of the database's files."""
        self._books.require_owner()

    def notice_restored(self) -> None:
        """Distrust a ledger that is older than a checkpoint that is remembered, and remember its newest."""
        with self._books.in_words():
            restored.notice(self._books)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go what it holds, and close the database's connections."""
        self._books.close()

    def acting(self, actor: Actor, on_behalf_of: Actor | None = None) -> Self:
        """Return the same ledger, written by *actor*, whom *on_behalf_of* has set to work; close this one."""
        author = replace(self._books.author, actor=actor, on_behalf_of=on_behalf_of)
        return type(self)(replace(self._books, author=author))

    @property
    def accounts(self) -> Accounts:
        """Who may sign in to the console, and who has."""
        return Accounts(self._books)

    @property
    def changes(self) -> Changes:
        """What people correct, or ask a second person for."""
        return Changes(self._books)

    @property
    def feedback(self) -> Feedbacks:
        """What people say is wrong."""
        return Feedbacks(self._books)

    @property
    def insight(self) -> Insight:
        """Figures of the work as a whole."""
        return Insight(self._books)

    @property
    def monitoring(self) -> Monitoring:
        """Figures for whoever watches the house from outside."""
        return Monitoring(self._books)

    @property
    def second_factors(self) -> SecondFactors:
        """What else than a password proves who somebody is."""
        return SecondFactors(self._books)

    @property
    def occurrences(self) -> Occurrences:
        """What runs by itself."""
        return Occurrences(self._books)

    @property
    def personal(self) -> Personal:
        """What is held of people."""
        return Personal(self._books)

    @property
    def receipts(self) -> Receipts:
        """Receipts for forms that people bring by themselves."""
        return Receipts(self._books)

    @property
    def lists(self) -> Lists:
        """Long lists of what is here, a page at a time."""
        return Lists(self._books)

    @property
    def log(self) -> Log:
        """The audit log."""
        return Log(self._books)

    # Runs and documents.

    def start_run(self, bot: str, digest: str, by: str, addresses: str | None = None) -> Run:
        """Begin a run of *bot*, whose definition has this *digest*, on behalf of *by*; see `Run`."""
        return runs.start(self._books, bot, digest, by, addresses)

    def run(self, run_id: int) -> Run:
        """Return one run; raise LookupError where there is none."""
        return runs.find(self._books, run_id)

    def current_run(self, bot: str) -> Run | None:
        """Return the run that the bot's work belongs to: the one that began last; None before the first."""
        return runs.current(self._books, bot)

    def is_distrusted(self, run: Run) -> bool:
        """Tell whether the ledger was put back from an older copy and no run of the bot has read all since."""
        with self._books.reading() as connection:
            return restored.unsure_since(connection, run) is not None

    def read_all(self, run: Run) -> None:
        """Note that the run has put every document that lay there onto the ledger, and not only some files."""
        runs.read_all(self._books, run)

    def finish_run(
        self, run: Run, summary: Mapping[str, int], reason: str | None = None, *, stopped: bool = False
    ) -> Run:
        """End the run and sign a checkpoint over the whole log, this entry included.

        *reason* is why it could not do its work, in words that hold no personal value; *stopped* tells that it was
        told to end before its work was done.
        """
        return runs.finish(self._books, run, summary, reason, stopped=stopped)

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

    @contextmanager
    def hold(self) -> Iterator[Owner]:
        """Be an owner of transactions and occurrences until the block ends. Raises `SetupError` without locks."""
        with self._books.in_words(), self._books.locks.hold() as owner:
            yield owner

    def slot(self, system: str, number: int) -> Slot:
        """Return one of the system's sessions: a legacy system throws out who signs in beyond its number."""
        return self._books.locks.slot(system, number)

    def attend(self, work: str) -> None:
        """Let others see, until this ledger is closed, that this process waits for this work.

        That is a system, or a bot in it by the files and addresses that its workers go by.
        """
        with self._books.in_words():
            self._books.locks.attend(work)

    def attended(self, works: Collection[str]) -> set[str]:
        """Return those of the *works* for which a living process waits, on any machine."""
        with self._books.reading() as connection:
            return self._books.locks.attended(connection, works)

    def reserve(self, owner: Owner, systems: Collection[str], *bots: str) -> Reserved | None:
        """Take the transaction that is to be worked on next, or None if nothing can be done now.

        Of these *bots*, or of all where none is named.

        Workable is what is new, due, not postponed, and has what it depends on entered; and, of owners that are
        gone or none, what is in progress or due for settling. To be settled goes first, then what else was begun,
        then what has the earliest turn (`rpa.urgency`). What a dead worker had in progress comes back as `new`;
        the audit entry says why. What it had promised comes as `submitting`: settle it.
        """
        return queue.reserve(self._books, owner, systems, bots)

    def reserve_promised(self, owner: Owner, systems: Collection[str], *bots: str) -> Reserved | None:
        """Take what is to be settled next of these *bots*, and nothing else; None if there is nothing now."""
        return queue.reserve(self._books, owner, systems, bots, promised=True)

    def move(
        self,
        transaction: Transaction,
        status: Status,
        owner: Owner,
        *,
        reason: str | None = None,
        receipt: Receipt | None = None,
        not_before: datetime | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> Transaction:
        """Move the transaction; return it as it now stands.

        To `in_progress` counts the attempt, to `submitting` dates the promise, to `new` or an end lets the owner
        go. *reason* and *not_before* replace what was there, *receipt* only if given. *told* stands in the audit
        entry besides: names and hashes, never values; to whom the record is given away by this.
        Raises `OwnershipLost` where this owner doesn't hold the row as given, ValueError for a move that `MOVES`
        does not have or that only a person may make.
        """
        said = ledger.Said(reason, receipt, not_before, told or {})

        def move() -> Transaction:
            return ledger.move(self._books, transaction, status, owner, said)

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

    def has_open(self, systems: Collection[str], *bots: str, closed: Collection[str] = ()) -> bool:
        """Tell whether anything is left for workers of these systems, now or later in this run.

        Counted is also what another worker holds, what waits to be tried again, and what waits for an entry that
        still may be made in another system. Not counted is what waits for a person or was postponed by one, and
        what waits, itself or for an entry, on a system that is paused or among the *closed*.
        """
        return queue.has_open(self._books, systems, bots, closed)

    def is_long(self, bot: str, system: str, waiting: int) -> bool:
        """Tell whether *waiting* transactions of the bot, or more, could be begun in the system now."""
        return queue.is_long(self._books, bot, system, waiting)

    def under_way(self, systems: Collection[str]) -> set[str]:
        """Return those of the systems in which a living worker has a transaction in hand, of whatever bot."""
        return queue.under_way(self._books, systems)

    def next_due(self, systems: Collection[str], *bots: str) -> datetime | None:
        """Return when `reserve` will next find something that nobody holds: now, later, or None for never."""
        return queue.next_due(self._books, systems, bots)

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

    # What will be late.

    def forecasts(self, bot: str | None = None) -> list[Forecast]:
        """Return for each bot and system what waits, and when it will be done at the present rate."""
        return forecast.forecasts(self._books, bot)

    def warn_of_deadlines(self) -> None:
        """Write down, once of each work item, that it will probably miss its deadline, or has."""
        forecast.warn(self._books)

    # What a person does.

    def decide(
        self,
        transaction_id: int,
        status: Status,
        *,
        person: Actor,
        reason: str,
        receipt: Receipt | None = None,
        seen: datetime | None = None,
    ) -> Transaction:
        """Move a transaction that is in doubt, rejected or failed, as *person* decided, for a *reason*.

        To `new` begins at the beginning, with all its tries. To `confirmed` needs the *receipt*, which is added to
        what was seen before. *seen* is when it had last changed as the person looked at it.
        Raises `BusinessException` where there is nothing to decide, it has changed since, or something is missing.
        """
        decision = ledger.Decision(person, reason, receipt, seen)
        return ledger.decide(self._books, transaction_id, status, decision)

    def waiting(self, bot: str | None = None) -> list[Waiting]:
        """Return the documents that could not be read, the revisions and the changes that wait for a person."""
        return review.waiting(self._books, bot)

    def revision(self, waiting_id: str) -> IntakeRow:
        """Return a revision that waits, such as revision-7, with its content. Raises LookupError without one."""
        return intake.revision(self._books, waiting_id)

    def decide_waiting(self, waiting_id: str, outcome: str, *, reason: str) -> None:
        """Write down that a person has dealt with one of `waiting`, or wants a document read again.

        *outcome* is `review.DISMISSED` or `review.AGAIN`. Raises `BusinessException` where it doesn't wait.
        """
        review.decide(self._books, waiting_id, outcome, reason)

    def take_revision(self, waiting_id: str, *, looks_for: Mapping[str, str | None], reason: str) -> None:
        """Put a revision's content in the place of the old and begin anew with it.

        *looks_for* says by entry what its search looks for then, hashed. Only while no entry was made or may have
        been. Raises `BusinessException` where that is not so.
        """
        review.take(self._books, waiting_id, looks_for, reason)

    # Reading.

    def transaction(self, transaction_id: int) -> Transaction:
        """Return one transaction; raise LookupError where there is none."""
        return reading.transaction(self._books, transaction_id)

    def transactions(self, work_item_id: int) -> list[Transaction]:
        """Return the transactions of a work item, in the order of its bot's entries."""
        return reading.transactions_of(self._books, work_item_id)

    def work_item(self, work_item_id: int) -> WorkItem:
        """Return one work item; raise LookupError where there is none."""
        return reading.work_item(self._books, work_item_id)

    def find(self, reference: str, bot: str | None = None) -> list[WorkItem]:
        """Return the work items that have the reference."""
        return reading.find_items(self._books, reference=reference, bot=bot, status=None)

    def numbers(self, bot: str, references: Sequence[str]) -> Mapping[str, int]:
        """Return the work item of each of the references that the bot has on the ledger already."""
        return reading.numbers(self._books, bot, references)

    def work_items(self, bot: str | None = None, status: Status | None = None) -> list[WorkItem]:
        """Return the work items, oldest first; with a status, those with a transaction that stands there."""
        return reading.find_items(self._books, reference=None, bot=bot, status=status)

    def known(
        self, subject: str, record: Mapping[str, Any], *, but: int | None = None, most: int = 20
    ) -> list[Known]:
        """Return what is held of a record's person already: the newest of the subject's records, *most* of them.

        A subject is named as for `holding`; of all bots. After them come those of whoever was born on the same day
        and is called alike. *but* is the work item that is looked at itself.
        """
        return known.known(self._books, subject, record, but, most)

    def bots(self) -> list[str]:
        """Return the bots that have work items, by name."""
        return reading.bots(self._books)

    def counts(self, bot: str) -> Mapping[tuple[str, Status], int]:
        """Return how many transactions of the bot stand where, by (entry, status)."""
        return reading.counts(self._books, bot)

    def intake(self, *, run_id: int | None = None, bot: str | None = None) -> list[IntakeRow]:
        """Return each record of each document as it was found, by one run or by all of a bot, oldest first."""
        return intake.taken_in(self._books, run_id=run_id, bot=bot)
