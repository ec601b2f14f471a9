"""Two machines of one office: each a project and a state folder of its own, one ledger on a server, one share.

Where they are told of a bucket, that is in the share's place.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from fixtures.systems.common import ROOT, RunningSystem
from rpa.project import Project
from rpa.runner import Outcome, run
from rpa.store.store import Store
from rpa.work import Status
from tests.postgresql import server
from tests.waiting import wait_for

BOT, SYSTEM = "kill-benefits", "benefits"
BOTS = ROOT / "tests" / "kills" / "bots"
KEYS = ("personal.key", "audit.key", "audit.pub")
SIGN_IN = {"RPA_CREDENTIAL_BENEFITS_USERNAME": "clerk1", "RPA_CREDENTIAL_BENEFITS_PASSWORD": "benefits-pass"}
RPA = Path(sys.executable).parent / "rpa"
STANDING = (
    "SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""A row for each worker that is there."""


@dataclass
class Machine:
    """One machine: its project, and `rpa worker` on it while that runs."""

    folder: Path
    environment: Mapping[str, str]
    program: Sequence[str | Path] = (RPA, "worker", "--project")
    """What works there; its last word is the project's folder."""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def project(self) -> Project:
        """The project, read anew."""
        return Project(self.folder)

    @property
    def said(self) -> str:
        """What its worker has said."""
        log = self.folder / "said.log"
        return log.read_text("utf-8") if log.exists() else ""

    @property
    def at_work(self) -> bool:
        """Whether a browser of its worker is open."""
        return any("chrom" in _name(one) for one in self.family())

    def start(self) -> None:
        """Start `rpa worker`, unless it runs."""
        if self.process is not None and self.process.poll() is None:
            return
        with (self.folder / "said.log").open("ab") as said:
            self.process = subprocess.Popen(
                [*self.program, self.folder],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def family(self) -> list[psutil.Process]:
        """Return its processes: the parent and all that it has started."""
        assert self.process is not None
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        return []

    def signal(self, number: int) -> None:
        """Send a signal to all of its processes at once."""
        for one in self.family():
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    def stop(self) -> int:
        """Tell it to stop as a system's own manager does; return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def end(self) -> None:
        """Leave nothing of it behind."""
        if self.process is not None:
            seen = self.family()
            for one in seen:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            psutil.wait_procs(seen, timeout=30)
            self.process.wait()


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


@dataclass
class Office:
    """The machines, the server's folder and the database's name, and the legacy system."""

    sockets: Path
    database: str
    system: RunningSystem
    machines: list[Machine] = field(default_factory=list)
    claims: int = 500_000
    confirmed: int = 0

    def execute(self, statement: str) -> int:
        """Run a statement in the ledger's database as its administrator; return of how many rows it told."""
        return server.execute(self.sockets, statement, self.database)

    def staff(self) -> None:
        """See to it that `rpa worker` runs on both machines and one of them waits for work."""
        for machine in self.machines:
            machine.start()
        with self.store() as store:
            wait_for(lambda: SYSTEM in store.attended([SYSTEM]))

    @contextmanager
    def entering(self, claims: int) -> Iterator[None]:
        """Run the bot on new claims while the block goes on; afterwards each has to be entered once."""
        numbers = self.lay_out(claims)
        before = self.counts()
        with ThreadPoolExecutor(1) as pool:
            outcome = pool.submit(self.run)
            yield
            assert outcome.result().failures == ()
        expected = {**before, Status.CONFIRMED: before.get(Status.CONFIRMED, 0) + claims}
        assert self.counts() == expected, self.unfinished()
        entered = [row["claim_no"] for row in self.system.entries()]
        assert sorted(set(entered) & set(numbers)) == numbers
        assert len(entered) == len(set(entered)), "nothing is entered twice"

    def lay_out(self, claims: int) -> list[str]:
        """Give the bot so many new claims to read; return their numbers."""
        numbers = [f"CL-{self.claims + one}" for one in range(claims)]
        self.claims += claims
        self.confirmed = self.counts().get(Status.CONFIRMED, 0)
        rows = "".join(f"{number},2026-01-02\n" for number in numbers)
        (self.machines[0].folder / "claims.csv").write_text(f"Claim No,Lost on\n{rows}", encoding="utf-8")
        return numbers

    def run(self) -> Outcome:
        """Run the bot from the first machine, and wait until its work is done."""
        return run(self.machines[0].project, BOT, by="test", progress=lambda _ended, _all: None)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the ledger."""
        with self.machines[0].project.store() as store:
            yield store

    def counts(self) -> dict[Status, int]:
        """Return how many transactions stand where."""
        with self.store() as store:
            return {status: count for (_, status), count in store.counts(BOT).items() if count}

    def unfinished(self) -> list[str]:
        """Return where what is not confirmed stands, and why."""
        with self.store() as store:
            items = store.work_items(BOT)
            found = [(item, one) for item in items for one in store.transactions(item.id)]
        return [
            f"{item.reference} is {one.status}: {one.reason}"
            for item, one in found
            if one.status is not Status.CONFIRMED
        ]

    def wait_until_one_more(self) -> None:
        """Wait until one more is confirmed than when this was last waited for, or the claims were laid out."""
        with self.store() as store:

            def count() -> int:
                return store.counts(BOT).get((SYSTEM, Status.CONFIRMED), 0)

            wait_for(lambda: count() > self.confirmed)
            self.confirmed = count()

    def wait_until_one_is_promised(self) -> None:
        """Wait until a worker is about to press, or has and does not know yet what came of it."""
        with self.store() as store:
            wait_for(lambda: store.counts(BOT).get((SYSTEM, Status.SUBMITTING), 0) > 0)

    def wait_until_standing(self, workers: int) -> None:
        """Wait until so many workers wait for work, or have some."""
        wait_for(lambda: self.execute(STANDING) == workers)

    def wait_until_silent(self) -> None:
        """Wait until whoever has the session has given no sign of life for longer than workers may."""
        silent = "SELECT min(now() - last_heartbeat) > interval '3 s' FROM procrastinate_workers"
        with psycopg.connect(host=str(self.sockets), user="keyonce", dbname=self.database) as connection:
            connection.autocommit = True
            wait_for(lambda: connection.execute(silent).fetchone() == (True,))

    def crash(self) -> None:
        """Kill one of the server's processes: it ends all others and begins anew from its log."""
        with psycopg.connect(host=str(self.sockets), user="keyonce", dbname=self.database) as connection:
            psutil.Process(connection.info.backend_pid).kill()

    @property
    def busy(self) -> Machine:
        """The machine that has the system's session."""
        wait_for(lambda: any(machine.at_work for machine in self.machines))
        return next(machine for machine in self.machines if machine.at_work)


@contextmanager
def office(
    folder: Path, sockets: Path, system: RunningSystem, sessions: int = 1, documents: str | None = None
) -> Iterator[Office]:
    """Lay out two machines whose ledger is a new database, for a system that has so many *sessions*.

    *documents* are lines of `rpa.toml` that say where they are kept; by default that is on a share.
    """
    documents = documents or f'documents = "{folder / "share"}"\n'
    database = f"office{os.getpid()}"
    server.execute(sockets, f"CREATE DATABASE {database}")
    made = Office(sockets, database, system)
    try:
        for name in ("first", "second"):
            made.machines.append(
                _machine(folder / name, server.url(sockets, database), system, sessions, documents)
            )
        made.machines[0].project.migrate()
        with made.store():
            _share_keys(folder / "first" / ".rpa", folder / "second" / ".rpa")
        yield made
    finally:
        for machine in made.machines:
            machine.end()
        server.execute(sockets, f"DROP DATABASE {database} WITH (FORCE)")


def _machine(folder: Path, url: str, system: RunningSystem, sessions: int, documents: str) -> Machine:
    (folder / "bots" / "systems").mkdir(parents=True)
    bot = (
        (BOTS / "benefits.yaml")
        .read_text("utf-8")
        .replace("    search:", "    if_absent: enter_again\n    search:", 1)
    )
    (folder / "bots" / "benefits.yaml").write_text(bot, encoding="utf-8")
    page_map = (ROOT / "bots" / "systems" / "benefits.yaml").read_text("utf-8")
    page_map = re.sub(r"settle: \d+s", "settle: 5s", page_map)
    page_map = page_map.replace("sessions: 1", f"sessions: {sessions}")
    (folder / "bots" / "systems" / "benefits.yaml").write_text(page_map, encoding="utf-8")
    toml = f'engine = "procrastinate"\ndatabase = "{url}"\nmissing = 2\n{documents}'
    (folder / "rpa.toml").write_text(toml + f'[systems.benefits]\nurl = "{system.url}"\n', encoding="utf-8")
    return Machine(folder, SIGN_IN)


def _share_keys(first: Path, second: Path) -> None:
    """Give the second machine the keys that open the ledger and sign its log."""
    second.mkdir(parents=True)
    for name in KEYS:
        shutil.copy2(first / name, second / name)
