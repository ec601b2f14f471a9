"""The moves of a transaction. Each checks, writes the row and adds the audit entry in one commit, or does nothing.

Moves are a worker's, and only while it owns the row: its lock is held, and owner, fence and status are still what
it read. `decide` is a person's, and only where no worker may go on by itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select, update

from rpa import uptime
from rpa.audit.entry import Actor, Event
from rpa.errors import BusinessException, OwnershipLost
from rpa.store import ballast, durations
from rpa.store.connect import Books
from rpa.store.content import refuse_asked
from rpa.store.facts import about
from rpa.store.owner import Owner
from rpa.store.rows import now, receipt_data, transaction_of
from rpa.store.schema import transactions
from rpa.store.trail import append
from rpa.work import ENDED, MOVES, PERSON_ONLY, Receipt, Status, Transaction

of = transactions.c

OWNED = (
    update(transactions)
    .where(of.id == bindparam("seen_id"), of.status == bindparam("seen_status"))
    .where(of.owner == bindparam("seen_owner"), of.fence == bindparam("seen_fence"))
    .returning(*of)
)
"""The row, only while its owner, fence and status are those that the worker knows."""

ONCE = OWNED.where(of.entered_again == 0)
"""The same, only if it was never entered again by itself: the bound holds whoever asks, whatever died before."""

LET_GO: Mapping[str, Any] = MappingProxyType({"owner": None, "fence": of.fence + 1})
"""Takes a transaction out of the hands of a worker that took it, or is about to; what is like it may go on."""

ANEW: Mapping[str, Any] = MappingProxyType(
    {
        "attempt": 0,
        "deaths": 0,
        "unsure": None,
        "uptime": None,
        "not_before": None,
        "receipt": receipt_data(Receipt()),
    }
)
"""How a transaction begins at the beginning: with all its tries, and nothing of what an earlier attempt kept."""

GIVEN_BACK = "its worker gave it back"


class Said(NamedTuple):
    """What goes with a move: why, what the system showed, until when it waits, what the log says besides."""

    reason: str | None = None
    receipt: Receipt | None = None
    not_before: datetime | None = None
    told: Mapping[str, Any] = MappingProxyType({})


class Decision(NamedTuple):
    """What a person decides: who, why, the receipt that they saw, and when what they saw had last changed."""

    person: Actor
    reason: str
    receipt: Receipt | None = None
    seen: datetime | None = None


def move(books: Books, transaction: Transaction, status: Status, owner: Owner, said: Said) -> Transaction:
    """Move the transaction on behalf of the worker that owns it; see `Store.move`."""
    before = transaction.status
    backwards = (before, status) == (Status.SUBMITTING, Status.NEW)  # only by `enter_again`, which counts
    if before in PERSON_ONLY or status is Status.ABANDONED or backwards or status not in MOVES[before]:
        raise ValueError(f"no worker moves a transaction from {before} to {status}")
    if status is Status.SUBMITTING:
        ballast.keep(books.folder)
    with books.writing() as connection:
        at = now()
        values = {"status": status, "reason": said.reason, "not_before": said.not_before, "changed": at}
        values |= _effects(transaction, status, at) | _receipt_column(said.receipt)
        if status is Status.REJECTED and _was_refused(transaction, said.receipt):
            values["promised"] = None  # nothing of it is there, so that it may be corrected
        row = _changed(connection, transaction, owner, values)
        if status in ENDED:
            durations.count(connection, row, at)
        moved = transaction_of(row)
        data = {**_counters(moved), **said.told}
        fact = about(books, connection, moved.id, Event.TRANSACTION_MOVED, receipt=said.receipt, **data)
        append(connection, books.author, replace(fact, before=before, after=status, reason=said.reason), at)
    return moved


def note(
    books: Books, transaction: Transaction, owner: Owner, receipt: Receipt, reason: str | None
) -> Transaction:
    """Keep what the system showed right after the press; see `Store.note`."""
    _must_be_submitting(transaction)
    with books.writing() as connection:
        values = {"receipt": receipt_data(receipt), "reason": reason}
        noted = _change(connection, transaction, owner, values)
        fact = about(books, connection, noted.id, Event.TRANSACTION_NOTED, receipt=receipt, **_counters(noted))
        append(connection, books.author, replace(fact, reason=reason), now())
    return noted


def postpone(books: Books, transaction: Transaction, owner: Owner, not_before: datetime) -> Transaction:
    """Give the transaction back, to be settled from *not_before* on; see `Store.postpone`."""
    _must_be_submitting(transaction)
    with books.writing() as connection:
        values = {"owner": None, "not_before": not_before, "uptime": transaction.uptime}
        postponed = _change(connection, transaction, owner, values)
        fact = about(books, connection, postponed.id, Event.TRANSACTION_POSTPONED, **_counters(postponed))
        append(connection, books.author, fact, now())
    return postponed


def enter_again(books: Books, transaction: Transaction, owner: Owner, reason: str) -> Transaction:
    """Let what was promised be entered once more; see `Store.enter_again`."""
    _must_be_submitting(transaction)
    with books.writing() as connection:
        at = now()
        values: dict[str, Any] = {"status": Status.NEW, "owner": None, "reason": reason, "changed": at}
        values |= {"not_before": None, "promised": None, "uptime": None, "entered_again": 1}
        again = _change(connection, transaction, owner, values, only=ONCE)
        fact = about(books, connection, again.id, Event.TRANSACTION_ENTER_AGAIN, **_counters(again))
        fact = replace(fact, before=transaction.status, after=again.status, reason=reason)
        append(connection, books.author, fact, at)
    return again


def release(books: Books, transaction: Transaction, owner: Owner) -> None:
    """Give the transaction back; see `Store.release`."""
    begun = transaction.status is Status.IN_PROGRESS
    with books.writing() as connection:
        at = now()
        values: dict[str, Any] = {"owner": None}
        if transaction.status is Status.SUBMITTING:
            values["uptime"] = uptime.mark()  # its worker may have pressed until now, however long ago it promised
        if begun:
            values |= {"status": Status.NEW, "reason": GIVEN_BACK, "changed": at}
        if _write(connection, transaction, owner, values) is not None and begun:
            fact = about(books, connection, transaction.id, Event.TRANSACTION_MOVED, **_counters(transaction))
            fact = replace(fact, before=Status.IN_PROGRESS, after=Status.NEW, reason=GIVEN_BACK)
            append(connection, books.author, fact, at)


def decide(books: Books, transaction_id: int, status: Status, decision: Decision) -> Transaction:
    """Move a transaction that waits for a person; see `Store.decide`."""
    person, reason, receipt, _ = decision
    if person.kind != "person":
        raise ValueError(f"a {person.kind} decides nothing")
    if not reason.strip():
        raise BusinessException("say why: a decision needs a reason", field="reason")
    if status is Status.CONFIRMED and receipt is None:
        raise BusinessException("to confirm, give the receipt that the system shows", field="receipt")
    with books.writing() as connection:
        return decided(books, connection, transaction_id, status, decision)


def decided(
    books: Books, connection: Connection, transaction_id: int, status: Status, decision: Decision
) -> Transaction:
    """Do as `decide` within *connection*'s transaction, for a decision that is whole."""
    person, reason, receipt, last = decision
    at = now()
    seen = _waiting(connection, transaction_id, status, last)
    refuse_asked(connection, seen.work_item_id)
    values = {"status": status, "reason": reason, "changed": at, "decided": of.decided + 1, **LET_GO}
    values |= _decided(status) | _receipt_column(_added(seen.receipt, receipt) if receipt else None)
    change = update(transactions).where(of.id == seen.id).values(values)
    moved = transaction_of(connection.execute(change.returning(*of)).one())
    fact = about(books, connection, moved.id, Event.QUEUE_DECIDED, receipt=receipt, **_counters(moved))
    fact = replace(fact, before=seen.status, after=status, reason=reason)
    append(connection, replace(books.author, actor=person), fact, at)
    return moved


