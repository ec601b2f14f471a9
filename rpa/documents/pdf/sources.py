"""Where a value of a PDF stood, and what is to be told of how it was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from rpa.documents.base import Cell, Source
from rpa.documents.pdf.box import Box, around
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.slots import Slot

HOW = "ocr"

NO_BLANK = "stands on a scan and is read without the empty form: look at the cut-out picture, or give `blank`"


@dataclass(frozen=True)
class Sources:
    """Tells where on one paper things stood."""

    paper: Paper
    sha256: str

    def at(self, page: int, box: Box, *, how: str = "label", field: str | None = None) -> Source:
        """Return a place that is seen at *box*."""
        shown = self.paper.page(page).shown(box)
        return Source(document=self.sha256, how=how, page=page, box=shown.rounded(), field=field)

    def printed(self, text: str, page: Page, box: Box) -> Cell:
        """Return what is printed, or marked, at *box*; on a scan nobody vouches for it without the empty form."""
        if not page.scanned:
            return Cell(text, self.at(page.number, box))
        return Cell(text, self.at(page.number, box, how=HOW), unsure=NO_BLANK)

    def of(self, how: str, slots: Sequence[Slot]) -> Source:
        """Return the place of *slots*, which hold one value; on a scan text recognition found it, not *how*."""
        page = slots[0].page
        names = dict.fromkeys(slot.name for slot in slots)
        box = around(slot.box for slot in slots if slot.page == page)
        return self.at(page, box, how=slots[0].how or how, field=", ".join(names))


def cell_of(text: str, source: Source, slots: Sequence[Slot]) -> Cell:
    """Return the value *text* that *slots* gave, with whatever doubts and warnings there are about any of them."""
    warned = [(slot.warning,) if slot.warning else () for slot in slots]
    cells = [
        Cell("", source, slot.unsure, slot.agreed, warnings) for slot, warnings in zip(slots, warned, strict=True)
    ]
    return joined(text, source, cells)


def joined(text: str, source: Source, cells: Sequence[Cell]) -> Cell:
    """Return *text*, which *cells* say together: as doubtful as any of them, agreed on by what all agree on."""
    return Cell(
        text,
        source,
        unsure=next((cell.unsure for cell in cells if cell.unsure), None),
        agreed=tuple(one for one in cells[0].agreed if all(one in cell.agreed for cell in cells)),
        warnings=tuple(dict.fromkeys(warning for cell in cells for warning in cell.warnings)),
    )
