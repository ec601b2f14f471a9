"""How many work items a second go through the queue when there is nothing to enter.

Each is read, written to the ledger with its job, delivered, reserved, and moved from state to state with all that
the log says of it: what a transaction costs beside the browser. First all are put on the queue while no worker is
there, then workers take them.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.machines import processor
from fixtures.systems.common import RunningSystem
from rpa.engines.procrastinate import elsewhere
from tests.rpa.engines.office import Office, office
from tests.waiting import wait_for

ITEMS = 400
COUNTS = (1, 2)
CONFIRMED = "SELECT count(*)::float FROM transactions WHERE status = 'confirmed'"
PUT = "SELECT extract(epoch FROM max(created) - min(created))::float FROM work_items"
ENDED = "SELECT extract(epoch FROM max(changed) - min(changed))::float FROM transactions"


def measured(folder: Path, sockets: Path) -> Mapping[str, Any]:
    """Return the items a second that one run puts on the queue, and that workers end."""
    setattr(elsewhere, "NOBODY", 0.5)  # noqa: B010  # a constant: nobody is waited for here
    return {str(count): _row(folder / f"items-{count}", sockets, count) for count in COUNTS}


def _row(folder: Path, sockets: Path, count: int) -> Mapping[str, Any]:
    folder.mkdir()
    nowhere = RunningSystem("http://127.0.0.1:9", 0, folder, folder)
    with office(folder, sockets, nowhere, sessions=count) as made, _watching(made) as ask:
        del made.machines[1:]
        made.lay_out(ITEMS)
        made.run()
        made.machines[0].program = (sys.executable, "-m", "benchmarks.machines.idle")
        made.machines[0].start()
        wait_for(lambda: ask(CONFIRMED) > 0)
        before, worker, server = ask(CONFIRMED), processor.of_machines(made), processor.of_server(made)
        wait_for(lambda: ask(CONFIRMED) == ITEMS)
        counted = ITEMS - before
        row = {
            "put_per_second": round((ITEMS - 1) / ask(PUT)),
            "ended_per_second": round((ITEMS - 1) / ask(ENDED)),
            "worker_ms": round(1000 * (processor.of_machines(made) - worker) / counted, 1),
            "server_ms": round(1000 * (processor.of_server(made) - server) / counted, 1),
        }
    sys.stdout.write(f"{count} workers with nothing to enter: {row}\n")
    return row


@contextmanager
def _watching(made: Office) -> Iterator[Callable[[str], float]]:
    """Give a way to ask the server for one number, over one connection: to make many would cost it much."""
    with psycopg.connect(
        host=str(made.sockets), user="keyonce", dbname=made.database, autocommit=True
    ) as connection:

        def ask(question: str) -> float:
            (number,) = connection.execute(question.encode()).fetchone() or (0.0,)
            return float(number)

        yield ask
