"""A document that took over its reader reaches nothing else: no file, no network, no process, no earlier document.

The reader here does what such a document would do, in the real process.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rpa.documents import calls, landlock
from rpa.documents.base import Document, Place, Wanted
from rpa.documents.confinement import Confinement
from rpa.documents.sandbox import Sandbox
from rpa.documents.wire import Limits
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, document_at, offer_reader

CONFINES_FILES = pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")
FILTERS_CALLS = pytest.mark.skipif(not calls.available(), reason="this machine has no libseccomp")

HOSTILE_READER = """
import ctypes, mmap, os, re, resource, signal, socket, subprocess, threading
from rpa.documents.base import Cell, Row, Source

MAPS, MEMORY = open("/proc/self/maps"), open("/proc/self/mem", "rb")

class Hostile:
    name = "hostile"
    options = frozenset({"does", "to"})

    def read(self, path, sha256, wanted):
        try:
            text = globals()[wanted.options["does"]](wanted.options["to"])
        except (OSError, ValueError) as refusal:
            text = f"refused: {type(refusal).__name__}"
        return [Row(place="here", cells={"text": Cell(str(text), Source(document="", how="test"))})]

def reads(path): return open(path).read()
def lists(path): return os.listdir(path)
def writes(path): open(path, "w")
def truncates(path): os.truncate(path, 0)
def truncates_while_reading(path): os.close(os.open(path, os.O_RDONLY | os.O_TRUNC))
def changes_in_memory(path):
    file = os.open(path, os.O_RDWR)
    mmap.mmap(file, 0)[0:6] = b"HACKED"
def deletes(path): os.unlink(path)
def renames(path): os.rename(path, path + "2")
def opens_to_all(path): os.chmod(path, 0o777)
def makes(path): os.mkdir(path + "2")
def connects(port): socket.create_connection(("127.0.0.1", int(port)), 3)
def signals(process): os.kill(int(process), 0)
def forks(_):
    if os.fork() == 0: os._exit(0)
def runs(path): os.execv(path, [path])
def starts(path): subprocess.run([path])
def lifts_its_limits(_): resource.setrlimit(resource.RLIMIT_CPU, (9, 9))
def watches(process):
    if ctypes.CDLL(None, use_errno=True).ptrace(16, int(process), 0, 0) < 0: raise OSError
def threads(_):
    said = []
    thread = threading.Thread(target=said.append, args=("ran",))
    thread.start(); thread.join()
    return said[0]
def open_files(_): return sorted(n for n in range(1024) if is_open(n))
def is_open(number):
    try: os.fstat(number)
    except OSError: return False
    return True
def remembers(pattern):
    needle, found = re.compile(pattern.encode()), 0
    for line in MAPS:
        span, rights, *rest = line.split()
        if "r" not in rights or (len(rest) > 3 and rest[3].startswith("[v")): continue
        start, end = (int(one, 16) for one in span.split("-"))
        try: MEMORY.seek(start); found += len(needle.findall(MEMORY.read(end - start)))
        except (OSError, ValueError, OverflowError): continue
    return found
"""

Attack = Callable[[str, object], str]


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Return a sandbox with a hostile reader on its module path, in a folder that holds more."""
    offer_reader(tmp_path, "hostile", HOSTILE_READER)
    monkeypatch.syspath_prepend(tmp_path)
    sandbox = Sandbox(Limits(clock=20.0))
    yield sandbox
    sandbox.close()


@pytest.fixture
def document(tmp_path: Path) -> Document:
    """Return a list that holds something to find again."""
    path = tmp_path / "members.csv"
    path.write_text("Ref,Who\nA1,CANARY5369043990\n")
    return document_at(path)


