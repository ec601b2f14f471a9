"""Checkpoints over the log's rows, and the verification of all of them."""

from sqlalchemy import Connection, insert, select

from rpa.audit.checkpoint import Checkpoint, read_checkpoint
from rpa.audit.keys import private_key, public_key
from rpa.audit.note import NotGenuineError, PublicKey
from rpa.audit.tree import Tree, leaf_hash
from rpa.audit.verify import Head, LogRow, Seal, Verdict, verify
from rpa.errors import SetupError
from rpa.store.connect import Books
from rpa.store.schema import audit_entries, audit_head, checkpoints
from rpa.store.trail import head

BATCH = 1000
REWRITTEN = "the audit log does not continue its last checkpoint: stop, keep a copy, and run `rpa audit verify`"


def sign(connection: Connection, books: Books) -> str | None:
    """Sign the log as it now is and return the note; nothing happens where it is signed already.

    A log may never sign what doesn't continue what it signed before (c2sp.org/tlog-checkpoint), so the entries
    since the last checkpoint are hashed again. Raises SetupError where they don't lead from there to the head.
    """
    key, tree = private_key(books.folder), head(connection)
    last = _last_signed(connection, key.public)
    if last.size == tree.size:
        return None
    if _continued(connection, last) != tree:
        raise SetupError(REWRITTEN)
    note = Checkpoint(key.name, tree.size, tree.root()).sign(key)
    connection.execute(insert(checkpoints), {"size": tree.size, "peaks": tree.pack(), "note": note.encode()})
    return note


def verified(books: Books) -> Verdict:
    """Verify everything that is stored, as it stood at one moment."""
    key = public_key(books.folder)
    with books.reading() as connection:
        of = audit_entries.c
        entries = select(of.seq, of.body, of.leaf, of.reference).order_by(of.seq)
        rows = (LogRow(*row) for row in connection.execute(entries.execution_options(yield_per=BATCH)))
        kept = connection.execute(select(audit_head.c.size, audit_head.c.peaks)).one()
        seals = connection.execute(select(checkpoints.c.size, checkpoints.c.peaks, checkpoints.c.note))
        return verify(rows, Head(*kept), [Seal(*seal) for seal in seals], key)


def _last_signed(connection: Connection, key: PublicKey) -> Tree:
    of = checkpoints.c
    row = connection.execute(select(of.size, of.peaks, of.note).order_by(of.size.desc()).limit(1)).first()
    if row is None:
        return Tree()
    try:
        tree, signed = Tree.unpack(row.size, row.peaks), read_checkpoint(row.note.decode(errors="replace"), key)
    except (NotGenuineError, ValueError):
        raise SetupError(REWRITTEN) from None
    if (signed.size, signed.root) != (tree.size, tree.root()):
        raise SetupError(REWRITTEN)
    return tree


def _continued(connection: Connection, tree: Tree) -> Tree:
    of = audit_entries.c
    for row in connection.execute(select(of.body).where(of.seq > tree.size).order_by(of.seq)):
        tree = tree.add(leaf_hash(row.body))
    return tree
