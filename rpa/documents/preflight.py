"""What a file is by its bytes, and whether it is fit to be parsed.

The limits stand well above what 4,500 real files need: archives of 114 MB unpacked, packed 100 to 1, of 196
entries; PDFs of 619 pages (one in a hundred has more than 12).
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from rpa.errors import DocumentProblem

MIB = 1 << 20
LARGEST_FILE = 50 * MIB
LARGEST_ARCHIVE = 256 * MIB
MOST_PACKED = 200
MOST_ENTRIES = 2_000
MOST_PAGES = 500
_HEAD = 4_096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_PAGE = "a web page"
_TEXT = "plain text"
_MAIL = "a web archive"
_HEADER = re.compile(rb"\s*(From .*\r?\n)?[!-9;-~]+[ \t]*:")
"""How a mail begins: with a header field (RFC 5322), or with the line of a mailbox before it."""

_KINDS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "an Office file or another zip archive"),
    (_OLE, "an old or a protected Office file"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"<html", _PAGE),
    (b"<!doctype html", _PAGE),
    (b"<table", _PAGE),
    (b"MIME-Version:", _MAIL),
    (b"<?xml", "an XML file"),
)


def refuse_huge(size: int) -> None:
    """Raise `DocumentProblem` for a file of more bytes than are read."""
    if size > LARGEST_FILE:
        raise DocumentProblem(
            "too-big", f"it is {size // MIB} MB; at most {LARGEST_FILE // MIB} MB are read: split it"
        )


def check_pdf(path: Path) -> None:
    """Raise `DocumentProblem` unless *path* is a PDF of a sensible size."""
    head = _head(path)
    if not _pdf_begins(head):
        raise DocumentProblem("not-a-pdf", f"it is no PDF but {_kind(head)}")


def is_pdf(path: Path) -> bool:
    """Tell whether *path* is a PDF by its bytes; raise `DocumentProblem` where it is empty or huge."""
    return _pdf_begins(_head(path))


def is_workbook(path: Path) -> bool:
    """Tell whether *path* is an Office file, old or new, or a web page, by its bytes; raise as `is_pdf` does."""
    head = _head(path)
    return head.startswith((b"PK\x03\x04", _OLE)) or _kind(head) == _PAGE


def _pdf_begins(head: bytes) -> bool:
    return b"%PDF-" in head[:1024]


def check_pages(pages: int) -> None:
    """Raise `DocumentProblem` for a PDF without pages or with too many."""
    if pages == 0:
        raise DocumentProblem("damaged", "no page of it can be read; ask for it again")
    if pages > MOST_PAGES:
        raise DocumentProblem("too-big", f"it has {pages} pages; at most {MOST_PAGES} are read: split it")


def check_text(path: Path) -> None:
    """Raise `DocumentProblem` unless *path* is a plain text file of a sensible size."""
    head = _head(path)
    kind = _kind(head)
    if kind != "plain text" and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentProblem("not-a-list", f"it is no list of comma-separated values but {kind}")


def kind_of_mail(path: Path) -> str:
    """Return what a mail was saved as: `eml`, or `msg` by Outlook; raise `DocumentProblem` for what is none."""
    head = _head(path)
    if head.startswith(_OLE):
        return "msg"
    kind = _kind(head)
    if kind not in {_TEXT, _MAIL} or not _HEADER.match(head):
        raise DocumentProblem("not-a-mail", f"it is no mail but {kind}")
    return "eml"


def kind_of_workbook(path: Path) -> str:
    """Return what *path* is by its bytes: xlsx, xlsb, ods, xls, html or text; nothing is read as what it is named.

    Raises `DocumentProblem` for what is none of these, or is not safe to unpack.
    """
    head = _head(path)
    if head.startswith(_OLE):
        _refuse_encrypted(path)
        return "xls"
    if _kind(head) == _PAGE:
        return "html"
    if _kind(head) == _TEXT or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    return _kind_of_archive(path, head)


def _kind_of_archive(path: Path, head: bytes) -> str:
    with _archive(path, head) as archive:
        kinds = _kinds_of_archive(archive)
        if not kinds:
            _refuse_other_archives(archive.namelist())
        elif kinds != ["xlsx"]:
            _refuse_ambiguous(archive, kinds)
        return kinds[0] if kinds else "xlsx"


def _kinds_of_archive(archive: zipfile.ZipFile) -> list[str]:
    """Return the kinds of workbook that *archive* has the main part of, with the letters in whichever case."""
    names = {_folded(name): name for name in archive.namelist()}
    held = {
        "ods": "mimetype" in names and archive.read(names["mimetype"]).startswith(_ODS),
        "xlsb": "xl/workbook.bin" in names,
        "xlsx": not names.keys().isdisjoint(("xl/workbook.xml", "xl/_rels/workbook.xml.rels")),
    }
    return [kind for kind, holds in held.items() if holds]


def _refuse_ambiguous(archive: zipfile.ZipFile, kinds: Sequence[str]) -> None:
    """Refuse what is of two kinds, or has two parts of one name: each program, and each check, may see another."""
    names = [_folded(name) for name in archive.namelist()]
    if len(kinds) > 1 or len(set(names)) < len(names):
        raise DocumentProblem(
            "damaged", f"it is made up as more than one workbook ({', '.join(kinds)}); save it as .xlsx"
        )


def _folded(name: str) -> str:
    return name.replace("\\", "/").lower()


def check_workbook(path: Path) -> None:
    """Raise `DocumentProblem` unless *path* is an Excel workbook (.xlsx or .xlsm) that is safe to unpack."""
    head = _head(path)
    if head.startswith(_OLE):
        _refuse_encrypted(path)
        raise DocumentProblem("not-a-workbook", "it is a file of Excel 97-2003 or older; save it as .xlsx")
    with _archive(path, head) as archive:
        _refuse_other_archives(archive.namelist())


@contextmanager
def _archive(path: Path, head: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a workbook's archive once it has been found safe to unpack."""
    if not head.startswith(b"PK\x03\x04"):
        raise DocumentProblem("not-a-workbook", f"it is no .xlsx workbook but {_kind(head)}; save it as .xlsx")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError) as fault:
        raise DocumentProblem("damaged", "the workbook is damaged or cut off; ask for it again") from fault


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_ARCHIVE:
        raise DocumentProblem("too-big", f"it unpacks to {unpacked // MIB} MB in {len(entries)} parts; split it")
    if unpacked > MIB and unpacked > packed * MOST_PACKED:
        raise DocumentProblem("too-big", "it unpacks to a size that no real workbook has; do not open it")
    for entry in entries:
        with archive.open(entry) as part:
            _refuse_doctype(part)


