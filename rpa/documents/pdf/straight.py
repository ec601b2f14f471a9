"""A scanned page laid straight over the empty form, and what is on it beside the form's own print."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from rpa.documents.pdf.box import Box
from rpa.documents.pdf.register import Lie

SCALE = 300 / 72
"""Dots to a point: Tesseract reads letters best at 300 to the inch."""

MOST_DOTS = 16_000_000
"""A letter page has 8.4 million; one drawn to be huge is pictured smaller."""

DARK = 128
"""A dot darker than this, of 255, is ink."""

PALE = 200
"""A dot darker than this may be pencil, or pale ink."""

PRINTED = 200
"""A dot darker than this on the empty form is its print."""

SPECK = 25
"""Dots of a page at 300 to the inch: less than this is dust. The stroke of a 1 in 10 points has some 100."""

EDGE = 2.0
"""Points at the edge of a box in which the form's own line may lie, for none is laid straight to the dot."""

SPREAD = 5
"""Dots: print is thicker on a scan than on the form, and lies a little beside it."""


def scale_of(width: float, height: float) -> float:
    """Return how many dots to a point a page of this size is pictured with."""
    return min(SCALE, sqrt(MOST_DOTS / max(width * height, 1)))


def pictured(page: Any, scale: float) -> Any:
    """Return PDFium's *page* as a grey Pillow picture."""
    return page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")


@dataclass(frozen=True)
class Straight:
    """A *scan* and the *empty* form's page as pictures of one *scale*; *lie* says how one lies over the other."""

    scan: Any
    empty: Any
    scale: float
    lie: Lie

    @cached_property
    def page(self) -> Any:
        """The scan, turned and stretched so that each word lies where the empty form has it."""
        from PIL import Image

        turn, shift = self.lie.turn, self.lie.shift * self.scale
        rows = (turn.real, -turn.imag, shift.real, turn.imag, turn.real, shift.imag)
        return self.scan.transform(
            self.empty.size, Image.Transform.AFFINE, rows, Image.Resampling.BICUBIC, fillcolor=255
        )

    @cached_property
    def written(self) -> Any:
        """What is on the scan alone: everything that the form prints is white."""
        from PIL import ImageChops

        return ImageChops.lighter(self.page, self._print)

    def inkless(self, box: Box) -> bool:
        """Tell whether nothing but dust is in *box*, a place of the form; no if it is all edge, or shaded.

        A number of dots, and not a share of the box, for one digit is as large in a wide box as in a small one.
        Pale ink counts too. Text recognition is not asked: on white paper it sees an `o` or an `A`.
        """
        inside = box.grown(-EDGE)
        if min(inside.width, inside.height) <= 0 or self._shaded(inside):
            return False
        dots = sum(self._cut(self.written, inside).histogram()[:PALE])
        return bool(dots < SPECK * (self.scale / SCALE) ** 2)

    def _shaded(self, box: Box) -> bool:
        """Tell whether most of *box* is print, under which what was written is not seen."""
        dots = self._cut(self._print, box).histogram()
        return bool(dots[255] > sum(dots) / 2)

    @cached_property
    def _print(self) -> Any:
        """What the form itself prints, and a little around it, is white; all else is black."""
        from PIL import ImageChops, ImageFilter

        dark = self.empty.point(lambda dot: 0 if dot < PRINTED else 255).filter(ImageFilter.MinFilter(SPREAD))
        return ImageChops.invert(dark)

    def _cut(self, picture: Any, box: Box) -> Any:
        return picture.crop(tuple(round(edge * self.scale) for edge in box))
