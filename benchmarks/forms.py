"""`python -m benchmarks.forms FOLDER`: read every form whose truth stands beside it, and count what is right.

Beside `NAME.truth.json` (what was filled in, by field) stand `NAME.acroform.pdf`, `NAME.flat.pdf` and
`NAME.scan.pdf`, or some of them; or `NAME.xlsx`. They are read by the forms of this project, which must recognise
them first.
Values are compared as typed, so that a date or a number may be written in another way.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import click

from benchmarks.books import books, judge_book
from benchmarks.judged import EXACT, FLAGGED, WRONG, Judged, judged
from benchmarks.projects import ROOT
from rpa.definitions.form import Form
from rpa.documents.base import Document, Edition, Wanted
from rpa.documents.sandbox import Sandbox
from rpa.errors import DocumentProblem
from rpa.intake.places import editions_of
from rpa.project import Project

KINDS = ("acroform", "flat", "scan")
BOOK = "workbook"


@dataclass(frozen=True)
class Score:
    """Reads forms and compares them with their truth."""

    sandbox: Sandbox
    forms: Mapping[str, Form]
    editions: Mapping[str, Edition]

    def judge(self, path: Path, truth: Mapping[str, Any]) -> list[Judged]:
        """Return what came of every field of the document at *path*."""
        content = path.read_bytes()
        document = Document(path, sha256(content).hexdigest(), len(content))
        try:
            (row,) = self.sandbox.read("pdf-form", document, Wanted(places={}, editions=self.editions))
        except DocumentProblem as problem:
            return [Judged(field=name, outcome=FLAGGED, reason=problem.kind) for name in truth]
        form = self.forms[str(row.edition).partition(" ")[0]]
        return [judged(form, name, row, _written(value)) for name, value in truth.items()]


def _written(value: Any) -> str:
    """Return a value of the truth as the form says it."""
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _documents(folder: Path) -> Iterator[tuple[str, Path, Mapping[str, Any]]]:
    """Yield kind, file and truth of every document."""
    for told in sorted(folder.rglob("*.truth.json")):
        truth = json.loads(told.read_text("utf-8"))
        for kind in KINDS:
            path = told.with_name(told.name.replace(".truth.json", f".{kind}.pdf"))
            if path.is_file():
                yield kind, path, truth


def _score() -> Score:
    library = Project(ROOT).library
    forms = {name: library.form(name) for name in library.forms if library.form(name).reader == "pdf-form"}
    editions = (editions_of(form, library.forms_folder, form.fields) for form in forms.values())
    return Score(Sandbox(), forms, dict(chain.from_iterable(known.items() for known in editions)))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Count, kind by kind, the fields that are read exactly; list every other one; the last line is JSON."""
    counts = {kind: {"fields": 0, EXACT: 0, FLAGGED: 0, WRONG: 0} for kind in (*KINDS, BOOK)}
    score = _score()
    with closing(score.sandbox):
        for kind, path, found in _judgements(score, folder):
            for one in found:
                counts[kind]["fields"] += 1
                counts[kind][one.outcome] += 1
                if one.outcome != EXACT:
                    click.echo(f"{path.relative_to(folder)} {one.field}: {one.outcome}: {one.reason}")
    click.echo(json.dumps(counts))


def _judgements(score: Score, folder: Path) -> Iterator[tuple[str, Path, list[Judged]]]:
    """Yield kind, file and what came of its fields, of every document."""
    for kind, path, truth in _documents(folder):
        yield kind, path, score.judge(path, truth)
    for path, truth in books(folder):
        yield BOOK, path, judge_book(score.sandbox, path, truth)


if __name__ == "__main__":
    main()
