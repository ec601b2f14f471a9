"""Values beside the labels of a mail's text."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from rpa.documents.base import Place
from rpa.documents.likeness import folded
from rpa.documents.mail.message import MailLine
from rpa.documents.ways import NotFoundError

_GAP = re.compile(r"\t+| {3,}")
"""What parts two answers on one line: the edge of a table's cell, or a wide space."""

_BULLET = re.compile(r"^[*\u2022\u00b7-]\s+")
_MARK = re.compile(r"[\s.*]*[:=]\s*|\s*[.*]*$")
_SPARE = 20
"""Letters that a label may be longer in the mail than as it is given: spaces."""

LONGEST_VALUE = 200
"""Lines of a value that goes on to a text which ends it."""


class Labelled(NamedTuple):
    """A value and where it is written."""

    text: str
    place: str


def labelled(lines: Sequence[MailLine], place: Place, labels: Collection[str]) -> Iterator[Labelled]:
    """Yield the value at each writing of the place's label; *labels* are all that are asked for.

    What a colon follows is surely the label; what merely begins a line counts where nothing else does.
    """
    if place.where not in {"auto", "right", "below"}:
        raise NotFoundError(f"in a mail a value stands to the right of its label or below it, not {place.where}")
    found = list(_found(lines, place.label or "", marked=True)) or list(
        _found(lines, place.label or "", marked=False)
    )
    for number, rest in found:
        yield _value(lines, number, rest, place, labels)


def _found(lines: Sequence[MailLine], label: str, *, marked: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line with the label, and what stands behind it, cell by cell."""
    for number, line in enumerate(lines):
        cells = [_BULLET.sub("", cell.strip()) for cell in _GAP.split(line.text)]
        for index, cell in enumerate(cells):
            rest = _behind(cell, label, marked=marked)
            if rest is not None:
                yield number, [rest, *cells[index + 1 :]]


def _behind(cell: str, label: str, *, marked: bool) -> str | None:
    """Return what follows the label in a cell that begins with it."""
    wanted = folded(label)
    for end in range(1, min(len(cell), 2 * len(label) + _SPARE) + 1):
        if folded(cell[:end]) == wanted:
            mark = _MARK.match(cell, end)
            if mark is not None:
                return cell[mark.end() :].strip()
            if not marked and cell[end].isspace():
                return cell[end:].strip()
        elif len(folded(cell[:end])) > len(wanted):
            break
    return None


def _value(
    lines: Sequence[MailLine], number: int, rest: list[str], place: Place, labels: Collection[str]
) -> Labelled:
    if place.until:
        return _until(lines, number, rest, place.until)
    right = next(filter(None, rest[:2]), "") if place.where != "below" else ""
    if right and not _is_label(right, labels):
        return Labelled(right, lines[number].place)
    below = lines[number + 1 : number + 2] if place.where != "right" and not right else ()
    if below and not _is_label(below[0].text, labels):
        return Labelled(below[0].text, below[0].place)
    return Labelled("", lines[number].place)


def _until(lines: Sequence[MailLine], number: int, rest: list[str], until: str) -> Labelled:
    """Return everything before the text *until*, over as many lines as it takes."""
    texts = []
    for text in (
        " ".join(filter(None, rest)),
        *(line.text for line in lines[number + 1 : number + LONGEST_VALUE]),
    ):
        before, found, _ = _parted(text, until)
        texts.append(before.strip())
        if found:
            return Labelled("\n".join(filter(None, texts)), lines[number].place)
    raise NotFoundError(f'"{until}", which ends the value, is not written below it')


def _parted(text: str, until: str) -> tuple[str, str, str]:
    start = text.casefold().find(until.casefold())
    return (text, "", "") if start < 0 else (text[:start], until, text[start + len(until) :])


def _is_label(text: str, labels: Collection[str]) -> bool:
    """Tell whether a text begins with another label, and so is no value."""
    return any(_behind(cell, label, marked=True) is not None for label in labels for cell in _GAP.split(text))
