"""What people change of a work item that no system holds yet: corrected fields, or just that it is sent again.

A change is made at once, or asked for: then it waits until a second person, who is not the first, has agreed. The
record as it was is kept beside the new one, each sealed under the key of whom it is about; the log gets
commitments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, insert, not_, or_, select, update

from rpa.audit.entry import Actor, Event, Fact
from rpa.errors import BusinessException
from rpa.store.change import Asking, Change, Correction, FieldChange
from rpa.store.connect import Books
from rpa.store.content import WAITS, Content, refuse_asked, refuse_newer, replace_content
from rpa.store.intake import FINGERPRINT, SEARCH
from rpa.store.ledger import LET_GO, Decision, decided
from rpa.store.review import FORGOTTEN, UNTOUCHED
from rpa.store.rows import now, urgency_of
from rpa.store.schema import changes, subjects, transactions, work_items
from rpa.store.subjects import ITEMS, SALT, opened_record, sealed_record, subject
from rpa.store.trail import append
from rpa.work import PERSON_ONLY, Status, commitment

of, item = transactions.c, work_items.c

MADE, REFUSED = "made", "refused"
"""How a change stands that has been made, and one that the second person did not agree to."""

HELD = datetime(9999, 1, 1, tzinfo=UTC)
"""Until then no worker takes a work item of which a correction waits."""

SETTLED = or_(not_(or_(UNTOUCHED, and_(of.status == Status.ABANDONED, of.promised.is_(None)))), FORGOTTEN)
"""The system holds the record, or may hold it, or a worker is about to make it so."""


class _About(NamedTuple):
    """A change and the work item that it is of, as rows."""

    change: Row[Any]
    item: Row[Any]


@dataclass(frozen=True)
class Changes:
    """The changes of one ledger's work items."""

    _books: Books

    def correct(self, work_item_id: int, correction: Correction, asking: Asking) -> int:
        """Put a corrected record in the place of the old, and begin anew with it; return the number of the change.

        Only while no entry was made or may have been. With `asking.second` it waits for a second person, and no
        worker takes the work item meanwhile. Raises `BusinessException` where it can't be, or somebody was
        quicker.
        """
        said = Decision(asking.person, asking.reason)
        with self._books.writing() as connection:
            row = _free(connection, work_item_id, asking)
            values = _values(asking) | _content(self._books, connection, row, correction)
            about = _add(connection, row, values)
            if asking.second:
                _hold(connection, row.id, HELD)
                _tell(self._books, connection, about, Event.CHANGE_ASKED, said, correction)
            else:
                _apply(self._books, connection, about, said, correction)
        return int(about.change.id)

    def ask_again(self, transaction_id: int, asking: Asking) -> int:
        """Ask a second person whether what waits for a person may be sent again; raises as `correct` does."""
        with self._books.writing() as connection:
            found = connection.execute(select(transactions).where(of.id == transaction_id)).one()
            row = _free(connection, found.work_item_id, asking, of.id == transaction_id)
            values = {"transaction_id": transaction_id, "fields": [], "looks_for": {}}
            values |= {"before_fingerprint": "", "fingerprint": ""}
            about = _add(connection, row, _values(asking) | values)
            _tell(self._books, connection, about, Event.CHANGE_ASKED, Decision(asking.person, asking.reason))
        return int(about.change.id)

    def approve(self, change_id: int, *, person: Actor, reason: str) -> None:
        """Make a change that waits. Raises `BusinessException` for whoever asked for it, and where it can't be.

        It can't be where the record came again with other content since, or something of it was entered.
        """
        with self._books.writing() as connection:
            about = _for_second(connection, change_id, person, reason)
            refuse_newer(connection, about.item.id)
            _tell(self._books, connection, about, Event.CHANGE_APPROVED, Decision(person, reason))
            _close(connection, about, MADE, person)
            asker, said = Actor(**about.change.asked_by), Decision(person, about.change.reason)
            behalf = replace(self._books, author=replace(self._books.author, on_behalf_of=asker))
            if about.change.transaction_id is None:
                _apply(behalf, connection, about, said)
            else:
                decided(behalf, connection, about.change.transaction_id, Status.NEW, said)

    def refuse(self, change_id: int, *, person: Actor, reason: str) -> None:
        """Let a change that waits not be made; all stays as it was. Raises as `approve` does."""
        with self._books.writing() as connection:
            about = _for_second(connection, change_id, person, reason)
            _close(connection, about, REFUSED, person)
            _tell(self._books, connection, about, Event.CHANGE_REFUSED, Decision(person, reason))

    def of_item(self, work_item_id: int) -> list[Change]:
        """Return what people have changed of a work item, oldest first, and what waits."""
        with self._books.reading() as connection:
            rows = connection.execute(
                select(changes).where(changes.c.work_item_id == work_item_id).order_by(changes.c.id)
            )
            return [_opened(self._books, connection, row) for row in rows.all()]

    def one(self, change_id: int) -> Change:
        """Return one change; raise LookupError where there is none."""
        with self._books.reading() as connection:
            row = connection.execute(select(changes).where(changes.c.id == change_id)).first()
            if row is None:
                raise LookupError(f"there is no change {change_id}")
            return _opened(self._books, connection, row)


