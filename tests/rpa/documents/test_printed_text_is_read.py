"""What a person takes for a label's value on print: to its right, below it, in its cell, or nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from rpa.documents.base import Place
from rpa.documents.pdf.ocr import lacking
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import Read

PAGE = 792.0
Text = tuple[float, float, str]
"""Left, top (to the baseline) and words."""
Frame = tuple[float, float, float, float]
"""Left, top, right and bottom of a drawn box."""


@pytest.fixture
def paper(tmp_path: Path) -> Callable[..., Path]:
    """Return what prints texts and boxes on a page."""

    def print_(texts: Sequence[Text], boxes: Sequence[Frame] = ()) -> Path:
        path = tmp_path / "paper.pdf"
        canvas = Canvas(str(path), pagesize=(612, PAGE), invariant=1)
        canvas.setFont("Helvetica", 9)
        for left, top, words in texts:
            canvas.drawString(left, PAGE - top, words)
        for left, top, right, bottom in boxes:
            canvas.rect(left, PAGE - bottom, right - left, bottom - top)
        canvas.save()
        return path

    return print_


Paper = Callable[..., Path]


@pytest.mark.parametrize(
    ("texts", "place", "value"),
    [
        ([(50, 50, "Claim number: CL-1 second")], Place(label="Claim number"), "CL-1 second"),
        ([(50, 50, "Invoice No. 4711")], Place(label="Invoice No."), "4711"),
        ([(50, 50, "Total"), (300, 50, "(45.10)")], Place(label="Total"), "(45.10)"),
        ([(50, 50, "Total"), (300, 50, "-45.10")], Place(label="total"), "-45.10"),
        ([(50, 50, "Paid to"), (50, 62, "Ana D'Angelo")], Place(label="Paid to"), "Ana D'Angelo"),
        ([(50, 50, "Name:"), (50, 62, "Address:")], Place(label="Name"), ""),
        ([(50, 50, "Born (MM/DD/YYYY) 02/03/1961")], Place(label="Born"), "02/03/1961"),
        ([(50, 50, "Amount $5.00 per day")], Place(label="Amount", until="per"), "$5.00"),
        ([(50, 50, "$5.00"), (90, 50, "Amount due")], Place(label="Amount due", where="left"), "$5.00"),
        ([(50, 50, "Jo March"), (50, 61, "Signature")], Place(label="Signature", where="above"), "Jo March"),
        (
            [(50, 50, "Address"), (50, 62, "12 Oak St"), (50, 74, "Reno, NV"), (50, 110, "Thank you.")],
            Place(label="Address", where="below"),
            "12 Oak St\nReno, NV",
        ),
    ],
    ids=lambda given: given.label if isinstance(given, Place) else "",
)
def test_text_without_lines_is_read_as_people_read(
    read: Read, paper: Paper, texts: list[Text], place: Place, value: str
) -> None:
    (row,) = read("pdf-text", paper(texts), {"value": place})

    assert row.missing == {}
    assert row.cells["value"].text == value


def test_a_known_label_is_never_part_of_a_value(read: Read, paper: Paper) -> None:
    texts = [(50, 50, "Name:"), (90, 50, "Jo"), (120, 50, "2 Born:"), (170, 50, "1961")]

    (row,) = read("pdf-text", paper(texts), {"name": Place(label="Name"), "born": Place(label="Born")})

    assert {name: cell.text for name, cell in row.cells.items()} == {"name": "Jo", "born": "1961"}


@pytest.mark.parametrize("name", ["Jo March", ""])
def test_a_cell_with_room_below_its_label_is_answered_there(read: Read, paper: Paper, name: str) -> None:
    texts = [(52, 60, "Name"), (60, 74, name), (202, 60, "Born"), (210, 74, "1961"), (52, 90, "City")]
    boxes = [(50, 50, 200, 80), (200, 50, 350, 80), (50, 80, 350, 110)]

    (row,) = read("pdf-text", paper(texts, boxes), {"name": Place(label="Name"), "city": Place(label="City")})

    assert (row.cells["name"].text, row.cells["city"].text) == (name, "")


@pytest.mark.parametrize("name", ["Jo March", ""])
def test_a_cell_that_its_label_fills_is_answered_in_the_next(read: Read, paper: Paper, name: str) -> None:
    texts = [(52, 60, "Name"), (210, 60, name), (52, 74, "City"), (210, 74, "Reno")]
    boxes = [(50, 50, 200, 64), (200, 50, 400, 64), (50, 64, 200, 78), (200, 64, 400, 78)]

    (row,) = read("pdf-text", paper(texts, boxes), {"name": Place(label="Name")})

    assert row.cells["name"].text == name


def test_boxes_for_one_letter_each_are_one_value(read: Read, paper: Paper) -> None:
    combs = [(50.0 + 14 * index, 64.0, 64.0 + 14 * index, 88.0) for index in range(5)]
    letters = [(54.0 + 14 * index, 80.0, letter) for index, letter in enumerate("60608")]

    (row,) = read(
        "pdf-text",
        paper([(52, 60, "ZIP code"), *letters], [(50, 50, 120, 63), *combs]),
        {"zip": Place(label="ZIP code")},
    )

    assert row.cells["zip"].text == "60608"


def test_a_label_over_two_lines_is_one_label(read: Read, paper: Paper) -> None:
    texts = [(50, 50, "Name of the person"), (50, 60, "who is insured"), (200, 60, "Jo March")]

    (row,) = read("pdf-text", paper(texts), {"name": Place(label="Name of the person who is insured")})

    assert row.cells["name"].text == "Jo March"


def test_a_label_that_stands_twice_is_not_guessed_at(read: Read, paper: Paper) -> None:
    texts = [(50, 50, "Name: Jo"), (50, 90, "Name: Amy")]

    (row,) = read("pdf-text", paper(texts), {"name": Place(label="Name")})

    told = '"Name" is printed 2 times on page 1: write more of the line, or name the field'
    assert row.missing == {"name": told}


def test_a_label_in_a_sentence_loses_to_the_one_at_a_line_s_start(read: Read, paper: Paper) -> None:
    texts = [(50, 50, "Write the amount in full."), (50, 90, "Amount: 5.00")]

    (row,) = read("pdf-text", paper(texts), {"amount": Place(label="Amount")})

    assert row.cells["amount"].text == "5.00"


def test_columns_of_a_letter_are_kept_apart(read: Read, truth: Callable[[str], Any]) -> None:
    fields = truth("documents/two_column_letter.json")["fields"]

    (row,) = read("pdf-text", "documents/two_column_letter.pdf", {name: Place(label=name) for name in fields})

    assert {name: cell.text for name, cell in row.cells.items()} == fields


@pytest.mark.skipif(lacking() is None, reason="text recognition is installed")
def test_a_scanned_page_behind_a_letter_is_told(read: Read) -> None:
    places = {"claim": Place(label="Claim number"), "loss": Place(label="Date of loss")}

    (row,) = read("pdf-text", "documents/letter_then_scan.pdf", places)

    assert row.cells["claim"].text == "CL-100010"
    assert row.missing == {
        "loss": '"Date of loss" is not printed on it; page 2 is a picture, and its text can\'t be read'
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("empty", "empty"),
        ("text_named", "not-a-pdf"),
        ("truncated", "damaged"),
        ("please_wait", "xfa-only"),
    ],
)
def test_what_can_not_be_read_is_named(read: Read, name: str, kind: str) -> None:
    with pytest.raises(DocumentProblem) as problem:
        read("pdf-form", f"documents/{name}.pdf", {"claim": Place(label="Claim No.")})

    assert problem.value.kind == kind


def test_a_page_with_nothing_on_it_is_empty(read: Read, paper: Paper) -> None:
    with pytest.raises(DocumentProblem) as problem:
        read("pdf-text", paper([]), {"claim": Place(label="Claim No.")})

    assert problem.value.kind == "empty"


def test_what_a_scanner_wrote_unseen_behind_its_picture_is_not_believed(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path), pagesize=(300, 100), invariant=1)
    canvas.setFillGray(0.7)
    canvas.rect(10, 10, 200, 60, fill=1)  # the picture, on which nobody can read anything
    text = canvas.beginText(20, 50)
    text.setTextRenderMode(3)
    text.textLine("Claim No.: CL-100001")
    canvas.drawText(text)
    canvas.save()

    with pytest.raises(DocumentProblem) as problem:
        read("pdf-text", path, {"claim": Place(label="Claim No.")})

    assert problem.value.kind == "no-text-needs-ocr"


def test_a_place_without_a_label_or_field_is_told(read: Read, paper: Paper) -> None:
    places = {"a": Place(), "b": Place(fields=("f1",))}
    (row,) = read("pdf-text", paper([(50, 50, "Name")]), places)

    assert row.missing["a"] == "has no place on a PDF: give its label, its form field or a line"
    assert row.missing["b"] == "the PDF has no form fields (it is a flat copy): give the label too"
