"""The verification of the whole log, as it stood at one moment."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import Connection, select

from rpa.audit.keys import public_key
from rpa.audit.verify import Cosigned, Head, LogRow, Seal, Verdict, Watch, verify
from rpa.store.connect import Books
from rpa.store.rekeying import notes_of_changes
from rpa.store.schema import audit_entries, audit_head, checkpoints, cosignatures


def verified(books: Books, watch: Watch) -> Verdict:
    """Verify everything that is stored; see `Log.verify`."""
    key, of = public_key(books.folder), audit_entries.c
    with books.reading() as connection:
        entries = select(of.seq, of.body, of.leaf, of.reference).order_by(of.seq)
        rows = cast("Iterable[LogRow]", books.database.rows(connection, entries))
        kept = connection.execute(select(audit_head.c.size, audit_head.c.peaks)).one()
        return verify(rows, Head(*kept), _seals(connection), key, watch, notes_of_changes(connection))


def _seals(connection: Connection) -> list[Seal]:
    of, said = checkpoints.c, cosignatures.c
    lines: dict[int, list[Cosigned]] = {}
    for row in connection.execute(select(said.size, said.witness, said.line)):
        lines.setdefault(row.size, []).append(Cosigned(row.witness, row.line))
    seals = connection.execute(select(of.size, of.peaks, of.note))
    return [Seal(*seal, tuple(lines.get(seal.size, ()))) for seal in seals]
