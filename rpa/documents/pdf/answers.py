"""The answers on a form, each by the first of its place's ways that leads to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rpa.documents.base import Cell, Place, Row, Source, Wanted
from rpa.documents.likeness import nearest
from rpa.documents.pdf.beside import value_beside
from rpa.documents.pdf.box import Box, around
from rpa.documents.pdf.drawn import drawn_square
from rpa.documents.pdf.labels import Label, Likeness, find_label, labels_on, not_printed
from rpa.documents.pdf.paper import Page, Paper
from rpa.documents.pdf.slots import Kind, Slot, comb_of, named, nearest_slot, told_of
from rpa.documents.pdf.ticks import inked, ticked
from rpa.documents.pdf.words import Word
from rpa.documents.ways import NotFoundError, by_first_way


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
        return Row(place=f"page {min(pages)}", cells=cells, missing=missing, edition=self.edition)

    def cell(self, place: Place) -> Cell:
        """Return the answer by the first way that leads anywhere; raise `NotFoundError` where none does."""
        return by_first_way(place, self._by_one_way)

    def _by_one_way(self, place: Place) -> Cell:
        if place.choose:
            return self._choice(place.choose)
        if place.fields:
            try:
                return self._of_slots(self._by_fields(place.fields), "form")
            except NotFoundError:
                if not place.label:
                    raise
        if place.label:
            return self._by_label(place.label, place)
        raise NotFoundError("has no place on a PDF: give its label or its form field")

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
        return Cell(("" if together else " ").join(texts), self._source(how, slots))

    # By what is printed.

    def _by_label(self, text: str, place: Place) -> Cell:
        labels = find_label(self.paper, text)
        slots = self._slots_at(text, labels, place.where)
        if len(slots) == 1:
            return self._of_slots(self._whole(slots[0]), "label")
        if len(labels) != 1 or len(slots) > 1:
            raise NotFoundError(self._no_label(text, labels))
        return self._beside(labels[0], place)

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

    def _no_label(self, text: str, labels: Sequence[Label]) -> str:
        if not labels:
            return not_printed(self.paper, text)
        page = labels[0].page.number
        return f'"{text}" is printed {len(labels)} times on page {page}: write more of the line, or name the field'

    def _beside(self, label: Label, place: Place) -> Cell:
        square = drawn_square(label, "left") if place.where in {"auto", "left"} else None
        if square is not None:
            words = "yes" if inked(label.page, square) else "no"
            return Cell(words, self._source_at(label.page.number, square))
        found = value_beside(label, place.where, place.until, self._known_words(label.page) - set(label.words))
        return Cell(found.text, self._source_at(label.page.number, found.box))

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

    # By ticks.

    def _choice(self, choose: Mapping[str, Place]) -> Cell:
        """Return the chosen keys; where nothing is ticked the answer is blank."""
        ticks = self._ticks_in_slots(choose) if self.slots else self._ticks_in_ink(choose)
        chosen = [key for key, (on, _) in ticks.items() if on]
        source = ticks[chosen[0] if chosen else next(iter(ticks))][1]
        return Cell("; ".join(chosen), source)

    def _ticks_in_slots(self, choose: Mapping[str, Place]) -> dict[str, tuple[bool, Source]]:
        slots = {key: self._tick_slot(place.label or key, place) for key, place in choose.items()}
        return {
            key: (slot.on, self._source("form" if choose[key].fields else "label", [slot]))
            for key, slot in slots.items()
        }

    def _tick_slot(self, text: str, place: Place) -> Slot:
        slots = [slot for pattern in place.fields for slot in named(self.slots, pattern)]
        if not slots and (place.label or not place.fields):
            ticks = [slot for slot in self.slots if slot.markable]
            near = [nearest_slot(ticks, label, place.where) for label in find_label(self.paper, text)]
            slots = [slot for slot in near if slot]
        if len(slots) != 1:
            found = f"{len(slots)} boxes" if slots else "no box"
            raise NotFoundError(f"{found} to tick at {', '.join(place.fields) or text}: name the field of one")
        return slots[0]

    def _ticks_in_ink(self, choose: Mapping[str, Place]) -> dict[str, tuple[bool, Source]]:
        labels = {key: self._one_label(place.label or key) for key, place in choose.items()}
        boxes = ticked(labels, {key: place.where for key, place in choose.items()})
        return {
            key: (key in boxes, self._source_at(label.page.number, boxes.get(key, label.box)))
            for key, label in labels.items()
        }

    def _one_label(self, text: str) -> Label:
        labels = find_label(self.paper, text)
        if len(labels) != 1:
            raise NotFoundError(self._no_label(text, labels))
        return labels[0]

    def _source(self, how: str, slots: Sequence[Slot]) -> Source:
        page = slots[0].page
        names = dict.fromkeys(slot.name for slot in slots)
        box = around(slot.box for slot in slots if slot.page == page)
        return self._source_at(page, box, how=how, field=", ".join(names))

    def _source_at(self, page: int, box: Box, *, how: str = "label", field: str | None = None) -> Source:
        shown = self.paper.page(page).shown(box)
        return Source(document=self.sha256, how=how, page=page, box=shown.rounded(), field=field)


def _read(group: Sequence[Slot]) -> tuple[str, Slot]:
    """Return what a field says, and the slot that says it."""
    first = group[0]
    if not first.markable:
        return first.value, first
    marked = next((slot for slot in group if slot.on), None)
    if len(group) == 1 and first.kind is Kind.TICK:
        return ("yes" if marked else "no"), first
    return (marked.export, marked) if marked else ("", first)
