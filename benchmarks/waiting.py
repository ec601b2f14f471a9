"""`make waiting`: how much work it is for a worker to reserve its next transaction, with 100,000 that wait.

A real ledger.
The last line is one JSON object, in milliseconds of processor.
"""

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from rpa.audit.entry import Actor
from rpa.store.databases.sqlite import LEDGER
from rpa.store.intake import NewEntry, NewItem
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Status

ITEMS = 100_000
ROUNDS = 100
SYSTEM = "benefits"
MOST = 20.0
"""Milliseconds that the median may take."""

LIKE_THE_FIRST = "SELECT {} FROM {} x, n WHERE x.id = 1 AND n.n > 1"
NUMBERS = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {ITEMS})"  # noqa: S608  # ours
SPREAD = {
    "id": "n.n",
    "work_item_id": "n.n",
    "reference": "printf('C-%06d', n.n)",
    "looks_for": "printf('%064d', n.n)",
    "priority": "1 + abs(random() % 199)",
    "turn": "strftime('%Y-%m-%d %H:%M:%S.000000', x.turn, (random() % 20000000) || ' seconds')",
}
"""What each row has of its own; all else is as in the first one."""


def fill(ledger: sqlite3.Connection) -> None:
    """Put so many work items beside the first one."""
    for table in ("work_items", "transactions"):
        columns = [name for _, name, *_ in ledger.execute(f"PRAGMA table_info({table})")]
        said = ", ".join(SPREAD.get(name, f"x.{name}") for name in columns)
        ledger.execute(f"INSERT INTO {table} {NUMBERS} {LIKE_THE_FIRST.format(said, table)}")


def main() -> int:
    """Measure, and print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / ".rpa"
        with Store.open(folder, actor=Actor(kind="bot", id="waiting", name="waiting")) as store:
            run = store.start_run("waiting", "d" * 64, "bench")
            entry = NewEntry(SYSTEM, SYSTEM, (), "0" * 64)
            new = NewItem(
                reference="C-000001", record={}, fingerprint="", entries=[entry], sources={}, place="", document=""
            )
            store.add(run, new)
            with closing(sqlite3.connect(folder / LEDGER)) as ledger, ledger:
                fill(ledger)
            times = [_timed(store, folder) for _ in range(1)][-1]
    told = {"waiting": ITEMS, "median_ms": statistics.median(times), "most_ms": max(times)}
    print(json.dumps({key: round(value, 2) for key, value in told.items()}))
    return 0 if told["median_ms"] <= MOST else 1


def _timed(store: Store, folder: Path) -> list[float]:
    times = []
    with Owner.hold(folder) as owner:
        for _ in range(ROUNDS):
            begun = time.process_time()
            found = store.reserve(owner, [SYSTEM], "waiting")
            times.append((time.process_time() - begun) * 1000)
            if found is None or found.transaction.status is not Status.NEW:
                raise AssertionError("nothing was given")
    return times


if __name__ == "__main__":
    sys.exit(main())
