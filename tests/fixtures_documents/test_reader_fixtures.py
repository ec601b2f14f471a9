import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pdfplumber
import pypdfium2
import pytest
from pypdf import PdfReader

from fixtures.documents import make_documents
from fixtures.documents.paper import PASSWORD, Fixture
from tests.fixtures_documents.unpacked import unpacked

FOLDER = make_documents.FOLDER
SCANS = {"scan.pdf", "letter_then_scan.pdf"}
DOCUMENTS = {path.name for path in FOLDER.iterdir() if path.suffix in {".pdf", ".xlsx", ".csv", ".xls", ".eml"}}


@cache
def generated() -> dict[str, Fixture]:
    return {fixture.name: fixture for fixture in make_documents.steady()}


def told(name: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((FOLDER / name).with_suffix(".json").read_text("utf-8"))
    return truth


@pytest.mark.parametrize("name", sorted(DOCUMENTS - SCANS))
def test_the_generator_makes_the_committed_file_and_truth_again(name: str) -> None:
    fixture = generated()[name]
    password = fixture.truth.get("password")
    committed = (FOLDER / name).read_bytes()
    assert unpacked(name, fixture.content, password) == unpacked(name, committed, password)
    assert make_documents.truth(fixture) == (FOLDER / name).with_suffix(".json").read_bytes()


def test_every_document_has_a_truth_and_every_truth_its_document() -> None:
    assert {*generated(), *SCANS} == DOCUMENTS
    assert {told(path.name)["file"] for path in FOLDER.glob("*.json")} == DOCUMENTS


@pytest.mark.parametrize("name", ["flat_claim.pdf", "rotated_claim.pdf"])
def test_a_printed_form_shows_every_answer_as_text_and_has_no_field(name: str) -> None:
    assert not PdfReader(FOLDER / name).get_fields()
    with pdfplumber.open(FOLDER / name) as document:
        words = " ".join((document.pages[0].extract_text() or "").split())
    assert all(
        " ".join(line.split()) in words for text in told(name)["fields"].values() for line in text.splitlines()
    )


def test_only_the_picture_pages_have_no_text() -> None:
    assert [page_text(FOLDER / "scan.pdf", 0), page_text(FOLDER / "letter_then_scan.pdf", 1)] == ["", ""]
    assert "CL-100010" in page_text(FOLDER / "letter_then_scan.pdf", 0)


def page_text(path: Path, page: int) -> str:
    return str(pypdfium2.PdfDocument(path)[page].get_textpage().get_text_bounded())


def test_the_locked_form_opens_with_its_password_alone() -> None:
    assert PdfReader(FOLDER / "locked_claim.pdf").decrypt("") == 0
    texts = PdfReader(FOLDER / "locked_claim.pdf", password=PASSWORD).get_form_text_fields()
    assert texts["f1_01[0]"] == told("locked_claim.pdf")["fields"]["Claim No."]


def test_the_xfa_form_has_data_and_no_widget() -> None:
    reader = PdfReader(FOLDER / "please_wait.pdf")
    data = (reader.xfa or {})["datasets"].decode()
    assert "/Annots" not in reader.pages[0]
    assert all(text in data for text in told("please_wait.pdf")["datasets"].values())


@pytest.mark.parametrize("name", ["empty.pdf", "text_named.pdf", "truncated.pdf"])
def test_what_is_not_a_whole_pdf_opens_nowhere(name: str) -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(FOLDER / name)


def test_the_contradicting_form_stores_what_it_does_not_show() -> None:
    fields = PdfReader(FOLDER / "contradicting_form.pdf").get_fields() or {}
    truth = told("contradicting_form.pdf")
    assert {name: fields[name]["/V"].removeprefix("/") for name in truth["stored"]} == truth["stored"]
    assert (truth["fields"]["Type of loss"], truth["fields"]["Urgent"]) == ("Storm", "No")


def test_one_formula_has_its_result_stored_and_one_has_not() -> None:
    sheet = openpyxl.load_workbook(FOLDER / "as_shown.xlsx", data_only=True).active
    stored = {cell["what"]: sheet[cell["cell"]].value for cell in told("as_shown.xlsx")["cells"]}
    assert (stored["formula with its result"], stored["formula without a result"]) == (2469, None)
    assert stored["binary rounding"] != 0.3
    assert stored["text that begins like a formula"] == "=SUM(A1)"


def test_the_old_epoch_is_declared_and_the_days_are_right() -> None:
    workbook = openpyxl.load_workbook(FOLDER / "epoch_1904.xlsx")
    assert workbook.epoch.year == 1904
    days = [f"{workbook.active.cell(row['row'], 2).value:%m/%d/%Y}" for row in told("epoch_1904.xlsx")["rows"]]
    assert days == [row["Issued"] for row in told("epoch_1904.xlsx")["rows"]]


def test_the_table_ends_with_totals_that_are_no_row() -> None:
    truth = told("orders_table.xlsx")
    table = openpyxl.load_workbook(FOLDER / "orders_table.xlsx")[truth["sheet"]].tables[truth["table"]]
    assert (table.ref, table.totalsRowCount, table.column_names) == (truth["range"], 1, list(truth["rows"][0])[1:])


def test_the_form_sheet_says_two_names_under_two_headings() -> None:
    sheet = openpyxl.load_workbook(FOLDER / "form_sheet.xlsx").active
    truth = told("form_sheet.xlsx")
    assert [sheet[f"A{field['cell'][1:]}"].value for field in truth["fields"]] == [
        f["label"] for f in truth["fields"]
    ]
    assert [field["cell"] for field in truth["fields"] if field["label"] == "Name"] == ["B15", "B19"]


def test_the_untidy_return_hides_a_row_and_a_column() -> None:
    sheet = openpyxl.load_workbook(FOLDER / "untidy_return.xlsx").active
    truth = told("untidy_return.xlsx")
    assert [row for row, size in sheet.row_dimensions.items() if size.hidden] == truth["hidden_rows"]
    assert [name for name, size in sheet.column_dimensions.items() if size.hidden] == truth["hidden_columns"]


@pytest.mark.parametrize(("name", "encoding"), [("payees_1252.csv", "cp1252"), ("visits_bom.csv", "utf-8-sig")])
def test_the_lists_read_as_told_in_their_own_encoding(name: str, encoding: str) -> None:
    truth = told(name)
    with (FOLDER / name).open(encoding=encoding, newline="") as lines:
        assert list(csv.DictReader(lines, delimiter=truth["delimiter"])) == truth["rows"]


def test_the_windows_list_is_not_utf_8() -> None:
    with pytest.raises(UnicodeDecodeError):
        (FOLDER / "payees_1252.csv").read_text("utf-8")
