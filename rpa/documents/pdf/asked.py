"""What an empty form asks for: its fields put together to values, each with the label that a person reads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rpa.documents.pdf.box import Box
from rpa.documents.pdf.labels import MARKS
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.segments import Segment
from rpa.documents.pdf.slots import Kind, Slot, comb_of

TOUCH = 6.0
"""Points by which a label may reach into its field."""

REACH = 60.0
"""Points: what is printed further away than this belongs to another field."""

ABOVE = 3.0
"""A label above its field is this many times nearer to it than one beside it would be."""

WORDS = 8
"""Words that are enough of a label to find it again."""

LINES = 3
"""Printed lines that a form is proposed to be known by."""

_EDITION = re.compile(r"\b(rev|edition|version|form|issued)\b.*\d", re.IGNORECASE)
_TELLING = 2
"""Words: a line with fewer is printed on many papers."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One value that a form asks for.

    *fields* are the names of the fields that hold its parts; *choices* maps what is printed beside a box to tick,
    or a ring, to the name of its field.
    """

    label: str
    kind: Kind
    fields: Sequence[str] = ()
    choices: dict[str, str] = field(default_factory=dict)


def asked(paper: Paper, slots: Sequence[Slot]) -> Iterator[Asked]:
    """Yield the values in the order of the form's fields."""
    done: set[str] = set()
    for slot in slots:
        if slot.kind is not Kind.SIGNATURE and slot.name not in done:
            group = _group(slots, slot)
            done |= {one.name for one in group}
            yield _asked(paper, slots, group)


def known_by(paper: Paper) -> list[str]:
    """Return printed lines of the first page that tell the form: its heading, and what names its edition."""
    lines = [line for line in paper.page(1).segments if len(line.words) >= _TELLING]
    tallest = sorted(lines, key=lambda line: (-round(line.box.height), line.box.top))[: LINES - 1]
    named = [line for line in lines if _EDITION.search(line.text) and len(line.words) <= WORDS][:1]
    return list(dict.fromkeys(line.text for line in (*tallest, *named)))


def _group(slots: Sequence[Slot], slot: Slot) -> list[Slot]:
    """Return the slots that hold one value: the rings of a group, numbered ticks, the combs of a number."""
    if slot.markable:
        return [one for one in slots if one.kind is slot.kind and _unnumbered(one) == _unnumbered(slot)]
    return comb_of(slots, slot)


def _unnumbered(slot: Slot) -> str:
    return slot.name if slot.kind is Kind.RADIO else re.sub(r"\[\d+\]$", "", slot.name)


def _asked(paper: Paper, slots: Sequence[Slot], group: list[Slot]) -> Asked:
    first = group[0]
    if not first.markable or len(group) == 1:
        names = [_short(slots, slot) for slot in group]
        return Asked(label=_label(paper.page(first.page), first), kind=first.kind, fields=names)
    numbered = enumerate(group)
    choices = {
        _label(paper.page(slot.page), slot) or f"Choice {n + 1}": _of_choice(slots, slot) for n, slot in numbered
    }
    return Asked(label="", kind=first.kind, choices=choices)


def _of_choice(slots: Sequence[Slot], slot: Slot) -> str:
    name = _short(slots, slot)
    return f"{name}[{slot.index}]" if slot.kind is Kind.RADIO else name


def _short(slots: Sequence[Slot], slot: Slot) -> str:
    """Return the shortest end of the field's name that no other field has."""
    parts = slot.name.split(".")
    others = {one.name for one in slots} - {slot.name}
    for count in range(1, len(parts)):
        end = ".".join(parts[-count:])
        if not any(other == end or other.endswith(f".{end}") for other in others):
            return end
    return slot.name


def _label(page: Page, slot: Slot) -> str:
    """Return what is printed nearest to a field where a label can be, else what its tooltip says."""
    near = [(far, line) for line in page.segments for far in _distances(line.box, slot)]
    if not near:
        return slot.tooltip
    return _told(min(near, key=lambda one: one[0])[1])


def _told(line: Segment) -> str:
    words = [word.text for word in line.words if word.text not in MARKS]
    return " ".join(words[:WORDS]).rstrip(" :.(")


def _distances(line: Box, slot: Slot) -> Iterator[float]:
    box = slot.box
    level = box.beside(line)
    ways = [box.left - line.right] if level else []
    if level and slot.markable:
        ways.append(line.left - box.right)
    if not slot.markable and line.over(box) and line.top < box.top:
        ways.append(ABOVE * max(box.top - line.bottom, 0.0))
    yield from (max(far, 0.0) for far in ways if -TOUCH <= far <= REACH)
