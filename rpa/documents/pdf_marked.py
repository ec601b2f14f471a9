"""Pictures of a PDF's pages with marks on them, for `rpa read --show`: no reader of the language."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.pdf.drawing import Mark, cut_out, drawn_page
from rpa.documents.pdf.paper import Paper
from rpa.documents.wire import PIECE


class PdfMarked:
    """Draws each page that has a mark, and the first one in any case; cuts out what is unsure.

    Options: `marks`, a JSON list of lists as `Mark` has its parts, `password`, and `pages`, where it is `none` to
    have only what is cut out. A picture is in one row or
    several of one place, `page-1` or `unsure-` and the field's name, and of a table the line's, as base64.
    """

    name = "pdf-marked"
    options = frozenset({"marks", "password", "pages"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the pieces of the pictures; raise `DocumentProblem` for what is no PDF."""
        marks = [Mark(*told) for told in json.loads(wanted.options["marks"])]
        source = Source(document=sha256, how="picture")
        with Paper.open(path, wanted.options.get("password")) as paper:
            paper.flat = True  # what was typed into form fields is shown too
            for place, picture in _pictures(paper, marks, whole=wanted.options.get("pages") != "none"):
                text = b64encode(picture).decode()
                for start in range(0, len(text), PIECE):
                    yield Row(place=place, cells={"png": Cell(text[start : start + PIECE], source)})


def _pictures(paper: Paper, marks: list[Mark], *, whole: bool) -> Iterator[tuple[str, bytes]]:
    for number in sorted({1, *(mark.page for mark in marks if mark.page)}):
        page = paper.held(number).page
        if whole:
            yield f"page-{number}", drawn_page(page, [mark for mark in marks if (mark.page or 1) == number])
        for mark in marks:
            if mark.page == number and mark.box is not None and mark.state == "unsure":
                yield "-".join(filter(None, ("unsure", mark.name, mark.line))), cut_out(page, mark.box)
