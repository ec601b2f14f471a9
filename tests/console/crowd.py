"""A hundred thousand work items, and how long the server takes to answer with them."""

import sqlite3
import time
from contextlib import closing

from rpa.project import Project
from tests.console.client import Client

ITEMS = 100_000
ROUNDS = 5
STATUSES = ("confirmed", "confirmed", "confirmed", "confirmed", "new", "rejected", "already_entered", "in_doubt")
PATHS = (
    "/needs-you",
    "/needs-you?kind=in_doubt&page=200",
    "/needs-you?bot=claims-intake",
    "/work",
    "/work?page=2000",
    "/work?reference=CX-0999",
    "/work?reference=5&status=in_doubt",
    "/work?status=confirmed&bot=claims-intake",
    "/work?status=confirmed&page=1000",
    "/work/1",
    "/work/50000",
    "/runs",
    "/runs/1",
    "/runs/1/progress",
    "/schedules",
    "/insight",
    "/systems",
    "/bots",
)
COPY = """
INSERT INTO work_items (bot, reference, fingerprint, priority, run_id, created, subject_id, salt, record)
SELECT bot, printf('CX-%06d', ?), fingerprint, priority, run_id, created, subject_id, salt, record FROM work_items
WHERE id = 3
"""
TRANSACTION = """
INSERT INTO transactions
    (work_item_id, bot, entry, system, status, attempt, receipt, fence, changed, run_id, reason)
SELECT w.id, w.bot, ?, ?, ?, 1, t.receipt, 1, t.changed, ?, 'The amount is above the clerk''s limit'
FROM work_items w, transactions t WHERE w.reference = printf('CX-%06d', ?) AND t.id = 5
"""


def crowd(project: Project) -> None:
    """Put work items into the ledger as if their bot had run for some years."""
    numbers = range(ITEMS)
    with closing(sqlite3.connect(project.settings.state_folder / "ledger.db")) as ledger, ledger:
        ledger.executemany(COPY, ((number,) for number in numbers))
        for system in ("benefits", "payments"):
            rows = ((system, system, STATUSES[n % len(STATUSES)], 1 if n % 2 else None, n) for n in numbers)
            ledger.executemany(TRANSACTION, rows)


def slowest(base: str) -> int:
    """Return the milliseconds of the slowest page; of each the quickest round, to leave out other work."""
    client = Client(base)
    client.sign_in("ada")
    found = {path: taken(client, path) for path in PATHS}
    return max(found.values())


def taken(client: Client, path: str) -> int:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert client.get(path).status in {200, 286}, path
        times.append(time.perf_counter() - begun)
    return round(min(times) * 1000)
