"""Long lists, a page at a time, without opening a record: answers stay quick with 100,000 work items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, select

from rpa.store.connect import Books
from rpa.store.content import WAITS
from rpa.store.schema import changes, documents, intake, transactions, work_items
from rpa.store.schema import runs as run_rows
from rpa.work import PERSON_ONLY, Status

item, of = work_items.c, transactions.c

LINES = select(item.id, item.bot, item.reference, item.priority, item.deadline, item.created, item.erased)
ONE, CHANGE = transactions.alias(), changes.c
TOLD = ~exists().where(
    ONE.c.work_item_id == of.work_item_id,
    ONE.c.status == of.status,
    ONE.c.reason.is_not_distinct_from(of.reason),
    ONE.c.id < of.id,
)
"""Of one record's transactions that stand so for one reason, the first speaks for all."""

ASKED = exists().where(CHANGE.work_item_id == of.work_item_id, CHANGE.state == WAITS)
"""A change of the record waits for an approver: before that, nobody else can decide of it."""

CARDS = and_(TOLD, ~ASKED)
DECISIONS = (
    select(of.id, of.entry, of.system, of.status, of.reason, of.changed, of.work_item_id)
    .add_columns(item.bot, item.reference)
    .join(work_items, item.id == of.work_item_id)
)


DECISION_ORDER = (Status.IN_DOUBT, Status.REJECTED, Status.FAILED)
"""What needs a person, in the order in which it can wait least."""


TOGETHER = (Status.REJECTED, Status.FAILED)
"""What people may decide of many at once: nothing of it is in a system. What is in doubt is looked at singly."""

MANY = and_(of.status.in_(TOGETHER), of.unsure.is_(None))
"""The same, but not where a ledger that was put back may have forgotten that it was entered."""


@dataclass(frozen=True)
class Part:
    """Which part of a list: *size* of its lines, after the first *skip*."""

    skip: int = 0
    size: int = 50


@dataclass(frozen=True, kw_only=True)
class Line:
    """One work item, and where it stands in each system: (entry, status) in the bot's order."""

    id: int
    bot: str
    reference: str
    priority: int
    deadline: datetime | None
    created: datetime
    erased: datetime | None
    entries: Sequence[tuple[str, Status]]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A transaction that only a person can move on, and since when.

    *systems* are all in which the record waits so, for the same reason; empty where nobody asked for them.
    """

    transaction_id: int
    work_item_id: int
    bot: str
    reference: str
    entry: str
    system: str
    status: Status
    reason: str | None
    since: datetime
    systems: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Surge:
    """Transactions of one bot's entry that wait for a person for the same reason; *example* is one of them."""

    bot: str
    entry: str
    status: Status
    reason: str
    count: int
    since: datetime
    example: int


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """One run; *summary* counts the bot's transactions by "entry status" as it ended.

    *reason* is why it could not do its work, if so.
    """

    id: int
    bot: str
    by: str
    started: datetime
    finished: datetime | None
    summary: Mapping[str, int]
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class RunStory:
    """How far a run is: what came of its documents and records, and where its transactions stand."""

    documents: Mapping[str, int]
    records: Mapping[str, int]
    transactions: Mapping[tuple[str, Status], int]