def _free(connection: Connection, work_item_id: int, asking: Asking, *only: Any) -> Row[Any]:
    """Return the work item, if it is as the person saw it and nobody is ahead of them."""
    if asking.person.kind != "person":
        raise ValueError(f"a {asking.person.kind} changes nothing")
    if not asking.reason.strip():
        raise BusinessException("say why: a change needs a reason", field="reason")
    row = connection.execute(ITEMS.where(item.id == work_item_id).with_for_update(of=work_items)).one()
    if row.erased is not None:
        raise BusinessException("its content was erased: there is nothing to change", field="seen")
    if row.revision != asking.revision:
        raise BusinessException("it has changed since you looked: look at it again", field="seen")
    refuse_asked(connection, work_item_id)
    refuse_newer(connection, work_item_id)
    own = select(of.entry).where(of.work_item_id == work_item_id)
    if not only and (entry := connection.execute(own.where(SETTLED)).scalar()) is not None:
        raise BusinessException(f"{entry} was entered, or may have been: it has its own answers", field="entered")
    open_ = of.status.in_(PERSON_ONLY) if only else UNTOUCHED
    if connection.execute(own.where(open_, *only)).first() is None:
        raise BusinessException("nothing of it is left to be entered", field="entered")
    return row


def _values(asking: Asking) -> dict[str, Any]:
    at = now()
    by = asking.person.said()
    made = {} if asking.second else {"decided_by": by, "decided": at}
    state = WAITS if asking.second else MADE
    return {
        "state": state,
        "revision": asking.revision,
        "reason": asking.reason,
        "asked_by": by,
        "asked": at,
        **made,
    }


def _content(books: Books, connection: Connection, row: Row[Any], new: Correction) -> dict[str, Any]:
    """Return the record before and after, sealed; the search of each entry hashed under the project's key."""
    whose = subject(connection, books.sealer, row.bot, new.subject or row.reference)
    hidden = books.sealer.hidden
    return {
        "fields": list(new.fields),
        "looks_for": {name: found and hidden(SEARCH, found) for name, found in new.looks_for.items()},
        "before_subject_id": row.subject_id,
        "before_fingerprint": row.fingerprint,
        "before": row.record,
        "subject_id": whose.id,
        "fingerprint": hidden(FINGERPRINT, new.fingerprint),
        "record": sealed_record(whose.key, new.record),
        "priority": new.urgency.priority,
        "deadline": new.urgency.deadline,
    }


def _add(connection: Connection, row: Row[Any], values: Mapping[str, Any]) -> _About:
    added = insert(changes).returning(*changes.c)
    return _About(connection.execute(added, {**values, "work_item_id": row.id}).one(), row)


