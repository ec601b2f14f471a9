"""Two machines that share a queue, and what goes wrong with them, their connections and their server."""

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from rpa.project import Project
from tests.postgresql import server

LEDGER = "chaos"
KEYS = ("personal.key", "audit.key", "audit.pub")
CUT = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'keyonce'"
FROZEN_S = 6.0
"""Longer than a worker may give no sign of life."""

STOP_S = 90.0
"""Seconds after which a machine that was told to stop is called hung."""

ONE_AT_A_TIME = threading.Lock()
"""Rounds are threads of one process, and the library that makes tables can't be used by two of them at once."""

Process = subprocess.Popen[bytes]


@dataclass
class Machines:
    """The server's folder, and where the machines have theirs; *running* are their processes of one life."""

    sockets: Path
    folder: Path
    running: list[Process] = field(default_factory=list)

    def make_ledger(self) -> None:
        """Make the database."""
        server.execute(self.sockets, f"CREATE DATABASE {LEDGER}")

    def lay_out(self, project: Path) -> None:
        """Put the project's ledger on the server, and copy it to the second machine."""
        said = {
            "engine": "procrastinate",
            "database": server.url(self.sockets, LEDGER),
            "documents": str(self.folder / "share"),
        }
        toml = "".join(f'{name} = "{text}"\n' for name, text in said.items())
        (project / "rpa.toml").write_text(toml, encoding="utf-8")
        with ONE_AT_A_TIME:
            Project(project).migrate()
            shutil.copytree(project, self._second, ignore=shutil.ignore_patterns(".rpa", "claims.csv"))
        (self._second / ".rpa").mkdir()
        for name in KEYS:
            shutil.copy2(project / ".rpa" / name, self._second / ".rpa" / name)

    @property
    def _second(self) -> Path:
        return self.folder / "second"

    def processes(self, start: Callable[[Path], Process]) -> Iterator[Process]:
        """Start both machines; yield their processes."""
        self.running = []
        for name in ("project", "second"):
            self.running.append(start(self.folder / name))
            yield self.running[-1]

    def stop(self) -> int:
        """Tell both to stop; return how many did not."""
        for one in self.running:
            one.send_signal(signal.SIGTERM)
        return sum(not _ended(one) for one in self.running)

    def suffer(self, fault: str) -> None:
        """Let this happen to them."""
        if fault == "kill machine":
            self._signal(signal.SIGKILL)
        elif fault == "freeze machine":
            self._signal(signal.SIGSTOP)
            time.sleep(FROZEN_S)
            self._signal(signal.SIGCONT)
        else:
            with psycopg.connect(host=str(self.sockets), user="keyonce", dbname=LEDGER, autocommit=True) as one:
                if fault == "cut connections":
                    one.execute(CUT)
                else:
                    psutil.Process(one.info.backend_pid).kill()  # the server ends all others and begins anew

    def _signal(self, number: int) -> None:
        """Send a signal to all of the machine that was started first, which has the sessions."""
        for one in family(self.running[0].pid):
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)


def _ended(process: Process) -> bool:
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return False
    return True


def family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
