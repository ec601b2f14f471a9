"""What is added to a workbook changes nothing else of it, and is a text whatever it looks like."""

import shutil
import subprocess
import time
import tracemalloc
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from rpa.documents.base import Cell, Row, Source
from rpa.documents.splice.sheet import with_texts
from rpa.errors import DocumentProblem
from rpa.results import added as results
from tests.rpa.documents.conftest import FIXTURES, document_at
from tests.rpa.documents.odd_workbook import MAIN, SHEET, write_odd_workbook

HARD = [
    "00123",
    '=cmd|" /C calc"!A0',
    "  José <&> \u2713 \U0001f600  ",
    "one\ntwo\r",
    "_x0041_",
    "2026-11-02",
    "1e5",
]
REAL = [
    ("workbooks/fac/additional-eins-workbook.xlsx", "Form", 2),
    ("workbooks/fac/notes-to-sefa-workbook.xlsx", "Form", 2),
    ("forms/claims/roster.xlsx", "Members", 3),
    ("workbooks/cases.xlsx", "Cases", 5),
    ("documents/orders_table.xlsx", "Export", 6),
]
"""Workbooks, and a row of one of their sheets."""


def add_texts(source: Path, target: Path, sheet: str, texts: Mapping[int, Sequence[str]]) -> None:
    results.add_texts(document_at(source), target, sheet, texts)


def packed(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


Added = tuple[Path, Path, str, int]
"""A workbook, its copy, and the sheet and row to which was added."""


@pytest.fixture(params=REAL, ids=lambda told: told[0])
def added(request: pytest.FixtureRequest, tmp_path: Path) -> Added:
    name, sheet, row = request.param
    target = tmp_path / "copy.xlsx"
    add_texts(FIXTURES / name, target, sheet, {row: HARD})
    return FIXTURES / name, target, sheet, row


def test_every_other_part_is_the_same_byte_for_byte(added: Added) -> None:
    source, target, *_ = added

    before, after = packed(source), packed(target)

    assert list(before) == list(after), "and in the same order"
    (changed,) = [name for name in before if before[name] != after[name]]
    assert changed.startswith("xl/worksheets/sheet")


def test_another_program_reads_the_texts_as_they_were_and_every_old_cell(added: Added) -> None:
    source, target, sheet, row = added
    old, new = (load_workbook(path)[sheet] for path in (source, target))

    fresh = [cell for cell in new[row] if cell.value is not None and cell.value != old[cell.coordinate].value]
    assert [cell.value for cell in fresh] == [*HARD[:3], "one\ntwo\r", "_x005F_x0041_", *HARD[5:]]
    assert {cell.data_type for cell in fresh} == {"s"}
    kept = [cell.coordinate for line in old.iter_rows() for cell in line if cell.value is not None]
    assert [new[one].value for one in kept] == [old[one].value for one in kept]
    assert [new[one].number_format for one in kept] == [old[one].number_format for one in kept]


def test_a_second_program_reads_the_same(added: Added) -> None:
    _, target, sheet, row = added

    rows = CalamineWorkbook.from_path(str(target)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)

    assert rows[row - 1][-7:] == [*HARD[:3], "one\ntwo\r", "_x0041_", *HARD[5:]]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_libreoffice_opens_it_and_reads_the_same(added: Added, tmp_path: Path) -> None:
    _, target, sheet, _ = added
    out, kind = tmp_path / "out", "xlsx:Calc MS Excel 2007 XML"

    subprocess.run(
        ["soffice", "--headless", "--convert-to", kind, "--outdir", str(out), str(target)],
        check=True,
        timeout=120,
        capture_output=True,
    )

    lines = load_workbook(out / "copy.xlsx")[sheet].iter_rows(values_only=True)
    assert set(HARD[:2]) <= {value for line in lines for value in line}


def test_columns_that_a_form_hides_are_shown_where_something_was_added(tmp_path: Path) -> None:
    source = FIXTURES / "workbooks/fac/additional-eins-workbook.xlsx"
    assert load_workbook(source)["Form"].column_dimensions["B"].hidden

    add_texts(source, tmp_path / "copy.xlsx", "Form", {1: ["Status"], 2: ["confirmed"]})

    columns = load_workbook(tmp_path / "copy.xlsx")["Form"].column_dimensions
    assert not columns["B"].hidden
    assert columns["C"].hidden


def test_rows_without_numbers_prefixes_and_empty_cells_are_added_to_in_order(tmp_path: Path) -> None:
    source = write_odd_workbook(tmp_path / "odd.xlsm")

    add_texts(source, tmp_path / "copy.xlsm", "List", {1: ["Status", "Why"], 2: ["confirmed"], 4: ["", "=1+1"]})

    before, after = packed(source), packed(tmp_path / "copy.xlsm")
    assert {name for name in before if before[name] != after[name]} == {"xl/sheet.xml"}
    sheet = load_workbook(tmp_path / "copy.xlsm", data_only=True)["List"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["No. >", "Sum", "Status", "Why"],
        ["007", 42, "confirmed", None],
        [None, None, None, None],
        ["008", None, None, "=1+1"],
    ]
    assert sheet["C1"].number_format == sheet["C2"].number_format == sheet["A1"].number_format == "0"
    assert b'<x:dimension ref="A1:D4"/>' in after["xl/sheet.xml"]
    assert b'<x:col min="3" max="4" width="9" hidden="0"/><x:col min="5"' in after["xl/sheet.xml"]
    with ZipFile(tmp_path / "copy.xlsm") as archive:
        assert archive.comment == b"kept"


def test_a_copy_can_be_copied_again(tmp_path: Path) -> None:
    first = write_odd_workbook(tmp_path / "odd.xlsx")
    add_texts(first, tmp_path / "2.xlsx", "List", {1: ["Status"]})

    add_texts(tmp_path / "2.xlsx", tmp_path / "3.xlsx", "List", {1: ["Again"]})

    assert [cell.value for cell in load_workbook(tmp_path / "3.xlsx")["List"][1]] == [
        "No. >",
        "Sum",
        "Status",
        "Again",
    ]


def test_a_signed_workbook_is_refused_in_words(tmp_path: Path) -> None:
    source = write_odd_workbook(tmp_path / "signed.xlsx", signed=True)

    with pytest.raises(DocumentProblem, match="use a copy without the signature") as refused:
        add_texts(source, tmp_path / "copy.xlsx", "List", {1: ["Status"]})

    assert refused.value.kind == "signed"
    assert not (tmp_path / "copy.xlsx").exists()


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        (
            SHEET.replace('s="1" t="inlineStr"><x:is><x:t>Sum', 't="inlineStr"><x:is><x:t>Sum').replace(
                "B1", "XFD1"
            ),
            "free",
        ),
        (SHEET[:900], "damaged"),
        (SHEET.replace('r="4"', 'r="5"'), "row 4"),
        (SHEET.replace('<x:row r="3"/>', '<x:row r="1"></x:row>'), "row 1 stands in it twice"),
        (SHEET.replace('ref="A1:B4"', 'ref="1:3"'), "damaged"),
        (SHEET.replace('ref="A1:B4"', 'ref="A:C"'), "damaged"),
        (SHEET.replace("</x:sheetData>", '</x:sheetData><x:mergeCell ref="A:C"/>'), "damaged"),
        (
            SHEET.replace('min="3" max="16384" width="9"', 'min="9" max="3" width="9"').replace(
                "'1'/>", "'1'></x:col>"
            ),
            "damaged",
        ),
    ],
    ids=[
        "full",
        "cut off",
        "another row",
        "row twice",
        "size of rows",
        "size of columns",
        "merged columns",
        "backwards",
    ],
)
def test_what_can_t_be_added_to_is_told(tmp_path: Path, sheet: str, told: str) -> None:
    source = write_odd_workbook(tmp_path / "odd.xlsx", sheet)

    with pytest.raises(DocumentProblem, match=told):
        add_texts(source, tmp_path / "copy.xlsx", "List", {1: ["Status"], 4: ["confirmed"]})

    assert not (tmp_path / "copy.xlsx").exists()


