"""One bit of the evidence is flipped, in the database and in an export."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from rpa.audit.keys import public_key
from rpa.store.store import Store
from tests.attacks.nine import FREE
from tests.attacks.scene import Scene, checked, exported
from tests.rpa.store.ledgers import ROBOT

CELLS = {
    ("audit_entries", "body"): 6,
    ("audit_entries", "leaf"): 2,
    ("audit_head", "peaks"): 1,
    ("checkpoints", "note"): 1,
    ("checkpoints", "peaks"): 1,
    ("cosignatures", "line"): 1,
}
"""Where bits are flipped in the database, and how often of all flips there."""

FILES = {"entries.ndjson": 6, "checkpoints.txt": 3, "audit.pub": 1, "witnesses.pub": 1}
"""Where bits are flipped in an export."""


def flips(made: Scene, number: int, seed: int) -> Iterator[bool]:
    """Flip bits one after another; yield for each whether it was noticed."""
    random = Random(seed)
    with made.copy() as state:
        yield from _in_database(made, state, number // 2, random)
        export = exported(state, state / "export", made.places)
        for _ in range(number - number // 2):
            yield _in_export(made, export, random)


def _in_database(made: Scene, state: Path, number: int, random: Random) -> Iterator[bool]:
    watch = made.watch(*made.places)
    ledger = closing(sqlite3.connect(state / "ledger.db", isolation_level=None))
    with ledger as connection, Store.examine(state, actor=ROBOT) as store:
        for (trigger,) in connection.execute(FREE).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for _ in range(number):
            ((table, column),) = random.choices(list(CELLS), list(CELLS.values()))
            cells = f"SELECT rowid, {column} FROM {table}"  # noqa: S608  # names of the schema
            row, cell = random.choice(connection.execute(cells).fetchall())
            changed = _flipped(cell, random)
            change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608
            connection.execute(change, (changed, row))
            yield bool(store.log.verify(watch).problems)
            connection.execute(change, (cell, row))


def _in_export(made: Scene, export: Path, random: Random) -> bool:
    (name,) = random.choices(list(FILES), list(FILES.values()))
    path = export / name
    before = path.read_bytes()
    path.write_bytes(_flip(before, random))
    try:
        return _code(made, export, name) != 0
    finally:
        path.write_bytes(before)


def _code(made: Scene, export: Path, name: str) -> int:
    """Verify with the keys that are in the export where one of these was hit, with the true ones else."""
    key = (export / "audit.pub").read_text("utf-8", errors="replace") if name == "audit.pub" else None
    return checked(export, key or str(public_key(made.state)), () if name == "witnesses.pub" else made.places)


def _flipped(cell: bytes | str, random: Random) -> bytes | str:
    if isinstance(cell, bytes):
        return _flip(cell, random)
    return _flip(cell.encode(), random).decode(errors="replace")


def _flip(raw: bytes, random: Random) -> bytes:
    bit = random.randrange(len(raw) * 8)
    return raw[: bit // 8] + bytes([raw[bit // 8] ^ 1 << bit % 8]) + raw[bit // 8 + 1 :]
