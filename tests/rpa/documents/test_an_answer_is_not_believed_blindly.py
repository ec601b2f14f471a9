"""An answer may be spoken by a document: what has not its shape is a named problem, and costs little."""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from rpa.documents import wire
from rpa.documents.answers import rows_from
from rpa.documents.base import Cell, Place, Row, Source, Wanted
from rpa.documents.wire import LONGEST_LINE, MOST_ROWS, answer_refusing, answer_with
from rpa.errors import DefinitionError, DocumentProblem
from tests.rpa.documents.conftest import FIXTURES

SHA256 = "ab" * 32
WANTED = Wanted(places={"who": Place(label="Who")})


def lines(*told: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in told)


def row(text: object = "Jo March", **source: object) -> dict[str, Any]:
    return {"place": "here", "cells": {"who": {"text": text, "source": {"how": "cell", **source}}}, "missing": {}}


def refusal(**told: object) -> dict[str, object]:
    return {"kind": "damaged", "message": "it is damaged", "detail": "KeyError", **told}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xfe",
        b"17\n",
        b"[" * 200_000,
        lines({"rows": 1}),
        lines({"rows": 1}, {**row(), "more": 1}),
        lines({"rows": 1}, row(text=[1])),
        lines({"rows": 1}, row(text=None)),
        lines({"rows": 1}, row(document="0" * 64)),
        lines({"rows": 1}, row(evil=1)),
        lines({"rows": 1}, row(page="1")),
        lines({"rows": 1}, row(box=[1, 2, 3])),
        lines({"rows": 1}, row(box=[1, 2, 3, float("nan")])),
        lines({"rows": 1}, row(), row()),
        lines({"rows": True}, row()),
        lines({"rows": MOST_ROWS + 1}),
        lines({"rows": 1}) + b'{"cells":' + b'{"a":' * 3_000 + b"1" + b"}" * 3_001 + b"\n",
        lines({"rows": 1}, row("x" * LONGEST_LINE)),
        lines(refusal(kind="a new one")),
        lines(refusal(kind={"a": 1})),
        lines(refusal(message="x" * 5_000)),
        lines(refusal(detail="KeyError: 'Jo March'")),
    ],
    ids=range(22),
)
def test_what_is_no_answer_is_a_problem_of_the_document(answer: bytes) -> None:
    with pytest.raises(DocumentProblem, match="no proper answer") as problem:
        rows_from(answer, SHA256, WANTED)

    assert problem.value.kind == "unexpected"
    assert "Jo March" not in f"{problem.value}{problem.value.__notes__}{problem.value.__cause__}"


def test_the_document_of_a_value_is_the_one_that_was_asked_for() -> None:
    (read,) = rows_from(lines({"rows": 1}, row()), SHA256, WANTED)

    assert read.cells["who"].source == Source(document=SHA256, how="cell")


def test_a_document_can_not_stop_the_run_by_calling_the_definition_wrong() -> None:
    wrong = answer_refusing(DefinitionError("blank.pdf: the empty form has no fields"))

    with pytest.raises(DocumentProblem):
        rows_from(wrong, SHA256, WANTED)
    with pytest.raises(DefinitionError, match=r"blank\.pdf"):
        rows_from(wrong, SHA256, Wanted(places={}, options={"blank": "blank.pdf"}))


@pytest.mark.parametrize("told", [{"rows": MOST_ROWS + 1}, {"cells": 1_001}, {"text": LONGEST_LINE}])
def test_more_than_an_answer_holds_is_too_big_before_it_is_sent(
    told: Mapping[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_CELLS", 1_000)  # a million take ten seconds to make
    cell = Cell("x" * told.get("text", 1), Source(document="", how="cell"))
    cells = dict.fromkeys(map(str, range(told.get("cells", 1))), cell)

    with pytest.raises(DocumentProblem) as problem:
        answer_with([Row(place="", cells=cells)] * told.get("rows", 1))

    assert problem.value.kind == "too-big"


COSTLY = """
import resource, sys
from rpa.documents.answers import rows_from
from rpa.documents.base import Wanted
from rpa.errors import DocumentProblem

arrays = b'{"rows":1}\\n[' + b"[]," * (9 << 20) + b"[]]"
answer = {"arrays": arrays, "lines": b'{"rows":400000}\\n' + b"\\n" * (28 << 20)}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    rows_from(answer[sys.argv[1]], "", Wanted(places={}))
except DocumentProblem:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.parametrize("kind", ["arrays", "lines"])
def test_an_answer_of_nothings_does_not_fill_the_memory_of_the_program(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COSTLY, kind],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=FIXTURES.parent,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)),
    )

    assert int(done.stdout) < 160
