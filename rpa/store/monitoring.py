"""What the ledger says to a monitor that asks every few seconds: numbers, by names of bots, entries and systems.

No record is read, and one index answers nearly all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy import bindparam, func, select

from rpa.store.connect import Books
from rpa.store.durations import BOUNDS
from rpa.store.rows import now
from rpa.store.schema import durations, transactions, work_items
from rpa.work import Status

of, item, took = transactions.c, work_items.c, durations.c

_STANDING = (
    select(of.bot, of.system, of.entry, of.status, func.count().label("number"))
    # Work items are numbered as they come: the first of those that wait is the oldest.
    .add_columns(func.min(of.work_item_id).label("first"))
    .group_by(of.bot, of.system, of.entry, of.status)
)
_CREATED = select(item.id, item.created).where(item.id.in_(bindparam("ids", expanding=True)))

Counts = Mapping[tuple[str, str, Status], int]
"""How many transactions stand where: by bot, entry and status."""


@dataclass(kw_only=True)
class Queue:
    """What of a bot waits for a worker in a system, and how long ago the oldest of it was put on the ledger."""

    bot: str
    system: str
    waiting: int = 0
    oldest: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Durations:
    """How long a bot's transactions in a system took until they ended as *status*, in seconds together.

    *within* has, by each of `BOUNDS`, how many took no longer than that: the last one has all.
    """

    bot: str
    system: str
    status: Status
    within: Mapping[str, int]
    seconds: float


@dataclass(frozen=True)
class Monitoring:
    """The figures of one ledger."""

    _books: Books

    def standing(self) -> tuple[Counts, list[Queue]]:
        """Return how many transactions stand where, and the queue of each bot in each system, empty ones too."""
        with self._books.reading() as connection:
            rows = connection.execute(_STANDING).all()
            firsts = [row.first for row in rows if row.status == Status.NEW]
            created = {row.id: row.created for row in connection.execute(_CREATED, {"ids": firsts})}
        counts: dict[tuple[str, str, Status], int] = {}
        queues: dict[tuple[str, str], Queue] = {}
        at = now()
        for row in rows:
            key = (row.bot, row.entry, Status(row.status))
            counts[key] = counts.get(key, 0) + row.number
            queue = queues.setdefault((row.bot, row.system), Queue(bot=row.bot, system=row.system))
            if row.status == Status.NEW:
                queue.waiting += row.number
                queue.oldest = max(queue.oldest, _age(created[row.first], at))
        return counts, list(queues.values())

    def durations(self) -> list[Durations]:
        """Return how long transactions took that workers brought to an end."""
        found: dict[tuple[str, str, Status], dict[str, tuple[int, int]]] = {}
        with self._books.reading() as connection:
            for row in connection.execute(select(durations).order_by(took.bot, took.system, took.status)):
                key = (row.bot, row.system, Status(row.status))
                found.setdefault(key, {})[row.le] = (row.ended, row.milliseconds)
        return [_durations(*key, counted) for key, counted in found.items()]

    def signed_in(self, sessions: Mapping[str, int]) -> dict[str, int]:
        """Return how many of the *sessions* that each system allows are held by a worker, on any machine."""
        with self._books.reading() as connection:
            return self._books.locks.signed_in(connection, sessions)


def _age(since: datetime, at: datetime) -> timedelta:
    """Return how long ago that was; nothing where the clock was set back since."""
    return max(at - since, timedelta())


def _durations(bot: str, system: str, status: Status, counted: Mapping[str, tuple[int, int]]) -> Durations:
    within = dict(zip(BOUNDS, accumulate(counted.get(bound, (0, 0))[0] for bound in BOUNDS), strict=True))
    seconds = sum(milliseconds for _, milliseconds in counted.values()) / 1000
    return Durations(bot=bot, system=system, status=status, within=within, seconds=seconds)