@pytest.fixture
def attack(sandbox: Sandbox, document: Document) -> Attack:
    """Return what lets the hostile reader act while it reads, and returns what came of it."""

    def attacking(does: str, to: object) -> str:
        options = {"does": does, "to": str(to)}
        (row,) = sandbox.read("hostile", document, Wanted(places={}, options=options))
        return row.cells["text"].text

    return attacking


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Return a file beside the document, in the folder where the program runs."""
    path = tmp_path / "credentials.toml"
    path.write_text("password")
    path.chmod(0o600)
    return path


def test_a_reader_reads_its_document(attack: Attack, document: Document) -> None:
    assert "CANARY" in attack("reads", document.path)


@CONFINES_FILES
def test_the_credentials_beside_the_document_are_not_read(attack: Attack, secret: Path) -> None:
    assert attack("reads", secret) == "refused: PermissionError"
    assert attack("lists", secret.parent) == "refused: PermissionError"


@CONFINES_FILES
def test_the_environment_of_the_program_is_not_read(attack: Attack) -> None:
    assert attack("reads", f"/proc/{os.getpid()}/environ") == "refused: PermissionError"


@pytest.mark.parametrize(
    "does",
    [
        "writes",
        "truncates",
        "truncates_while_reading",
        "changes_in_memory",
        "deletes",
        "renames",
        pytest.param("opens_to_all", marks=FILTERS_CALLS),
        "makes",
    ],
)
def test_no_file_is_changed(attack: Attack, document: Document, secret: Path, does: str) -> None:
    before = document.path.read_bytes()

    assert attack(does, secret).startswith("refused")
    assert attack(does, document.path).startswith("refused")

    assert (secret.read_text(), document.path.read_bytes()) == ("password", before)
    assert secret.stat().st_mode & 0o777 == 0o600


@FILTERS_CALLS
def test_no_connection_is_made(attack: Attack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert attack("connects", server.getsockname()[1]) == "refused: PermissionError"


@FILTERS_CALLS
@pytest.mark.parametrize("does", ["signals", "watches"])
def test_the_program_that_asked_is_not_touched(attack: Attack, does: str) -> None:
    assert attack(does, os.getpid()).startswith("refused")


@FILTERS_CALLS
@pytest.mark.parametrize("does", ["forks", "runs", "starts"])
def test_no_other_process_is_begun(attack: Attack, does: str) -> None:
    assert attack(does, "/bin/true").startswith("refused")


@FILTERS_CALLS
def test_a_reader_does_not_lift_its_limits(attack: Attack) -> None:
    assert attack("lifts_its_limits", "") == "refused: ValueError"


def test_a_reader_may_use_threads(attack: Attack) -> None:
    assert attack("threads", "") == "ran"


def test_no_file_of_the_helper_is_open(attack: Attack) -> None:
    standard, connection, its_own = 3, 1, 2

    assert len(attack("open_files", "").split(",")) == standard + connection + its_own


def test_the_memory_holds_nothing_of_the_documents_before(
    sandbox: Sandbox, document: Document, attack: Attack
) -> None:
    attack("threads", "")
    (row,) = sandbox.read("csv", document, Wanted(places={"who": Place(label="Who")}))
    assert row.cells["who"].text == "CANARY5369043990"
    with pytest.raises(DocumentProblem):
        sandbox.read("pdf-form", document, Wanted(places={}, options={"password": "CANARYPASSWORD"}))

    assert attack("remembers", "CANARY536904399[0]") == "0"
    assert attack("remembers", "CANARYPASSWOR[D]") == "0"
    assert attack("remembers", "hostil[e]") != "0"


WITHOUT_LANDLOCK = """
import ctypes, errno, sys
from pathlib import Path
from rpa.documents import landlock
from rpa.documents.base import Wanted
from rpa.documents.sandbox import read_rows
from tests.rpa.documents.conftest import document_at

seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p
context = ctypes.c_void_p(seccomp.seccomp_init(0x7FFF0000))
seccomp.seccomp_rule_add(context, ctypes.c_uint32(0x00050000 | errno.ENOSYS), 444, 0)
seccomp.seccomp_load(context)
document = document_at(Path(sys.argv[1]))
for does in ("reads", "writes", "deletes"):
    (row,) = read_rows("hostile", document, Wanted(places={}, options={"does": does, "to": sys.argv[1]}))
    print(landlock.version(), row.cells["text"].text.split()[0])
"""


@FILTERS_CALLS
def test_where_landlock_is_missing_documents_are_read_and_nothing_is_changed(
    tmp_path: Path, document: Document
) -> None:
    offer_reader(tmp_path, "hostile", HOSTILE_READER)
    paths = os.pathsep.join([str(tmp_path), str(FIXTURES.parent)])

    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LANDLOCK, document.path],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": paths},
    )

    assert done.stdout.splitlines() == ["0 Ref,Who", "0 refused:", "0 refused:"]


@CONFINES_FILES
def test_where_libseccomp_is_missing_landlock_still_holds(
    monkeypatch: pytest.MonkeyPatch, document: Document, secret: Path
) -> None:
    monkeypatch.setattr(calls, "LIBRARY", "libmissing.so.0")
    confinement = Confinement.prepared()
    assert confinement.calls is None

    child = os.fork()
    if child == 0:
        confinement.put_on(Limits(memory=1 << 40), [document.path])
        os._exit(os.access(document.path, os.R_OK) and opens(document.path) and not opens(secret))
    _, status = os.waitpid(child, 0)

    assert os.WEXITSTATUS(status) == 1


def opens(path: Path) -> bool:
    try:
        path.open().close()
    except PermissionError:
        return False
    return True
