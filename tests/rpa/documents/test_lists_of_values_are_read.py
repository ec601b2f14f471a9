"""Lists of separated values as old programs export them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rpa.documents.base import Place, Row
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import Read

NAMES = {"Name": Place(label="Name"), "Amount": Place(label="Amount")}


def texts(row: Row) -> dict[str, str]:
    return {name: cell.text for name, cell in row.cells.items()}


@pytest.mark.parametrize("name", ["payees_1252", "visits_bom"])
def test_every_value_is_read(read: Read, truth: Callable[[str], Any], name: str) -> None:
    told = truth(f"documents/{name}.json")

    rows = read("csv", f"documents/{told['file']}", {label: Place(label=label) for label in told["rows"][0]})

    assert [texts(row) for row in rows] == told["rows"]


def test_a_row_is_named_by_the_line_on_which_it_begins(read: Read) -> None:
    rows = read("csv", "documents/visits_bom.csv", {"Remarks": Place(label="Remarks")})

    assert [row.place for row in rows] == ["line 2", "line 4", "line 5"]
    assert rows[1].cells["Remarks"].source.cell == "line 4"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_and_encoding_are_found(read: Read, tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "list.csv"
    lines = ["County list", "", separator.join(["name ", "AMOUNT"]), separator.join(["Zoë", '"1,50; 2|0"'])]
    path.write_bytes("\r\n".join(lines).encode(encoding))

    (row,) = read("csv", path, NAMES)

    assert texts(row) == {"Name": "Zoë", "Amount": "1,50; 2|0"}


def test_a_damaged_letter_in_utf_8_is_told_and_spoils_no_other_row(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Name,Amount\nZoë Weiß,1\nJosé N?ñez,2\n".encode().replace(b"?", b"\xfa"))

    whole, damaged = read("csv", path, NAMES)

    assert texts(whole) == {"Name": "Zoë Weiß", "Amount": "1"}
    assert damaged.missing == {"Name": "holds a letter that was damaged on its way: correct it"}
    assert texts(damaged) == {"Amount": "2"}


def test_blank_lines_are_passed_over_and_the_total_ends_the_list(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,Amount\nJo,1\n,\n\nAmy\nTotal,3\nJo,4\n")

    rows = read("csv", path, NAMES | {"Name": Place(label="Name", until="Total")})

    assert [texts(row) for row in rows] == [{"Name": "Jo", "Amount": "1"}, {"Name": "Amy", "Amount": ""}]


def test_a_value_that_a_separator_cuts_in_two_moves_no_other_one(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('Name,Amount,Note\nJo,1,250.00,late\nAmy,"1,250.00",late,\nMeg,3\n')

    moved, quoted, short = read("csv", path, NAMES)

    told = "stands on a line with 4 values under 3 headings: put what holds a separator in quotes"
    assert (moved.missing, texts(moved)) == ({"Name": told, "Amount": told}, {})
    assert texts(quoted) == {"Name": "Amy", "Amount": "1,250.00"}
    assert texts(short) == {"Name": "Meg", "Amount": "3"}


def test_a_line_that_is_too_long_ends_the_list_or_is_passed_over_as_any_other(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,Amount\nJo,1\n,,,page 1 of 2\nAmy,2\nTotal,3,1,claims\nchecked by,Ann\n")

    rows = read("csv", path, NAMES | {"Name": Place(label="Name", until="Total")})

    assert [texts(row) for row in rows] == [{"Name": "Jo", "Amount": "1"}, {"Name": "Amy", "Amount": "2"}]


def test_a_list_without_headings_tells_none_of_its_values(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Jo March,899-11-4301\nAmy March,899-11-4302\n")

    with pytest.raises(DocumentProblem) as problem:
        read("csv", path, NAMES)

    assert (problem.value.kind, str(problem.value)) == ("missing", 'the list has no column "Name"')


def test_an_open_quotation_mark_is_told_with_its_line(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('Name,Amount\nJo,1\nAmy,"2\n')

    with pytest.raises(DocumentProblem, match="line 3") as problem:
        read("csv", path, NAMES)

    assert problem.value.kind == "damaged"


@pytest.mark.parametrize(
    "name", ["forms/claims/roster.xlsx", "documents/flat_claim.pdf", "documents/html_named.xls"]
)
def test_what_is_no_list_is_named_for_what_it_is(read: Read, name: str) -> None:
    with pytest.raises(DocumentProblem, match="it is no list") as problem:
        read("csv", name, NAMES)

    assert problem.value.kind == "not-a-list"
