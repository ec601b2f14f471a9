"""Checkpoints over the log's rows: signed, published, and compared with all of them."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Table, func, insert, select

from rpa.audit.call import AwayError
from rpa.audit.chain import Keys
from rpa.audit.checkpoint import read_checkpoint
from rpa.audit.entry import Event, Fact
from rpa.audit.note import NotGenuineError, PublicKey
from rpa.audit.places import Place, UnpublishedError
from rpa.audit.proof import extension
from rpa.audit.timestamps import Stamped
from rpa.audit.tree import Tree, leaf_hash
from rpa.errors import LogRewritten, SetupError
from rpa.store.connect import Books
from rpa.store.rekeying import keys
from rpa.store.rows import now
from rpa.store.schema import audit_entries, audit_head, checkpoints, cosignatures, timestamps
from rpa.store.trail import append, head

of, row_of = checkpoints.c, audit_entries.c


def sign(connection: Connection, books: Books) -> str | None:
    """Sign the log as it now is and return the note; nothing happens where it is signed already.

    A log may never sign what doesn't continue what it signed before (c2sp.org/tlog-checkpoint), so the entries
    since the last checkpoint are hashed again. Raises LogRewritten where they don't lead from there to the head.
    Where the signer can't be reached, the log says so and None is returned.
    """
    known, tree = keys(connection, books), head(connection)
    last = _last_signed(connection, known)
    if last.size == tree.size:
        return None
    if _continued(connection, last, tree.size) != tree:
        raise LogRewritten
    try:
        note = books.signer.sign(tree.size, tree.root(), _prove(connection, tree.size))
    except AwayError as error:
        unsigned = Fact(event=Event.CHECKPOINT_UNSIGNED, reason=f"the signer can't be reached: {error}")
        append(connection, books.author, unsigned, now())
        return None
    _own(note, known.newest, tree)
    connection.execute(insert(checkpoints), {"size": tree.size, "peaks": tree.pack(), "note": note.encode()})
    return note


def unsigned(books: Books) -> int:
    """Return how many entries stand after the last checkpoint."""
    with books.reading() as connection:
        size = connection.execute(select(audit_head.c.size)).scalar_one()
        return int(size) - (connection.execute(select(func.max(of.size))).scalar() or 0)


def publish(books: Books, places: Sequence[Place]) -> list[str]:
    """Show the last checkpoint to each place; return in words which of them have not taken it.

    What a witness said is kept; what was not taken is written into the log.
    """
    return [problem for place in places if (problem := _publish(books, place)) is not None]


def _publish(books: Books, place: Place) -> str | None:
    size, note, last = _newest(books, place.name)
    if note is None:
        return None
    try:
        line = place.publish(note, last, proofs(books, size))
    except UnpublishedError as error:
        if _newest(books, place.name)[0] > size:  # another process has signed, and shown it, meanwhile
            return _publish(books, place)
        _tell(books, place.name, size, str(error))
        return f"{place.name}: {error}"
    if isinstance(line, bytes):
        _keep(books, timestamps, {"size": size, "place": place.name}, {"token": line})
    elif line is not None:
        _keep(books, cosignatures, {"size": size, "witness": place.name}, {"line": line})
    return None


def _newest(books: Books, place: str) -> tuple[int, str | None, int]:
    """Return the size of the last checkpoint, its note, and the size of the last one that the place took."""
    with books.reading() as connection:
        row = connection.execute(select(of.size, of.note).order_by(of.size.desc()).limit(1)).first()
        taken = select(func.max(cosignatures.c.size)).where(cosignatures.c.witness == place)
        last = connection.execute(taken).scalar() or 0
    return (0, None, 0) if row is None else (row.size, row.note.decode(), last)


def proofs(books: Books, size: int) -> Callable[[int], list[bytes]]:
    """Return what proves that the tree of *size* entries goes on from an earlier one."""

    def prove(old: int) -> list[bytes]:
        with books.reading() as connection:
            return _prove(connection, size)(old)

    return prove


def tree_at(connection: Connection, size: int) -> Tree:
    """Return the tree of the first *size* entries, from the checkpoint before them."""
    near = select(of.size, of.peaks).where(of.size <= size).order_by(of.size.desc()).limit(1)
    row = connection.execute(near).first()
    return _continued(connection, Tree() if row is None else Tree.unpack(*row), size)


def _prove(connection: Connection, size: int) -> Callable[[int], list[bytes]]:
    def prove(old: int) -> list[bytes]:
        if not 0 < old < size:
            return []
        leaves = select(row_of.leaf).where(row_of.seq > old, row_of.seq <= size).order_by(row_of.seq)
        return extension(tree_at(connection, old), connection.execute(leaves).scalars().all())

    return prove


def _tell(books: Books, place: str, size: int, reason: str) -> None:
    data = {"place": place, "size": size}
    with books.writing() as connection:
        fact = Fact(event=Event.CHECKPOINT_UNPUBLISHED, reason=reason, data=data)
        append(connection, books.author, fact, now())


def stamped(books: Books, place: str) -> list[Stamped]:
    """Return the checkpoints that a timestamping authority has signed, and its answers."""
    said = timestamps.c
    rows = select(of.note, said.token).join(timestamps, said.size == of.size).where(said.place == place)
    with books.reading() as connection:
        return [Stamped(row.note.decode(errors="replace"), row.token) for row in connection.execute(rows)]


def _keep(books: Books, table: Table, key: Mapping[str, int | str], said: Mapping[str, str | bytes]) -> None:
    """Keep what a place said first of a checkpoint."""
    with books.writing() as connection:
        if connection.execute(select(table.c.size).filter_by(**key)).first() is None:
            connection.execute(insert(table), {**key, **said})


def _own(note: str, key: PublicKey, tree: Tree) -> None:
    """Raise SetupError where the signer has not signed this tree with the log's key."""
    try:
        signed = read_checkpoint(note, key)
    except NotGenuineError:
        raise SetupError("the audit log's signing key is not that of audit.pub") from None
    if (signed.size, signed.root) != (tree.size, tree.root()):
        raise SetupError("the signer has signed another tree than it was given")


def _last_signed(connection: Connection, known: Keys) -> Tree:
    row = connection.execute(select(of.size, of.peaks, of.note).order_by(of.size.desc()).limit(1)).first()
    if row is None:
        return Tree()
    try:
        tree, signed = Tree.unpack(row.size, row.peaks), known.read(row.note.decode(errors="replace"))
    except (NotGenuineError, ValueError):
        raise LogRewritten from None
    if (signed.size, signed.root) != (tree.size, tree.root()):
        raise LogRewritten
    return tree


def _continued(connection: Connection, tree: Tree, size: int) -> Tree:
    later = select(row_of.body, row_of.leaf).where(row_of.seq > tree.size, row_of.seq <= size).order_by(row_of.seq)
    for row in connection.execute(later):
        tree = tree.add(leaf_hash(row.body) if row.body else row.leaf)
    return tree
