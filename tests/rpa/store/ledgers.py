"""What the tests of the ledger share: records to add, and other processes that work on the same ledger."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable

from rpa.audit.entry import Actor
from rpa.store.databases.postgresql import PostgresLedger
from rpa.store.intake import NewEntry, NewItem
from rpa.store.owner import Owner
from rpa.store.queue import Reserved
from rpa.store.store import Store
from rpa.work import MOVES, Status, Transaction, commitment

ROOT = Path(__file__).resolve().parents[3]
ROBOT = Actor(kind="bot", id="claims", name="claims")
CLERK = Actor(kind="person", id="u-1", name="R. Diaz")
BOT, DIGEST, DOCUMENT = "claims", "b" * 64, "d" * 64
SSN = "123-45-6789"
MERIDIAN, PAYMENTS = NewEntry("meridian", "meridian"), NewEntry("payments", "payments", ("meridian",))
SALT = b"s" * 32


both = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
"""The test is part of the contract of every database that holds a ledger."""

URL = "database.url"
"""The file that says where the ledger of a folder is, if it is on a server."""


def opened(folder: Path, actor: Actor = ROBOT) -> Store:
    """Open the ledger of *folder*, wherever it is."""
    return Store.open(folder, actor=actor, database=database_of(folder))


def database_of(folder: Path) -> PostgresLedger | None:
    """Return the database of the ledger of *folder*, if it is on a server."""
    said = folder / URL
    return PostgresLedger(said.read_text("utf-8"), folder) if said.exists() else None


def new_item(reference: str = "CL-1", **changes: Any) -> NewItem:
    """Return a claim for one system."""
    item = NewItem(
        reference=reference,
        record={"fields": {"ssn": {"text": SSN}}, "documents": {}},
        fingerprint="f" * 64,
        entries=(MERIDIAN,),
        sources={"ssn": {"place": "page 1", "how": "form", "commitment": commitment(SALT, "ssn", SSN)}},
        place="page 1",
        document=DOCUMENT,
        salt=SALT,
    )
    return replace(item, **changes)


def reserved(store: Store, owner: Owner, *systems: str) -> Reserved:
    """Reserve something that must be there."""
    found = store.reserve(owner, systems or ("meridian", "payments"))
    assert found is not None
    return found


def begun(store: Store, owner: Owner, status: Status = Status.IN_PROGRESS) -> Transaction:
    """Reserve the next transaction and bring it to *status* by legal moves."""
    transaction = reserved(store, owner).transaction
    for step in WAYS[status]:
        transaction = store.move(transaction, step, owner)
    return transaction


WAYS: dict[Status, tuple[Status, ...]] = {
    Status.NEW: (),
    Status.IN_PROGRESS: (Status.IN_PROGRESS,),
    Status.SUBMITTING: (Status.IN_PROGRESS, Status.SUBMITTING),
    Status.CONFIRMED: (Status.IN_PROGRESS, Status.SUBMITTING, Status.CONFIRMED),
    Status.IN_DOUBT: (Status.IN_PROGRESS, Status.SUBMITTING, Status.IN_DOUBT),
    Status.ALREADY_ENTERED: (Status.IN_PROGRESS, Status.ALREADY_ENTERED),
    Status.REJECTED: (Status.IN_PROGRESS, Status.REJECTED),
    Status.FAILED: (Status.IN_PROGRESS, Status.FAILED),
}
assert all(b in MOVES[a] for way in WAYS.values() for a, b in zip((Status.NEW, *way), way, strict=False))


def events(store: Store, **wanted: Any) -> list[str]:
    """Return the names of the audit entries, oldest first."""
    return [entry["event"] for entry in store.log.read(**wanted)]


def change(store: Store, statement: Executable) -> None:
    """Change the ledger as somebody could who may write into its database."""
    with store._books.engine.begin() as connection:
        connection.execute(statement)


def tamper(folder: Path, statement: str, *values: str) -> None:
    """Change the database file as somebody could who has it."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection, connection:
        connection.execute(statement, values)


@contextmanager
def child(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """Run `child.py` on the ledger of *folder*; kill it in the end."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "child.py"), str(folder), *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)


def said(process: subprocess.Popen[str]) -> str:
    """Wait for the child's next line."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    """Let the child go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
