"""IRS Form W-9, a real form: filled in and flat, by its fields, by its labels, and by the empty form."""

import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter

from rpa.documents.base import Place, Row
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, Read

TRUTH: dict[str, dict[str, str]] = {
    path.name.split(".")[0]: json.loads(path.read_text("utf-8"))
    for path in sorted((FIXTURES / "forms/w9").glob("*.truth.json"))
}
BLANK = str(FIXTURES.parent / "bots/forms/irs_w9_2018_10.pdf")
CLASSES = (
    "Individual/sole proprietor or single-member LLC",
    "C Corporation",
    "S Corporation",
    "Partnership",
    "Trust/estate",
    "Limited liability company",
    "Other (see instructions)",
)
BY_FIELD = {
    "name": Place(fields=("f1_1[0]",)),
    "business_name": Place(fields=("f1_2[0]",)),
    "llc_code": Place(fields=("f1_3[0]",)),
    "address": Place(fields=("f1_7[0]",)),
    "city_state_zip": Place(fields=("f1_8[0]",)),
    "account_numbers": Place(fields=("f1_10[0]",)),
    "ssn": Place(fields=("SSN[0].f1_11[0]", "SSN[0].f1_12[0]", "SSN[0].f1_13[0]")),
    "ein": Place(fields=("EmployerID[0].*",)),
    "classification": Place(
        choose={words: Place(fields=(f"c1_1[{number}]",)) for number, words in enumerate(CLASSES)}
    ),
}
BY_LABEL = {
    "name": Place(label="Name (as shown on your income tax return)", where="below"),
    "business_name": Place(label="Business name/disregarded entity name", where="below"),
    "llc_code": Place(label="P=Partnership)", where="right"),
    "address": Place(label="Address (number, street, and apt. or suite no.)", where="below"),
    "city_state_zip": Place(label="City, state, and ZIP code"),
    "account_numbers": Place(label="List account number(s) here"),
    "ssn": Place(label="Social security number"),
    "ein": Place(label="Employer identification number"),
    "classification": Place(choose={words: Place(label=words) for words in CLASSES}),
}


def both(name: str) -> Place:
    """Return the field as the first way and the label as the second, as one bot for both kinds says it."""
    by_field, by_label = BY_FIELD[name], BY_LABEL[name]
    choose = {
        key: Place(fields=place.fields, label=by_label.choose[key].label) for key, place in by_field.choose.items()
    }
    return Place(fields=by_field.fields, label=by_label.label, where=by_label.where, choose=choose)


WAYS: dict[str, tuple[str, dict[str, Place], dict[str, str]]] = {
    "form by field": ("acroform", BY_FIELD, {}),
    "form by label": ("acroform", BY_LABEL, {}),
    "form by both": ("acroform", {name: both(name) for name in BY_FIELD}, {}),
    "copy by label": ("flat", BY_LABEL, {}),
    "copy by both": ("flat", {name: both(name) for name in BY_FIELD}, {}),
    "copy by empty form": ("flat", BY_FIELD, {"blank": BLANK}),
    "copy by empty form and label": ("flat", BY_LABEL, {"blank": BLANK}),
}


def plain(truth: dict[str, str]) -> dict[str, Any]:
    """Return the truth without the hyphens that the boxes of a number do not have."""
    return truth | {name: truth[name].replace("-", "") for name in ("ssn", "ein")}


def texts(row: Row) -> dict[str, str]:
    assert row.missing == {}
    return {name: cell.text for name, cell in row.cells.items()}


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.parametrize("way", WAYS)
def test_every_answer_is_read_as_it_was_written(read: Read, name: str, way: str) -> None:
    kind, places, options = WAYS[way]

    (row,) = read("pdf-form", f"forms/w9/{name}.{kind}.pdf", places, **options)

    assert texts(row) == plain(TRUTH[name])


@pytest.mark.parametrize("reader", ["pdf-form", "pdf-text"])
def test_a_flat_copy_of_the_empty_form_is_blank_and_not_its_own_words(
    read: Read, flat_blank: str, reader: str
) -> None:
    (row,) = read(reader, flat_blank, BY_LABEL)

    assert texts(row) == dict.fromkeys(BY_LABEL, "")


@pytest.fixture
def flat_blank(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the empty form without its fields."""
    writer = PdfWriter(clone_from=BLANK)
    writer.remove_annotations(subtypes=None)
    del writer.root_object["/AcroForm"]
    path = tmp_path_factory.mktemp("w9") / "blank.pdf"
    writer.write(path)
    return str(path)


@pytest.mark.parametrize(
    ("kind", "pages", "words"),
    [
        ("flat", [(0, 6), (0, 6)], "page 7 is page 1 again"),
        ("flat", [(0, 1), (0, 1)], "page 2 is page 1 again"),
        ("acroform", [(0, 6), (0, 6)], "page 7 is page 1 again"),
    ],
)
def test_the_second_of_two_forms_in_one_file_is_not_passed_over(
    read: Read, tmp_path: Path, kind: str, pages: list[tuple[int, int]], words: str
) -> None:
    stapled = PdfWriter()
    for name, some in zip(("w9_00", "w9_01"), pages, strict=True):
        stapled.append(FIXTURES / f"forms/w9/{name}.{kind}.pdf", pages=some)
    stapled.write(tmp_path / "two.pdf")

    with pytest.raises(DocumentProblem, match=words):
        read("pdf-form", tmp_path / "two.pdf", BY_FIELD, blank=BLANK)
