"""The cells of one line of a long list: texts, and what they have in common with those of every other line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rpa.documents.base import Cell, Source


@dataclass(frozen=True)
class Columns:
    """The columns of a list: the *names* of their values, and where each stands.

    *sources* lack the cell: it is the column's letter and the line's number where there are *letters*, else the
    line's place.
    """

    names: Sequence[str]
    sources: Sequence[Source]
    letters: Sequence[str] = ()

    def source(self, column: int, place: str, number: int) -> Source:
        """Return where the value of a column stands on a line."""
        return self.sources[column].at(f"{self.letters[column]}{number}" if self.letters else place)


class LineCells(Mapping[str, Cell]):
    """The cells of a line, each made when it is asked for; without a text (None) there is none.

    A list of 100,000 lines has a million, and most of the time of reading would go into making them.
    """

    __slots__ = ("columns", "number", "place", "texts")

    def __init__(self, columns: Columns, texts: Sequence[str | None], place: str, number: int) -> None:
        self.columns, self.texts, self.place, self.number = columns, texts, place, number

    def __getitem__(self, name: str) -> Cell:
        try:
            column = self.columns.names.index(name)
        except ValueError:
            raise KeyError(name) from None
        text = self.texts[column]
        if text is None:
            raise KeyError(name)
        return Cell(text, self.columns.source(column, self.place, self.number))

    def __iter__(self) -> Iterator[str]:
        return (name for name, text in zip(self.columns.names, self.texts, strict=True) if text is not None)

    def __len__(self) -> int:
        return len(self.texts) - self.texts.count(None)

    def __repr__(self) -> str:
        return repr(dict(self))
