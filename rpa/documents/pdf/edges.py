"""The lines that are drawn on a page, and the cells that they make."""

from collections.abc import Iterator, Sequence
from ctypes import byref, c_float
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from rpa.documents.pdf.box import Box, View

STRAIGHT = 1.0
"""A line that leans by less than this many points is level or upright."""

SHORTEST = 4.0
"""Points: what is shorter is part of a letter, a bar code or an ornament."""

DEPTH = 3
"""Drawings inside drawings are followed this far."""


@dataclass(frozen=True)
class Edges:
    """The level and the upright lines of one page, as thin boxes; and the page's own size."""

    page: Box
    level: Sequence[Box]
    upright: Sequence[Box]

    def cell(self, x: float, y: float) -> Box:
        """Return the cell around a point: up to the nearest line, or the page's edge, in each direction."""
        upright = [edge.x for edge in self.upright if edge.top <= y <= edge.bottom]
        level = [edge.y for edge in self.level if edge.left <= x <= edge.right]
        return Box(
            max((at for at in upright if at < x), default=self.page.left),
            max((at for at in level if at < y), default=self.page.top),
            min((at for at in upright if at >= x), default=self.page.right),
            min((at for at in level if at >= y), default=self.page.bottom),
        )


def edges_of(page: Any, view: View) -> Edges:
    """Return the straight lines of an open PDFium page."""
    level, upright = [], []
    for box in _lines(page, view):
        if box.height < STRAIGHT and box.width >= SHORTEST:
            level.append(box)
        elif box.width < STRAIGHT and box.height >= SHORTEST:
            upright.append(box)
    return Edges(Box(0, 0, *view.size), level, upright)


def _lines(page: Any, view: View) -> Iterator[Box]:
    for path in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=DEPTH):
        matrix = _matrix(path)
        points = [view.point(*matrix.on_point(x, y)) for x, y in _corners(path)]
        for (x0, y0), (x1, y1) in pairwise(points):
            yield Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _matrix(path: Any) -> Any:
    matrix, outer = path.get_matrix(), path.container
    while outer is not None:
        matrix, outer = matrix.multiply(outer.get_matrix()), outer.container
    return matrix


def _corners(path: Any) -> Iterator[tuple[float, float]]:
    """Yield the points of a path; a gap between two parts gives a line too, which is hardly ever straight."""
    x, y = c_float(), c_float()
    first = None
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        part = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(part, byref(x), byref(y))
        if first is None or pdfium.FPDFPathSegment_GetType(part) == pdfium.FPDF_SEGMENT_MOVETO:
            first = x.value, y.value
        yield x.value, y.value
        if pdfium.FPDFPathSegment_GetClose(part):
            yield first
