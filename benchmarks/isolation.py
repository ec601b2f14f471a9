"""What a process of its own adds to the reading of one small document, once the process that forks it is there."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from hashlib import sha256
from typing import NamedTuple

import psutil
from playwright.sync_api import Browser

from benchmarks.contest import Contender, Result, take_turns
from benchmarks.figures import Figures
from benchmarks.projects import ROOT, elapsed
from rpa.documents.base import Document, Place, Wanted, rows_of
from rpa.documents.sandbox import Sandbox
from rpa.documents.table import reader

READS = 10
"""How often a document is read in a row, for one figure."""

FILES = {
    "pdf": ("pdf-form", "forms/claims/claim_01.pdf", "Claim No."),
    "xlsx": ("excel", "forms/claims/roster.xlsx", "Member ID"),
    "csv": ("csv", "documents/visits_bom.csv", "Remarks"),
}
"""A document of each kind: its reader, its file, and a label on it."""


class _Work(NamedTuple):
    reader: str
    document: Document
    wanted: Wanted


def run(_browser: Browser, rounds: int) -> Result:
    """Measure it."""
    works = {kind: _work(*told) for kind, told in FILES.items()}
    with closing(Sandbox()) as sandbox:
        contenders = []
        for kind, work in works.items():
            once, isolated = partial(_inside, work), partial(_isolated, sandbox, work)
            contenders.append(Contender(kind, f"{kind}, in this process", _timed(once)))
            contenders.append(Contender(f"{kind}_isolated", f"{kind}, in its own process", _timed(isolated)))
        times = take_turns(contenders, rounds)
        more = _more(times) | {
            f"isolation_{kind}_cpu_ms": _processor(sandbox, work) for kind, work in works.items()
        }
    return Result(
        key="isolation",
        title="Reading one small document",
        unit="one document",
        contenders=contenders,
        times=times,
        more=more,
        notes=[f"{key}: {value}" for key, value in more.items()],
    )


def _work(reader_name: str, file: str, label: str) -> _Work:
    path = ROOT / "fixtures" / file
    content = path.read_bytes()
    document = Document(path, sha256(content).hexdigest(), len(content))
    return _Work(reader_name, document, Wanted(places={"value": Place(label=label)}))


def _more(times: Mapping[str, Figures]) -> dict[str, float]:
    """Return what isolation adds by the clock; waiting for a processor that others use is in it."""
    return {
        f"isolation_{kind}_ms": round(times[f"{kind}_isolated"].median - times[kind].median, 1) for kind in FILES
    }


def _timed(read: Callable[[], int]) -> Callable[[], float]:
    def once() -> float:
        started = time.perf_counter()
        for _ in range(READS):
            if not read():
                raise RuntimeError("nothing was read")
        return elapsed(started) / READS

    return once


def _inside(work: _Work) -> int:
    found = reader(work.reader).read(work.document.path, work.document.sha256, work.wanted)
    return sum(1 for _ in rows_of(found))


def _isolated(sandbox: Sandbox, work: _Work) -> int:
    return len(sandbox.read(*work))


def _processor(sandbox: Sandbox, work: _Work) -> float:
    """Return how many milliseconds of processor isolation adds: what waits for a busy one is not in it."""
    before = _spent()
    for _ in range(READS):
        _isolated(sandbox, work)
    between = _spent()
    for _ in range(READS):
        _inside(work)
    return round((2 * between - before - _spent()) * 1000 / READS, 1)


def _spent() -> float:
    """Return the seconds of processor of this process, of the one that forks, and of those that have read."""
    (helper,) = (one for one in psutil.Process().children() if "rpa.documents.forks" in one.cmdline())
    return time.process_time() + sum(helper.cpu_times()[:4])
