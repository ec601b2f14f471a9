"""The tags of a sheet's part, each with its place among the part's bytes."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string

_TAG = re.compile(rb"""<(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""")
"""Possessive: in a tag of millions of characters every one that could be gone back over takes a hundred bytes."""


class Tag(NamedTuple):
    """A start tag: its name without and with its prefix, what it says, and where it begins."""

    local: str
    name: str
    attributes: Mapping[str, str]
    start: int


class Walk:
    """Goes through a sheet's part from tag to tag; rows and columns, which count from 1, may be left out in it.

    What extends this is told of tags, of ends and of texts, and knows the *row* and the *column* it is in.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.row = self.column = 0
        self._open: list[Tag] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self.text
        self._parser.buffer_text = True

    def go(self) -> None:
        """Go through the part; raise `xml.parsers.expat.ExpatError` where it is damaged."""
        self._parser.Parse(self.content, True)

    def began(self, tag: Tag) -> None:
        """Hear of a start tag."""

    def ended(self, tag: Tag, start: int) -> None:
        """Hear of the end of what *tag* began; *start* is where its end tag is, or for lack of one its own end."""

    def text(self, text: str) -> None:
        """Hear of a text."""

    def after(self, start: int) -> int:
        """Return where the tag ends that begins at *start*."""
        found = _TAG.match(self.content, start)
        return found.end() if found else start

    def alone(self, tag: Tag) -> bool:
        """Tell whether a tag is an element of its own, `<c r="A1"/>`."""
        end = self.after(tag.start)
        return self.content[end - 2 : end] == b"/>"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = Tag(name.rpartition(":")[2], name, attributes, self._parser.CurrentByteIndex)
        self._open.append(tag)
        if tag.local == "row":
            said = attributes.get("r")
            self.row, self.column = int(said) if said else self.row + 1, 0
        elif tag.local == "c":
            said = attributes.get("r")
            self.column = _column(said.rstrip("0123456789")) if said else self.column + 1
        self.began(tag)

    def _end(self, _name: str) -> None:
        self.ended(self._open.pop(), self._parser.CurrentByteIndex)


@cache
def _column(letters: str) -> int:
    return int(column_index_from_string(letters))
