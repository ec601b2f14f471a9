"""What a document holds beside its values is told with its word, and keeps nobody from reading it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, TextStringObject

from rpa.documents.base import Place
from tests.rpa.documents.conftest import FIXTURES, Read

FORM = FIXTURES / "forms/claims/claim_01.pdf"
NUMBER = {"number": Place(label="Claim No.")}
FILES = "active-content: it holds other files"


def signature(writer: PdfWriter) -> None:
    """Put a field there that is signed."""
    value = DictionaryObject(
        {NameObject("/Type"): NameObject("/Sig"), NameObject("/Contents"): ByteStringObject(b"x")}
    )
    told = {"/FT": NameObject("/Sig"), "/T": TextStringObject("seal"), "/V": value}
    field = writer._add_object(DictionaryObject({NameObject(key): each for key, each in told.items()}))
    form = writer.root_object["/AcroForm"].get_object()
    assert isinstance(form, DictionaryObject)
    fields = form["/Fields"].get_object()
    assert isinstance(fields, ArrayObject)
    fields.append(field)


@pytest.mark.parametrize(
    ("put", "notice"),
    [
        (lambda writer: writer.add_attachment("x.exe", b"MZ"), FILES),
        (signature, "signed: it is signed"),
    ],
    ids=["file", "signature"],
)
def test_what_a_form_holds_beside_its_values_is_told(
    read: Read, tmp_path: Path, put: Callable[[PdfWriter], object], notice: str
) -> None:
    writer = PdfWriter(clone_from=FORM)
    put(writer)
    writer.write(tmp_path / "form.pdf")

    (row,) = read("pdf-form", tmp_path / "form.pdf", NUMBER)

    assert row.cells["number"].text == "CL-100001"
    assert [one for one in row.notices if one.startswith(notice)]


@pytest.mark.parametrize(
    ("part", "notice"),
    [
        ("xl/vbaProject.bin", "active-content: it holds macros"),
        ("xl/externalLinks/externalLink1.xml", "active-content: it takes values from other workbooks"),
        ("xl/embeddings/oleObject1.bin", FILES),
        ("_xmlsignatures/sig1.xml", "signed: it is signed"),
    ],
)
def test_what_a_workbook_holds_beside_its_values_is_told(
    read: Read, tmp_path: Path, part: str, notice: str
) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(FIXTURES / "documents/form_sheet.xlsx", path)
    with ZipFile(path, "a") as archive:
        archive.writestr(part, b"x")

    (row,) = read("excel-form", path, {"case": Place(cell="B2")})

    assert [one for one in row.notices if one.startswith(notice)]


def test_the_scripts_of_a_real_form_are_told(read: Read) -> None:
    (row,) = read("pdf-form", "forms/w9/w9_00.acroform.pdf", {"name": Place(fields=("f1_1[0]",))})

    assert row.cells["name"].text == "Robert Lee"
    assert [one.partition(";")[0] for one in row.notices] == ["active-content: it holds scripts"]


def test_nothing_is_told_of_a_form_that_holds_nothing_else(read: Read) -> None:
    (row,) = read("pdf-form", FORM, NUMBER)

    assert row.notices == ()
