"""What the log says of a transaction: what it is, of which record, in which run; values only as commitments."""

from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from rpa.audit.entry import Event, Fact
from rpa.store.connect import Books
from rpa.store.schema import runs, subjects, transactions, work_items
from rpa.store.subjects import SALT
from rpa.work import Receipt, commitment

of, item = transactions.c, work_items.c

ABOUT = (
    select(of.entry, of.system, of.work_item_id, item.bot, item.reference, item.salt, subjects.c.key)
    .add_columns(runs.c.id, runs.c.digest)
    .join(work_items, item.id == of.work_item_id)
    .join(subjects, subjects.c.id == item.subject_id, isouter=True)
    .join(runs, runs.c.id == func.coalesce(of.run_id, item.run_id))
    .where(of.id == bindparam("transaction"))
)


def about(
    books: Books,
    connection: Connection,
    transaction_id: int,
    event: Event,
    *,
    receipt: Receipt | None = None,
    **data: Any,
) -> Fact:
    """Return an entry's content about a transaction, with *data* and a hashed *receipt*.

    The run is the one whose worker took it last, else the one that found the record.
    """
    row = connection.execute(ABOUT, {"transaction": transaction_id}).one()
    return Fact(
        event=event,
        bot=row.bot,
        digest=row.digest,
        run=row.id,
        reference=row.reference,
        work_item=row.work_item_id,
        transaction=transaction_id,
        entry=row.entry,
        system=row.system,
        data=data | (_committed(receipt, _salt(books, row.key, row.salt)) if receipt else {}),
    )


def _salt(books: Books, key: bytes, sealed: bytes) -> bytes:
    """Return the salt of the record's commitments; only what is not erased gets a receipt."""
    return books.sealer.unwrap(key).open(sealed, SALT)


def _committed(receipt: Receipt, salt: bytes) -> dict[str, Any]:
    return {
        "kept": {name: commitment(salt, name, text) for name, text in receipt.kept.items()},
        "verdicts": dict(receipt.verdicts),
        "evidence": list(receipt.evidence),
    }
