"""The audit log's rows: added in the transaction of what they tell, and read back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from rpa.audit import clock
from rpa.audit.entry import Author, Fact, decode, encode
from rpa.audit.tree import Tree, leaf_hash
from rpa.store.connect import Books
from rpa.store.schema import audit_entries, audit_head

HEAD = select(audit_head.c.size, audit_head.c.peaks).with_for_update()
BATCH = 500
"""Entries read at once: a long reader would keep the write-ahead log from being emptied."""


def append(connection: Connection, author: Author, fact: Fact, at: datetime) -> int:
    """Add an entry to the log within *connection*'s transaction; return its number, counted from 1.

    The head is locked while the number is taken, so that numbers have no gaps and stand in the order of commits.
    """
    tree = head(connection)
    body = encode(fact, author, seq=tree.size + 1, at=at, clock=clock.reading())
    leaf = leaf_hash(body)
    tree = tree.add(leaf)
    connection.execute(
        insert(audit_entries), {"seq": tree.size, "body": body, "leaf": leaf, "reference": fact.reference}
    )
    connection.execute(update(audit_head), {"size": tree.size, "peaks": tree.pack()})
    return tree.size


def head(connection: Connection) -> Tree:
    """Return the tree over the whole log, locked until the transaction ends."""
    row = connection.execute(HEAD).one()
    return Tree.unpack(row.size, row.peaks)


def size(books: Books) -> int:
    """Return how many entries the log holds."""
    with books.reading() as connection:
        return int(connection.execute(select(audit_head.c.size)).scalar_one())


def read(books: Books, *, reference: str | None, after: int, **wanted: object) -> Iterator[dict[str, Any]]:
    """Yield the entries numbered above *after*, oldest first, whose keys have the *wanted* values (None: any)."""
    asked = {key: value for key, value in wanted.items() if value is not None}
    while batch := _batch(books, reference, after):
        for seq, body in batch:
            after, entry = seq, decode(body)
            if all(entry.get(key) == value for key, value in asked.items()):
                yield entry


def _batch(books: Books, reference: str | None, after: int) -> list[tuple[int, bytes]]:
    of = audit_entries.c
    entries = select(of.seq, of.body).where(of.seq > after, of.body != b"").order_by(of.seq).limit(BATCH)
    if reference is not None:
        entries = entries.where(of.reference == reference)
    with books.reading() as connection:
        return [(row.seq, row.body) for row in connection.execute(entries)]
