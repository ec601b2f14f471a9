"""What goes into a log says where, and never a word of the document."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from rpa.documents.base import Place, Source, source_from
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, Read

TITLE = "Jo March 536-90-4399"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a workbook whose second sheet bears a person's name."""
    workbook = Workbook()
    sheet = workbook.create_sheet(TITLE)
    sheet["B1"], sheet["C1"], sheet["C2"] = "Amount", "Amount due", 12
    workbook.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


@pytest.mark.parametrize(
    ("reader", "cell", "place"), [("excel", "sheet 2!C2", "sheet 2!2"), ("excel-form", "sheet 2!C2", "sheet 2")]
)
def test_the_title_of_a_sheet_is_not_in_the_log(
    read: Read, book: Path, reader: str, cell: str, place: str
) -> None:
    places = {"amount": Place(label="Amount due", where="below")}

    (row,) = read(reader, book, places, sheet=TITLE)
    source = row.cells["amount"].source

    assert (source.logged, str(source)) == (cell, f"{TITLE}!C2")
    assert row.logged == place
    assert TITLE in row.place


def test_other_places_are_logged_as_they_are_told(read: Read) -> None:
    (form,) = read("pdf-form", "forms/claims/claim_01.pdf", {"claim": Place(label="Claim No.")})
    line = read("csv", "documents/visits_bom.csv", {"remarks": Place(label="Remarks")})[0]

    assert form.cells["claim"].source.logged == str(form.cells["claim"].source)
    assert (form.logged, line.logged) == ("page 1", "line 2")


def test_a_source_from_before_sheets_were_numbered_has_no_title_in_the_log_either() -> None:
    old = {"document": "ab", "how": "cell", "page": None, "box": None, "sheet": TITLE, "cell": "C2", "field": None}

    assert source_from(old).logged == "sheet!C2"
    assert source_from(old) == Source(document="ab", how="cell", sheet=TITLE, cell="C2")


def test_a_fault_of_ours_keeps_its_kind_and_its_line_for_those_who_mend_it(read: Read, tmp_path: Path) -> None:
    content = (FIXTURES / "forms/claims/roster.xlsx").read_bytes()
    at = content.index(b"xl/workbook.xml")
    (tmp_path / "book.xlsx").write_bytes(content[:at] + b"xl/workbokk.xml" + content[at + 15 :])

    with pytest.raises(DocumentProblem) as problem:
        read("excel", tmp_path / "book.xlsx", {"name": Place(label="Full name")})

    (note,) = problem.value.__notes__
    assert problem.value.kind == "damaged"
    assert note.startswith("DocumentProblem at rpa/documents/")
    assert " < " in note
    assert "workbokk" not in note
