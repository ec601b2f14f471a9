"""A copy of a workbook with texts added, as the pieces that it is made of: no reader of the language."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.splice.book import with_added
from rpa.documents.splice.pieces import Stretch
from rpa.documents.wire import PIECE


class ExcelAdded:
    """Adds texts behind the rows of a sheet.

    Options: `sheet`, and `texts`, a JSON object of lists of texts by the numbers of their rows. A row of the
    answer says in `kept` which bytes of the workbook come next (`0-1234`), or in `new` which others, as base64.
    """

    name = "excel-added"
    options = frozenset({"sheet", "texts"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the pieces; raise `DocumentProblem` for what can't be added to."""
        source = Source(document=sha256, how="copy")
        texts = {int(row): added for row, added in json.loads(wanted.options["texts"]).items()}
        for piece in with_added(path, wanted.options["sheet"], texts):
            for name, text in _told(piece):
                yield Row(place="copy", cells={name: Cell(text, source)})


def _told(piece: Stretch | bytes) -> Iterator[tuple[str, str]]:
    if isinstance(piece, Stretch):
        yield "kept", f"{piece.start}-{piece.end}"
        return
    text = b64encode(piece).decode()
    yield from (("new", text[start : start + PIECE]) for start in range(0, len(text), PIECE))
