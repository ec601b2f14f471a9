"""What an export takes out of the log, as it stood at one moment."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from rpa.audit.bundle import Contents, Proofs, dropped, write_bundle
from rpa.audit.keys import public_key
from rpa.audit.note import PublicKey
from rpa.audit.proof import Hashes
from rpa.audit.timestamps import Stamped
from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.rekeying import notes_of_changes
from rpa.store.rows import now
from rpa.store.schema import audit_entries, checkpoints, cosignatures, timestamps

of, sealed = audit_entries.c, checkpoints.c
BATCH = 1000


def bundle(books: Books, folder: Path, reference: str | None, witnesses: Sequence[PublicKey]) -> int:
    """Write a bundle; see `Log.export`."""
    with books.reading() as connection:
        contents = Contents(
            key=public_key(books.folder),
            witnesses=witnesses,
            bodies=_bodies(connection, reference),
            notes=_notes(connection),
            changes=notes_of_changes(connection),
            stamped=_stamped(connection),
            proofs=None if reference is None else _proofs(connection, reference),
            reference=reference,
        )
        return write_bundle(folder, contents, now())


def _bodies(connection: Connection, reference: str | None) -> Iterator[bytes]:
    entries = select(of.seq, of.body, of.leaf).order_by(of.seq)
    if reference is not None:
        entries = entries.where(of.reference == reference, of.seq <= _signed(connection), of.body != b"")
    for row in connection.execute(entries.execution_options(yield_per=BATCH)):
        yield row.body or dropped(row.seq, row.leaf)


def _stamped(connection: Connection) -> list[Stamped]:
    said = timestamps.c
    rows = (
        select(sealed.note, said.token).join(timestamps, said.size == sealed.size).order_by(said.size, said.place)
    )
    return [Stamped(row.note.decode(errors="replace"), row.token) for row in connection.execute(rows)]


def _notes(connection: Connection) -> list[str]:
    said = cosignatures.c
    lines: dict[int, str] = {}
    for row in connection.execute(select(said.size, said.line).order_by(said.size, said.witness)):
        lines[row.size] = lines.get(row.size, "") + row.line
    notes = connection.execute(select(sealed.size, sealed.note).order_by(sealed.size))
    return [row.note.decode(errors="replace") + lines.get(row.size, "") for row in notes]


def _proofs(connection: Connection, reference: str) -> Proofs:
    size = _signed(connection)
    leaves = connection.execute(select(of.leaf).where(of.seq <= size).order_by(of.seq)).scalars()
    hashes = Hashes(leaves)
    wanted = select(of.seq).where(of.reference == reference, of.seq <= size)
    earlier = select(sealed.size).where(sealed.size < size)
    return Proofs(
        size=size,
        inclusion={seq: hashes.path(seq - 1) for seq in connection.execute(wanted).scalars()},
        consistency={old: hashes.extension(old) for old in connection.execute(earlier).scalars()},
    )


def _signed(connection: Connection) -> int:
    size = connection.execute(select(sealed.size).order_by(sealed.size.desc()).limit(1)).scalar()
    if size is None:
        raise BusinessException("nothing of the log is signed yet: run rpa audit checkpoint")
    return int(size)