def _change(
    connection: Connection, transaction: Transaction, owner: Owner, values: dict[str, Any], only: Any = OWNED
) -> Transaction:
    return transaction_of(_changed(connection, transaction, owner, values, only))


def _changed(
    connection: Connection, transaction: Transaction, owner: Owner, values: dict[str, Any], only: Any = OWNED
) -> Row[Any]:
    row = _write(connection, transaction, owner, values, only)
    owner.require()  # last, since waiting for the database may have taken long
    if row is None:
        raise OwnershipLost
    return row


def _write(
    connection: Connection, transaction: Transaction, owner: Owner, values: dict[str, Any], only: Any = OWNED
) -> Row[Any] | None:
    seen = {"seen_id": transaction.id, "seen_status": transaction.status}
    seen |= {"seen_owner": owner.id, "seen_fence": transaction.fence}
    return connection.execute(only, {**seen, **values}).first()


def _effects(transaction: Transaction, status: Status, at: datetime) -> dict[str, Any]:
    """Return what a worker's move changes besides: attempts counted, beginnings dated, ends let the owner go."""
    if status is Status.IN_PROGRESS:
        return {"attempt": transaction.attempt + 1, "began": at}
    if status is Status.SUBMITTING:
        return {"promised": transaction.promised or at, "uptime": uptime.mark()}
    return {"owner": None} if status is Status.NEW or status in ENDED else {}


