"""A document that ends its reader ends nothing else, and a reader sees nothing that is not its own."""

import multiprocessing
import multiprocessing.connection
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from fixtures.documents.make_hostile import write_hostile
from rpa.documents.base import Place, Wanted
from rpa.documents.sandbox import Sandbox, read_rows
from rpa.documents.wire import Limits
from rpa.errors import DefinitionError, DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, document_at, offer_reader

ROOT = FIXTURES.parent
CLAIM = document_at(FIXTURES / "forms/claims/claim_01.pdf")
LIST = document_at(FIXTURES / "documents/visits_bom.csv")
WANTED = Wanted(places={"claim": Place(fields=("f1_01[0]",))})
REMARKS = Wanted(places={"remarks": Place(label="Remarks")})
TIGHT = Limits(memory=600 << 20, processor=2, clock=3.0, answer=1 << 20)

FAULTY_READERS = """
import os, time
from rpa.documents.base import Cell, Row, Source

class Faulty:
    name = "faulty"
    options = frozenset({"fault"})

    def read(self, path, sha256, wanted):
        return globals()[wanted.options["fault"]]()

def row(text):
    return [Row(place="here", cells={"text": Cell(text, Source(document="", how="test"))})]

def sleeps(): time.sleep(60)
def stalls():
    for connection in range(3, 32):
        try: os.write(connection, b'{"rows": 1}\\n{"pl')
        except OSError: pass
    time.sleep(60)
def spins():
    while True: pass
def eats(): return bytearray(1 << 40)
def nests(): return nests()
def aborts(): os.abort()
def ends(): os._exit(0)
def talks(): return row("x" * (2 << 20))
def raises(): raise ZeroDivisionError("Jo March")
def writes():
    with open(os.environ.get("TMPDIR", "/tmp") + "/keyonce-test", "w") as file:
        file.write("x")
def prints():
    print("noise", flush=True); os.write(1, b"noise"); os.write(2, b"noise")
    return row("quiet")
def environment(): return row(" ".join(sorted(os.environ)))
"""


@pytest.fixture
def tight() -> Iterator[Sandbox]:
    """Return a sandbox with little of everything."""
    sandbox = Sandbox(TIGHT)
    yield sandbox
    sandbox.close()


