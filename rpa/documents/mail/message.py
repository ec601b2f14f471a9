"""A mail as its reader knows it, whichever program it was saved by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rpa.documents.csv_table import decoded
from rpa.documents.mail.page import lines_of_page
from rpa.documents.mail.rich_text import lines_of_rich_text
from rpa.errors import DocumentProblem

MOST_FILES = 100
LARGEST_FILES = 32 << 20
"""Bytes of all files of one mail: mail servers take 10 to 35 MB with the fifth that encoding adds."""

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class MailLine:
    """A line of a mail's text, and where: `part 1, line 7`."""

    text: str
    place: str


@dataclass(frozen=True)
class AttachedFile:
    """A file that came with a mail; without *content* it can't be taken out, for the reason *lacks*."""

    name: str
    content: bytes | None
    lacks: str = ""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail: its header fields, its text plain and as it is formatted, its files, and what a person should know.

    Most mails have one text in both ways; which of them a person sees, her program decides.
    """

    headers: Sequence[tuple[str, str]]
    plain: Sequence[MailLine]
    formatted: Sequence[MailLine]
    files: Sequence[AttachedFile]
    notices: tuple[str, ...] = ()


def plain_lines(content: bytes, charset: str | None, part: str) -> list[MailLine]:
    """Return the lines of a plain text; those that quote an earlier mail are none of it.

    Raises `DocumentProblem` where its letters are of no known encoding.
    """
    return _lines([line.strip() for line in _LINE_END.split(decoded(content, charset))], part)


def formatted_lines(content: bytes, charset: str | None, part: str) -> list[MailLine]:
    """Return the lines that are seen of a formatted text; raise as `plain_lines` does."""
    return _lines(lines_of_page(decoded(content, charset)), part)


def rich_lines(packed: bytes, part: str) -> list[MailLine]:
    """Return the lines that are seen of a packed rich text; raise as `lines_of_rich_text` does."""
    return _lines(lines_of_rich_text(packed), part)


def _lines(texts: Sequence[str], part: str) -> list[MailLine]:
    return [
        MailLine(text, f"{part}, line {number}")
        for number, text in enumerate(texts, start=1)
        if text and not text.startswith(">")
    ]


def shown_moment(moment: datetime) -> str:
    """Return a time as workbooks show theirs: `2026-11-02 14:30`, in the zone that it was told in."""
    return moment.strftime("%Y-%m-%d %H:%M")


def refuse_many(files: Sequence[AttachedFile]) -> Sequence[AttachedFile]:
    """Return *files*; raise `DocumentProblem` where they are more, or larger, than those of one mail may be."""
    size = sum(len(file.content or b"") for file in files)
    if len(files) > MOST_FILES or size > LARGEST_FILES:
        words = f"it has {len(files)} files of {size >> 20} MB; at most {MOST_FILES} of {LARGEST_FILES >> 20} MB"
        raise DocumentProblem("too-big", f"{words} are read: have them sent in several mails")
    return files
