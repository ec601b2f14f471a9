"""Many lines of a long list at once: their texts, and what these have in common with those of every other line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rpa.documents.base import Cell, Row, Source


@dataclass(frozen=True)
class Columns:
    """The columns of a list: the *names* of their values, and where each stands.

    The cell of a source, and *place* of a line, is what stands before the line's number: `B`, and `Members!`.
    """

    names: Sequence[str]
    sources: Sequence[Source]
    place: str

    def source(self, column: int, number: int) -> Source:
        """Return where the value of a column stands on a line."""
        source = self.sources[column]
        return source.at(f"{source.cell}{number}")


class LineCells(Mapping[str, Cell]):
    """The cells of a line, each made when it is asked for; without a text (None) there is none.

    A list of 100,000 lines has a million, and most of the time of reading would go into making them.
    """

    __slots__ = ("columns", "number", "texts")

    def __init__(self, columns: Columns, number: int, texts: Sequence[str | None]) -> None:
        self.columns, self.number, self.texts = columns, number, texts

    def __getitem__(self, name: str) -> Cell:
        try:
            column = self.columns.names.index(name)
        except ValueError:
            raise KeyError(name) from None
        text = self.texts[column]
        if text is None:
            raise KeyError(name)
        return Cell(text, self.columns.source(column, self.number))

    def __iter__(self) -> Iterator[str]:
        return (name for name, text in zip(self.columns.names, self.texts, strict=True) if text is not None)

    def __len__(self) -> int:
        return len(self.texts) - self.texts.count(None)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, kw_only=True)
class Lines(Iterable[Row]):
    """Lines of a list, by their *numbers*, and the *texts* of each, column by column.

    *faults* tells for lines, by their number, what is wrong with some of their values; these have no text (None).
    """

    columns: Columns
    numbers: Sequence[int]
    texts: Sequence[Sequence[str | None]]
    faults: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        """Yield each line as a row."""
        columns, faults = self.columns, self.faults
        common = Row(place=columns.place, cells={}, sheet_number=columns.sources[0].sheet_number)
        for number, texts in zip(self.numbers, self.texts, strict=True):
            row = common.on(f"{columns.place}{number}", LineCells(columns, number, texts), number)
            yield self._with_faults(row, number) if number in faults else row

    def _with_faults(self, row: Row, number: int) -> Row:
        missing = self.faults[number]
        columns = self.columns
        errors = {name: columns.source(columns.names.index(name), number) for name in missing}
        return replace(row, missing=missing, errors=errors)

    def halves(self) -> Iterator["Lines"]:
        """Yield the first lines, and then the others."""
        middle = len(self.numbers) // 2
        for part in (slice(middle), slice(middle, None)):
            numbers = self.numbers[part]
            faults = {number: self.faults[number] for number in numbers if number in self.faults}
            yield replace(self, numbers=numbers, texts=self.texts[part], faults=faults)
