"""Workbooks that are read by the forms of this project, against what a person reads in them."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.judged import FLAGGED, WRONG, Judged, judged
from benchmarks.projects import ROOT
from rpa.documents.base import Document, Row, Wanted
from rpa.documents.sandbox import Sandbox
from rpa.errors import DocumentProblem
from rpa.intake.places import editions_of
from rpa.project import Project

KNOWN = ROOT / "fixtures" / "workbooks" / "fac"
"""Where truths stand of workbooks that have none beside them."""


def books(folder: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every workbook below *folder* whose truth is known, and that."""
    for path in sorted(folder.rglob("*.xlsx")):
        name = f"{path.stem}.truth.json"
        told = next((one for one in (path.with_name(name), KNOWN / name) if one.is_file()), None)
        if told is not None:
            yield path, json.loads(told.read_text("utf-8"))


def judge_book(sandbox: Sandbox, path: Path, truth: Mapping[str, Any]) -> list[Judged]:
    """Return what came of every value of a workbook: those that stand once on it, and those of each line."""
    content = path.read_bytes()
    try:
        rows = sandbox.read(
            "excel-form", Document(path, sha256(content).hexdigest(), len(content)), _wanted(truth)
        )
    except DocumentProblem as problem:
        names = [*truth["once"], *(f"{line}.{name}" for line, told in truth["rows"].items() for name in told)]
        return [Judged(field=name, outcome=FLAGGED, reason=f"{problem.kind}: {problem}") for name in names]
    return list(_judged(rows, truth))


def _wanted(truth: Mapping[str, Any]) -> Wanted:
    library = Project(ROOT).library
    form = library.form(truth["form"])
    names = [*form.fields, *form.tables[truth["table"]].fields]
    return Wanted(places={}, editions=editions_of(form, library.forms_folder, names, truth["table"]))


def _judged(rows: list[Row], truth: Mapping[str, Any]) -> Iterator[Judged]:
    form = Project(ROOT).library.form(truth["form"])
    by_line = {str(row.line): row for row in rows}
    for line in by_line.keys() ^ truth["rows"].keys():
        outcome = WRONG if line in by_line else FLAGGED
        yield Judged(field=f"line {line}", outcome=outcome, reason="is a record or none against the truth")
    for name, value in truth["once"].items():
        yield judged(form, name, rows[0], value)
    for line in sorted(by_line.keys() & truth["rows"].keys()):
        for name, value in truth["rows"][line].items():
            yield judged(form, name, by_line[line], value)
