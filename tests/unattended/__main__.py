"""`python -m tests.unattended [--seed N] [--folder F]`: the last line is one JSON object.

The service of a project takes 25 claim forms from a folder, a mailbox and uploads, some of them sent twice.
Meanwhile workers are killed at random. In the end every form has to be accounted for: on the ledger, with every
transaction at its end, and in the systems at most once.
"""

import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import click
import psutil

from rpa.cli.demo import BOT, HOME, both_systems, lay_out, rows_in
from rpa.occurrence import OPEN
from rpa.project import Project
from rpa.work import ENDED, Status
from tests.rpa.service.serving import Running, serving
from tests.unattended.coming import Senders, define, left_over, mail_server, shares

FORMS = HOME / "fixtures" / "forms" / "claims"
PATIENCE = 900.0
"""Seconds in which everything has to come to its end."""

LOT = 5
"""Forms that are sent together."""


class Killer(threading.Thread):
    """Kills a worker of the service now and then, until *most* are dead or it is told to stop."""

    def __init__(self, service: int, dice: random.Random, most: int) -> None:
        super().__init__(daemon=True)
        self.killed = 0
        self._service, self._dice, self._most = service, dice, most
        self.stop = threading.Event()

    def run(self) -> None:
        """Kill."""
        while self.killed < self._most and not self.stop.wait(self._dice.uniform(2, 7)):
            workers = list(_workers(self._service))
            if workers:
                with suppress(ProcessLookupError):
                    os.kill(self._dice.choice(workers), signal.SIGKILL)
                    self.killed += 1


def _workers(service: int) -> Iterator[int]:
    """Yield the processes that enter records: children of the runs."""
    with suppress(psutil.Error):
        for one in psutil.Process(service).children(recursive=True):
            with suppress(psutil.Error):
                if "spawn_main" in " ".join(one.cmdline()):
                    yield one.pid


def _forms() -> list[Path]:
    return sorted(FORMS.glob("claim_*.pdf"))


def _unaccounted(project: Project) -> list[str]:
    """Return the forms that the ledger does not know."""
    with project.store() as store:
        digests = {form.name: hashlib.sha256(form.read_bytes()).hexdigest() for form in _forms()}
        return [name for name, digest in digests.items() if store.knows_document(BOT, digest) is None]


def _open(project: Project) -> int:
    """Return how many transactions and starts are not at their end; the sweep's own do not count."""
    with project.store() as store:
        left = sum(count for (_, status), count in store.counts(BOT).items() if status not in ENDED)
        return left + sum(
            one.state in OPEN for one in store.occurrences.newest(limit=1000) if one.kind == "trigger"
        )


def _send(senders: Senders, service: Running, dice: random.Random) -> None:
    for number, lot in enumerate(shares(_forms(), dice, LOT)):
        by = (senders.by_folder, senders.by_mail, lambda forms: senders.by_upload(service.url, forms))
        by[number % 3](lot)
        time.sleep(dice.uniform(0, 2))


def _ended(project: Project, killer: Killer) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not _unaccounted(project) and not _open(project):
            return True
        if time.monotonic() > until - PATIENCE / 2:
            killer.stop.set()
        time.sleep(1)
    return False


def _play(folder: Path, dice: random.Random, kills: int) -> dict[str, Any]:
    with ExitStack() as stack:
        systems = stack.enter_context(both_systems(folder))
        port = stack.enter_context(mail_server())
        project = Project(lay_out(folder))
        left_over(folder)
        service = stack.enter_context(serving(folder, **define(folder, port)))
        killer = Killer(service.process.pid, dice, kills)
        killer.start()
        _send(Senders(folder, port, dice), service, dice)
        ended = _ended(project, killer)
        killer.stop.set()
        rows, duplicates = rows_in(systems)
        with project.store() as store:
            counts = store.counts(BOT)
            verified = not store.log.verify().problems
        return {
            "received": len(_forms()),
            "accounted_for": len(_forms()) - len(_unaccounted(project)) if ended else 0,
            "duplicates": duplicates,
            "workers_killed": killer.killed,
            "rows_in_systems": rows,
            "transactions": {str(one): sum(n for (_, s), n in counts.items() if s is one) for one in Status},
            "ended": ended,
            "audit": "verified" if verified else "broken",
        }


@click.command()
@click.option("--seed", type=int, default=None, help="Repeats the order of what comes and of the kills.")
@click.option("--kills", type=click.IntRange(0), default=8, show_default=True, help="Workers to kill at most.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where it is kept; by default nowhere.")
def main(seed: int | None, kills: int, folder: Path | None) -> None:
    """Play it, and print what it came to."""
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    click.echo(f"seed {seed}", err=True)
    with tempfile.TemporaryDirectory() as other:
        told = _play((folder or Path(other)).resolve(), random.Random(seed), kills)
    click.echo(json.dumps(told))
    good = told["received"] == told["accounted_for"] and not told["duplicates"] and told["audit"] == "verified"
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
