"""Which transactions a worker can take, in SQL. Each query is built once, since building costs more than asking.

Parameters: *systems* or one *system*, *bots* (unless *any_bot*) or one *bot*, *gone* (owners that are
dead), the `moments` and *closed* (systems whose hours are over).
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.sql import FromClause
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from rpa.store.schema import LONG_AGO, UtcDateTime, dependencies, systems, transactions, work_items
from rpa.store.systems import LONGEST_PROBE
from rpa.work import ENDED, ENTERED, Status

Columns = ReadOnlyColumnCollection[str, Column[Any]]
of, item, link = transactions.c, work_items.c, dependencies.c

BEGUN = (Status.IN_PROGRESS, Status.SUBMITTING)
AT = bindparam("at", type_=UtcDateTime)
BOT = bindparam("bot", type_=String)
OF_BOTS = or_(bindparam("any_bot", type_=Boolean), item.bot.in_(bindparam("bots", expanding=True)))

IS_NEW = of.status == Status.NEW
IS_BEGUN = of.status.in_(BEGUN)

ASKED = and_(
    of.status.in_([Status.NEW, *BEGUN]),
    of.system.in_(bindparam("systems", expanding=True)),
    OF_BOTS,
)

FREE = or_(of.owner.is_(None), of.owner.in_(bindparam("gone", expanding=True)))
"""No living worker holds it."""

LATEST = bindparam("latest", type_=UtcDateTime)
"""The latest moment for which a probe can be meant: what lies further away was set by a clock that went back."""


def _away(rows: FromClause) -> ColumnElement[bool]:
    """Return the condition that the system of a transaction in *rows* takes none now: it is paused, or closed."""
    probe = systems.c.next_probe
    waits = or_(probe.is_(None), and_(probe > AT, probe <= LATEST))
    # Asked once for all rows, not once for each: the queue may be long.
    paused = select(systems.c.system).where(systems.c.paused.is_not(None), waits)
    return or_(rows.c.system.in_(paused), rows.c.system.in_(bindparam("closed", expanding=True)))


AWAY = _away(transactions)


def moments(at: datetime) -> dict[str, datetime]:
    """Return what the queries are told of the time: it is *at*."""
    return {"at": at, "latest": at + LONGEST_PROBE, "ahead": at + DIFFER}


ALLOWED = or_(item.postponed_until.is_(None), item.postponed_until <= AT)
AHEAD = bindparam("ahead", type_=UtcDateTime)
DUE = or_(of.not_before.is_(None), of.not_before <= AT, of.changed > AHEAD)
"""Its time has come; also where it was changed in the future, for then the clock has gone back since."""

DIFFER = timedelta(seconds=5)
"""By how much two processes may take the same moment for another, although no clock went back."""


def _entered_first() -> ColumnElement[bool]:
    """Return the condition that everything the transaction depends on is entered."""
    needed = transactions.alias()
    missing = (link.transaction_id == of.id, link.needs_id == needed.c.id, needed.c.status.not_in(ENTERED))
    return ~exists().where(*missing)


def _stuck() -> Select[int]:
    """Return a query for what depends, over however many entries, on what won't be entered: ended, or away."""
    needed, waiting = transactions.alias(), transactions.alias()
    first = (
        select(link.transaction_id.label("id"))
        .join(needed, needed.c.id == link.needs_id)
        .join(waiting, waiting.c.id == link.transaction_id)
        .where(or_(needed.c.status.in_(ENDED - ENTERED), and_(needed.c.status.not_in(ENDED), _away(needed))))
        .where(waiting.c.status == Status.NEW)
        .cte("stuck", recursive=True)
    )
    further = select(link.transaction_id).join(first, first.c.id == link.needs_id)
    return select(first.union(further).c.id)


