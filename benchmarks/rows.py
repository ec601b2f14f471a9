"""How fast the rows of a table are read, beside the bare libraries, and how much memory that takes."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from playwright.sync_api import Browser
from python_calamine import CalamineWorkbook

from benchmarks.contest import Contender, Result, take_turns
from benchmarks.figures import Figures
from benchmarks.projects import elapsed
from rpa.documents.base import Document, Place, Wanted, rows_of
from rpa.documents.excel import Excel
from rpa.documents.sandbox import Sandbox

ROWS = 10_000
FEW = 1_000
"""Rows of the only workbook where a single round shows that the contest runs."""
SIZES = (FEW, ROWS, 100_000)

HEADINGS = ("Case No.", "Name", "Opened", "Amount", "Office", "Urgent", "Note", "Code")
WANTED = Wanted(places={heading: Place(label=heading) for heading in HEADINGS})


def run(_browser: Browser, rounds: int) -> Result:
    """Measure it."""
    rows, sizes = (ROWS, SIZES) if rounds > 1 else (FEW, (FEW,))
    with TemporaryDirectory() as folder, closing(Sandbox()) as sandbox:
        documents = {size: written(Path(folder) / f"{size}.xlsx", size) for size in sizes}
        contenders = _contenders(documents[rows], rows, sandbox)
        times = take_turns(contenders, rounds)
        more = {**_more(times, rows), **{f"peak_mb_{size}": _peak(one) for size, one in documents.items()}}
    return Result(
        key="rows",
        title="Reading the rows of a table",
        unit=f"{rows} rows of {len(HEADINGS)} values",
        contenders=contenders,
        times=times,
        more=more,
        notes=[f"{key}: {value}" for key, value in more.items()],
    )


def _contenders(document: Document, rows: int, sandbox: Sandbox) -> list[Contender]:
    ways: list[tuple[str, str, Callable[[], int]]] = [
        ("ours", "ours: every value as shown, with its place", partial(_ours, document)),
        ("isolated", "ours: the same, in its own process", partial(_isolated, sandbox, document)),
        ("openpyxl", "openpyxl, read-only, values alone", partial(_openpyxl, document.path)),
        ("calamine", "python-calamine, values alone", partial(_calamine, document.path)),
    ]
    return [Contender(key, title, _timed(read, rows)) for key, title, read in ways]


def _more(times: Mapping[str, Figures], rows: int) -> dict[str, float]:
    """Return rows a second, and how many times openpyxl's speed that is."""
    return {
        **{f"{key}_rows_per_s": round(rows / one.median * 1000) for key, one in times.items()},
        "times_openpyxl": round(times["openpyxl"].share_of(times["ours"]).median, 2),
        "times_openpyxl_isolated": round(times["openpyxl"].share_of(times["isolated"]).median, 2),
    }


def _peak(document: Document) -> int:
    """Return the most memory, in MiB, that the process took which read *document*."""
    with closing(Sandbox()) as sandbox:
        _isolated(sandbox, document)
        return sandbox.peak >> 20


def written(path: Path, rows: int) -> Document:
    """Write a workbook with a list such as offices export: texts, days, amounts, codes with zeros in front."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cases")
    sheet.append(HEADINGS)
    for number in range(rows):
        code = WriteOnlyCell(sheet, number % 1000)
        code.number_format = "00000"
        opened = date(2026, 1, 1) + timedelta(days=number % 365)
        name, note = f"Applicant {number % 700}", "see file" if number % 3 else None
        row = [f"CL-{number:06}", name, opened, number * 1.25, f"Office {number % 9}", number % 2 == 0, note, code]
        sheet.append(row)
    book.save(path)
    content = path.read_bytes()
    return Document(path, sha256(content).hexdigest(), len(content))


def _timed(read: Callable[[], int], rows: int) -> Callable[[], float]:
    def once() -> float:
        started = time.perf_counter()
        if read() < rows:
            raise RuntimeError("some rows were not read")
        return elapsed(started)

    return once


def _ours(document: Document) -> int:
    return sum(1 for _ in rows_of(Excel().read(document.path, document.sha256, WANTED)))


def _isolated(sandbox: Sandbox, document: Document) -> int:
    return len(sandbox.read("excel", document, WANTED))


def _openpyxl(path: Path) -> int:
    with closing(load_workbook(path, read_only=True, data_only=True)) as book:
        return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))


def _calamine(path: Path) -> int:
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())
