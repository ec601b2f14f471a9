"""Where a label is printed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from rpa.documents.likeness import nearest, packed
from rpa.documents.pdf.box import Box, around
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.segments import Segment
from rpa.documents.pdf.words import Word
from rpa.documents.ways import NotFoundError

_ITEM = re.compile(r"\(?(\d{1,3}[a-z]?|[a-z])[.)]*", re.IGNORECASE)
"""An item number before a label: `1`, `12a`, `(b)`, `3.`."""

MARKS = frozenset("✓✔✕✖✗✘☑☒×xX●◉■▪★")  # noqa: RUF001  # the multiplication sign is one of them
"""What people and programs put into a box to tick it."""

_CLOSING = ".,;:)"
"""What may follow a label within its last word."""

WRAPPED = 3
"""A label runs over this many lines at most."""

ALIGNED = 6.0
"""Points by which the lines of one label may differ at the left."""


NOT_PRINTED, PICTURE = "is not printed on it", "is a picture, and its text can't be read"
"""How it is said that a label stands nowhere, and that it may stand where nobody can read."""


class Likeness(IntEnum):
    """How surely a place is the label that is meant: the lower the surer."""

    WHOLE = 0
    """It stands alone."""
    MARKED = 1
    """A colon or a hint in brackets follows."""
    START = 2
    """Other words follow, as on `Name (as shown on ...)` or in a sentence."""
    INSIDE = 3
    """It stands in the middle of a line."""


@dataclass(frozen=True)
class Label:
    """A place where a label is printed.

    *words* are its own, *item* the number before it, *line* the line on which it ends, *rest* what of it follows.
    """

    page: Page
    likeness: Likeness
    item: tuple[Word, ...]
    words: tuple[Word, ...]
    line: Segment
    rest: tuple[Word, ...]

    @cached_property
    def box(self) -> Box:
        """The box around the label's words."""
        return around(word.box for word in self.words)

    @property
    def colon(self) -> bool:
        """Whether a colon ends it."""
        return self.words[-1].text.endswith(":")


def find_label(paper: Paper, text: str) -> list[Label]:
    """Return the places that are most surely the label *text*: all on one page, mostly just one.

    The first page on which it begins a line counts; only where there is none, the first that has it at all.
    """
    best: list[Label] = []
    for page in paper.pages():
        for label in labels_on(page, text):
            if not best or label.likeness < best[0].likeness:
                best = [label]
            elif label.likeness == best[0].likeness and page is best[0].page:
                best.append(label)
        if best and best[0].likeness < Likeness.INSIDE:
            break
    return best


def labels_on(page: Page, text: str) -> Iterator[Label]:
    """Yield every place on *page* where *text* is printed."""
    wanted = packed(text)
    if not all(packed(word) in page.letters for word in text.split()):
        return
    for segment in page.segments:
        if any(wanted.startswith(packed(word.text)) for word in segment.words):
            yield from _in_block(page, _block(page, segment), wanted)


def one_label(paper: Paper, text: str) -> Label:
    """Return the one place that is the label *text*; raise `NotFoundError` where there is none, or several."""
    labels = find_label(paper, text)
    if len(labels) != 1:
        raise NotFoundError(unclear_label(paper, text, labels))
    return labels[0]


def unclear_label(paper: Paper, text: str, labels: Sequence[Label]) -> str:
    """Say why the *labels* that were found for *text* are not the one that is needed."""
    if not labels:
        return not_printed(paper, text)
    page = labels[0].page.number
    return f'"{text}" is printed {len(labels)} times on page {page}: write more of the line, or name the field'


def not_printed(paper: Paper, text: str) -> str:
    """Say that *text* is no label of the document, and what may be meant. Only a close likeness is repeated."""
    printed = (_label_part(segment) for page in paper.pages() for segment in page.segments)
    meant = nearest(text, printed)
    pictures = paper.pictures()
    told = f'"{text}" {NOT_PRINTED}' + (f'; did you mean "{meant}"?' if meant else "")
    return told + "".join(f"; page {n} {PICTURE}" for n in pictures)


def is_not_printed(reason: str) -> bool:
    """Tell whether a field's reason says that its label stands nowhere, on a paper that can be read as a whole."""
    return NOT_PRINTED in reason and PICTURE not in reason


def _label_part(segment: Segment) -> str:
    """Return what of a line can be a label: without its item number, hint and what follows a colon."""
    return re.split(r"[:(]", " ".join(word.text for word in _without_item(segment.words)))[0].strip()


def _without_item(words: tuple[Word, ...]) -> tuple[Word, ...]:
    item = len(words) > 1 and (_ITEM.fullmatch(words[0].text) or words[0].text in MARKS)
    return words[1:] if item else words


def _block(page: Page, first: Segment) -> list[Segment]:
    """Return the segment and the lines that a long label would go on with."""
    block = [first]
    while len(block) < WRAPPED:
        below = [segment for segment in page.segments if _goes_on(block[-1].box, segment.box)]
        if not below:
            break
        block.append(min(below, key=lambda segment: segment.box.top))
    return block


def _goes_on(line: Box, below: Box) -> bool:
    gap = below.y - line.y
    return abs(below.left - line.left) <= ALIGNED and 0.5 * line.height < gap < 1.5 * line.height


def _in_block(page: Page, block: list[Segment], wanted: str) -> Iterator[Label]:
    """Yield each match that begins on the block's first line."""
    words = [(word, segment) for segment in block for word in segment.words]
    after_item = len(block[0].words) - len(_without_item(block[0].words))
    for start in range(len(block[0].words)):
        end = _match(words, start, wanted)
        if end is not None:
            line = words[end - 1][1]
            item = block[0].words[:after_item] if start == after_item else ()
            matched = tuple(word for word, _ in words[start:end])
            rest = tuple(word for word, segment in words[end:] if segment is line)
            likeness = _likeness(matched, rest, begins=start in {0, after_item})
            yield Label(page, likeness, item, matched, line, rest)


def _match(words: list[tuple[Word, Segment]], start: int, wanted: str) -> int | None:
    """Return the index after the last word, if the words from *start* on are *wanted*."""
    text = ""
    for index in range(start, len(words)):
        text += words[index][0].text
        found = packed(text)
        if found.startswith(wanted) and not found[len(wanted) :].strip(_CLOSING):
            return index + 1
        if not wanted.startswith(found):
            return None
    return None


def _likeness(matched: tuple[Word, ...], rest: tuple[Word, ...], *, begins: bool) -> Likeness:
    if not begins:
        return Likeness.INSIDE
    if not rest:
        return Likeness.WHOLE
    marked = matched[-1].text.endswith(":") or rest[0].text.startswith(("(", ":"))
    return Likeness.MARKED if marked else Likeness.START
