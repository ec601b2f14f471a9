"""How long reading a claim form takes in the process with limits, beside the bare libraries without any."""

import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pdfplumber
from playwright.sync_api import Browser
from pypdf import PdfReader

from benchmarks.claims import CLAIMS
from benchmarks.contest import Contender, Result, take_turns
from benchmarks.projects import ROOT, elapsed
from rpa.documents.base import Document, Place, Wanted
from rpa.documents.sandbox import Sandbox
from rpa.project import Project

READER = "pdf-form"


def run(_browser: Browser, rounds: int) -> Result:
    """Measure it."""
    with closing(Sandbox()) as warm:
        contenders = [
            Contender("ours_warm", "ours: every field by its label, process kept", _for_each(_reads(warm))),
            Contender("ours_cold", "ours: the first form, process started for it", _cold),
            Contender("pypdf", "pypdf, AcroForm values alone, no limits", _for_each(_acroform)),
            Contender("pdfplumber", "pdfplumber, words of the pages alone, no limits", _for_each(_words)),
        ]
        times = take_turns(contenders, rounds)
    return Result(
        key="reading",
        title="Reading a claim form",
        unit="one form",
        contenders=contenders,
        times=times,
        notes=(f"The mean of {len(_forms())} forms a round, but for the first form.",),
    )


def _forms() -> list[Path]:
    return sorted(CLAIMS.glob("claim_*.pdf"))


def _for_each(read: Callable[[Path], None]) -> Callable[[], float]:
    def once() -> float:
        started = time.perf_counter()
        for form in _forms():
            read(form)
        return elapsed(started) / len(_forms())

    return once


def _cold() -> float:
    with closing(Sandbox()) as cold:
        started = time.perf_counter()
        _reads(cold)(_forms()[0])
        return elapsed(started)


def _reads(sandbox: Sandbox) -> Callable[[Path], None]:
    wanted = _wanted()

    def read(form: Path) -> None:
        document = Document(form, sha256(form.read_bytes()).hexdigest(), form.stat().st_size)
        (row,) = sandbox.read(READER, document, wanted)
        if row.missing:
            raise RuntimeError(f"{form.name}: not found: {', '.join(row.missing)}")

    return read


def _wanted() -> Wanted:
    """Return what the bot of the demonstration asks a claim form for."""
    fields = Project(ROOT).bot("claims-intake").record.fields
    return Wanted(places={name: Place(label=spec.label) for name, spec in fields.items() if spec.from_ == "claim"})


def _acroform(form: Path) -> None:
    PdfReader(form).get_fields()


def _words(form: Path) -> None:
    with pdfplumber.open(form) as pdf:
        for page in pdf.pages:
            page.extract_words()
