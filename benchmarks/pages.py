"""How fast words are read off pages, beside the bare libraries, and what a process for each file costs."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pdfplumber
import pypdfium2
from playwright.sync_api import Browser

from benchmarks.contest import Contender, Result, take_turns
from benchmarks.figures import Figures
from benchmarks.projects import ROOT, elapsed
from rpa.documents.base import Document, Wanted
from rpa.documents.pdf.acroform import slots_of
from rpa.documents.pdf.paper import Paper
from rpa.documents.sandbox import Sandbox

FORMS = ROOT / "fixtures/forms"
PDFS = [path for name in ("w9_00", "w9_01", "spoc_00", "claim_01") for path in FORMS.rglob(f"{name}.*pdf")]
"""Filled forms, as they can be typed into and flat."""


def run(_browser: Browser, rounds: int) -> Result:
    """Measure it."""
    with closing(Sandbox()) as sandbox:
        contenders = [
            Contender("ours", "ours: every word with its box", _all(_ours)),
            Contender("whole", "ours: every word and form field", _all(_whole)),
            Contender("isolated", "ours: the same, each file in its own process", _all(_isolated(sandbox))),
            Contender("pypdfium2", "pypdfium2: the text alone, without places", _all(_pdfium)),
            Contender("pdfplumber", "pdfplumber: every word with its box", _all(_pdfplumber)),
        ]
        times = take_turns(contenders, rounds)
    return Result(
        key="pages",
        title="Reading words off pages",
        unit=f"{len(PDFS)} files of {_pages()} pages",
        contenders=contenders,
        times=times,
        more=_more(times),
        notes=[f"{key}: {value}" for key, value in _more(times).items()],
    )


def _more(times: Mapping[str, Figures]) -> dict[str, float]:
    """Return pages a second, how many times pdfplumber's speed that is, and what isolation adds to a file."""
    speeds = {key: _pages() / times[key].median * 1000 for key in ("ours", "pypdfium2", "pdfplumber")}
    return {
        **{f"{key}_pages_per_s": round(speed, 1) for key, speed in speeds.items()},
        "times_pdfplumber": round(times["pdfplumber"].share_of(times["ours"]).median, 1),
        "isolation_ms": round((times["isolated"].median - times["whole"].median) / len(PDFS), 1),
    }


def _pages() -> int:
    return sum(map(_count, PDFS))


def _count(path: Path) -> int:
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        return len(pdf)


def _all(read: Callable[[Path], object]) -> Callable[[], float]:
    def once() -> float:
        started = time.perf_counter()
        for path in PDFS:
            if not read(path):
                raise RuntimeError(f"{path.name}: nothing was read")
        return elapsed(started)

    return once


def _ours(path: Path) -> int:
    with Paper.open(path, None) as paper:
        return sum(len(page.words) for page in paper.pages())


def _whole(path: Path) -> int:
    with Paper.open(path, None) as paper:
        return len(slots_of(path, None, paper)) + sum(len(page.words) for page in paper.pages())


def _isolated(sandbox: Sandbox) -> Callable[[Path], Sequence[object]]:
    def read(path: Path) -> Sequence[object]:
        content = path.read_bytes()
        document = Document(path, sha256(content).hexdigest(), len(content))
        return sandbox.read("whole", document, Wanted(places={}))

    return read


def _pdfium(path: Path) -> int:
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    return sum(map(len, texts))


def _pdfplumber(path: Path) -> int:
    with pdfplumber.open(path) as pdf:
        return sum(len(page.extract_words()) for page in pdf.pages)
