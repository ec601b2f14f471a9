"""Rows and cells of a sheet may leave out their places; what is out of order is not read by halves."""

from pathlib import Path

import pytest

from rpa.documents.base import Place, Row
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import Read
from tests.rpa.documents.odd_workbook import SHEET, write_odd_workbook

RESULT = "<x:f>40+2</x:f><x:v>42</x:v>"
FOURTH = '<x:row r="4"><x:c r="A4" t="inlineStr"><x:is><x:t>008</x:t></x:is></x:c></x:row>'
TEXT = 't="inlineStr"><x:is><x:t>9</x:t></x:is></x:c>'


def rows_of(read: Read, path: Path, sheet: str) -> list[Row]:
    assert sheet != SHEET
    places = {"no": Place(label="No. >"), "sum": Place(label="Sum")}
    return read("excel", write_odd_workbook(path / "odd.xlsx", sheet), places)


@pytest.mark.parametrize("formula", ["<x:f>40+2</x:f>", "<x:f>40+2</x:f><x:v/>"])
def test_an_uncomputed_formula_is_told_where_its_cell_says_no_place(
    read: Read, tmp_path: Path, formula: str
) -> None:
    first, second = rows_of(read, tmp_path, SHEET.replace(RESULT, formula))

    assert (first.cells["no"].text, second.cells["no"].text) == ("007", "008")
    assert "result is not stored" in first.missing["sum"]
    assert "sum" not in first.cells


@pytest.mark.parametrize(
    "row",
    [
        f'<x:row r="4"><x:c r="B4" {TEXT}<x:c r="A4" {TEXT}</x:row>',
        f'<x:row r="4"><x:c r="B4" {TEXT}<x:c r="B4" {TEXT}</x:row>',
        f'<x:row r="4"><x:c r="A5" {TEXT}</x:row>',
        f'<x:row r="4"><x:c r="A4" {TEXT}</x:row><x:row r="3"><x:c r="A3" {TEXT}</x:row>',
        f'<x:row r="4"><x:c r="A4" {TEXT}</x:row><x:row r="4"><x:c r="B4" {TEXT}</x:row>',
    ],
    ids=["cells", "cell twice", "cell of another row", "rows", "row twice"],
)
def test_a_row_or_cell_out_of_order_is_damaged_and_not_lost(read: Read, tmp_path: Path, row: str) -> None:
    with pytest.raises(DocumentProblem, match="out of order") as refused:
        rows_of(read, tmp_path, SHEET.replace(FOURTH, row))

    assert refused.value.kind == "damaged"


def test_a_row_of_a_drawing_is_no_row_of_the_sheet(read: Read, tmp_path: Path) -> None:
    drawn = '<a:from xmlns:a="urn:drawing"><a:row>1</a:row><a:c r="A1"/></a:from></x:worksheet>'

    assert len(rows_of(read, tmp_path, SHEET.replace("</x:worksheet>", drawn))) == 2
