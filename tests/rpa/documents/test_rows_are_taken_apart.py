"""Rows that a pattern takes apart are seen as the library sees them, and anything unusual is left to it."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rpa.documents.base import Place, Wanted
from rpa.documents.sandbox import Sandbox
from rpa.documents.sheets import parts, xlsx
from rpa.documents.sheets.cells import Shown
from rpa.documents.sheets.opening import open_book
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, document_at

BOOKS = sorted(path for path in FIXTURES.rglob("*.xlsx") if path.stat().st_size < 400_000)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROWS = """<row r="1" spans="1:9"><c r="A1" t="str"><v>0</v></c><c r="B1" s="1"><v>45000</v></c></row>
<row r="3"><c r="A3" t="inlineStr"><is><t xml:space="preserve"> a &lt;b&gt; &amp;#10;\r\n</t></is></c>\
<c r="C3" t="b"><v>1</v></c><c r="AB3" s="1"/></row>
<row r="4"/><row r="5"><c r="A5"><f>1+1</f></c><c r="B5"><f t="shared" ref="B5:B9" si="0"/><v>7</v></c>\
<c r="C5" t="e"><v>#N/A</v></c><c r="D5" t="str"><f>""</f><v></v></c><c r="E5" t="e"/></row>
<row r="6"><c r="A6"><v>1E-7</v></c><c r="B6"><v>0.1</v></c><c r="C6" s="2"><v>7</v></c>\
<c r="D6" s="1"><v>99999999</v></c><c r="E6" t="d"><v>2026-11-02</v></c>\
<c r="F6" t="n"><v>-0.0</v></c>
  <c r="G6"><v/></c>
</row>"""
MODEL = FIXTURES / "documents" / "epoch_1904.xlsx"
FORMATS = '<numFmts count="1"><numFmt numFmtId="164" formatCode="000"/></numFmts>'
REST = '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
REST += '<borders count="1"><border/></borders>'
UNUSUAL = {
    "comment": ROWS.replace('<row r="3">', '<!-- x --><row r="3">'),
    "section": ROWS.replace("<v>0</v>", "<v><![CDATA[0]]></v>"),
    "quotes": ROWS.replace('r="C3"', "r='C3'"),
    "attribute": ROWS.replace('r="C3"', 'r="C3" cm="1"'),
    "rich text": ROWS.replace("<is><t", "<is><r><t").replace("</t></is>", "</t></r></is>"),
    "number of a sign": ROWS.replace("&lt;", "&#60;"),
}


def workbook(path: Path, rows: str, tail: str = "", head: str = HEAD, main: str = MAIN) -> Path:
    """Write a workbook of two looks (a day, and 000) and one shared text."""
    sheet = f"{head}<worksheet {main}><sheetData>{rows}</sheetData>{tail}</worksheet>"
    with (
        zipfile.ZipFile(FIXTURES / "documents" / "epoch_1904.xlsx") as model,
        zipfile.ZipFile(path, "w") as archive,
    ):
        for name in model.namelist():
            if not name.startswith("xl/worksheets/") and name != "xl/styles.xml":
                archive.writestr(name, model.read(name))
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        looks = "".join(f'<xf numFmtId="{one}" fontId="0" fillId="0" borderId="0"/>' for one in (0, 14, 164))
        styles = f"<styleSheet {MAIN}>{FORMATS}{REST}<cellXfs>{looks}</cellXfs></styleSheet>"
        archive.writestr("xl/styles.xml", styles)
    return path


def seen(path: Path) -> Iterator[tuple[str, int, list[Shown]]]:
    with open_book(path) as book:
        for name in book.tabs:
            sheet = book.sheet(name)
            yield from ((name, line.number, line.cells()) for line in sheet.lines())


def by_the_library(path: Path, patch: pytest.MonkeyPatch) -> list[tuple[str, int, list[Shown]]]:
    with patch.context() as here:
        here.setattr(parts, "skeleton", lambda _: None)
        here.setattr(xlsx, "plain_strings", lambda _: None)
        return list(seen(path))


def is_plain(path: Path) -> list[bool]:
    with open_book(path) as book:
        return [book.sheet(name).parts.plain for name in book.tabs]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_workbook_is_seen_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(seen(path)) == by_the_library(path, monkeypatch)


def test_cells_of_every_kind_are_seen_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", ROWS, '<mergeCells count="1"><mergeCell ref="B6:C6"/></mergeCells>')

    found = list(seen(path))

    assert is_plain(path) == [True]
    assert found == by_the_library(path, monkeypatch)
    texts = [[cell.text or cell.fault for cell in cells] for _, _, cells in found]
    assert texts[0][1] == "2027-03-16", "days of this workbook count from 1904"
    assert (texts[1][0], len(texts[1])) == ("a <b> &#10;", 28)
    assert "result is not stored" in texts[2][0]
    assert (texts[2][1:3], texts[3][0]) == (["7", "holds the error #N/A: correct the cell"], "0.0000001")
    assert texts[3][2] == "", "merged away"


@pytest.mark.parametrize("kind", UNUSUAL)
def test_what_is_written_unusually_is_left_to_the_library(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", UNUSUAL[kind])

    assert is_plain(path) == [False]
    assert list(seen(path)) == by_the_library(path, monkeypatch)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"/></row><row r="1"><c r="A1"/></row>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1"/><c r="A1"/></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
    ],
)
def test_rows_and_cells_out_of_order_are_refused(rows: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentProblem, match="out of order"):
        list(seen(workbook(tmp_path / "a.xlsx", rows)))


@pytest.mark.parametrize("cell", ["<v>1", "<v>x</v>", "<v>1</v></c></row><row"])
def test_what_is_no_xml_or_no_number_is_damaged(cell: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentProblem) as problem:
        list(seen(workbook(tmp_path / "a.xlsx", f'<row r="1"><c r="A1">{cell}</c></row>')))

    assert problem.value.kind == "damaged"


def test_a_tail_that_is_no_xml_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DocumentProblem) as problem:
        list(seen(workbook(tmp_path / "a.xlsx", ROWS, "<mergeCells>")))

    assert problem.value.kind == "damaged"


def test_a_row_over_the_edge_of_a_chunk_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"<is><t>{'x' * 30_000}</t></is>"
    rows = ROWS + "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr">{text}</c></row>' for n in range(7, 60))
    path = workbook(tmp_path / "a.xlsx", rows)

    assert is_plain(path) == [True]
    assert list(seen(path)) == by_the_library(path, monkeypatch)


def test_a_long_list_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    peaks = []
    for rows in (1_000, 40_000):
        cells = '<c r="A{0}" t="str"><v>some name</v></c><c r="B{0}"><v>1.5</v></c>'
        listed = "".join(f'<row r="{row}">{cells.format(row)}</row>' for row in range(2, rows + 2))
        heading = '<row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>Amount</v></c></row>'
        document = document_at(workbook(tmp_path / f"{rows}.xlsx", heading + listed))
        places = {name: Place(label=name) for name in ("Name", "Amount")}
        with closing(Sandbox()) as sandbox:
            assert len(sandbox.read("excel", document, Wanted(places=places))) == rows
            peaks.append(sandbox.peak)

    short, long = peaks
    assert long - short < 12 << 20
