"""What a worker does next: one transaction at a time, never one that a living worker holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from rpa import uptime
from rpa.audit.entry import Event
from rpa.store.connect import Books
from rpa.store.facts import about
from rpa.store.owner import Owner
from rpa.store.ready import (
    BEGUN_FIRST,
    EARLIEST,
    HELD_IN,
    LEFT,
    MAY_BEGIN,
    NEW_FIRST,
    OWNERS,
    PROMISED_FIRST,
    READY_IN,
    moments,
)
from rpa.store.rows import now, receipt_of, transaction_of, work_item_of
from rpa.store.schema import runs, transactions, work_items
from rpa.store.subjects import ITEMS
from rpa.store.systems import let_through
from rpa.store.trail import append
from rpa.work import ENDED, ENTERED, Receipt, Status, Transaction, WorkItem

of, item = transactions.c, work_items.c

WORKER_GONE = "its worker is gone"

DEADLY = 2
"""Workers that died over one transaction, after which nobody tries it any more: it may be what kills them."""

PARKED = f"{DEADLY} workers died over it: look into the record and the document, then send it again or abandon it"

PARKED_AS = {Status.IN_PROGRESS: Status.FAILED, Status.SUBMITTING: Status.IN_DOUBT}

TAKE = (
    update(transactions)
    .where(of.id == bindparam("seen_id"))
    .where(of.fence == bindparam("seen_fence"), of.status == bindparam("seen_status"), MAY_BEGIN)
    .returning(*of)
)

NEWEST_RUN = (
    select(func.max(runs.c.id)).join(work_items, item.bot == runs.c.bot).where(item.id == bindparam("item"))
)
"""The run that a transaction is taken for, though it may have ended: workers of several machines go on without."""

OTHERS = select(of.entry, of.receipt).where(
    of.work_item_id == bindparam("item"), of.id != bindparam("taken"), of.status.in_(ENTERED)
)


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """A transaction that this worker now owns, and its item.

    *receipts* are those of the item's other entries that the systems hold, by the entry's name.
    """

    transaction: Transaction
    work_item: WorkItem
    receipts: Mapping[str, Receipt]


def reserve(
    books: Books, owner: Owner, systems: Collection[str], bots: Collection[str], *, promised: bool = False
) -> Reserved | None:
    """Take the next transaction that can be worked on now, of what is *promised* alone; see `Store.reserve`.

    Looking keeps nobody from writing; when another worker was quicker, there is another look.
    """
    while (seen := _look(books, owner, systems, bots, promised=promised)) is not None:
        with books.writing() as connection:
            taken = _take(books, connection, owner, seen)
            if taken is not None and taken.status not in ENDED:
                owner.require()
                return _reserved(books, connection, taken)
    return None


def has_open(books: Books, systems: Collection[str], bots: Collection[str], closed: Collection[str]) -> bool:
    """Tell whether a worker of these systems may still get something to do in this run; see `Store.has_open`."""
    with books.reading() as connection:
        return connection.execute(LEFT, _asked(systems, bots, closed)).first() is not None


def is_long(books: Books, bot: str, system: str, waiting: int) -> bool:
    """Tell whether so many transactions could be begun now; see `Store.is_long`."""
    asked = {"bot": bot, "system": system, "most": waiting, "gone": [], "closed": []}
    with books.reading() as connection:
        return connection.execute(READY_IN, {**asked, **moments(now())}).scalar_one() >= waiting


def under_way(books: Books, systems: Collection[str]) -> set[str]:
    """Return in which of the systems something is in hand; see `Store.under_way`."""
    with books.reading() as connection:
        held = connection.execute(HELD_IN, {"systems": list(systems)}).all()
        gone = books.locks.gone(connection, {row.owner for row in held})
    return {row.system for row in held if row.owner not in gone}


def next_due(books: Books, systems: Collection[str], bots: Collection[str]) -> datetime | None:
    """Return when the next transaction can be worked on; see `Store.next_due`."""
    with books.reading() as connection:
        asked = _asked(systems, bots) | {"gone": _gone(books, connection, None)}
        earliest = connection.execute(EARLIEST, asked).scalar()
    return None if earliest is None else max(earliest, now())


def _look(
    books: Books, owner: Owner, systems: Collection[str], bots: Collection[str], *, promised: bool
) -> Transaction | None:
    with books.reading() as connection:
        asked = _asked(systems, bots) | {"gone": _gone(books, connection, owner)}
        row = connection.execute(PROMISED_FIRST if promised else BEGUN_FIRST, asked).first()
        if row is None and not promised:
            row = _next_new(connection, systems, asked)
    return None if row is None else transaction_of(row)


def _next_new(connection: Connection, systems: Collection[str], asked: Mapping[str, Any]) -> Row[Any] | None:
    """Return what has the earliest turn; each system is asked for alone, as the index has its turns in order."""
    found = (connection.execute(NEW_FIRST, {**asked, "system": system}).first() for system in systems)
    return min((row for row in found if row is not None), key=lambda row: (row.turn, row.id), default=None)


def _asked(systems: Collection[str], bots: Collection[str], closed: Collection[str] = ()) -> dict[str, Any]:
    whose = {"any_bot": not bots, "bots": list(bots)}
    return {"systems": list(systems), **whose, **moments(now()), "closed": list(closed)}


def _gone(books: Books, connection: Connection, owner: Owner | None) -> list[str]:
    """Return the owners named in the ledger that hold no lock any more."""
    own = owner and owner.id
    others = [one for one in connection.execute(OWNERS).scalars() if one != own]
    return books.locks.gone(connection, others)


def _take(books: Books, connection: Connection, owner: Owner, seen: Transaction) -> Transaction | None:
    """Make *owner* the owner, unless the row has changed since it was *seen* or its system was paused.

    What a dead worker had begun begins anew; what it had promised stays promised. What killed a second one is
    parked for a person.
    """
    at = now()
    if not let_through(connection, seen.system, at):
        return None
    values: dict[str, Any] = {"owner": owner.id, "fence": seen.fence + 1}
    values |= {"uptime": books.database.carried(seen.uptime), "unsure": books.database.carried(seen.unsure)}
    values["run_id"] = connection.execute(NEWEST_RUN, {"item": seen.work_item_id}).scalar()
    if seen.owner is not None and seen.status is not Status.NEW:
        values["deaths"] = seen.deaths + 1
        values["uptime"] = uptime.mark()  # it may have pressed until it died, however long ago it promised
    if values.get("deaths", 0) >= DEADLY:
        values |= {"status": PARKED_AS[seen.status], "reason": PARKED, "owner": None, "changed": at}
    elif seen.status is Status.IN_PROGRESS:
        values |= {"status": Status.NEW, "reason": WORKER_GONE, "changed": at}
    as_seen = {"seen_id": seen.id, "seen_fence": seen.fence, "seen_status": seen.status}
    row = connection.execute(TAKE, {**as_seen, **values}).first()
    if row is None:
        return None
    taken = transaction_of(row)
    if seen.owner is not None and seen.status is not Status.NEW:
        _tell(books, connection, seen, taken, at)
    return taken


def _tell(books: Books, connection: Connection, seen: Transaction, taken: Transaction, at: datetime) -> None:
    """Write down that a worker took over what another had begun."""
    moved = taken.status is not seen.status
    event = Event.TRANSACTION_MOVED if moved else Event.TRANSACTION_RESUMED
    data: dict[str, Any] = {"attempt": taken.attempt, "fence": taken.fence, "previous_owner": seen.owner}
    fact = about(books, connection, taken.id, event, **data)
    fact = replace(fact, reason=taken.reason if moved else WORKER_GONE)
    if moved:
        fact = replace(fact, before=seen.status, after=taken.status)
    append(connection, books.author, fact, at)


def _reserved(books: Books, connection: Connection, taken: Transaction) -> Reserved:
    found = connection.execute(ITEMS.where(item.id == taken.work_item_id)).one()
    others = connection.execute(OTHERS, {"item": taken.work_item_id, "taken": taken.id})
    return Reserved(
        transaction=taken,
        work_item=work_item_of(found, books.sealer),
        receipts={row.entry: receipt_of(row.receipt) for row in others},
    )
