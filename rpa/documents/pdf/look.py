"""What tells one PDF form from another."""

from collections.abc import Sequence
from dataclasses import dataclass

from rpa.documents.likeness import packed
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.slots import Slot, named


@dataclass(frozen=True)
class Look:
    """A PDF as it is recognised: by the words on its pages and by its form fields, if it has any."""

    paper: Paper
    slots: Sequence[Slot]

    def says(self, text: str) -> bool:
        """Tell whether *text* is printed on a page, whatever the spaces and capital letters."""
        return any(packed(text) in page.letters for page in self.paper.pages())

    def has_field(self, name: str) -> bool:
        """Tell whether it has the form field *name*; a flat copy has lost them all."""
        return not self.slots or bool(named(self.slots, name))

    def has_sheet(self, _name: str) -> bool:
        """Tell that it has no sheets."""
        return False