def _was_refused(transaction: Transaction, receipt: Receipt | None) -> bool:
    """Tell whether the system said no to the first press of it all, and shows no entry that could be compared."""
    first = transaction.promised == transaction.changed
    return first and receipt is not None and receipt.refusal is not None and not receipt.verdicts


def _waiting(connection: Connection, transaction_id: int, status: Status, last: datetime | None) -> Transaction:
    row = connection.execute(select(transactions).where(of.id == transaction_id).with_for_update()).first()
    if row is None:
        raise BusinessException(f"there is no transaction {transaction_id}")
    seen = transaction_of(row)
    if last is not None and seen.changed != last:
        raise BusinessException("it has changed since you looked: look at it again, then decide", field="seen")
    if seen.status not in PERSON_ONLY and (seen.status, status) != (Status.NEW, Status.ABANDONED):
        raise BusinessException(f"transaction {transaction_id} is {seen.status}: there is nothing to decide")
    if status not in MOVES[seen.status]:
        raise BusinessException(f"what is {seen.status} cannot be decided to be {status}", field="status")
    return seen


def _decided(status: Status) -> dict[str, Any]:
    """Begin at the beginning where the record is to be entered again, with all its tries.

    That it was promised once stays: the system may hold it, so that no other content may take its place.
    """
    # What an earlier attempt kept is void; the log has it.
    return dict(ANEW) if status is Status.NEW else {}


def _added(earlier: Receipt, later: Receipt) -> Receipt:
    return Receipt(
        kept={**earlier.kept, **later.kept},
        verdicts={**earlier.verdicts, **later.verdicts},
        evidence=tuple(dict.fromkeys((*earlier.evidence, *later.evidence))),
        refusal=later.refusal or earlier.refusal,
    )


def _receipt_column(receipt: Receipt | None) -> dict[str, Any]:
    return {} if receipt is None else {"receipt": receipt_data(receipt)}


def _counters(transaction: Transaction) -> dict[str, Any]:
    return {"attempt": transaction.attempt, "fence": transaction.fence}


def _must_be_submitting(transaction: Transaction) -> None:
    if transaction.status is not Status.SUBMITTING:
        raise ValueError(f"the transaction is {transaction.status}, nothing has been pressed")