@dataclass(frozen=True)
class Lists:
    """The lists of one ledger."""

    _books: Books

    def work(
        self, part: Part, *, bot: str | None, status: Status | None, text: str, document: str | None = None
    ) -> tuple[list[Line], int]:
        """Return the work items whose reference holds *text*, the newest first, and how many there are in all.

        Where a *document* is given by its SHA-256, those are meant that were read from it.
        """
        wanted: list[ColumnElement[bool]] = []
        if bot:
            wanted.append(item.bot == bot)
        if document:
            wanted.append(exists().where(intake.c.work_item_id == item.id, intake.c.document == document))
        elif text:
            wanted.append(item.reference.icontains(text, autoescape=True))
        there = exists().where(of.work_item_id == item.id, of.status == status)
        lines = LINES.where(*wanted, *([] if status is None else [there])).order_by(item.id.desc())
        with self._books.reading() as connection:
            rows = connection.execute(_part(lines, part)).all()
            entries = _entries(connection, [row.id for row in rows])
            found = [Line(**row._mapping, entries=entries.get(row.id, ())) for row in rows]  # noqa: SLF001  # documented
            return found, _count(connection, _whole(wanted, status))

    def decisions(self, part: Part, *, bot: str | None, status: Status | None) -> list[Decision]:
        """Return what needs a person, by `DECISION_ORDER` and then the oldest first.

        A record that stands so in several systems for one reason is told once; one whose change waits for an
        approver is not.
        """
        found: list[Decision] = []
        skip = part.skip
        counts = self.decision_counts(bot)
        with self._books.reading() as connection:
            for one in DECISION_ORDER if status is None else (status,):
                rows = DECISIONS.where(of.status == one, CARDS, *([item.bot == bot] if bot else []))
                rows = rows.order_by(of.changed, of.id)
                room = Part(skip, part.size - len(found))
                if room.size and skip < counts.get(one, 0):
                    found += map(_decision, connection.execute(_part(rows, room)))
                skip = max(0, skip - counts.get(one, 0))
            return _with_systems(connection, found)

    def surges(self) -> list[Surge]:
        """Return what was rejected or has failed more than once for the same reason, the most first."""
        same = (item.bot, of.entry, of.status, of.reason)
        rows = (
            select(*same, func.count().label("count"), func.min(of.changed).label("since"))
            .add_columns(func.min(of.id).label("example"))
            .join(work_items, item.id == of.work_item_id)
            .where(MANY, of.reason.is_not(None))
            .group_by(*same)
            .having(func.count() > 1)
            .order_by(func.count().desc(), func.min(of.id))
        )
        with self._books.reading() as connection:
            return [_surge(row) for row in connection.execute(rows)]

    def alike(self, transaction_id: int, most: int) -> tuple[list[Decision], int]:
        """Return what waits for a person for the same reason as a transaction, the oldest first, and how many."""
        with self._books.reading() as connection:
            one = connection.execute(DECISIONS.where(of.id == transaction_id, MANY)).first()
            if one is None:
                return [], 0
            same = (
                item.bot == one.bot,
                of.entry == one.entry,
                of.status == one.status,
                of.reason == one.reason,
                MANY,
            )
            rows = DECISIONS.where(*same).order_by(of.changed, of.id).limit(most)
            whole = select(func.count()).join(work_items, item.id == of.work_item_id).where(*same)
            return [_decision(row) for row in connection.execute(rows)], _count(connection, whole)

    def decision_counts(self, bot: str | None) -> dict[str, int]:
        """Return how many decisions need a person, by status: as many as `decisions` tells."""
        counted = select(of.status, func.count()).where(of.status.in_(PERSON_ONLY), CARDS).group_by(of.status)
        if bot:
            counted = counted.join(work_items, item.id == of.work_item_id).where(item.bot == bot)
        with self._books.reading() as connection:
            return _counts(connection, counted)

    def bots(self) -> list[str]:
        """Return the bots that have work on the ledger."""
        with self._books.reading() as connection:
            return list(connection.execute(select(run_rows.c.bot).distinct().order_by(run_rows.c.bot)).scalars())

    def runs(self, part: Part, *, bot: str | None = None) -> tuple[list[RunLine], int]:
        """Return the runs, the newest first, and how many there are in all."""
        rows, whole = select(run_rows), select(func.count()).select_from(run_rows)
        if bot:
            rows, whole = rows.where(run_rows.c.bot == bot), whole.where(run_rows.c.bot == bot)
        with self._books.reading() as connection:
            found = connection.execute(_part(rows.order_by(run_rows.c.id.desc()), part))
            return [_run(row) for row in found], _count(connection, whole)

    def runs_in_vain(self, bot: str | None) -> list[RunLine]:
        """Return the last run of each bot where it could not do its work."""
        last = select(func.max(run_rows.c.id)).group_by(run_rows.c.bot)
        if bot:
            last = last.where(run_rows.c.bot == bot)
        rows = select(run_rows).where(run_rows.c.id.in_(last), run_rows.c.reason.is_not(None))
        with self._books.reading() as connection:
            return [_run(row) for row in connection.execute(rows.order_by(run_rows.c.id.desc()))]

    def run(self, run_id: int) -> RunLine:
        """Return one run; raise LookupError where there is none."""
        with self._books.reading() as connection:
            row = connection.execute(select(run_rows).where(run_rows.c.id == run_id)).first()
        if row is None:
            raise LookupError(f"there is no run {run_id}")
        return _run(row)

    def run_story(self, run_id: int) -> RunStory:
        """Return how far the run is."""
        with self._books.reading() as connection:
            return RunStory(
                documents=_by(connection, documents.c.outcome, documents.c.run_id == run_id),
                records=_by(connection, intake.c.outcome, intake.c.run_id == run_id),
                transactions=_of_run(connection, run_id),
            )


