"""`make machines`: what a transaction costs the machine that works and the server, with one worker.

Real processes: `rpa worker`, a browser, PostgreSQL, and the fixture system, which does not think. The last line is
one JSON object: per transaction the milliseconds of processor of the workers and of the server, the server's
commits and the bytes of its log and tables, the memory of a worker with its browser, transactions a second.
"""

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import psycopg

from fixtures.systems.common import running
from tests.postgresql import server
from tests.rpa.engines.office import Office, office

CLAIMS = 20
WARM = 4
"""Claims that are entered before anything is counted: the browser is open then."""

COUNTED = (
    "SELECT xact_commit, pg_current_wal_insert_lsn() - '0/0'::pg_lsn, pg_database_size(current_database())"
    " FROM pg_stat_database WHERE datname = current_database()"
)


def main() -> int:
    """Measure, and print what came of it."""
    print(json.dumps(measured()))
    return 0


def measured() -> Mapping[str, Any]:
    """Enter the claims on one machine."""
    folder = Path(tempfile.mkdtemp(prefix="machines-"))
    with (
        server.server(folder) as sockets,
        running("benefits", folder / "benefits.db") as system,
        office(folder, sockets, system) as made,
    ):
        del made.machines[1:]
        made.staff()
        with made.entering(WARM):
            pass
        return _counted(made)


def _counted(made: Office) -> Mapping[str, Any]:
    before, busy, server_busy = _server(made), _busy(made), _server_busy(made)
    began = time.monotonic()
    with made.entering(CLAIMS):
        pass
    took = time.monotonic() - began
    after = _server(made)
    commits, log, size = (int(late - early) for early, late in zip(before, after, strict=True))
    return {
        "per_second": round(CLAIMS / took, 2),
        "worker_ms": round(1000 * (_busy(made) - busy) / CLAIMS),
        "server_ms": round(1000 * (_server_busy(made) - server_busy) / CLAIMS),
        "commits": round(commits / CLAIMS, 1),
        "log_bytes": round(log / CLAIMS),
        "table_bytes": round(size / CLAIMS),
        "worker_mb": round(_memory(made) / len(made.machines)),
    }


def _server(made: Office) -> tuple[Any, ...]:
    with psycopg.connect(host=str(made.sockets), user="keyonce", dbname=made.database) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        return connection.execute(COUNTED).fetchone() or ()


def _busy(made: Office) -> float:
    """Return the seconds of processor that the machines have used, their browsers too."""
    return sum(_seconds(one) for machine in made.machines for one in machine.family())


def _server_busy(made: Office) -> float:
    """Return the same of the server."""
    (first,) = (one for one in psutil.process_iter() if f"{made.sockets}/data" in " ".join(_words(one)))
    ended = first.cpu_times()
    own = sum(_seconds(one) for one in (first, *first.children()))
    return float(own + ended.children_user + ended.children_system)


def _seconds(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(spent.user + spent.system)


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline()[:3])
    except psutil.Error:
        return []


def _memory(made: Office) -> float:
    """Return the megabytes of the machines' processes, what they share counted once."""
    family = [one for machine in made.machines for one in machine.family()]
    return sum(one.memory_full_info().pss for one in family) / 2**20


if __name__ == "__main__":
    sys.exit(main())
