"""What every reader keeps: it reads its kind, tells where each value stood, and names what it can't read."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.documents.base import Document, Place, Row, Wanted, rows_of
from rpa.documents.sandbox import Sandbox
from rpa.documents.table import READERS, names, reader
from rpa.errors import DefinitionError, DocumentProblem

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
KINDS = frozenset({"empty", "not-a-pdf", "not-a-workbook", "not-a-list", "not-a-mail", "damaged", "missing"})
EXAMPLES = {
    "pdf-form": ("forms/claims/claim_01.pdf", "Claim No.", "CL-100001"),
    "pdf-text": ("documents/two_column_letter.pdf", "Claim number", "CL-100010"),
    "excel": ("forms/claims/roster.xlsx", "Full name", "José Núñez"),
    "excel-form": ("documents/form_sheet.xlsx", "Organization", "Prairie Food Shelf"),
    "csv": ("documents/payees_1252.csv", "Full name", "José Núñez"),
    "mail": ("documents/mailed_claim.eml", "Claim number", "CL-100021"),
}
"""A document, a label on it and the first value there, for every reader of ours."""

FORMS = {"pdf-form", "pdf-text", "excel-form", "mail"}
"""The readers for which a document is one record: what is missing there does not spoil the rest."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return one sandbox for the module."""
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def document_at(path: Path) -> Document:
    content = path.read_bytes()
    return Document(path, hashlib.sha256(content).hexdigest(), len(content))


def example(sandbox: Sandbox, name: str, label: str | None = None) -> tuple[Document, list[Row]]:
    path, printed, _ = EXAMPLES[name]
    document = document_at(FIXTURES / path)
    return document, sandbox.read(name, document, Wanted(places={"value": Place(label=label or printed)}))


def test_every_reader_of_ours_has_an_example() -> None:
    assert list(EXAMPLES) == list(READERS)
    assert set(EXAMPLES) <= set(names())


@pytest.mark.parametrize("name", READERS)
def test_a_reader_knows_its_name_and_explains_itself(name: str) -> None:
    part = reader(name)

    assert part.name == name
    assert isinstance(part.options, frozenset)
    assert (type(part).__doc__ or "").strip()


@pytest.mark.parametrize("name", READERS)
def test_a_value_is_read_with_the_place_where_it_stood(sandbox: Sandbox, name: str) -> None:
    document, (first, *_) = example(sandbox, name)

    cell = first.cells["value"]
    assert cell.text == EXAMPLES[name][2]
    assert cell.source.document == document.sha256
    assert cell.source.how in {"form", "label", "cell", "column"}
    assert cell.source.page is not None or cell.source.cell is not None
    assert first.place


@pytest.mark.parametrize("name", READERS)
def test_every_wanted_value_is_read_or_told_as_missing(sandbox: Sandbox, name: str) -> None:
    label = "No such label 4711"
    if name in FORMS:
        _, (row,) = example(sandbox, name, label)
        assert label in row.missing["value"]
    else:
        with pytest.raises(DocumentProblem, match=label) as problem:
            example(sandbox, name, label)
        assert problem.value.kind == "missing"


@pytest.mark.parametrize("name", READERS)
def test_a_row_is_the_same_after_its_way_out_of_the_process(sandbox: Sandbox, name: str) -> None:
    document, rows = example(sandbox, name)

    inside = list(rows_of(reader(name).read(document.path, document.sha256, wanted_by(name))))
    assert rows == inside


def wanted_by(name: str) -> Wanted:
    return Wanted(places={"value": Place(label=EXAMPLES[name][1])})


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("content", [b"", b"\x00" * 64, b"PK\x03\x04", b"%PDF-1.7\n%%EOF", b"<html></html>"])
def test_what_is_no_document_of_its_kind_is_a_named_problem(
    sandbox: Sandbox, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(DocumentProblem) as problem:
        sandbox.read(name, document_at(tmp_path / "file"), wanted_by(name))

    assert problem.value.kind in KINDS
    assert (problem.value.kind == "empty") == (content == b"")
    assert "Error" not in str(problem.value)


def test_an_unknown_reader_is_told_with_those_that_are_known() -> None:
    with pytest.raises(DefinitionError, match="no reader is called word; known: pdf-form, pdf-text, excel, "):
        reader("word")
