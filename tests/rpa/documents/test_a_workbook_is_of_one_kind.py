"""What a workbook is called, or holds besides, switches off no check of how it is read."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from rpa.documents.base import Place
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, Read

FOLDER = FIXTURES / "documents/calamine"
ODS = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}


def book_with_an_error(path: Path) -> Path:
    book = Workbook()
    book.active.append(["No.", "Sum"])
    book.active.append(["007", "#N/A"])
    book.save(path)
    return path


def test_an_error_in_a_workbook_is_told(read: Read, tmp_path: Path) -> None:
    (row,) = read("excel", book_with_an_error(tmp_path / "a.xlsx"), {"sum": Place(label="Sum")})

    assert "sum" in row.errors


@pytest.mark.parametrize(
    "more", [ODS, {"xl/workbook.bin": ""}, {"XL\\Workbook.bin": ""}], ids=["ods", "xlsb", "odd"]
)
def test_one_more_part_does_not_switch_off_the_checks_of_a_workbook(
    read: Read, tmp_path: Path, more: dict[str, str]
) -> None:
    path = book_with_an_error(tmp_path / "a.xlsx")
    with ZipFile(path, "a") as archive:
        for name, content in more.items():
            archive.writestr(name, content)

    with pytest.raises(DocumentProblem, match="more than one workbook") as refused:
        read("excel", path, {"sum": Place(label="Sum")})

    assert refused.value.kind == "damaged"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(read: Read, tmp_path: Path) -> None:
    path = Path(shutil.copy(FOLDER / "any_sheets.ods", tmp_path))
    with ZipFile(path, "a") as archive:
        archive.writestr("content.xml", archive.read("content.xml"))

    with pytest.raises(DocumentProblem, match="more than one workbook"):
        read("excel", path, {"one": Place(label="1")})


@pytest.mark.parametrize("named", ["a.xlsx", "a.xls", "a.xlsb", "a.ods", "a"])
@pytest.mark.parametrize("name", ["any_sheets.ods", "any_sheets.xlsb"])
def test_a_workbook_is_read_by_its_bytes_whatever_its_name(
    read: Read, tmp_path: Path, name: str, named: str
) -> None:
    path = Path(shutil.copy(FOLDER / name, tmp_path / named))

    (row, *_) = read("excel", path, {"one": Place(label="1")})

    assert row.cells["one"].text == "3"
