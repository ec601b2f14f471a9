"""`python -m benchmarks.corpus FOLDER`: read every file of a folder, each in a process with limits.

What is refused is told with a word for people and the reason. Crashed is a file that ended its process, or whose
refusal has no proper reason; timed out is one that used up its time, and was given up. Both are refused to
a bot, and the next file is read all the same: they are counted apart so that a reader's weakness is seen.
"""

import json
import re
from collections import Counter
from contextlib import closing
from hashlib import file_digest
from pathlib import Path

import click

from rpa.documents.base import Document, Wanted
from rpa.documents.preflight import refuse_huge
from rpa.documents.sandbox import Sandbox
from rpa.errors import DocumentProblem

READ, REFUSED, CRASHED, TIMED_OUT = "read", "refused", "crashed", "timed_out"
NO_REASON = "unexpected"
"""The kind of problem that nobody foresaw, or that has no word of its own."""

FORESEEN = re.compile(r"DocumentProblem at \S+")
"""What is noted where a reader itself refuses a file; behind a fault there is what caused it, too."""

LATE = "takes-too-long"
"""The kind of problem that a file has whose time was up, be it that of the processor or that of the clock."""

KILLED = "it ended the reading process"
"""How it is told that the process of one file ended without an answer, such as by a fault of memory."""

UNANSWERED = "the reading process ended;"
"""How it is told that not even the process answered that watches over the reading ones."""


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Read every file below FOLDER and count what came of it; the last line is JSON."""
    counts, kinds, notices = Counter[str](), Counter[str](), Counter[str]()
    with closing(Sandbox()) as sandbox:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
            outcome = _outcome(sandbox, path, kinds, notices)
            counts[outcome] += 1
        peak = sandbox.peak >> 20
    for kind, number in (*kinds.most_common(), *notices.most_common()):
        click.echo(f"{number:6} {kind}")
    click.echo(json.dumps({"files": counts.total(), **_in_order(counts), "peak_mb": peak}))


def _outcome(sandbox: Sandbox, path: Path, kinds: Counter[str], notices: Counter[str]) -> str:
    try:
        (row,) = sandbox.read("whole", _document(path), Wanted(places={}))
    except DocumentProblem as problem:
        kinds[f"refused as {problem.kind}"] += 1
        click.echo(f"{path}: {problem.kind}: {problem}{_detail(problem)}")
        return outcome_of(problem)
    notices.update(f"read, with the notice {notice.partition(':')[0]}" for notice in row.notices)
    return READ


def outcome_of(problem: DocumentProblem) -> str:
    """Return whether a file was refused, or ended its process or its time."""
    if problem.kind == LATE:
        return TIMED_OUT
    if str(problem).startswith(KILLED):
        return CRASHED
    if problem.kind != NO_REASON or FORESEEN.fullmatch(_notes(problem)):
        return REFUSED
    return TIMED_OUT if str(problem).startswith(UNANSWERED) else CRASHED


def _detail(problem: DocumentProblem) -> str:
    return f" ({_notes(problem)})" if problem.kind == NO_REASON else ""


def _notes(problem: DocumentProblem) -> str:
    return "; ".join(getattr(problem, "__notes__", ()))


def _document(path: Path) -> Document:
    size = path.stat().st_size
    refuse_huge(size)
    with path.open("rb") as file:
        return Document(path, file_digest(file, "sha256").hexdigest(), size)


def _in_order(counts: Counter[str]) -> dict[str, int]:
    return {outcome: counts[outcome] for outcome in (READ, REFUSED, CRASHED, TIMED_OUT)}


if __name__ == "__main__":
    main()
