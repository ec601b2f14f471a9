"""A copy of a workbook that differs from it only in the cells that were added to one sheet.

A library that reads a workbook and saves it drops what it does not know: of 127 government workbooks every
drop-down list that refers to another sheet, and half of the values that formulas had. Here one part is written
anew, the sheet's.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from rpa.documents.preflight import check_workbook
from rpa.documents.sheets.parts import part_of
from rpa.documents.splice.archive import pieces_with
from rpa.documents.splice.pieces import Piece
from rpa.documents.splice.sheet import Texts, with_texts
from rpa.errors import DocumentProblem

_DAMAGED = (BadZipFile, zlib.error, ExpatError, ParseError, KeyError, StopIteration, ValueError, EOFError)
_SIGNED = b"/digital-signature/origin"


def with_added(source: Path, sheet: str, texts: Texts) -> Sequence[Piece]:
    """Return *source* with *texts* behind the last used column of *sheet*; the topmost are headings.

    Every text stays a text. Raises `DocumentProblem` for what is no workbook, is damaged, or is signed: a
    signature holds for the file as it is. Macros and their own signature stay as they are.
    """
    check_workbook(source)
    try:
        with ZipFile(source) as archive:
            _refuse_signed(archive)
            part = part_of(archive, sheet)
            content = with_texts(archive.read(part), texts)
        return list(pieces_with(source, part, content))
    except _DAMAGED as fault:
        raise DocumentProblem("damaged", "the workbook is damaged; save it again in Excel") from fault


def _refuse_signed(archive: ZipFile) -> None:
    parts = [name for name in archive.namelist() if name.casefold() == "_rels/.rels"]
    if any(_SIGNED in archive.read(part) for part in parts):
        raise DocumentProblem(
            "signed", "it is signed, and any change would break the signature; use a copy without the signature"
        )
