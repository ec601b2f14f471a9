"""A rectangle on a page as a person sees it: points from the top left corner."""

from collections.abc import Iterable
from typing import NamedTuple


class Box(NamedTuple):
    """Left, top, right and bottom; top is the smaller number."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """The width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The height."""
        return self.bottom - self.top

    @property
    def x(self) -> float:
        """The middle from left to right."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """The middle from top to bottom."""
        return (self.top + self.bottom) / 2

    def holds(self, other: "Box") -> bool:
        """Tell whether the middle of *other* lies in this box."""
        return self.left <= other.x <= self.right and self.top <= other.y <= self.bottom

    def beside(self, other: "Box") -> bool:
        """Tell whether the two stand on one line: the middle of one is at the height of the other."""
        return self.top <= other.y <= self.bottom or other.top <= self.y <= other.bottom

    def over(self, other: "Box") -> bool:
        """Tell whether the two share a part of their width."""
        return min(self.right, other.right) > max(self.left, other.left)

    def grown(self, by: float) -> "Box":
        """Return the box with *by* points more on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def rounded(self) -> tuple[float, float, float, float]:
        """Return the four numbers with two decimals, for people and for the ledger."""
        return round(self.left, 2), round(self.top, 2), round(self.right, 2), round(self.bottom, 2)


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all *boxes*, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


class View(NamedTuple):
    """How a page is looked at: its visible part in the PDF's coordinates, and its clockwise turn in degrees."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn in {90, 270} else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the PDF is seen."""
        seen = self.box(x, y, x, y)
        return seen.left, seen.top

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where a rectangle of the PDF is seen."""
        if self.turn == 90:  # noqa: PLR2004  # the four turns of a page
            return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.turn == 180:  # noqa: PLR2004
            return Box(self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        if self.turn == 270:  # noqa: PLR2004
            return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)
        return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)

    def seen_in(self, other: "View", box: Box) -> Box:
        """Return where *box* of this view is seen in *other*, another turn of the same page."""
        width, height = self.size
        corner = self._replace(left=0, bottom=0, right=width, top=height, turn=(other.turn - self.turn) % 360)
        return corner.box(box.left, height - box.bottom, box.right, height - box.top)
