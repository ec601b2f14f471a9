"""A PostgreSQL server of the tests' own: started by the first that needs it, shared by all their processes."""

import fcntl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from filelock import FileLock

from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
SUPERVISE = Path(__file__).with_name("supervise.py")


@contextmanager
def server(shared: Path) -> Iterator[Path]:
    """Give the folder of a server's socket; *shared* is a folder of this session of tests alone."""
    users, known = shared / "postgresql.users", shared / "postgresql.folder"
    with users.open("ab") as used:
        with FileLock(shared / "postgresql.lock"):
            fcntl.flock(used, fcntl.LOCK_SH)
            if not known.exists() or not Path(known.read_text("utf-8")).exists():
                known.write_text(str(_start(users)), "utf-8")
        folder = Path(known.read_text("utf-8"))
        wait_for(lambda: _answers(folder))
        yield folder


def url(folder: Path, database: str) -> str:
    """Return how the ledger's settings say a database of the server."""
    return f"postgresql://keyonce@/{database}?host={folder}"


def execute(folder: Path, statement: str, database: str = "postgres") -> int:
    """Run a statement as the server's administrator; return of how many rows it told."""
    with psycopg.connect(host=str(folder), user="keyonce", dbname=database, autocommit=True) as connection:
        return connection.execute(statement.encode()).rowcount


def _start(users: Path) -> Path:
    found = subprocess.run(
        ["sh", ROOT / "deploy" / "postgresql.sh"], stdout=subprocess.PIPE, text=True, check=True
    )
    folder = Path(tempfile.mkdtemp(prefix="keyonce-postgresql-"))
    subprocess.run([sys.executable, SUPERVISE, folder, users, found.stdout.strip()], check=True)
    return folder


def _answers(folder: Path) -> bool:
    try:
        execute(folder, "SELECT 1")
    except psycopg.OperationalError:
        assert folder.exists(), "the server has ended"
        return False
    return True
