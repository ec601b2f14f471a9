"""What a person decides of a work item, at a terminal or in the console: the same checks hold for both.

A bot may ask for four eyes: then a correction, or sending again, waits for an approver who is somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rpa.audit.entry import Actor
from rpa.definitions.bot import Bot
from rpa.dispatcher import entries_of, subject_of
from rpa.errors import BusinessException, RpaError
from rpa.intake.correction import BY_HAND, CannotBeError, corrected
from rpa.project import Project
from rpa.records import FieldValue, Record, rule_of
from rpa.rules import holds, urgency
from rpa.store.change import Asking, Correction, FieldChange
from rpa.store.listing import TOGETHER
from rpa.store.store import Store
from rpa.work import Status, Transaction, WorkItem

Pairs = Mapping[str, tuple[FieldValue | None, FieldValue]]
"""What a correction changes: by field, the value before and after."""

CHANGED = "it has changed since you looked: look at it again, then decide"
"""The words for whoever was not the quickest."""

NOTHING = "nothing was changed"


def send_again(  # what, who, why, and what they saw
    project: Project,
    store: Store,
    transaction_id: int,
    *,
    person: Actor,
    reason: str,
    seen: datetime | None = None,
) -> bool:
    """Let a transaction be entered by the next run; return whether it waits for a second person first.

    Raises `BusinessException` as `Store.decide` does, and where the record came again with other content.
    """
    one = store.transaction(transaction_id)
    item = store.work_item(one.work_item_id)
    refuse_superseded(store, item)
    if not _needs_second(_bot(project, item), Record.from_json(item.record), {}):
        store.decide(transaction_id, Status.NEW, person=person, reason=reason, seen=seen)
        return False
    if seen is not None and one.changed != seen:
        raise BusinessException(CHANGED, field="seen")
    asking = Asking(person=person, reason=reason, revision=item.revision, second=True)
    store.changes.ask_again(transaction_id, asking)
    return True


@dataclass
class Decided:
    """What became of a decision about many: how many are done or wait for an approver; by transaction, why not."""

    done: int = 0
    waiting: int = 0
    refused: dict[int, str] = field(default_factory=dict)


def decide_together(  # what, who, why, and what they saw
    project: Project,
    store: Store,
    seen: Mapping[int, datetime],
    status: Status,
    *,
    person: Actor,
    reason: str,
) -> Decided:
    """Send many transactions again or abandon them, each by itself: what can't be decided keeps no other from it.

    *seen* says when each had last changed as the person looked at it. Raises LookupError where one is none; then
    nothing is decided.
    """
    told = Decided()
    for one in [store.transaction(number) for number in seen]:  # all of them are there, before one is decided
        transaction_id, at = one.id, seen[one.id]
        try:
            _refuse_single(one, at)
            if status is not Status.NEW:
                store.decide(transaction_id, status, person=person, reason=reason, seen=at)
            elif send_again(project, store, transaction_id, person=person, reason=reason, seen=at):
                told.waiting += 1
                continue
            told.done += 1
        except RpaError as error:
            told.refused[transaction_id] = str(error)
    return told


def correct(  # what, who, why, and what they saw
    project: Project,
    store: Store,
    item: WorkItem,
    texts: Mapping[str, str],
    *,
    person: Actor,
    reason: str,
    revision: int,
) -> bool:
    """Correct fields of a work item and send it again; return whether it waits for a second person first.

    *revision* is that of the work item as the person saw it. Raises `CannotBeError` with what is wrong with the
    fields, `BusinessException` where it can't be corrected or somebody was quicker.
    """
    if item.revision != revision:  # also where what was typed is wrong: it was typed upon something else
        raise BusinessException("it has changed since you looked: look at it again", field="seen")
    refuse_superseded(store, item)
    bot, before = _bot(project, item), Record.from_json(item.record)
    if bot.record.reference not in before.fields:
        raise BusinessException(
            "its reference could not be read, so it can't be corrected here", field="reference"
        )
    after = corrected(project.papers(bot), before, texts)
    pairs = _changed(before, after)
    if not pairs:
        raise CannotBeError(rest=NOTHING)
    second = _needs_second(bot, before, pairs) or _needs_second(bot, after, pairs)
    asking = Asking(person=person, reason=reason, revision=revision, second=second)
    store.changes.correct(item.id, _correction(bot, after, pairs), asking)
    return second


def take_revision(project: Project, store: Store, waiting_id: str, *, reason: str) -> None:
    """Put a revision's content in the place of the old, and have its searches look for what it holds.

    Raises `DefinitionError` where its bot fails its check, and `BusinessException` as `Store.take_revision` does.
    """
    try:
        found = store.revision(waiting_id)
    except LookupError as error:
        raise BusinessException(f"{error}; `rpa queue` lists them") from None
    entries = entries_of(project.bot(found.bot), Record.from_json(found.record)) if found.record else ()
    store.take_revision(waiting_id, looks_for={one.entry: one.looks_for for one in entries}, reason=reason)


def refuse_superseded(store: Store, item: WorkItem) -> None:
    """Raise `BusinessException` where the work item's reference came again, and nobody has decided about that."""
    for one in store.waiting(item.bot):
        if one.kind == "revision" and one.work_item_id == item.id:
            words = f"{item.reference} came again with other content: take or dismiss {one.id} first"
            raise BusinessException(words, field="newer")


def _refuse_single(one: Transaction, seen: datetime) -> None:
    """Raise `BusinessException` for what nobody decides without looking into the system for just this record."""
    if one.changed != seen:
        raise BusinessException(CHANGED, field="seen")
    if one.status not in TOGETHER or one.unsure is not None:
        raise BusinessException("it may have been entered, or waits to be: decide about it by itself")


def _bot(project: Project, item: WorkItem) -> Bot:
    """Return the bot as it is now; raise `DefinitionError`: what asks for four eyes can't be known otherwise."""
    return project.bot(item.bot)


def _needs_second(bot: Bot, record: Record, pairs: Pairs) -> bool:
    asked = bot.four_eyes
    if asked is None:
        return False
    if asked.personal and any(_is_personal(*pair) for pair in pairs.values()):
        return True
    values = {name: value.value for name, value in record.fields.items()}
    return asked.when is not None and holds(bot.record, asked.when, values) is not False


def _is_personal(before: FieldValue | None, after: FieldValue) -> bool:
    """Tell whether a personal value was replaced or typed; not where it was looked up for the first time."""
    by_hand = after.source is None or after.source.how == BY_HAND
    return after.personal and (before is not None or by_hand)


def _changed(before: Record, after: Record) -> Pairs:
    """Return the fields that say something else, or say it for the first time."""
    pairs = {name: (before.fields.get(name), value) for name, value in after.fields.items()}
    return {name: (old, new) for name, (old, new) in pairs.items() if old is None or old.text != new.text}


def _correction(bot: Bot, after: Record, pairs: Pairs) -> Correction:
    return Correction(
        record=after.to_json(),
        fingerprint=after.fingerprint,
        subject=subject_of(bot, after),
        fields={name: _field(rule_of(bot.record.fields[name]), *pair) for name, pair in pairs.items()},
        urgency=urgency(bot.record, {name: value.value for name, value in after.fields.items()}),
        looks_for={entry.entry: entry.looks_for for entry in entries_of(bot, after)},
    )


def _field(rule: str, before: FieldValue | None, after: FieldValue) -> FieldChange:
    at = after.source
    source = {} if at is None else {"document": at.document, "place": at.logged, "how": at.how}
    old = "" if before is None else before.text
    return FieldChange(before=old, after=after.text, raw=after.raw, rule=rule, source=source)
