"""The content of audit entries is dropped once their time is over; their hashes stay, and the log still verifies.

What was dropped, and by what authority, is an entry of its own, which is never dropped. Without it an entry that
has no content counts as changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from rpa.audit.entry import Event, Fact, decode, instant
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import audit_entries, checkpoints, work_items
from rpa.store.trail import append

KEPT = frozenset({Event.LOG_PRUNED, Event.WORK_ITEM_ERASED, Event.DOCUMENT_ERASED, Event.KEY_CHANGED})
"""What was erased and dropped, and whose signatures count, stays known for good."""

ACCOUNTED = timedelta(days=5 * 366)
"""How long an accounting of a disclosure is kept at least (5 U.S.C. 552a(c)(3))."""

BATCH = 500

of = audit_entries.c


def prune(books: Books, days: Mapping[str, int], authority: str) -> int:
    """Drop the content of old entries; see `Log.prune`."""
    books.require_owner()
    at = now()
    limits = {word: at - timedelta(days=number) for word, number in days.items()}
    old = list(_old(books, limits, at - ACCOUNTED))
    if old:
        with books.writing() as connection:
            for first in range(0, len(old), BATCH):
                some = of.seq.in_(old[first : first + BATCH])
                connection.execute(update(audit_entries).where(some).values(body=b""))
            data = {"authority": authority, "days": dict(days), "entries": len(old), "ranges": list(_ranges(old))}
            append(connection, books.author, Fact(event=Event.LOG_PRUNED, data=data), at)
    return len(old)


def _old(books: Books, limits: Mapping[str, datetime], disclosed: datetime) -> Iterator[int]:
    """Yield the numbers of the signed entries whose time is over, in order."""
    texts = {word: instant(limit) for word, limit in limits.items()}
    with books.reading() as connection:
        signed = connection.execute(select(func.max(checkpoints.c.size))).scalar() or 0
    after = 0
    while True:
        entries = select(of.seq, of.body).where(of.seq > after, of.seq <= signed).order_by(of.seq).limit(BATCH)
        with books.reading() as connection:
            rows = connection.execute(entries).all()
        if not rows:
            return
        after = rows[-1].seq
        read = {row.seq: decode(row.body) for row in rows if row.body}
        needed = set(_needed(books, read))
        for seq, entry in read.items():
            limit = texts.get(entry["event"].partition(".")[0], "")
            if "disclosure" in entry.get("data", {}):
                limit = min(limit, instant(disclosed))
            if seq not in needed and entry["event"] not in KEPT and entry["at"] < limit:
                yield seq


def _needed(books: Books, entries: Mapping[int, Mapping[str, Any]]) -> Iterator[int]:
    """Yield the numbers of those that an erasure still needs: they alone name the pictures of earlier attempts."""
    of_item = {
        seq: entry.get("work_item") for seq, entry in entries.items() if entry.get("data", {}).get("evidence")
    }
    held = select(work_items.c.id).where(work_items.c.id.in_(set(of_item.values())), work_items.c.erased.is_(None))
    with books.reading() as connection:
        still = set(connection.execute(held).scalars())
    return (seq for seq, item in of_item.items() if item in still)


def _ranges(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Yield the first and the last of each run of numbers."""
    run: list[int] = []
    for number in numbers:
        if run and number == run[1] + 1:
            run[1] = number
        else:
            if run:
                yield run
            run = [number, number]
    if run:
        yield run
