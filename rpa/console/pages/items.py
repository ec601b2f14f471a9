"""*One work item*: its whole story, and what a person can decide of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from rpa.audit.entry import Event
from rpa.console.acquaintance import Acquaintance, acquaintances
from rpa.console.bots_known import entry_of, known, who_acts
from rpa.console.history import Told, history
from rpa.console.public.facts import written
from rpa.console.roles import DECIDES, PERSONAL, TELLS
from rpa.console.values import Compared, Shown, Typed, compared, shown, typed
from rpa.console.visit import UNPROCESSABLE, Visit
from rpa.definitions.bot import Bot
from rpa.errors import DefinitionError
from rpa.project import Project
from rpa.records import Record
from rpa.store.change import Change
from rpa.work import PERSON_ONLY, Status, Transaction, WorkItem

REVEALED = "shown"
"""What the address says where personal values are shown: see `Session.shows`."""

NO_ANSWERS = {"answer": "", "reason": "", "receipt": ""}
"""What the fields of a decision hold before anybody has written into them."""


MOST_KNOWN = 20
"""Other records about the same person that are shown."""

FIXABLE = frozenset({Status.NEW, Status.REJECTED, Status.FAILED})
ENTERED_OR_MAYBE = frozenset(Status) - FIXABLE - {Status.ABANDONED}
"""Where an entry stands so, the record isn't corrected any more: the system holds it, or may."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One entry of the work item on the page; *settled* is who said that the system holds it, if somebody did."""

    transaction: Transaction
    settled: Told | None
    address: str
    typed: list[Typed]
    asks: bool

    @property
    def seen(self) -> str:
        """What the form sends along, so that the second of two people is told."""
        return self.transaction.changed.isoformat()


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One change of the work item on the page, with the fields that it changed."""

    change: Change
    fields: list[Compared]


@dataclass(frozen=True, kw_only=True)
class Story:
    """One work item on the page."""

    item: WorkItem
    record: Record
    fields: list[Shown]
    steps: list[Step]
    history: list[Told]
    hidden: bool
    newer: str | None
    changes: list[Changed]
    acquaintances: list[Acquaintance]
    fixable: bool

    @property
    def asked(self) -> Change | None:
        """The change that waits for a second person."""
        return next((one.change for one in self.changes if one.change.waits), None)

    @property
    def pages(self) -> list[tuple[str, int]]:
        """The pages of documents on which values stand: (document, page)."""
        found = {(one.document, one.page) for one in self.fields if one.page is not None and one.document}
        return sorted(found)


def show(visit: Visit) -> Response:
    """Show the work item."""
    return page(visit, visit.store.work_item(visit.number("item")))


def page(visit: Visit, item: WorkItem, *, status: int = 200, **said: Any) -> Response:
    """Answer with the page of *item*; *said* is what was wrong with a decision, if one was just made."""
    told = visit.asked(REVEALED)
    revealed = bool(told) and visit.known.may_see(f"item {item.id}", told, datetime.now(UTC))
    return visit.page(
        "item.html",
        status=status,
        story=_story(visit, item, personal=revealed),
        revealed=told if revealed else "",
        receipt=written(visit.store.receipts.of_item(item.id) or ""),
        acts=who_acts(visit.house.project, item.bot),
        may_decide=visit.may(*DECIDES),
        may_reveal=visit.may(*PERSONAL),
        may_tell=visit.may(*TELLS),
        **{"problem": None, "transaction": None, "answers": NO_ANSWERS, **said},
        no_answers=NO_ANSWERS,
    )


def reveal(visit: Visit) -> Response:
    """Show what is personal for some minutes, once somebody has said why."""
    item, reason = visit.store.work_item(visit.number("item")), visit.said("why")
    if not reason:
        return page(visit, item, status=UNPROCESSABLE, problem="why", transaction=0)
    visit.store.log.append(Event.DATA_VIEWED, item=item, reason=reason, data={"view": "console"})
    token = visit.known.shows(f"item {item.id}", datetime.now(UTC))
    return visit.to(f"/work/{item.id}?{REVEALED}={token}")


def _story(visit: Visit, item: WorkItem, *, personal: bool) -> Story:
    project = visit.house.project
    record, bot = Record.from_json(item.record), known(project, item.bot)
    transactions = visit.store.transactions(item.id)
    fields = shown(record, bot, personal=personal)
    waiting = visit.store.waiting(item.bot)
    trail = list(visit.store.log.read(item.reference, bot=item.bot))
    settled = {
        entry["transaction"]: told
        for entry, told in zip(trail, history(trail, visit.language), strict=True)
        if entry["event"] == Event.QUEUE_DECIDED and entry.get("to") == Status.CONFIRMED
    }
    return Story(
        item=item,
        record=record,
        fields=fields,
        steps=[
            _step(project, bot, record, one, transactions, settled.get(one.id), personal=personal)
            for one in transactions
        ],
        history=list(history(trail, visit.language)),
        hidden=any(field.text is None for field in fields),
        newer=next((one.id for one in waiting if one.work_item_id == item.id and one.kind == "revision"), None),
        changes=[_changed(one, bot, personal=personal) for one in visit.store.changes.of_item(item.id)],
        acquaintances=acquaintances(visit.store, bot, record, but=item.id, most=MOST_KNOWN),
        fixable=item.erased is None and _is_fixable(transactions),
    )


def _is_fixable(transactions: list[Transaction]) -> bool:
    stands = {one.status for one in transactions}
    forgotten = any(one.unsure for one in transactions if one.status is not Status.ABANDONED)
    return bool(stands & FIXABLE) and not stands & ENTERED_OR_MAYBE and not forgotten


def _changed(change: Change, bot: Bot | None, *, personal: bool) -> Changed:
    if change.before is None or change.after is None:
        return Changed(change=change, fields=[])
    before, after = Record.from_json(change.before), Record.from_json(change.after)
    fields = compared(before, after, bot, personal=personal)
    return Changed(change=change, fields=[one for one in fields if one.differs])


def _step(  # what the page shows of one entry
    project: Project,
    bot: Bot | None,
    record: Record,
    one: Transaction,
    others: list[Transaction],
    settled: Told | None,
    *,
    personal: bool,
) -> Step:
    entry = entry_of(bot, one.entry)
    receipts = {other.entry: other.receipt for other in others}
    told = typed(record, bot, entry, receipts, personal=personal) if bot and entry else []
    return Step(
        transaction=one,
        settled=settled if one.status is Status.CONFIRMED else None,
        address=_address(project, one.system),
        typed=told,
        asks=one.status in PERSON_ONLY or one.status is Status.NEW,
    )


def _address(project: Project, system: str) -> str:
    """Return where a person looks at the system; nowhere if its page map holds a mistake."""
    try:
        return project.system(system).url
    except DefinitionError:
        return ""
