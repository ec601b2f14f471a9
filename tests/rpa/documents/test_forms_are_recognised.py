"""A form is known by what is printed on it before any value is read; what is no known form is never guessed."""

from dataclasses import replace
from pathlib import Path

import pytest

from rpa.documents.base import Edition, Place, Wanted
from rpa.documents.sandbox import Sandbox
from rpa.errors import DocumentProblem
from rpa.intake.places import editions_of
from rpa.project import Project
from tests.rpa.documents.conftest import FIXTURES, document_at

ROOT = FIXTURES.parent
W9 = FIXTURES / "forms/w9/w9_00.acroform.pdf"
SPOC = FIXTURES / "forms/spoc/spoc_00.flat.pdf"
SHEET = FIXTURES / "documents/form_sheet.xlsx"


def every_edition() -> dict[str, Edition]:
    """Return the editions of all forms of this project."""
    library = Project(ROOT).library
    known = (editions_of(library.form(name), library.forms_folder, ()) for name in library.forms)
    return {name: edition for editions in known for name, edition in editions.items()}


def edition_of(sandbox: Sandbox, path: Path, editions: dict[str, Edition], reader: str = "pdf-form") -> str | None:
    (row,) = sandbox.read(reader, document_at(path), Wanted(places={}, editions=editions))
    return row.edition


def refusal(sandbox: Sandbox, path: Path, editions: dict[str, Edition], reader: str = "pdf-form") -> str:
    with pytest.raises(DocumentProblem) as refused:
        edition_of(sandbox, path, editions, reader)
    assert refused.value.kind == "unknown-form"
    return str(refused.value)


@pytest.mark.parametrize(
    ("path", "name"),
    [(W9, "irs-w9 2018-10"), (W9.with_name("w9_00.flat.pdf"), "irs-w9 2018-10"), (SPOC, "nevada-spoc 088-gp-04")],
    ids=lambda one: one.name if isinstance(one, Path) else "",
)
def test_a_form_is_told_from_the_others_filled_in_or_flat(sandbox: Sandbox, path: Path, name: str) -> None:
    assert edition_of(sandbox, path, every_edition()) == name


def test_a_document_that_is_no_form_is_refused_with_what_was_looked_for(sandbox: Sandbox) -> None:
    told = refusal(sandbox, FIXTURES / "documents/two_column_letter.pdf", every_edition())

    assert 'no irs-w9 2018-10, for "Request for Taxpayer" is not on it' in told
    assert 'no nevada-spoc 088-gp-04, for "088-GP 04' in told


def test_a_document_that_could_be_two_forms_is_not_guessed(sandbox: Sandbox) -> None:
    known = every_edition()["irs-w9 2018-10"]
    editions = {"w9": known, "tax form": replace(known, texts=("Taxpayer",))}

    assert "looks like w9 and like tax form" in refusal(sandbox, W9, editions)


def test_what_is_printed_on_another_edition_alone_tells_them_apart(sandbox: Sandbox) -> None:
    older = Edition(places={}, texts=("Request for Taxpayer",), no_texts=("Rev. October 2018",))
    newer = Edition(places={}, texts=("Request for Taxpayer",), no_texts=("Rev. January 2011",))

    assert edition_of(sandbox, W9, {"older": older, "newer": newer}) == "newer"


def test_words_that_were_typed_in_make_no_other_form_of_it(sandbox: Sandbox) -> None:
    typed = Edition(places={}, texts=("Robert Lee",))

    assert '"Robert Lee" is not on it' in refusal(sandbox, W9, {"typed": typed})


def test_a_form_is_known_by_its_fields_where_it_has_any(sandbox: Sandbox) -> None:
    other = Edition(places={}, texts=("Request for Taxpayer",), fields=("f2_99[0]",))

    assert "it has no field f2_99[0]" in refusal(sandbox, W9, {"other": other})
    assert edition_of(sandbox, W9.with_name("w9_00.flat.pdf"), {"other": other}) == "other"


def test_a_workbook_is_known_by_its_sheets_and_texts(sandbox: Sandbox) -> None:
    from openpyxl import load_workbook

    book = load_workbook(SHEET)
    names = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    known = Edition(places={}, sheets=names)

    assert edition_of(sandbox, SHEET, {"known": known}, "excel-form") == "known"
    told = refusal(
        sandbox, SHEET, {"other": replace(known, sheets=("Elsewhere",), texts=("Nowhere",))}, "excel-form"
    )
    assert '"Nowhere" is not on it and it has no sheet Elsewhere' in told


@pytest.mark.parametrize("label", ["Expected start/award date", "No such label"])
def test_the_ways_to_a_value_are_tried_in_their_order(sandbox: Sandbox, label: str) -> None:
    place = Place(label="Never printed", others=(Place(label=label, where="right"),))

    (row,) = sandbox.read("pdf-form", document_at(SPOC), Wanted(places={"start": place}))

    if label == "No such label":
        assert row.missing["start"] == '"Never printed" is not printed on it; "No such label" is not printed on it'
    else:
        assert row.cells["start"].text == "10/08/2025"
