"""The answers on a form, each by the first of its place's ways that leads to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rpa.documents.base import Cell, Place, Row, Wanted
from rpa.documents.likeness import nearest, packed
from rpa.documents.notices import notices_of_pdf
from rpa.documents.pdf.beside import value_beside
from rpa.documents.pdf.choices import Choices
from rpa.documents.pdf.drawn import drawn_square
from rpa.documents.pdf.fitting import matches
from rpa.documents.pdf.labels import Label, Likeness, find_label, labels_on, unclear_label
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.slots import Kind, Slot, comb_of, named, nearest_slot, told_of
from rpa.documents.pdf.sources import Sources, cell_of
from rpa.documents.pdf.ticks import inked
from rpa.documents.pdf.words import Word
from rpa.documents.ways import NotFoundError, by_first_way

TWO = "two boxes are ticked where one answer is asked for: ask which of them counts"


@dataclass
class Answers:
    """One filled form: its paper, its fields (none on flat text) and the labels that are known to be on it."""

    paper: Paper
    sha256: str
    slots: Sequence[Slot]
    wanted: Wanted
    edition: str | None = None
    _known: dict[int, frozenset[Word]] = field(default_factory=dict)

    def row(self) -> Row:
        """Return all that is wanted, and for what was not found the reason."""
        cells: dict[str, Cell] = {}
        missing: dict[str, str] = {}
        for name, place in self.wanted.places.items():
            try:
                cells[name] = self.cell(place)
            except NotFoundError as reason:
                missing[name] = str(reason)
        pages = {cell.source.page or 1 for cell in cells.values()} or {1}
        notices = notices_of_pdf(self.paper.pdf)
        return Row(place=f"page {min(pages)}", cells=cells, missing=missing, edition=self.edition, notices=notices)

    def cell(self, place: Place) -> Cell:
        """Return the answer by the first way that leads anywhere; raise `NotFoundError` where none does."""
        return by_first_way(place, self._by_one_way)

    def _by_one_way(self, place: Place) -> Cell:
        if place.choose:
            return Choices(self._sources, self.slots).cell(place.choose)
        if place.fields:
            try:
                return self._of_slots(self._by_fields(place.fields), "form")
            except NotFoundError:
                if not place.label:
                    raise
        if place.label:
            try:
                return self._by_label(place.label, place)
            except NotFoundError:
                if not place.line:
                    raise
        if place.line:
            return self._by_line(place.line)
        raise NotFoundError("has no place on a PDF: give its label, its form field or a line")

    @property
    def _sources(self) -> Sources:
        return Sources(self.paper, self.sha256)

    # By the form's fields.

    def _by_fields(self, patterns: Sequence[str]) -> list[list[Slot]]:
        """Return the slots of each field that is named, field by field."""
        return [group for pattern in patterns for group in self._fields(pattern)]

    def _fields(self, pattern: str) -> list[list[Slot]]:
        found: dict[str, list[Slot]] = {}
        for slot in named(self.slots, pattern):
            found.setdefault(slot.name, []).append(slot)
        if not found:
            raise NotFoundError(self._no_field(pattern))
        if len(found) > 1 and not set("*?") & set(pattern):
            names = ", ".join(found)
            raise NotFoundError(f"{len(found)} form fields end in {pattern} ({names}): write more of the name")
        return list(found.values())

    def _no_field(self, pattern: str) -> str:
        if not self.slots:
            return "the PDF has no form fields (it is a flat copy): give the label too"
        parts = pattern.count(".") + 1
        meant = nearest(pattern, (".".join(slot.name.split(".")[-parts:]) for slot in self.slots))
        return f"the form has no field {pattern}" + (f"; did you mean {meant}?" if meant else "")

    def _of_slots(self, groups: Sequence[Sequence[Slot]], how: str) -> Cell:
        read = [_read(group) for group in groups]
        texts = [text for text, _ in read if text.strip()]
        together = all(slot.comb for group in groups for slot in group)
        slots = [slot for text, slot in read if text.strip()] or [slot for _, slot in read]
        every = [slot for group in groups for slot in _doubted(group)]
        return cell_of(("" if together else " ").join(texts), self._sources.of(how, slots), every)

    # By what is printed.

    def _by_label(self, text: str, place: Place) -> Cell:
        labels = find_label(self.paper, text)
        slots = self._slots_at(text, labels, place.where)
        if len(slots) == 1:
            return self._of_slots(self._whole(slots[0]), "label")
        if len(labels) != 1 or len(slots) > 1:
            raise NotFoundError(unclear_label(self.paper, text, labels))
        cell = self._beside(labels[0], place)
        further = None if cell.text else self._further(labels[0], place.where)
        if further is not None:
            raise NotFoundError(f'nothing stands near "{text}"; if {further.name} is meant, give it as `field`')
        return cell

    def _further(self, label: Label, where: str) -> Slot | None:
        """Return a field with an answer on the label's line, too far away to be surely its own."""
        if where not in {"auto", "right"}:
            return None
        written = [slot for slot in self.slots if slot.value.strip() and not slot.markable]
        own = told_of(written, " ".join(word.text for word in label.words))
        return nearest_slot([*own, *(slot for slot in written if not slot.tooltip)], label, "right", math.inf)

    def _slots_at(self, text: str, labels: Sequence[Label], where: str) -> list[Slot]:
        """Return the fields that the label's places lead to; a label that is not printed may be a tooltip."""
        found = [slot for label in labels for slot in [nearest_slot(self.slots, label, where)] if slot]
        by_name = {slot.name: slot for slot in reversed(found or told_of(self.slots, text))}
        return list(by_name.values())

    def _whole(self, slot: Slot) -> list[list[Slot]]:
        """Return the field that *slot* is a part of: the rings of its group, the other combs of its number."""
        if slot.markable:
            return [[one for one in self.slots if one.name == slot.name]]
        return [[one] for one in comb_of(self.slots, slot)]

    def _beside(self, label: Label, place: Place) -> Cell:
        square = drawn_square(label, "left") if place.where in {"auto", "left"} else None
        if square is not None:
            words = "yes" if inked(label.page, square) else "no"
            return self._sources.printed(words, label.page, square)
        found = value_beside(label, place.where, place.until, self._known_words(label.page) - set(label.words))
        return self._sources.printed(found.text, label.page, found.box)

    def _by_line(self, expression: str) -> Cell:
        """Return what the pattern cuts out of a line; where several lines differ in it, it is not found."""
        found = [one for page in self.paper.pages() for one in matches(page, expression)]
        if len({packed(one.text) for one in found}) != 1:
            told = f"fits {len(found)} lines that differ" if found else "fits no line"
            raise NotFoundError(f"the pattern {expression} {told}")
        cell = self._sources.printed(found[0].text, found[0].page, found[0].box)
        how = cell.source.how if found[0].page.scanned else "line"
        return replace(cell, source=replace(cell.source, how=how))

    def _known_words(self, page: Page) -> frozenset[Word]:
        """Return the words of every label that is asked for: they are never part of a value."""
        if page.number not in self._known:
            every = (label for text in self._texts for label in labels_on(page, text))
            sure = (label for label in every if label.likeness < Likeness.INSIDE)
            self._known[page.number] = frozenset(word for label in sure for word in label.item + label.words)
        return self._known[page.number]

    @property
    def _texts(self) -> set[str]:
        every = (one for place in self.wanted.places.values() for one in place.parts())
        return {place.label for place in every if place.label}


def _read(group: Sequence[Slot]) -> tuple[str, Slot]:
    """Return what a field says, and the slot that says it."""
    first = group[0]
    if not first.markable:
        return first.value, first
    marked = [slot for slot in group if slot.on]
    if len(group) == 1 and first.kind is Kind.TICK:
        return ("yes" if marked else "no"), first
    return "; ".join(dict.fromkeys(slot.export for slot in marked)), [*marked, first][0]


def _doubted(group: Sequence[Slot]) -> Sequence[Slot]:
    """Return the slots of a field; none of them is sure where two are marked that stand for different things."""
    marked = {slot.export for slot in group if slot.on}
    return [replace(slot, unsure=TWO) for slot in group] if len(marked) > 1 else group
