"""What .ods and .xlsb files say of their cells, and the library for them does not tell, is known or refused."""

import struct
from pathlib import Path
from zipfile import ZipFile

import pytest

from rpa.documents.base import Place, Row
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, Read

FOLDER = FIXTURES / "documents/calamine"
STRING = 'office:value-type="string"'
FLOAT = 'office:value-type="float"'
LIBREOFFICE_ERROR = f'{STRING} office:string-value="" calcext:value-type="error"'
FORMULA = 'table:formula="of:=1/B9"'


def ods(path: Path, cell: str) -> Path:
    """Write a table of `No.` and `Sum`, and `007` and *cell*."""
    text = f"<table:table-cell {STRING}><text:p>{{}}</text:p></table:table-cell>"
    rows = "".join(
        f"<table:table-row>{text.format(first)}{second}</table:table-row>"
        for first, second in (("No.", text.format("Sum")), ("007", cell))
    )
    with ZipFile(FOLDER / "date.ods") as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "content.xml":
                start, end = content.index(b"<table:table-row"), content.index(b"</table:table>")
                content = content[:start] + rows.encode() + content[end:]
            target.writestr(name, content)
    return path


def xlsb(path: Path, *, more: bytes, part: str = "worksheets/sheet1.bin") -> Path:
    """Write the binary workbook with *more* records in the sheet, which is the part *part*."""
    with ZipFile(FOLDER / "date.xlsb") as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.bin":
                content = _with(content, more)
            if name == "xl/_rels/workbook.bin.rels":
                content = content.replace(b"worksheets/sheet1.bin", part.encode())
            target.writestr(name.replace("worksheets/sheet1.bin", part), content)
    return path


def _with(sheet: bytes, records: bytes) -> bytes:
    """Put *records* behind the end of the cells, where merged cells are told."""
    end = sheet.index(b"\x92\x01\x00") + 3
    return sheet[:end] + records + sheet[end:]


def rows_of(read: Read, path: Path) -> list[Row]:
    return read("excel", path, {"no": Place(label="No."), "sum": Place(label="Sum")})


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (f"<table:table-cell {FORMULA}/>", "results are not stored"),
        (f"<table:table-cell {FORMULA} {FLOAT}/>", "results are not stored"),
        (f"<table:table-cell {STRING}><text:p text:style-name='P1'>#N/A</text:p></table:table-cell>", "errors"),
        (f"<table:table-cell {STRING}><text:p>#N<text:span>/A</text:span></text:p></table:table-cell>", "errors"),
        (f"<table:table-cell {LIBREOFFICE_ERROR}><text:p>#NV</text:p></table:table-cell>", "errors"),
        (
            f"<table:table-cell {STRING} calcext:value-type='error'><text:p>#NV</text:p></table:table-cell>",
            "errors",
        ),
        (f"<table:table-cell {FORMULA} {STRING}><text:p>#WERT!</text:p></table:table-cell>", "errors"),
        (
            f'<table:covered-table-cell table:formula="/>" {STRING}><text:p>9</text:p></table:covered-table-cell>',
            "merged cells",
        ),
        (f'<table:covered-table-cell {FLOAT} office:value="9"/>', "merged cells"),
        ("<table:table-cell><text:p>12</text:p></table:table-cell>", "without its value"),
        ("<table:table-cell><draw:a><table:table-cell/></draw:a></table:table-cell>", "a table stands in a cell"),
        (
            f'<table:table-cell {STRING} office:string-value=""><text:p>12</text:p></table:table-cell>',
            "without its value",
        ),
        (
            '<x:table-cell xmlns:x="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><text:p/></x:table-cell>',
            "unusual way",
        ),
    ],
)
def test_no_cell_of_an_ods_passes_for_a_blank_or_for_what_is_hidden(
    read: Read, tmp_path: Path, cell: str, told: str
) -> None:
    with pytest.raises(DocumentProblem, match=told) as refused:
        rows_of(read, ods(tmp_path / "a.ods", cell))

    assert refused.value.kind == "unexpected"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (f'<table:table-cell {FORMULA} {FLOAT} office:value="9"><text:p>9</text:p></table:table-cell>', "9"),
        (f'<table:table-cell {FORMULA} {STRING} office:string-value=""><text:p/></table:table-cell>', ""),
        (f"<table:table-cell {FORMULA} {STRING}><text:p/></table:table-cell>", ""),
        ("<table:covered-table-cell/>", ""),
        ("<table:table-cell><office:annotation><text:p>#N/A</text:p></office:annotation></table:table-cell>", ""),
        (f"<table:table-cell {STRING}><text:p>#1 of 2</text:p></table:table-cell>", "#1 of 2"),
    ],
)
def test_what_an_ods_does_tell_is_read(read: Read, tmp_path: Path, cell: str, text: str) -> None:
    (row,) = rows_of(read, ods(tmp_path / "a.ods", cell))

    assert row.cells["sum"].text == text


MERGED = (
    b"\xb1\x01\x04" + struct.pack("<I", 1) + b"\xb0\x01\x10" + struct.pack("<4I", 0, 0, 0, 1) + b"\xb2\x01\x00"
)
"""A1:B1 is one cell: BrtBeginMergeCells, BrtMergeCell, BrtEndMergeCells."""


def test_a_merged_away_value_of_an_xlsb_is_not_read(read: Read, tmp_path: Path) -> None:
    path = xlsb(tmp_path / "a.xlsb", more=MERGED)

    (row,) = read("excel-form", path, {"hidden": Place(cell="B1"), "below": Place(cell="B2")})

    assert row.cells["hidden"].text == "2021-01-01"
    assert row.cells["hidden"].source.cell == "A1"
    assert row.cells["below"].text == "16"


@pytest.mark.parametrize("part", ["worksheets/sheet1.bin", "sheet.bin", "elsewhere/data"])
def test_an_error_of_an_xlsb_is_told_wherever_its_sheet_lies(read: Read, tmp_path: Path, part: str) -> None:
    path = xlsb(tmp_path / "a.xlsb", more=b"\x03\x09" + bytes(8) + b"\x2a", part=part)

    with pytest.raises(DocumentProblem, match="it holds errors, which pass for blanks in"):
        read("excel-form", path, {"day": Place(cell="A1")})


def test_a_second_part_called_like_a_sheet_of_an_xlsb_is_refused(read: Read, tmp_path: Path) -> None:
    path = xlsb(tmp_path / "a.xlsb", more=b"")
    with ZipFile(path, "a") as archive:
        archive.writestr("worksheets/sheet1.bin", archive.read("xl/worksheets/sheet1.bin"))

    with pytest.raises(DocumentProblem, match="not clear which part is a sheet"):
        read("excel-form", path, {"day": Place(cell="A1")})