def _alone() -> ColumnElement[bool]:
    """Return the condition that nothing under way in the system looks for the same.

    Two records that one search can't tell apart must not be entered side by side: while the first one's entry is
    not shown yet, the second one's search finds nothing and would make another. What is in doubt counts too.
    """
    return and_(~_twin(_held), ~_twin(_in([*BEGUN, Status.IN_DOUBT])))


def _twin(stands: Callable[[Columns], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the condition that another one that looks for the same *stands* so.

    Each such condition is one that an index answers. Measured, with two of them in one `or`: SQLite reads the
    whole table for each transaction that waits, and choosing among 3,000 takes a second instead of 5 ms.
    """
    other = transactions.alias().c
    same = and_(other.system == of.system, other.looks_for == of.looks_for, other.id != of.id)
    return exists().where(same, stands(other))


def _held(other: Columns) -> ColumnElement[bool]:
    return other.owner > ""  # for `IS NOT NULL` SQLite uses no index


def _in(statuses: Collection[Status]) -> Callable[[Columns], ColumnElement[bool]]:
    return lambda other: other.status.in_(statuses)


ENTERED_FIRST = _entered_first()
ALONE = _alone()
MAY_BEGIN = or_(of.status != Status.NEW, ALONE)

HELD_IN = (
    select(of.system, of.owner)
    .where(of.owner.is_not(None), of.system.in_(bindparam("systems", expanding=True)))
    .distinct()
)
"""Who has something in hand in which system, dead owners too."""

OWNERS = select(of.owner).where(of.owner.is_not(None)).distinct()

BEGUN_FIRST = (
    select(transactions)
    .join(work_items, item.id == of.work_item_id)
    .where(ASKED, FREE, ~AWAY, or_(of.status == Status.IN_PROGRESS, and_(of.status == Status.SUBMITTING, DUE)))
    .order_by(case((of.status == Status.SUBMITTING, 0), else_=1), of.turn, of.id)
    .limit(1)
)
"""What was begun and is to be gone on with: what may have been pressed first."""

PROMISED_FIRST = BEGUN_FIRST.where(of.status == Status.SUBMITTING)
"""What is to be settled, and nothing else."""

NEW_FIRST = (
    select(transactions)
    .join(work_items, item.id == of.work_item_id)
    .where(IS_NEW, of.system == bindparam("system"), OF_BOTS)
    .where(FREE, ~AWAY, DUE, ALLOWED, ENTERED_FIRST, ALONE)
    .order_by(of.turn, of.id)
    .limit(1)
)
"""What is to be begun next in one system. An index has this order, and is read up to the first that fits."""

_READY = (
    select(of.id)
    .join(work_items, item.id == of.work_item_id)
    .where(IS_NEW, item.bot == BOT, FREE, ~AWAY, DUE, ALLOWED, ENTERED_FIRST, ALONE)
    .limit(bindparam("most"))
)

READY = select(func.count()).select_from(_READY.subquery())
"""How many of the bot's could be begun now, counted up to *most*."""

READY_IN = select(func.count()).select_from(_READY.where(of.system == bindparam("system")).subquery())
"""The same in one system."""

LEFT = (
    select(of.id)
    .join(work_items, item.id == of.work_item_id)
    .where(ASKED, ~AWAY)
    .where(or_(IS_BEGUN, and_(IS_NEW, ALLOWED, of.id.not_in(_stuck()), ~_twin(_in([Status.IN_DOUBT])))))
    .limit(1)
)
"""Anything that can still come to be done in this run."""

_ALLOWED_FROM = func.coalesce(of.not_before, LONG_AGO)
_POSTPONED = and_(IS_NEW, item.postponed_until > _ALLOWED_FROM)

EARLIEST = (
    select(func.min(case((_POSTPONED, item.postponed_until), else_=_ALLOWED_FROM)))
    .select_from(transactions)
    .join(work_items, item.id == of.work_item_id)
    .where(ASKED, FREE, ~AWAY, or_(IS_BEGUN, and_(ENTERED_FIRST, ALONE)))
)
"""When the first of what nobody holds can be done; past times mean now."""