@pytest.fixture
def faulty(tight: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Return the tight sandbox with a package on its path that offers a faulty reader."""
    offer_reader(tmp_path, "faulty", FAULTY_READERS)
    monkeypatch.syspath_prepend(tmp_path)
    return tight


def fault(sandbox: Sandbox, name: str) -> str:
    (row,) = sandbox.read("faulty", LIST, Wanted(places={}, options={"fault": name}))
    return row.cells["text"].text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sleeps", "takes-too-long"),
        ("stalls", "takes-too-long"),
        ("spins", "takes-too-long"),
        ("eats", "too-big"),
        ("nests", "damaged"),
        ("aborts", "damaged"),
        ("ends", "damaged"),
        ("talks", "too-big"),
        ("raises", "unexpected"),
        ("writes", "unexpected"),
    ],
)
def test_a_fault_of_a_reader_is_a_named_problem_and_the_next_document_is_read(
    faulty: Sandbox, name: str, kind: str
) -> None:
    with pytest.raises(DocumentProblem) as problem:
        fault(faulty, name)

    assert problem.value.kind == kind
    assert "Jo March" not in str(problem.value)
    assert len(faulty.read("csv", LIST, REMARKS)) == 3


def test_what_a_reader_prints_does_not_spoil_its_answer(faulty: Sandbox) -> None:
    assert fault(faulty, "prints") == "quiet"


def test_no_secret_of_the_environment_is_in_the_reading_process(
    faulty: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RPA_CREDENTIAL_MERIDIAN_PASSWORD", "hunter2")

    told = set(fault(faulty, "environment").split())

    assert told <= {"PYTHONPATH", "PYTHONUTF8", "LC_CTYPE", "OPENPYXL_LXML", "OMP_THREAD_LIMIT"}


@pytest.mark.parametrize(
    ("name", "reader", "kinds"),
    [
        ("far_cell.xlsx", "excel", {"missing"}),
        ("far_merge.xlsx", "excel", {"missing"}),
        ("laughs.xlsx", "excel", {"damaged"}),
        ("zip_bomb.xlsx", "excel-form", {"too-big"}),
        ("flate_bomb.pdf", "pdf-text", {"too-big", "takes-too-long"}),
        ("operators.pdf", "pdf-form", {"no-text-needs-ocr", "takes-too-long"}),
        ("nested_forms.pdf", "pdf-form", {"too-big", "takes-too-long"}),
    ],
)
def test_a_hostile_file_is_a_named_problem_and_the_next_document_is_read(
    tight: Sandbox, hostile: dict[str, Path], name: str, reader: str, kinds: set[str]
) -> None:
    wanted = Wanted(places={"total": Place(label="Total")})

    with pytest.raises(DocumentProblem) as problem:
        tight.read(reader, document_at(hostile[name]), wanted)

    assert problem.value.kind in kinds
    assert len(tight.read("csv", LIST, REMARKS)) == 3


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the hostile files by name."""
    return {path.name: path for path in write_hostile(tmp_path_factory.mktemp("hostile"))}


def test_an_unknown_reader_is_the_author_s_mistake(sandbox: Sandbox) -> None:
    with pytest.raises(DefinitionError, match="no reader is called pdf; known: pdf-form, "):
        sandbox.read("pdf", CLAIM, WANTED)


def test_a_helper_that_was_killed_is_started_again(tight: Sandbox) -> None:
    tight.read("csv", LIST, REMARKS)
    assert tight._helper is not None
    tight._helper.process.kill()
    tight._helper.process.wait()

    assert len(tight.read("csv", LIST, REMARKS)) == 3


def test_an_answer_that_nobody_waited_for_is_not_the_next_document_s(faulty: Sandbox) -> None:
    faulty.read("csv", LIST, REMARKS)
    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            fault(faulty, "sleeps")
    finally:
        signal.signal(signal.SIGALRM, before)

    assert len(faulty.read("csv", LIST, REMARKS)) == 3


def test_a_reader_that_stalls_in_its_answer_is_ended_and_the_helper_lives_on(faulty: Sandbox) -> None:
    faulty.read("csv", LIST, REMARKS)
    before = helper_of(faulty)

    with pytest.raises(DocumentProblem, match="longer than a document may"):
        fault(faulty, "stalls")

    assert (helper_of(faulty), children_of(before)) == (before, [])


def test_no_reader_outlives_the_helper(faulty: Sandbox) -> None:
    faulty.read("csv", LIST, REMARKS)
    helper, problems = helper_of(faulty), list[str]()
    thread = threading.Thread(target=lambda: problems.append(problem_of(faulty, "sleeps")))
    thread.start()
    while not (children := children_of(helper)):
        thread.join(0.01)
    reader = os.pidfd_open(children[0])
    os.kill(helper, signal.SIGKILL)
    thread.join()

    assert multiprocessing.connection.wait([reader], 10)
    os.close(reader)
    assert problems == ["unexpected"]


def helper_of(sandbox: Sandbox) -> int:
    assert sandbox._helper is not None
    return sandbox._helper.process.pid


def children_of(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def problem_of(sandbox: Sandbox, name: str) -> str:
    with pytest.raises(DocumentProblem) as problem:
        fault(sandbox, name)
    return problem.value.kind


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_threads_share_one_helper(sandbox: Sandbox) -> None:
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(len(sandbox.read("csv", LIST, REMARKS)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counts == [3, 3, 3, 3]


def _read_in_worker(results: "multiprocessing.Queue[str]") -> None:
    results.put(read_rows("pdf-form", CLAIM, WANTED)[0].cells["claim"].text)


@pytest.mark.parametrize("daemon", [False, True], ids=["worker", "daemon"])
def test_a_spawned_worker_can_read(daemon: bool) -> None:  # noqa: FBT001  # pytest hands parameters by name
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    worker = context.Process(target=_read_in_worker, args=(results,), daemon=daemon)
    worker.start()

    assert results.get(timeout=60) == "CL-100001"
    worker.join()


def test_a_forked_copy_of_a_program_starts_its_own_helper(tight: Sandbox) -> None:
    tight.read("csv", LIST, REMARKS)
    child = os.fork()
    if child == 0:
        os._exit(len(tight.read("csv", LIST, REMARKS)))
    _, status = os.waitpid(child, 0)

    assert os.WEXITSTATUS(status) == 3
    assert len(tight.read("csv", LIST, REMARKS)) == 3


SCRIPT = """
from rpa.documents import sandbox
from tests.rpa.documents.test_reading_has_limits import LIST, REMARKS

print("main runs")
print(len(sandbox.read_rows("csv", LIST, REMARKS)), sandbox._SANDBOX._helper.process.pid)
"""


def test_a_script_without_a_guard_is_not_run_again_and_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)

    done = subprocess.run(
        [sys.executable, script],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    said, told = done.stdout.splitlines()
    assert (said, told.split()[0]) == ("main runs", "3")
    assert not Path(f"/proc/{told.split()[1]}").exists()


def test_the_limits_of_one_document_are_those_that_were_asked_for(sandbox: Sandbox) -> None:
    strict = Sandbox(replace(sandbox.limits, answer=10))
    try:
        with pytest.raises(DocumentProblem, match="split it"):
            strict.read("csv", LIST, REMARKS)
    finally:
        strict.close()


@pytest.mark.parametrize(
    ("reader", "name", "label"),
    [
        ("pdf-form", "forms/claims/claim_01.pdf", "Claim No."),
        ("pdf-text", "documents/two_column_letter.pdf", "Member"),
        ("excel", "forms/claims/roster.xlsx", "Member ID"),
        ("excel-form", "documents/form_sheet.xlsx", "EIN"),
    ],
)
def test_broken_bytes_are_damage_and_no_fault_of_the_reader(
    tight: Sandbox, tmp_path: Path, reader: str, name: str, label: str
) -> None:
    content, broken, random = (FIXTURES / name).read_bytes(), tmp_path / "broken", Random(4711)
    kinds = set()
    for _ in range(12):
        spoiled = bytearray(content)
        for place in random.sample(range(len(content)), 20):
            spoiled[place] = random.randrange(256)
        broken.write_bytes(spoiled)
        kinds.add(kind_of(tight, reader, broken, label))

    assert "damaged" in kinds
    assert "unexpected" not in kinds


def kind_of(sandbox: Sandbox, reader: str, path: Path, label: str) -> str:
    try:
        sandbox.read(reader, document_at(path), Wanted(places={"value": Place(label=label)}))
    except DocumentProblem as problem:
        return problem.kind
    return "read"
