"""Which of several boxes is ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rpa.documents.base import Cell, Place
from rpa.documents.pdf.labels import Label, find_label, one_label
from rpa.documents.pdf.slots import Slot, named, nearest_slot
from rpa.documents.pdf.sources import Sources, cell_of, joined
from rpa.documents.pdf.ticks import ticked
from rpa.documents.ways import NotFoundError


class _Tick(NamedTuple):
    on: bool
    cell: Cell


@dataclass(frozen=True)
class Choices:
    """The ticks of one form: in its fields, where it has any, else in what is drawn."""

    sources: Sources
    slots: Sequence[Slot]

    def cell(self, choose: Mapping[str, Place]) -> Cell:
        """Return the chosen keys; where nothing is ticked the answer is blank. Raises `NotFoundError`."""
        ticks = self._in_slots(choose) if self.slots else self._in_ink(choose)
        chosen = [key for key, tick in ticks.items() if tick.on]
        source = ticks[chosen[0] if chosen else next(iter(ticks))].cell.source
        return joined("; ".join(chosen), source, [tick.cell for tick in ticks.values()])

    def _in_slots(self, choose: Mapping[str, Place]) -> dict[str, _Tick]:
        slots = {key: self._slot(place.label or key, place) for key, place in choose.items()}
        how = {key: "form" if place.fields else "label" for key, place in choose.items()}
        return {
            key: _Tick(slot.on, cell_of("", self.sources.of(how[key], [slot]), [slot]))
            for key, slot in slots.items()
        }

    def _slot(self, text: str, place: Place) -> Slot:
        slots = [slot for pattern in place.fields for slot in named(self.slots, pattern)]
        if not slots and (place.label or not place.fields):
            ticks = [slot for slot in self.slots if slot.markable]
            near = [nearest_slot(ticks, label, place.where) for label in self._labels(text)]
            slots = [slot for slot in near if slot]
        if len(slots) != 1:
            found = f"{len(slots)} boxes" if slots else "no box"
            raise NotFoundError(f"{found} to tick at {', '.join(place.fields) or text}: name the field of one")
        return slots[0]

    def _labels(self, text: str) -> list[Label]:
        return find_label(self.sources.paper, text)

    def _in_ink(self, choose: Mapping[str, Place]) -> dict[str, _Tick]:
        labels = {key: one_label(self.sources.paper, place.label or key) for key, place in choose.items()}
        boxes = ticked(labels, {key: place.where for key, place in choose.items()})
        return {
            key: _Tick(key in boxes, self.sources.printed("", label.page, boxes.get(key, label.box)))
            for key, label in labels.items()
        }
