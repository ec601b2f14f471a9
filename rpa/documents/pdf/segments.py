"""Words that stand together on a line: a label, a value, a line of prose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rpa.documents.pdf.box import Box, around
from rpa.documents.pdf.words import Word

APART = 1.0
"""A gap of this many heights of the line parts two segments."""

LEVEL = 0.4
"""Words are on one line if their middles differ by no more than this share of the lower one's height."""


@dataclass(frozen=True)
class Segment:
    """Words from left to right, with no wide gap between them."""

    words: tuple[Word, ...]

    @cached_property
    def box(self) -> Box:
        """The box around the words."""
        return around(word.box for word in self.words)

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)


def segments_of(words: Iterable[Word]) -> list[Segment]:
    """Return the segments, from top to bottom and from left to right."""
    return [Segment(tuple(part)) for line in lines_of(words) for part in _parted(line)]


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Return the words line by line, each line from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.y):
        if lines and _level(lines[-1][-1].box, word.box):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.box.left) for line in lines]


def _level(one: Box, other: Box) -> bool:
    return abs(one.y - other.y) <= LEVEL * min(one.height, other.height)


def _parted(line: Sequence[Word]) -> list[list[Word]]:
    parts = [[line[0]]]
    for word in line[1:]:
        last = parts[-1][-1].box
        if word.box.left - last.right > APART * min(last.height, word.box.height):
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts
