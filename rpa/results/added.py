"""A copy of a workbook with texts added: put together here of what a confined process says that it is made of."""

import json
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rpa.documents.base import Document, Row, Wanted
from rpa.documents.sandbox import read_rows
from rpa.errors import DocumentProblem

_READER = "excel-added"


def add_texts(document: Document, target: Path, sheet: str, texts: Mapping[int, Sequence[str]]) -> None:
    """Write the workbook *document* to *target* with *texts* behind the last used column of *sheet*.

    They are given by row; the topmost are headings, and every one stays a text. Nothing of the workbook is
    unpacked or parsed here. Raises `DocumentProblem` for what is no workbook, is damaged, or is signed; and
    `OSError` where the copy can't be written.
    """
    options = {"sheet": sheet, "texts": json.dumps(texts)}
    rows = read_rows(_READER, document, Wanted(places={}, options=options))
    target.write_bytes(put_together(rows, document.path.read_bytes()))


def put_together(rows: Sequence[Row], content: bytes) -> bytes:
    """Return the copy of a file that holds *content*; raise `DocumentProblem` where *rows* make no copy."""
    try:
        return b"".join(_pieces(rows, content))
    except (ValueError, KeyError, Error) as fault:
        raise DocumentProblem("unexpected", "the reading process gave no proper answer") from fault


def _pieces(rows: Sequence[Row], content: bytes) -> Iterator[bytes]:
    """Yield the copy's bytes; no stretch of the workbook comes twice, so that a copy can't fill the disk."""
    done = 0
    for row in rows:
        if "kept" not in row.cells:
            yield b64decode(row.cells["new"].text, validate=True)
            continue
        start, end = map(int, row.cells["kept"].text.split("-"))
        if not done <= start <= end <= len(content):
            raise ValueError
        yield content[start:end]
        done = end
