"""The lines that a person sees of a formatted mail."""

import re
from html.parser import HTMLParser

from rpa.documents.sheets.web import VOID, is_unseen
from rpa.errors import DocumentProblem

_BREAKS = frozenset(
    (
        *(
            "address",
            "article",
            "blockquote",
            "br",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "footer",
            "form",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
        *("address", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)
"""Elements that begin and end a line."""

_CELLS = frozenset({"td", "th"})


def lines_of_page(page: str) -> list[str]:
    """Return what is seen of a page, line by line, with a tab between the cells of a table's row.

    Raises `DocumentProblem` where it is not clear what of it is seen.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    if reader.unseen:
        raise DocumentProblem(
            "unexpected", "it is not clear where hidden text of the mail ends; have it sent as plain text"
        )
    lines = "".join(reader.texts).split("\n")
    return [stripped for line in lines if (stripped := line.strip())]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._part(tag)
        if tag not in VOID and (self.unseen or is_unseen(tag, dict(attrs))):
            self.unseen.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unseen:
            while self.unseen.pop() != tag:
                pass
        elif tag in _BREAKS:
            self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.texts.append(re.sub(r"[ \t\r\n\xa0]+", " ", data))

    def _part(self, tag: str) -> None:
        if tag in _BREAKS:
            self.texts.append("\n")
        elif tag in _CELLS:
            self.texts.append("\t")
