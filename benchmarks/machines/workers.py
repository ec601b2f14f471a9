"""What 1, 2 and 4 workers enter in a second, and what each transaction costs them and the server.

First into a system that answers at once, where the processor is the limit; then into one whose saves take some
seconds, as real ones do, where workers wait for the system and not for one another.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.machines import processor
from fixtures.systems.common import running
from tests.rpa.engines.office import Office, office

COUNTS = (1, 2, 4)
SAVES = (0.0, 3.0)
"""Seconds that a save takes."""

CLAIMS, WARM = 20, 4
"""For each worker: claims that are counted, and before them some to open its browser."""

COUNTED = (
    "SELECT xact_commit, pg_current_wal_insert_lsn() - '0/0'::pg_lsn, pg_database_size(current_database())"
    " FROM pg_stat_database WHERE datname = current_database()"
)
ENTERED = (
    "SELECT extract(epoch FROM max(changed) - min(changed))::float FROM"
    " (SELECT changed FROM transactions WHERE status = 'confirmed' ORDER BY id DESC LIMIT %s) AS last"
)


def measured(folder: Path, sockets: Path) -> Mapping[str, Any]:
    """Return a row for each number of workers, for both kinds of system."""
    return {f"save_{save:g}_s": _rows(folder, sockets, save) for save in SAVES}


def _rows(folder: Path, sockets: Path, save: float) -> Mapping[str, Any]:
    rows = {str(count): _row(folder / f"{save:g}-{count}", sockets, save, count) for count in COUNTS}
    alone = rows["1"]["per_second"]
    return {**rows, "of_double": round(rows["2"]["per_second"] / (2 * alone), 2)}


def _row(folder: Path, sockets: Path, save: float, count: int) -> Mapping[str, Any]:
    folder.mkdir()
    with (
        running("benefits", folder / "benefits.db", slow_save=save, sessions_per_user=count) as system,
        office(folder, sockets, system, sessions=count) as made,
    ):
        del made.machines[1:]
        made.staff()
        while _browsers(made) < count:
            with made.entering(WARM * count):
                pass
        row = _counted(made, CLAIMS * count)
    sys.stdout.write(f"{count} workers, a save takes {save:g} s: {row}\n")
    return row


def _browsers(made: Office) -> int:
    """Count the browsers that are open: of each, the process that no other one of it has started."""
    family = made.machines[0].family()
    chromium = {one.pid for one in family if "chrom" in one.name()}
    return sum(one.pid in chromium and one.ppid() not in chromium for one in family)


def _counted(made: Office, claims: int) -> Mapping[str, Any]:
    before, busy = _server(made), _busy(made)
    everything, began = processor.of_all(), time.monotonic()
    with made.entering(claims):
        pass
    took, busy = time.monotonic() - began, [late - early for early, late in zip(busy, _busy(made), strict=True)]
    others = processor.of_all() - everything - sum(busy)
    commits, log, size = (int(late - early) for early, late in zip(before, _server(made), strict=True))
    worker, server, system = (round(1000 * one / claims) for one in busy)
    return {
        "per_second": round((claims - 1) / _seconds(made, claims), 2),
        "worker_ms": worker,
        "server_ms": server,
        "system_ms": system,
        "commits": round(commits / claims, 1),
        "log_bytes": round(log / claims),
        "table_bytes": round(size / claims),
        "machine_mb": round(_memory(made)),
        "cores_used_by_others": round(others / took, 2),
    }


def _busy(made: Office) -> list[float]:
    return [processor.of_machines(made), processor.of_server(made), processor.of_system(made)]


def _server(made: Office) -> tuple[Any, ...]:
    with psycopg.connect(host=str(made.sockets), user="keyonce", dbname=made.database) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        return connection.execute(COUNTED).fetchone() or ()


def _seconds(made: Office, claims: int) -> float:
    """Return how long it took from the first of the last so many claims to the last."""
    with psycopg.connect(host=str(made.sockets), user="keyonce", dbname=made.database) as connection:
        (seconds,) = connection.execute(ENTERED, [claims]).fetchone() or (0.0,)
    return float(seconds)


def _memory(made: Office) -> float:
    """Return the megabytes of the machines' processes, what they share counted once."""
    family = [one for machine in made.machines for one in machine.family()]
    return sum(one.memory_full_info().pss for one in family) / 2**20
