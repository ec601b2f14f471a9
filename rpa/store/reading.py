"""Looking into the ledger; nothing here changes it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import exists, func, select

from rpa.store.connect import Books
from rpa.store.rows import transaction_of, work_item_of
from rpa.store.schema import transactions, work_items
from rpa.store.subjects import ITEMS
from rpa.work import Status, Transaction, WorkItem

of, item = transactions.c, work_items.c

TOGETHER = 500
"""References that are asked for at once: no database takes any number of values in a statement."""


def transaction(books: Books, transaction_id: int) -> Transaction:
    """Return one transaction; raise LookupError where there is none."""
    with books.reading() as connection:
        row = connection.execute(select(transactions).where(of.id == transaction_id)).first()
    if row is None:
        raise LookupError(f"there is no transaction {transaction_id}")
    return transaction_of(row)


def transactions_of(books: Books, work_item_id: int) -> list[Transaction]:
    """Return the transactions of a work item, in the bot's order."""
    rows = select(transactions).where(of.work_item_id == work_item_id).order_by(of.id)
    with books.reading() as connection:
        return [transaction_of(row) for row in connection.execute(rows)]


def work_item(books: Books, work_item_id: int) -> WorkItem:
    """Return one work item; raise LookupError where there is none."""
    with books.reading() as connection:
        row = connection.execute(ITEMS.where(item.id == work_item_id)).first()
    if row is None:
        raise LookupError(f"there is no work item {work_item_id}")
    return work_item_of(row, books.sealer)


def find_items(books: Books, *, reference: str | None, bot: str | None, status: Status | None) -> list[WorkItem]:
    """Return the work items that have what is given, oldest first."""
    rows = ITEMS.order_by(item.id)
    if reference is not None:
        rows = rows.where(item.reference == reference)
    if bot is not None:
        rows = rows.where(item.bot == bot)
    if status is not None:
        rows = rows.where(exists().where(of.work_item_id == item.id, of.status == status))
    with books.reading() as connection:
        return [work_item_of(row, books.sealer) for row in connection.execute(rows)]


def numbers(books: Books, bot: str, references: Sequence[str]) -> dict[str, int]:
    """Return the work item of each of the references that the bot has; see `Store.numbers`."""
    found: dict[str, int] = {}
    with books.reading() as connection:
        for first in range(0, len(references), TOGETHER):
            some = item.reference.in_(references[first : first + TOGETHER])
            rows = connection.execute(select(item.reference, item.id).where(item.bot == bot, some))
            found |= {row.reference: row.id for row in rows}
    return found


def bots(books: Books) -> list[str]:
    """Return the bots that have work items, by name."""
    with books.reading() as connection:
        return list(connection.execute(select(item.bot).distinct().order_by(item.bot)).scalars())


def counts(books: Books, bot: str) -> Mapping[tuple[str, Status], int]:
    """Return how many transactions of the bot stand where; see `Store.counts`."""
    counted = select(of.entry, of.status, func.count()).where(of.bot == bot)
    counted = counted.group_by(of.entry, of.status).order_by(of.entry, of.status)
    with books.reading() as connection:
        return {(entry, Status(status)): count for entry, status, count in connection.execute(counted)}
