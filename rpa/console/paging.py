"""Long lists on pages: which part is asked for, and the links to the others."""

from dataclasses import dataclass
from urllib.parse import urlencode

from rpa.console.visit import Visit
from rpa.store.listing import Part
from rpa.words import whole_number

SIZE = 50
"""Lines on a page."""


@dataclass(frozen=True)
class Paging:
    """One page of a list, counted from 1; *path* and *asked* are what its links keep."""

    number: int
    path: str
    asked: tuple[tuple[str, str], ...]
    total: int = 0

    @property
    def part(self) -> Part:
        """The lines to show."""
        return Part((self.number - 1) * SIZE, SIZE)

    def of(self, total: int) -> "Paging":
        """Return it with the number of all lines."""
        return Paging(self.number, self.path, self.asked, total)

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return max(1, -(-self.total // SIZE))

    @property
    def first(self) -> int:
        """The number of the first line shown."""
        return min(self.part.skip + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last line shown."""
        return min(self.part.skip + SIZE, self.total)

    def link(self, number: int) -> str:
        """Return the address of another page of the list."""
        return f"{self.path}?{urlencode([*self.asked, ('page', number)])}"


def paging(visit: Visit, *names: str) -> Paging:
    """Return which page of a list is asked for, with the filters *names* in its links."""
    number = whole_number(visit.asked("page")) or 1
    asked = tuple((name, visit.asked(name)) for name in names if visit.asked(name))
    return Paging(max(1, number), visit.request.url.path, asked)
