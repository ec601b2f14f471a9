"""What many measurements of one thing come to."""

from dataclasses import dataclass
from statistics import median
from typing import Self


@dataclass(frozen=True)
class Figures:
    """Values of one kind, in the order of the rounds: milliseconds, or shares of another contender's time."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one: a single slow round does not move it."""
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The smallest and the largest."""
        return min(self.values), max(self.values)

    def share_of(self, other: Self) -> "Figures":
        """Return the shares of *other*, each round with its own: what slows a whole round down cancels out."""
        pairs = zip(self.values, other.values, strict=True)
        return Figures(tuple(mine / theirs for mine, theirs in pairs))
