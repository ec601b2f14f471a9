"""What the ledger says of the work as a whole: how much, how smoothly, what for, and how old it is.

Numbers, names of bots and entries, and reasons; no record is opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import case, func, select

from rpa.store.connect import Books
from rpa.store.schema import documents, transactions, work_items
from rpa.work import ENTERED, PERSON_ONLY, Status

item, of = work_items.c, transactions.c

UNSETTLED = (*PERSON_ONLY, Status.NEW, Status.IN_PROGRESS, Status.SUBMITTING)
"""Where work that is still to be done stands."""

MOST = 25
"""Reasons that are told; those that few share are left out."""


@dataclass(frozen=True, kw_only=True)
class Through:
    """Records of one bot that are settled or wait for a person, and how many of them no person had to touch."""

    bot: str
    records: int
    untouched: int


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why so many entries of a bot need a person, or were left out."""

    bot: str
    reason: str
    count: int


@dataclass(frozen=True)
class Insight:
    """The figures of one ledger."""

    _books: Books

    def entered(self, edges: Sequence[datetime]) -> list[int]:
        """Return how many entries were confirmed, or found there, between each two of the moments."""
        query = select(func.count()).select_from(transactions).where(of.status.in_(ENTERED))
        with self._books.reading() as connection:
            return [
                connection.execute(query.where(of.changed >= since, of.changed < until)).scalar_one()
                for since, until in pairwise(edges)
            ]

    def entered_by(self, since: datetime) -> Mapping[tuple[str, str], int]:
        """Return how many entries we made since then, by (bot, entry); what was there before is not counted."""
        query = select(item.bot, of.entry, func.count()).join(work_items, item.id == of.work_item_id)
        query = query.where(of.status == Status.CONFIRMED, of.changed >= since).group_by(item.bot, of.entry)
        with self._books.reading() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}

    def through(self, since: datetime) -> list[Through]:
        """Return, of each bot, the records that came since then and stand where no worker has more to do."""
        each = (
            select(
                item.bot,
                func.sum(case((of.status.in_(ENTERED), 0), else_=1)).label("open"),
                func.sum(of.decided).label("decided"),
                func.sum(case((of.status.in_(UNSETTLED[len(PERSON_ONLY) :]), 1), else_=0)).label("under_way"),
            )
            .join(transactions, of.work_item_id == item.id)
            .where(item.created >= since)
            .group_by(item.id, item.bot)
            .subquery()
        )
        smooth = case(((each.c.open == 0) & (each.c.decided == 0), 1), else_=0)
        query = select(each.c.bot, func.count(), func.sum(smooth)).where(each.c.under_way == 0)
        with self._books.reading() as connection:
            rows = connection.execute(query.group_by(each.c.bot).order_by(each.c.bot))
            return [Through(bot=row[0], records=row[1], untouched=row[2]) for row in rows]

    def causes(self) -> list[Cause]:
        """Return why entries need a person now or were left out, the commonest first."""
        query = select(item.bot, of.reason, func.count()).join(work_items, item.id == of.work_item_id)
        query = query.where(of.status.in_([*PERSON_ONLY, Status.ABANDONED]), of.reason.is_not(None))
        grouped = query.group_by(item.bot, of.reason).order_by(func.count().desc(), item.bot, of.reason)
        unread = select(documents.c.bot, documents.c.reason, func.count()).where(
            documents.c.outcome == "quarantined", documents.c.reason.is_not(None)
        )
        with self._books.reading() as connection:
            rows = [*connection.execute(grouped.limit(MOST))]
            rows += connection.execute(unread.group_by(documents.c.bot, documents.c.reason).limit(MOST))
        found = [Cause(bot=row[0], reason=row[1], count=row[2]) for row in rows]
        return sorted(found, key=lambda one: (-one.count, one.bot, one.reason))[:MOST]

    def backlog(self, edges: Sequence[datetime]) -> list[int]:
        """Return how many entries are still to be settled, by when they came to stand where they do."""
        query = select(func.count()).select_from(transactions).where(of.status.in_(UNSETTLED))
        with self._books.reading() as connection:
            return [
                connection.execute(query.where(of.changed >= since, of.changed < until)).scalar_one()
                for since, until in pairwise(edges)
            ]
