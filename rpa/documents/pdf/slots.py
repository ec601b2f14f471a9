"""Where a form takes an answer: a field of an AcroForm, or its box on a flat copy."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rpa.documents.likeness import folded
from rpa.documents.pdf.box import Box
from rpa.documents.pdf.labels import Label

REACH = 40.0
"""Points: a field further from its label than this belongs to another."""

TOUCH = 6.0
"""Points by which a field may begin above the lower edge of its label's line, or before its end."""

COMB_GAP = 20.0
"""Points between two fields that hold parts of one number, such as those of a Social Security number."""


class Kind(StrEnum):
    """What a person does with a field."""

    TEXT = "text"
    TICK = "tick"
    RADIO = "radio"
    CHOICE = "choice"
    SIGNATURE = "signature"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One box of a form.

    *name* is the field's full name, which the rings of a radio group share, and *index* counts from 0 among those
    of one name. *export* is what a tick or ring stands for, *on* whether it is shown as marked, *value* the text
    of any other kind; *comb* tells that the field gives each letter a box of its own. *how* says what read it
    where the form's own fields did not; *unsure*, *agreed* and *warning* are as in a `Cell`.
    """

    name: str
    tooltip: str
    page: int
    box: Box
    kind: Kind
    index: int = 0
    export: str = ""
    on: bool = False
    value: str = ""
    comb: bool = False
    how: str | None = None
    unsure: str | None = None
    agreed: tuple[str, ...] = ()
    warning: str = ""

    @property
    def markable(self) -> bool:
        """Whether it is ticked rather than written in."""
        return self.kind in {Kind.TICK, Kind.RADIO}


def named(slots: Sequence[Slot], wanted: str) -> list[Slot]:
    """Return the slots of the fields that *wanted* names: the full name, its end after a dot, or a glob of either.

    Square brackets are part of names (`Page1[0].f1_01[0]`). Where nothing has that name, a number in brackets at
    the end picks one ring of a group, counted from 0.
    """
    pattern = re.compile(r"(?:.*\.)?" + _glob(wanted), re.DOTALL)
    found = [slot for slot in slots if pattern.fullmatch(slot.name)]
    one = re.fullmatch(r"(.+)\[(\d+)\]", wanted)
    if not found and one:
        return [slot for slot in named(slots, one[1]) if slot.index == int(one[2])]
    return found


def _glob(wanted: str) -> str:
    wild = {"*": ".*", "?": "."}
    return "".join(wild.get(sign) or re.escape(sign) for sign in wanted)


def told_of(slots: Iterable[Slot], label: str) -> list[Slot]:
    """Return the slots whose tooltip is *label*, or begins with it as `Label: what to do`."""
    start = re.compile(re.escape(folded(label)) + r"(?!\w)\s*(?:$|[:.,(;-])")
    return [slot for slot in slots if start.match(folded(slot.tooltip))]


def nearest_slot(slots: Sequence[Slot], label: Label, where: str, reach: float = REACH) -> Slot | None:
    """Return the slot that a person takes *label* for: to its right or below it, a tick to its left or right.

    *reach* is how many points it may be away.
    """
    near = [(far, slot) for slot in slots for far in _distances(slot, label, where) if far <= reach]
    if not near:
        return None
    by_tooltip = {id(slot) for slot in told_of(slots, " ".join(word.text for word in label.words))}
    return min(near, key=lambda one: (id(one[1]) not in by_tooltip, one[0]))[1]


def _distances(slot: Slot, label: Label, where: str) -> Iterator[float]:
    if slot.page != label.page.number:
        return
    ways = ("right", "below", "left") if slot.markable else ("right", "below")
    for way in ways if where == "auto" else (where,):
        far = _distance(way, label, slot.box)
        if far is not None and not _blocked(way, label, slot.box):
            yield max(far, 0.0)


def _distance(way: str, label: Label, box: Box) -> float | None:
    """Return the points from the label to *box* in the direction *way*, if it stands there."""
    at = label.box
    line = at._replace(right=max(at.right, label.line.box.right))
    aligned = {
        "right": at.beside(box) and box.left - at.right,
        "left": at.beside(box) and at.left - box.right,
        "below": line.over(box) and box.top - at.bottom,
        "above": line.over(box) and at.top - box.bottom,
    }[way]
    return None if aligned is False or aligned < -TOUCH else aligned


def _blocked(way: str, label: Label, box: Box) -> bool:
    """Tell whether other words are printed between the label and *box*: then it is theirs."""
    at = label.box
    between = {
        "right": Box(at.right, at.top, box.left, at.bottom),
        "left": Box(box.right, at.top, at.left, at.bottom),
        "below": Box(max(at.left, box.left), at.bottom, min(at.right, box.right), box.top),
        "above": Box(max(at.left, box.left), box.bottom, min(at.right, box.right), at.top),
    }[way]
    own = {id(word) for word in label.line.words}
    return any(between.holds(word.box) for word in label.page.words if id(word) not in own)


def comb_of(slots: Sequence[Slot], slot: Slot) -> list[Slot]:
    """Return *slot* with the combs beside it that hold the other parts of its number."""
    parent = slot.name.rpartition(".")[0]
    level = sorted(
        (one for one in slots if one.comb and one.page == slot.page and one.box.beside(slot.box)),
        key=lambda one: one.box.left,
    )
    siblings = [one for one in level if one.name.rpartition(".")[0] == parent]
    return _run(siblings, slot) if slot in siblings else [slot]


def _run(level: Sequence[Slot], slot: Slot) -> list[Slot]:
    """Return the slots of *level* that stand together with *slot*, gap by gap."""
    runs: list[list[Slot]] = []
    for one in level:
        if runs and one.box.left - runs[-1][-1].box.right <= COMB_GAP:
            runs[-1].append(one)
        else:
            runs.append([one])
    return next(run for run in runs if slot in run)