def _refuse_other_archives(names: Sequence[str]) -> None:
    if "[Content_Types].xml" not in names:
        raise DocumentProblem("not-a-workbook", "it is a zip archive, but no workbook")


def _refuse_doctype(part: IO[bytes]) -> None:
    """Refuse a part that declares a document type: no workbook does, and one that does is made to harm.

    The parser itself tells, whatever the encoding and however much stands before; it reads up to the first
    element, behind which none can be declared. What it can't parse so far nobody parses later: a picture, say.
    """
    prolog = _Prolog()
    try:
        while not prolog.over and (chunk := part.read(_HEAD)):
            prolog.parser.Parse(chunk, False)
    except expat.ExpatError:
        return


class _Prolog:
    """What stands before the first element of an XML file."""

    def __init__(self) -> None:
        self.over = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.StartElementHandler = self._began

    def _declared(self, *_: object) -> None:
        raise DocumentProblem("damaged", "it declares a document type, which no workbook does; do not open it")

    def _began(self, *_: object) -> None:
        self.over = True


def _refuse_encrypted(path: Path) -> None:
    if _ENCRYPTED in path.read_bytes():
        raise DocumentProblem("needs-password", "the workbook is protected; save it without a password")


def _head(path: Path) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise DocumentProblem("empty", "the file is empty; ask for it again")
    refuse_huge(size)
    with path.open("rb") as file:
        return file.read(_HEAD)


def _kind(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf\r\n\t ")
    for magic, kind in _KINDS:
        if start.lower().startswith(magic.lower()):
            return kind
    return "an unknown kind of file" if b"\x00" in head else _TEXT
