"""Workbooks are read as what they are, whatever they are called; what would be misread in silence is refused."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from rpa.documents.base import Place, Row
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, Read

FOLDER = FIXTURES / "documents/calamine"
PAGE = """<html><head><meta charset="iso-8859-1"></head><body><table><tr><td>Menu<td>Exit</table>
<table border=1><tr><th rowspan=2>No.<th colspan=2>Paid</tr><tr><th>Plan<th>Amount&nbsp;</tr>
<tr><td>007<td>1<td> Jos\xe9 &amp;<br>Ana</tr><tr><td>008</table></body></html>"""


def table(read: Read, path: str | Path, *labels: str, **options: str) -> list[list[str]]:
    rows: list[Row] = read("excel", path, {label: Place(label=label) for label in labels}, **options)
    return [[row.cells[label].text for label in labels] for row in rows]


@pytest.mark.parametrize("name", ["any_sheets.xls", "any_sheets.xlsb", "any_sheets.ods"])
def test_numbers_are_read_from_every_kind_of_workbook(read: Read, name: str) -> None:
    assert table(read, FOLDER / name, "1", "2")[:2] == [["3", "4"], ["5", "6"]]
    (row, *_) = read("excel", FOLDER / name, {"one": Place(label="1")})
    assert (row.place, row.cells["one"].source.cell) == ("Visible!2", "A2")


@pytest.mark.parametrize("name", ["any_sheets.xls", "any_sheets.xlsb", "any_sheets.ods"])
def test_a_hidden_sheet_is_read_only_where_it_is_named(read: Read, name: str) -> None:
    with pytest.raises(DocumentProblem, match="there are Visible"):
        table(read, FOLDER / name, "1", sheet="Nowhere")
    with pytest.raises(DocumentProblem, match='the sheet "Hidden" has no column'):
        table(read, FOLDER / name, "1", sheet="Hidden")


@pytest.mark.parametrize("name", ["date_1904.xls", "date.xlsb", "date.ods"])
def test_days_are_days_whatever_they_are_counted_from(read: Read, name: str) -> None:
    (row,) = read("excel-form", FOLDER / name, {"day": Place(cell="A1"), "sum": Place(cell="B1")})

    assert row.cells["day"].text == "2021-01-01"
    assert row.cells["sum"].text == "15"


def test_a_length_of_time_in_an_old_workbook_is_no_day(read: Read) -> None:
    (row,) = read("excel-form", FOLDER / "date_1904.xls", {"time": Place(cell="A3")})

    assert row.cells["time"].text == "255:10:10"


def test_merged_cells_of_an_old_workbook_are_one(read: Read) -> None:
    (row,) = read("excel-form", FOLDER / "merge_cells.xls", {"inside": Place(cell="C4")})

    assert row.cells["inside"].text == "Chunk Merged"
    assert row.cells["inside"].source.cell == "B2"


def test_a_web_page_named_as_a_workbook_is_read_as_a_page(read: Read, tmp_path: Path) -> None:
    (tmp_path / "export.xls").write_bytes(PAGE.encode("iso-8859-1"))

    assert table(read, tmp_path / "export.xls", "No.", "Paid Amount") == [["007", "José &\nAna"], ["008", ""]]
    (row, *_) = read("excel", tmp_path / "export.xls", {"no": Place(label="No.")})
    assert str(row.cells["no"].source) == "Table 2!A3"


@pytest.mark.parametrize(
    "content", ["No.;Name\n007;José\n", "sep=;\nNo.;Name\n007;José\n", "No.\tName\n007\tJosé\n"]
)
def test_a_list_named_as_a_workbook_is_read_as_a_list(read: Read, tmp_path: Path, content: str) -> None:
    (tmp_path / "export.xlsx").write_bytes(content.encode("cp1252"))

    assert table(read, tmp_path / "export.xlsx", "No.", "Name") == [["007", "José"]]


def test_errors_that_would_pass_for_blanks_are_told(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsb"
    with ZipFile(FOLDER / "date.xlsb") as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            error = b"\x03\x09" + bytes(8) + b"\x2a" if name == "xl/worksheets/sheet1.bin" else b""
            target.writestr(name, error + source.read(name))

    with pytest.raises(DocumentProblem, match="it holds errors, which pass for blanks"):
        table(read, path, "1")


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("covered.ods", "unexpected", "merged cells of it hide values"),
        ("pass_protected.ods", "needs-password", "save it without a password"),
    ],
)
def test_what_can_t_be_read_faithfully_is_refused(read: Read, name: str, kind: str, told: str) -> None:
    with pytest.raises(DocumentProblem, match=told) as refused:
        table(read, FOLDER / name, "a1")

    assert refused.value.kind == kind


@pytest.mark.parametrize("cut", [100, 3_000])
@pytest.mark.parametrize("name", ["date_1904.xls", "date.xlsb", "date.ods"])
def test_a_cut_off_workbook_is_damaged_and_no_crash(read: Read, tmp_path: Path, name: str, cut: int) -> None:
    (tmp_path / name).write_bytes((FOLDER / name).read_bytes()[:cut])

    with pytest.raises(DocumentProblem) as refused:
        table(read, tmp_path / name, "1")

    assert refused.value.kind in {"damaged", "not-a-workbook"}
