"""Rows of untidy workbooks: as they are shown, from the right cells, and nothing unknown taken for blank."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rpa.documents.base import Place, Row
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, Read

Truth = Callable[[str], Any]
Book = Callable[..., Path]
ROSTER = "forms/claims/roster.xlsx"


def by_label(*labels: str) -> dict[str, Place]:
    return {label: Place(label=label) for label in labels}


def texts(row: Row) -> dict[str, str]:
    return {name: cell.text for name, cell in row.cells.items()}


def iso(shown: str) -> str:
    """Return a US date as the reader tells it; other texts as they are."""
    parts = shown.split("/")
    return f"{parts[2]}-{parts[0]}-{parts[1]}" if len(parts) == 3 else shown


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Return what saves a workbook of one sheet, after *fill* has seen it."""

    def save(*rows: list[Any], fill: Callable[[Worksheet], None] = lambda _: None) -> Path:
        workbook = Workbook()
        sheet = workbook.active
        sheet.title = "Data"
        for row in rows:
            sheet.append(row)
        fill(sheet)
        path = tmp_path / "book.xlsx"
        workbook.save(path)
        return path

    return save


def test_every_cell_is_read_as_it_is_shown(read: Read, truth: Truth) -> None:
    rows = read("excel", "documents/as_shown.xlsx", by_label("What", "Value"))

    days = {"US date": "2026-03-01", "day and month name": "2026-03-01", "time": "08:05"}
    for row, told in zip(rows, truth("documents/as_shown.json")["cells"], strict=True):
        if told["state"] in {"read", "blank"}:
            assert row.cells["Value"].text == days.get(told["what"], told["shown"]), told["what"]
            assert row.cells["Value"].source.cell == told["cell"]
        else:
            assert "Value" not in row.cells
            assert ("result is not stored" if told["shown"] == "" else told["shown"]) in row.missing["Value"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("orders_table", {"table": "Orders"}),
        ("orders_table", {"table": "orders", "sheet": "Export"}),
        ("untidy_return", {"sheet": "return"}),
        ("untidy_return", {}),
        ("epoch_1904", {}),
    ],
)
def test_the_rows_of_a_table_are_read(read: Read, truth: Truth, name: str, options: dict[str, str]) -> None:
    told = truth(f"documents/{name}.json")
    labels = [label for label in told["rows"][0] if label != "row"]
    places = by_label(*labels)
    places[labels[0]] = Place(label=labels[0], until="* Provisional")

    rows = read("excel", f"documents/{name}.xlsx", places, **options)

    assert [texts(row) for row in rows] == [{label: iso(row[label]) for label in labels} for row in told["rows"]]
    assert [row.place for row in rows] == [f"{told['sheet']}!{row['row']}" for row in told["rows"]]


def test_a_row_that_is_no_record_goes_to_a_person_and_is_not_dropped(read: Read) -> None:
    rows = read("excel", "documents/untidy_return.xlsx", by_label("Payee Name", "Payee Number"))

    assert texts(rows[-1]) == {"Payee Name": "* Provisional", "Payee Number": ""}


def test_the_roster_is_read_with_its_zeros_and_without_its_spaces(read: Read, truth: Truth) -> None:
    rows = read("excel", ROSTER, by_label("Member ID", "full name", "ZIP"), sheet="Members")

    members = truth("forms/claims/roster.json")
    assert [tuple(texts(row).values()) for row in rows] == [
        (one["member_id"], one["full_name"], one["zip_code"]) for one in members
    ]
    assert str(rows[0].cells["ZIP"].source) == "Members!G4"


def test_without_a_name_the_first_visible_sheet_with_the_headings_is_read(read: Read) -> None:
    (first, *_) = read("excel", ROSTER, by_label("Member ID", "Full name", "State"))

    assert first.place == "Members!4"


def test_the_front_desk_s_list_is_read_whole(read: Read, truth: Truth) -> None:
    rows = read("excel", "workbooks/cases.xlsx", by_label("Case No", "Applicant", "Born", "Amount"))

    told = truth("workbooks/expected.json")
    cases = {case["number"]: case for case in told["cases"]}
    assert len(rows) == 20
    assert [row.place for row in rows if texts(row)["Case No"] not in cases] == [
        f"Cases!{one['row']}" for one in told["rejected"]
    ]
    for row in rows:
        case = cases.get(texts(row)["Case No"])
        if case is not None:
            assert texts(row)["Applicant"] == case["applicant"]
            assert texts(row)["Born"] == case["birth_date"]
            assert texts(row)["Amount"].replace(",", "") == case["amount"]


def test_a_missing_column_is_told_with_the_one_that_was_meant(read: Read) -> None:
    with pytest.raises(DocumentProblem) as problem:
        read("excel", ROSTER, by_label("Member ID", "Full nam"), sheet="Members")

    assert problem.value.kind == "missing"
    assert str(problem.value) == (
        'the sheet "Members" has no column "Full nam"; its headings are Member ID, Full name, Street, City, '
        'State, County, ZIP, Phone; did you mean "Full name"?'
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"sheet": "Member"}, 'no sheet is called "Member"; there are Read me, Members; did you mean "Members"?'),
        ({"table": "Orders"}, 'no table is called "Orders"; there are none'),
    ],
)
def test_a_missing_sheet_or_table_is_told(read: Read, options: dict[str, str], told: str) -> None:
    with pytest.raises(DocumentProblem) as problem:
        read("excel", ROSTER, by_label("Member ID"), **options)

    assert (problem.value.kind, str(problem.value)) == ("missing", told)