def _whole(wanted: Sequence[ColumnElement[bool]], status: Status | None) -> Select[Any]:
    """Return what counts the work items; where a status is all that is wanted, an index alone answers."""
    if status is None:
        return select(func.count()).select_from(work_items).where(*wanted)
    counted = select(func.count(of.work_item_id.distinct())).where(of.status == status)
    return counted.join(work_items, item.id == of.work_item_id).where(*wanted) if wanted else counted


def _of_run(connection: Connection, run_id: int) -> dict[tuple[str, Status], int]:
    """Count what its workers took last, and what it found that no worker took yet."""
    counted = select(of.entry, of.status, func.count()).group_by(of.entry, of.status)
    found = counted.join(work_items, item.id == of.work_item_id).where(item.run_id == run_id, of.run_id.is_(None))
    total: dict[tuple[str, Status], int] = {}
    for query in (counted.where(of.run_id == run_id), found):
        for entry, status, count in connection.execute(query):
            key = (entry, Status(status))
            total[key] = total.get(key, 0) + count
    return dict(sorted(total.items()))


def _by(connection: Connection, column: Any, wanted: ColumnElement[bool]) -> dict[str, int]:
    return _counts(connection, select(column, func.count()).where(wanted).group_by(column))


def _counts(connection: Connection, counted: Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(counted)}


def _part(rows: Select[Any], part: Part) -> Select[Any]:
    return rows.offset(part.skip).limit(part.size)


def _count(connection: Connection, whole: Select[Any]) -> int:
    return int(connection.execute(whole).scalar_one())


def _entries(connection: Connection, ids: Sequence[int]) -> dict[int, list[tuple[str, Status]]]:
    found: dict[int, list[tuple[str, Status]]] = {}
    rows = select(of.work_item_id, of.entry, of.status).where(of.work_item_id.in_(ids)).order_by(of.id)
    for work_item_id, entry, status in connection.execute(rows):
        found.setdefault(work_item_id, []).append((entry, Status(status)))
    return found


def _with_systems(connection: Connection, found: Sequence[Decision]) -> list[Decision]:
    """Tell of each the systems in which the record stands so for the same reason."""
    ids = {one.work_item_id for one in found}
    rows = select(of.work_item_id, of.status, of.reason, of.system).where(of.work_item_id.in_(ids)).order_by(of.id)
    systems: dict[tuple[int, str, str | None], list[str]] = {}
    for item_id, status, reason, system in connection.execute(rows):
        systems.setdefault((item_id, status, reason), []).append(system)
    return [replace(one, systems=systems.get((one.work_item_id, one.status, one.reason), ())) for one in found]


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        transaction_id=row.id,
        work_item_id=row.work_item_id,
        bot=row.bot,
        reference=row.reference,
        entry=row.entry,
        system=row.system,
        status=Status(row.status),
        reason=row.reason,
        since=row.changed,
    )


def _surge(row: Row[Any]) -> Surge:
    told = {**row._mapping, "status": Status(row.status)}  # noqa: SLF001  # documented
    return Surge(**told)


def _run(row: Any) -> RunLine:
    return RunLine(
        id=row.id,
        bot=row.bot,
        by=row.by,
        started=row.started,
        finished=row.finished,
        summary=row.summary or {},
        reason=row.reason,
    )
