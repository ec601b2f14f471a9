"""An answer may be spoken by a document: what has not its shape is a named problem, and costs little."""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from rpa.documents import answers, wire
from rpa.documents.answers import Answer
from rpa.documents.base import Cell, Place, Row, Source, Wanted
from rpa.documents.lists import Columns, Lines
from rpa.documents.wire import LONGEST_LINE, MOST_ROWS, answer_refusing, answer_with
from rpa.errors import DefinitionError, DocumentProblem
from tests.rpa.documents.conftest import FIXTURES

SHA256 = "ab" * 32
WANTED = Wanted(places={"who": Place(label="Who")})


def said(*told: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in told)


def row(text: object = "Jo March", **source: object) -> dict[str, Any]:
    return {"row": {"place": "here", "cells": {"who": {"text": text, "source": {"how": "cell", **source}}}}}


def columns(**told: object) -> dict[str, Any]:
    return {"columns": {"names": ["who"], "sources": [{"how": "column", "cell": "B"}], "place": "S!", **told}}


def lines(**told: object) -> dict[str, Any]:
    return {"lines": {"numbers": [7], "texts": [["Jo March"]], "faults": {}, **told}}


def refusal(**told: object) -> dict[str, Any]:
    return {"refused": {"kind": "damaged", "message": "it is damaged", "detail": "KeyError", **told}}


def rows_from(answer: bytes, wanted: Wanted = WANTED) -> list[Row]:
    heard = Answer(SHA256, wanted)
    for start in range(0, len(answer), 100_000):
        heard.hear(answer[start : start + 100_000])
    return heard.rows()


END = {"rows": 1}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xfe\n",
        b"17\n",
        b"[" * 200_000,
        said(END),
        said(row()),
        said(row(), END)[:-1],
        said(row(), END, END),
        said(row(), END) + b" ",
        said({**row(), **END}),
        said({}, row(), END),
        said({"row": {**row()["row"], "more": 1}}, END),
        said(row(text=[1]), END),
        said(row(text=None), END),
        said(row(document="0" * 64), END),
        said(row(evil=1), END),
        said(row(page="1"), END),
        said(row(box=[1, 2, 3]), END),
        said(row(box=[1, 2, 3, float("nan")]), END),
        said(row(), row(), END),
        said(row(), {"rows": True}),
        said({"rows": MOST_ROWS + 1}),
        b'{"row":{"cells":' + b'{"a":' * 3_000 + b"1" + b"}" * 3_001 + b"}\n" + said(END),
        said(row("x" * LONGEST_LINE), END),
        said(lines(), END),
        said(columns(names=["who", "who"], sources=[{"how": "column"}] * 2), lines(texts=[["a", "b"]]), END),
        said(columns(sources=[]), lines(), END),
        said(columns(names=[], sources=[]), lines(texts=[[]]), END),
        said(columns(), lines(numbers=[7, 8]), END),
        said(columns(), lines(texts=[["a", "b"]]), END),
        said(columns(), lines(texts=[[1]]), END),
        said(columns(), lines(texts=[["a"], []], numbers=[7, 8]), {"rows": 2}),
        said(columns(), lines(faults={"7": {"whom": "holds an error"}}), END),
        said(refusal(kind="a new one")),
        said(refusal(kind={"a": 1})),
        said(refusal(message="x" * 5_000)),
        said(refusal(detail="KeyError: 'Jo March'")),
    ],
    ids=range(37),
)
def test_what_is_no_answer_is_a_problem_of_the_document(answer: bytes) -> None:
    with pytest.raises(DocumentProblem, match="no proper answer") as problem:
        rows_from(answer)

    assert problem.value.kind == "unexpected"
    assert "Jo March" not in f"{problem.value}{problem.value.__notes__}{problem.value.__cause__}"


def test_the_document_of_a_value_is_the_one_that_was_asked_for() -> None:
    (read,) = rows_from(said(row(), END))
    (listed,) = rows_from(said(columns(), lines(), END))

    assert read.cells["who"].source == Source(document=SHA256, how="cell")
    assert listed.cells["who"].source == Source(document=SHA256, how="column", cell="B7")


def test_of_a_document_that_is_damaged_further_down_nothing_is_taken() -> None:
    with pytest.raises(DocumentProblem, match="it is damaged"):
        rows_from(said(columns(), lines(), refusal()))


def test_more_values_than_an_answer_holds_are_refused_whoever_sends_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_CELLS", 5)

    assert len(rows_from(said(columns(), *[lines()] * 5, {"rows": 5}))) == 5
    with pytest.raises(DocumentProblem, match="no proper answer"):
        rows_from(said(columns(), *[lines()] * 6, {"rows": 6}))


def test_a_document_can_not_stop_the_run_by_calling_the_definition_wrong() -> None:
    wrong = answer_refusing(DefinitionError("blank.pdf: the empty form has no fields"))

    with pytest.raises(DocumentProblem):
        rows_from(wrong)
    with pytest.raises(DefinitionError, match=r"blank\.pdf"):
        rows_from(wrong, Wanted(places={}, options={"blank": "blank.pdf"}))


@pytest.mark.parametrize("told", [{"rows": MOST_ROWS + 1}, {"cells": 1_001}, {"text": LONGEST_LINE}])
def test_more_than_an_answer_holds_is_too_big_before_it_is_sent(
    told: Mapping[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_CELLS", 1_000)  # a million take ten seconds to make
    cell = Cell("x" * told.get("text", 1), Source(document="", how="cell"))
    cells = dict.fromkeys(map(str, range(told.get("cells", 1))), cell)

    with pytest.raises(DocumentProblem) as problem:
        list(answer_with([Row(place="", cells=cells)] * told.get("rows", 1)))

    assert problem.value.kind == "too-big"


def test_lines_that_are_too_much_for_one_message_come_in_several() -> None:
    source = Source(document=SHA256, how="column", sheet="S", sheet_number=2, cell="B")
    long: list[list[str | None]] = [[str(number) * (LONGEST_LINE // 5)] for number in range(1, 8)]
    found = Lines(
        columns=Columns(["who"], [source], "S!"),
        numbers=list(range(1, 9)),
        texts=[*long, [None]],
        faults={8: {"who": "holds an error"}},
    )

    told = list(answer_with([found]))

    assert max(map(len, told)) < LONGEST_LINE
    assert len(told) > len(["columns", "lines", "rows"])
    assert rows_from(b"".join(told)) == list(found)


COSTLY = """
import resource, sys
from rpa.documents.answers import Answer
from rpa.documents.base import Wanted
from rpa.errors import DocumentProblem

wrong = b'{"lines":{"numbers":[],"faults":{},"texts":[' + b"1," * (1 << 20) + b"1]}}\\n"
answers = {"arrays": b"[" + b"[]," * (9 << 20) + b"[]]", "lines": b"\\n" * (28 << 20), "wrong": wrong}
answer = Answer("", Wanted(places={}))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
answer.hear(answers[sys.argv[1]])
try:
    answer.rows()
except DocumentProblem:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.parametrize("kind", ["arrays", "lines", "wrong"])
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
