"""What waits, and when it will be done at the rate at which the ledger's own transactions came to their ends.

    rate    = ended in the runs of the last 7 days / the time from each run's start to its last end in the system
    done at = now + place in the queue / rate, not before the time that it waits for

The places are in the order of turns, so that what is last in the queue is done when the whole backlog is.
Nobody can tell when an approver will decide, so what is held until then has no time and takes no place.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, case, func, select, update

from rpa.audit.entry import Event, Fact
from rpa.store.changes import HELD
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import UtcDateTime, runs, systems, transactions, work_items
from rpa.store.trail import append
from rpa.work import ENDED, Status

HISTORY = timedelta(days=7)
"""How far back the rate is measured."""

SHORTEST = timedelta(seconds=1)
"""What a run takes at least: the rate of one that was quicker would be without bounds."""

AT_ONCE = 500
"""Work items of which is told in one transaction: a longer one would keep workers waiting."""

of, item = transactions.c, work_items.c

Key = tuple[str, str]
"""A bot and a system."""


@dataclass(frozen=True, kw_only=True)
class Late:
    """A work item that will miss its deadline, or has: when it will be *done*, None where nobody can tell.

    *told* is whether the log says so already.
    """

    work_item_id: int
    reference: str
    deadline: datetime
    done: datetime | None
    told: bool


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What of a bot waits for a system, at which rate it is done, and when the last of it will be.

    *rate* is in transactions an hour, None where the last days say nothing; *done* is None then, and where all
    that waits is held until an approver has decided: nobody can tell when that will be. *paused* tells that the
    system's work waits: all times count from when it goes on.
    """

    bot: str
    system: str
    waiting: int
    rate: float | None
    done: datetime | None
    paused: bool
    late: tuple[Late, ...]


_ENDED_BY_WORKERS = sorted(ENDED - {Status.ABANDONED})

_HISTORY = (
    select(runs.c.bot, of.system, runs.c.started, runs.c.finished)
    .add_columns(func.count().label("ended"), func.max(of.changed).label("last"))
    .join(runs, runs.c.id == of.run_id)
    .where(of.status.in_(_ENDED_BY_WORKERS))
    .group_by(runs.c.id, of.system)
)

_OPEN = sorted(set(Status) - ENDED)

_FORETOLD = item.postponed_until.is_(None) | (item.postponed_until != HELD)
_POSTPONED = func.nullif(item.postponed_until, HELD, type_=UtcDateTime())

_QUEUES = (
    select(item.bot, of.system, func.count().label("waiting"), func.min(item.deadline).label("deadline"))
    .add_columns(func.max(_POSTPONED).label("postponed"), func.max(of.not_before).label("not_before"))
    .add_columns(func.sum(case((_FORETOLD, 1), else_=0)).label("foretold"))
    .join(work_items, item.id == of.work_item_id)
    .where(of.status.in_(_OPEN))
    .group_by(item.bot, of.system)
    .order_by(item.bot, of.system)
)
"""What waits, by bot and system, in one row each: a queue of 100,000 is not read to be counted."""

_PLACES = (
    select(item.id, item.reference, item.deadline, item.warned, item.postponed_until, of.not_before)
    .add_columns(func.sum(case((_FORETOLD, 1), else_=0)).over(order_by=(of.turn, of.id)).label("place"))
    .join(work_items, item.id == of.work_item_id)
    .where(of.status.in_(_OPEN), item.bot == bindparam("bot"), of.system == bindparam("system"))
    .subquery()
)
_URGENT = (
    select(_PLACES).where(_PLACES.c.deadline < bindparam("done", type_=UtcDateTime())).order_by(_PLACES.c.place)
)
"""Of one queue what is due before its end: nothing else can be late."""

_UNTOLD = _URGENT.where(_PLACES.c.warned.is_(None))


def forecasts(books: Books, bot: str | None) -> list[Forecast]:
    """Return the forecast for each bot and system that has something waiting; see `Store.forecasts`."""
    return _forecasts(books, bot, _URGENT)


def _forecasts(books: Books, bot: str | None, urgent: Select[Any]) -> list[Forecast]:
    """Return the forecasts; *urgent* says which of the late ones each has."""
    at = now()
    history, queues = _HISTORY.where(runs.c.started >= at - HISTORY), _QUEUES
    if bot is not None:
        history, queues = history.where(runs.c.bot == bot), queues.where(item.bot == bot)
    with books.reading() as connection:
        rates = _rates(connection.execute(history).all())
        paused = set(connection.execute(select(systems.c.system).where(systems.c.paused.is_not(None))).scalars())
        return [
            _forecast(connection, queue, rates.get((queue.bot, queue.system)), at, paused, urgent)
            for queue in connection.execute(queues).all()
        ]


def warn(books: Books) -> None:
    """Write down once of which work items the deadline is at risk; see `Store.warn_of_deadlines`."""
    found = _forecasts(books, None, _UNTOLD)
    untold = {late.work_item_id: (one.bot, late) for one in found for late in one.late}
    with books.writing() as connection:
        for number, (bot, late) in list(untold.items())[:AT_ONCE]:
            mark = update(work_items).where(item.id == number, item.warned.is_(None)).values(warned=now())
            if connection.execute(mark).rowcount:  # no other service was quicker
                fact = Fact(event=Event.DEADLINE_AT_RISK, bot=bot, reference=late.reference, work_item=number)
                append(connection, books.author, fact, now())


def _rates(rows: Sequence[Row[Any]]) -> Mapping[Key, float]:
    """Return how many transactions ended per second of work, by bot and system."""
    ended, worked = dict[Key, int](), dict[Key, timedelta]()
    for row in rows:
        key = (row.bot, row.system)
        # A person may have decided long after the run.
        last = row.last if row.finished is None else min(row.last, row.finished)
        ended[key] = ended.get(key, 0) + row.ended
        worked[key] = worked.get(key, timedelta()) + max(last - row.started, SHORTEST)
    return {key: number / worked[key].total_seconds() for key, number in ended.items()}


def _forecast(  # all that it is made of
    connection: Connection,
    queue: Row[Any],
    rate: float | None,
    at: datetime,
    paused: Collection[str],
    urgent: Select[Any],
) -> Forecast:
    done = _end(queue.foretold, rate, at, queue.postponed, queue.not_before) if queue.foretold else None
    asked = {"bot": queue.bot, "system": queue.system, "done": done or at}
    is_urgent = queue.deadline is not None and queue.deadline < asked["done"]
    return Forecast(
        bot=queue.bot,
        system=queue.system,
        waiting=queue.waiting,
        rate=rate and rate * 3600,
        done=done,
        paused=queue.system in paused,
        late=tuple(_late(connection.execute(urgent, asked), rate, at)) if is_urgent else (),
    )


def _late(rows: Iterable[Row[Any]], rate: float | None, at: datetime) -> Iterator[Late]:
    for row in rows:
        end = _end(row.place, rate, at, row.postponed_until, row.not_before)
        if (end or at) > row.deadline:
            yield Late(
                work_item_id=row.id,
                reference=row.reference,
                deadline=row.deadline,
                done=end,
                told=row.warned is not None,
            )


def _end(place: int, rate: float | None, at: datetime, *waits: datetime | None) -> datetime | None:
    """Return when the transaction of that place is done; of the last one, with the latest waits, when all are."""
    if rate is None or HELD in waits:
        return None
    return max([at + timedelta(seconds=place / rate), *(moment for moment in waits if moment is not None)])
