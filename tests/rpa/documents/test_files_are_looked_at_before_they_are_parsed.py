"""What a file is by its bytes, and whether it is fit to be parsed."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter

from rpa.documents.preflight import LARGEST_FILE, MOST_ENTRIES, check_pdf, check_text, check_workbook
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, Read

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def refusal(check: Callable[[Path], None], path: Path) -> DocumentProblem:
    with pytest.raises(DocumentProblem) as problem:
        check(path)
    return problem.value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xd8\xff\xe0 JFIF", "a picture"),
        (b"PK\x03\x04", "an Office file or another zip archive"),
        (OLE, "an old or a protected Office file"),
        (b"\r\n <HTML><body>", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "an XML file"),
        (b"Claim No.: 7", "plain text"),
        (b"\x00\x01\x02", "an unknown kind of file"),
    ],
)
def test_a_file_that_is_no_pdf_is_named_for_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "form.pdf").write_bytes(content)

    problem = refusal(check_pdf, tmp_path / "form.pdf")

    assert (problem.kind, str(problem)) == ("not-a-pdf", f"it is no PDF but {words}")


def test_a_pdf_may_have_bytes_before_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n")

    check_pdf(tmp_path / "form.pdf")


@pytest.mark.parametrize("check", [check_pdf, check_text, check_workbook])
def test_an_empty_file_and_a_huge_one_are_named(tmp_path: Path, check: Callable[[Path], None]) -> None:
    (tmp_path / "empty").touch()
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)

    assert refusal(check, tmp_path / "empty").kind == "empty"
    assert refusal(check, tmp_path / "huge").kind == "too-big"


def test_a_pdf_of_too_many_pages_is_named(read: Read, tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(501):
        writer.add_blank_page(72, 72)
    writer.write(tmp_path / "long.pdf")

    with pytest.raises(DocumentProblem, match="501 pages; at most 500") as problem:
        read("pdf-text", tmp_path / "long.pdf", {})

    assert problem.value.kind == "too-big"


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "needs-password", "protected"),
        (OLE, "not-a-workbook", "Excel 97-2003"),
        (b"PK\x03\x04 cut off", "damaged", "cut off"),
    ],
)
def test_an_old_or_protected_workbook_is_named(tmp_path: Path, content: bytes, kind: str, words: str) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)

    problem = refusal(check_workbook, tmp_path / "book.xlsx")

    assert problem.kind == kind
    assert words in str(problem)


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"readme.txt": b"hello"}, "not-a-workbook"),
        ({f"part{number}": b"" for number in range(MOST_ENTRIES + 1)}, "too-big"),
        ({"[Content_Types].xml": b"<Types/>", "xl/sheet.xml": b" " * (2 << 20)}, "too-big"),
        ({"[Content_Types].xml": b"<Types/>", "xl/a.xml": b'<?xml version="1.0"?><!DOCTYPE a>'}, "damaged"),
        ({"[Content_Types].xml": b"<Types/>", "xl/a.xml": "<!DOCTYPE a>".encode("utf-16")}, "damaged"),
        (
            {"[Content_Types].xml": b"<Types/>", "xl/a.xml": b"<!--" + b"x -" * 9_999 + b"-><!DOCTYPE a><a/>"},
            "damaged",
        ),
        ({"[Content_Types].xml": b"<Types/>", "xl/a.bin": b"<!DOCTYPE a><a/>"}, "damaged"),
    ],
    ids=[
        "no workbook",
        "entries",
        "ratio",
        "doctype",
        "doctype in utf-16",
        "doctype far down",
        "doctype in any part",
    ],
)
def test_an_archive_made_to_harm_is_refused(tmp_path: Path, parts: dict[str, bytes], kind: str) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    assert refusal(check_workbook, path).kind == kind


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("**/*.xlsx")), ids=lambda path: path.name)
def test_every_workbook_of_ours_is_fit_to_be_parsed(path: Path) -> None:
    check_workbook(path)