def test_two_columns_of_one_heading_are_not_guessed_at(read: Read, book: Book) -> None:
    path = book(["Name", "Amount", "Amount"], ["Jo", 1, 2])

    with pytest.raises(DocumentProblem, match='has 2 columns "Amount"'):
        read("excel", path, by_label("Name", "Amount"))


def test_a_heading_above_tells_two_columns_apart(read: Read, book: Book) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("A1:A2")

    path = book(["Name", "Paid"], [None, "Amount", "Day"], ["Jo", 1, date(2026, 11, 2)], fill=merge)

    (row,) = read("excel", path, by_label("Name", "Paid Amount", "Day"))

    assert texts(row) == {"Name": "Jo", "Paid Amount": "1", "Day": "2026-11-02"}


def test_a_value_hidden_under_merged_cells_is_not_read(read: Read, book: Book) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merged_cells.add("A2:A3")  # leaves the second value in the file

    path = book(["Name", "Amount"], ["Jo", 1], ["hidden", 2], fill=merge)

    assert [texts(row)["Name"] for row in read("excel", path, by_label("Name", "Amount"))] == ["Jo", ""]


def test_values_beside_a_table_are_not_its_rows(read: Read) -> None:
    rows = read("excel", "documents/orders_table.xlsx", by_label("Order", "Article"), table="Orders")

    assert len(rows) == 3


def test_a_workbook_form_is_read_by_its_labels(read: Read, truth: Truth) -> None:
    told = truth("documents/form_sheet.json")
    once = {one["label"]: one for one in told["fields"] if one["label"] != "Name"}

    (row,) = read("excel-form", "documents/form_sheet.xlsx", by_label(*once), sheet="Application")

    assert row.missing == {}
    assert texts(row) == {label: iso(one["shown"]) for label, one in once.items()}
    assert {label: cell.source.cell for label, cell in row.cells.items()} == {
        label: one["cell"] for label, one in once.items()
    }


def test_a_workbook_form_is_read_by_its_cells(read: Read, truth: Truth) -> None:
    told = truth("documents/form_sheet.json")["fields"]
    places = {one["cell"]: Place(cell=f"Application!{one['cell']}") for one in told}

    (row,) = read("excel-form", "documents/form_sheet.xlsx", places)

    assert texts(row) == {one["cell"]: iso(one["shown"]) for one in told}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (
            Place(label="Name"),
            '"Name" stands in Application!A15, Application!A19: name the cell of the value instead',
        ),
        (Place(label="Organisation"), 'no cell says "Organisation"; did you mean "Organization"?'),
        (Place(cell="7B"), "7B is no cell: write it as B7 or Cover!B7"),
        (Place(), "has no place in a workbook: give its label, its cell or its name"),
    ],
)
def test_a_place_that_leads_nowhere_is_told(read: Read, place: Place, told: str) -> None:
    (row,) = read("excel-form", "documents/form_sheet.xlsx", {"value": place})

    assert row.missing == {"value": told}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (Place(label="Name"), "Jo"),
        (Place(label="Born"), ""),
        (Place(label="City", where="below"), "Reno"),
        (Place(label="Note", where="left"), "see file"),
        (Place(label="Total", where="above"), "12"),
        (Place(choose={"new": Place(label="First"), "old": Place(label="Renewal")}), "old"),
        (Place(choose={"First": Place(), "Renewal": Place()}), "Renewal"),
    ],
    ids=lambda given: str(given.label) if isinstance(given, Place) else "",
)
def test_a_form_without_colours_is_read(read: Read, book: Book, place: Place, value: str) -> None:
    path = book(
        ["Name:", "Jo", "City"],
        ["Born", None, "Reno"],
        ["Phone", "555-0100"],
        ["see file", "Note"],
        ["First", None, "Renewal", "x"],
        [None, 12],
        [None, "Total"],
    )

    (row,) = read("excel-form", path, {"value": place} | by_label("Phone"))

    assert texts(row)["value"] == value


def test_an_error_on_a_form_is_told_and_not_blank(read: Read, book: Book) -> None:
    (row,) = read("excel-form", book(["Total", "#REF!"], ["Sum", "=A1*2"]), by_label("Total", "Sum"))

    assert row.missing["Total"] == "holds the error #REF!: correct the cell"
    assert row.missing["Sum"].startswith("holds a formula whose result is not stored")


def test_a_wrong_size_in_the_file_does_not_cut_the_sheet_off(read: Read, book: Book, tmp_path: Path) -> None:
    import zipfile

    path, lying = book(["Name"], ["Jo"], ["Amy"]), tmp_path / "lying.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(lying, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'ref="A1:A3"', b'ref="A1:A2"'))

    assert len(read("excel", lying, by_label("Name"))) == 2


@pytest.mark.parametrize(
    ("name", "kind"), [("documents/flat_claim.pdf", "a PDF"), ("documents/scan.pdf", "a PDF")]
)
def test_what_is_no_workbook_is_named_for_what_it_is(read: Read, name: str, kind: str) -> None:
    with pytest.raises(DocumentProblem, match=kind) as problem:
        read("excel", name, by_label("Name"))

    assert problem.value.kind == "not-a-workbook"


def test_a_cut_off_workbook_is_damaged(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes((FIXTURES / ROSTER).read_bytes()[:-200])

    with pytest.raises(DocumentProblem) as problem:
        read("excel", path, by_label("Member ID"))

    assert problem.value.kind == "damaged"