def _apply(
    books: Books, connection: Connection, about: _About, said: Decision, correction: Correction | None = None
) -> None:
    """Put the new content in its place and let what was rejected or has failed begin anew with it."""
    change, row = about
    if connection.execute(select(of.id).where(of.work_item_id == row.id, SETTLED)).first() is not None:
        raise BusinessException("it was entered, or may have been, since it was asked for", field="entered")
    content = Content(change.subject_id, change.record, change.fingerprint, urgency_of(change))
    replace_content(books, connection, row.id, content)
    _tell(books, connection, about, Event.WORK_ITEM_CORRECTED, said, correction)
    for one in connection.execute(select(transactions).where(of.work_item_id == row.id)).all():
        looks_for = change.looks_for.get(one.entry)
        connection.execute(update(transactions).where(of.id == one.id).values(**LET_GO, looks_for=looks_for))
        if one.status in {Status.REJECTED, Status.FAILED}:
            decided(books, connection, one.id, Status.NEW, said)


def _for_second(connection: Connection, change_id: int, person: Actor, reason: str) -> _About:
    """Return a change that waits and its work item, if *person* may decide about it."""
    change = connection.execute(select(changes).where(changes.c.id == change_id).with_for_update()).first()
    if change is None or change.state != WAITS:
        raise BusinessException(f"change-{change_id} does not wait for anybody", field="seen")
    if person.kind != "person" or person.id == change.asked_by["id"]:
        raise BusinessException("whoever asks for a change can't agree to it: another person has to", field="self")
    if not reason.strip():
        raise BusinessException("say why: a decision needs a reason", field="reason")
    return _About(change, connection.execute(ITEMS.where(item.id == change.work_item_id)).one())


def _close(connection: Connection, about: _About, state: str, person: Actor) -> None:
    """Write down how the change stands now, and let workers have the work item again."""
    values = {"state": state, "decided_by": person.said(), "decided": now()}
    connection.execute(update(changes).where(changes.c.id == about.change.id).values(values))
    _hold(connection, about.item.id, None)


def _hold(connection: Connection, work_item_id: int, until: datetime | None) -> None:
    """Keep workers from the work item, and from what one of them took and has not begun; or let them go on."""
    connection.execute(update(work_items).where(item.id == work_item_id).values(postponed_until=until))
    if until is not None:
        waiting = update(transactions).where(of.work_item_id == work_item_id, of.status == Status.NEW)
        connection.execute(waiting.values(LET_GO))


def _tell(
    books: Books,
    connection: Connection,
    about: _About,
    event: Event,
    said: Decision,
    correction: Correction | None = None,
) -> None:
    change, row = about
    data: dict[str, Any] = {"change": f"change-{change.id}", "revision": change.revision}
    if correction is not None:
        salt = books.sealer.unwrap(row.key).open(row.salt, SALT)
        data["fields"] = dict(_committed(salt, correction.fields))
    elif change.fields:
        data["fields"] = list(change.fields)
    fact = Fact(
        event=event,
        bot=row.bot,
        reference=row.reference,
        work_item=row.id,
        transaction=change.transaction_id,
        reason=said.reason,
        data=data,
    )
    append(connection, replace(books.author, actor=said.person), fact, now())


def _committed(salt: bytes, fields: Mapping[str, FieldChange]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, one in fields.items():
        yield (
            name,
            {
                **one.source,
                "raw": commitment(salt, f"{name}.raw", one.raw),
                "rule": one.rule,
                "before": commitment(salt, name, one.before),
                "commitment": commitment(salt, name, one.after),
            },
        )


def _opened(books: Books, connection: Connection, row: Row[Any]) -> Change:
    return Change(
        id=row.id,
        work_item_id=row.work_item_id,
        transaction_id=row.transaction_id,
        state=row.state,
        revision=row.revision,
        fields=row.fields,
        reason=row.reason,
        asked_by=Actor(**row.asked_by),
        asked=row.asked,
        decided_by=None if row.decided_by is None else Actor(**row.decided_by),
        decided=row.decided,
        before=_record(books, connection, row.before_subject_id, row.before),
        after=_record(books, connection, row.subject_id, row.record),
    )


def _record(
    books: Books, connection: Connection, subject_id: int | None, sealed: bytes | None
) -> Mapping[str, Any] | None:
    if sealed is None:
        return None
    key = connection.execute(select(subjects.c.key).where(subjects.c.id == subject_id)).scalar()
    return None if key is None else opened_record(books.sealer.unwrap(key), sealed)
