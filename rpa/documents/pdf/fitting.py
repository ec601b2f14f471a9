"""Lines of a page that a pattern fits."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rpa import pattern
from rpa.documents.likeness import packed
from rpa.documents.pdf.box import Box, around
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.segments import lines_of
from rpa.documents.pdf.words import Word


class Match(NamedTuple):
    """What a pattern cut out of a line, and where it stands."""

    text: str
    page: Page
    box: Box


def matches(page: Page, expression: str) -> Iterator[Match]:
    """Yield what the regular expression cuts out of each line of *page* that it fits, columns side by side."""
    for line in lines_of(page.words):
        text = pattern.cut(expression, " ".join(word.text for word in line))
        if text is not None and text.strip():
            yield Match(text.strip(), page, around(word.box for word in _words_of(line, packed(text))))


def _words_of(line: Sequence[Word], wanted: str) -> Sequence[Word]:
    """Return the fewest words of the line that hold the text *wanted*."""
    spans = ((start, end) for end in range(1, len(line) + 1) for start in range(end - 1, -1, -1))
    for start, end in spans:
        if wanted in packed("".join(word.text for word in line[start:end])):
            return line[start:end]
    return line