def test_a_hidden_column_with_an_end_tag_leaves_the_copy_whole(tmp_path: Path) -> None:
    source = write_odd_workbook(tmp_path / "odd.xlsx", SHEET.replace("hidden='1'/>", "hidden='1'></x:col>"))

    add_texts(source, tmp_path / "copy.xlsx", "List", {1: ["Status"], 4: ["confirmed"]})

    sheet = load_workbook(tmp_path / "copy.xlsx")["List"]
    assert sheet["C4"].value == "confirmed"
    assert not sheet.column_dimensions["C"].hidden
    assert sheet.column_dimensions["D"].hidden


@pytest.mark.parametrize("look", ["1&quot; t=&quot;e", "&lt;", "&#1633;"])
def test_a_look_that_is_no_number_is_not_written_into_the_copy(tmp_path: Path, look: str) -> None:
    source = write_odd_workbook(tmp_path / "odd.xlsx", SHEET.replace('r="B1" s="1"', f'r="B1" s="{look}"'))

    add_texts(source, tmp_path / "copy.xlsx", "List", {1: ["Status"], 4: ["confirmed"]})

    assert b'<x:c r="C1" t="inlineStr">' in packed(tmp_path / "copy.xlsx")["xl/sheet.xml"]


@pytest.mark.parametrize("told", [["0-99"], ["9-3"], ["x"], ["*"], [""], ["0-9", "0-9"]])
def test_an_answer_that_makes_no_copy_or_fills_the_disk_is_not_believed(told: list[str]) -> None:
    source = Source(document="x", how="copy")
    kinds = {"*": "new", "": "other"}
    rows = [Row(place="copy", cells={kinds.get(text, "kept"): Cell(text, source)}) for text in told]

    with pytest.raises(DocumentProblem) as problem:
        results.put_together(rows, b"a workbook")

    assert problem.value.kind == "unexpected"


def test_a_tag_of_millions_of_spaces_does_not_take_the_memory() -> None:
    spaces = " " * 5_000_000
    content = SHEET.replace('<x:row r="1"', f'<x:row r="1"{spaces}').encode()

    tracemalloc.start()
    try:
        with_texts(content, {1: ["Status"]})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 10 * len(content)


def test_a_row_of_a_long_list_takes_no_longer_than_one_of_a_short_list() -> None:
    def seconds_a_row(rows: int) -> float:
        cells = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, rows + 1))
        content = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'.encode()
        begun = time.process_time()
        with_texts(content, {row: ["confirmed"] for row in range(1, rows + 1)})
        return (time.process_time() - begun) / rows

    seconds_a_row(100)
    assert seconds_a_row(10_000) < 4 * seconds_a_row(500)
