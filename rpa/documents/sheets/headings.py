"""Which column is meant by a heading, and the records below it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from rpa.documents.base import Cell, Place, Row, Source
from rpa.documents.likeness import folded, nearest
from rpa.documents.sheets.cells import Line
from rpa.errors import DocumentProblem

LEVELS = 3
"""Headings stand in this many rows one upon the other at most."""


def find_headings(
    lines: Iterator[Line],
    places: Mapping[str, Place],
    texts: Callable[[Line], Sequence[str]],
    where: str,
) -> Mapping[str, int]:
    """Read *lines* up to the first that has all wanted headings, and return the column of each, counted from 0.

    *texts* gives the headings of a line as seen through merged cells, *where* names the sheet for people. Headings
    in several rows may be called by the lowest alone or together: `Amount`, `Payment Amount`. Raises
    `DocumentProblem`, kind missing, where no line has them all.
    """
    wanted = {name: place.label or name for name, place in places.items()}
    best: list[tuple[str, ...]] = []
    for names in _candidates(lines, texts):
        if _found(names, wanted) == len(wanted):
            return {name: _column(names, text, where) for name, text in wanted.items()}
        if any(names) and (not best or _found(names, wanted) > _found(best, wanted)):
            best = names
    raise _not_found(best, wanted, where)


def _candidates(lines: Iterator[Line], texts: Callable[[Line], Sequence[str]]) -> Iterator[list[tuple[str, ...]]]:
    """Yield for each line what its columns would be called if it were the one of headings."""
    above: list[Sequence[str]] = []
    for line in lines:
        above = [*above[1 - LEVELS :], texts(line)]
        yield _names(above)


def _names(above: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return for each column what its heading may be called: the lowest text, and that with those above it."""
    width = max(map(len, above))
    columns = [[row[column] if column < len(row) else "" for row in above] for column in range(width)]
    return [_called(column) for column in columns]


def _called(column: Sequence[str]) -> tuple[str, ...]:
    names, name = [], ""
    for text in reversed(column):
        if text and not folded(name).startswith(folded(text)):
            name = f"{text} {name}".strip()
            names.append(name)
    return tuple(names)


def _found(names: Sequence[tuple[str, ...]], wanted: Mapping[str, str]) -> int:
    known = {folded(name) for called in names for name in called}
    return sum(folded(text) in known for text in wanted.values())


def _column(names: Sequence[tuple[str, ...]], text: str, where: str) -> int:
    columns = [index for index, called in enumerate(names) if folded(text) in map(folded, called)]
    own = [index for index in columns if names[index] and folded(names[index][0]) == folded(text)]
    if len(columns) > 1 and len(own) != 1:
        raise DocumentProblem(
            "missing", f'{where} has {len(columns)} columns "{text}": add the heading above it, or rename one'
        )
    return (own or columns)[0]


def _not_found(best: Sequence[tuple[str, ...]], wanted: Mapping[str, str], where: str) -> DocumentProblem:
    """Say which heading is not there. Other headings are told only where the line surely is one of headings."""
    every = [name for called in best for name in called]
    lost = next(text for text in wanted.values() if folded(text) not in map(folded, every))
    meant = nearest(lost, every)
    told = f'{where} has no column "{lost}"'
    if len(wanted) > 1 and _found(best, wanted):
        told += f"; its headings are {', '.join(called[0] for called in best if called)}"
    return DocumentProblem("missing", told + (f'; did you mean "{meant}"?' if meant else ""))


def records(
    lines: Iterator[Line],
    columns: Mapping[str, int],
    places: Mapping[str, Place],
    source: Callable[[Line, str, int], Source],
) -> Iterator[Row]:
    """Yield a row for every line on which a wanted cell holds something, up to a line that says `until`."""
    for line in lines:
        found = {name: line.at(column) for name, column in columns.items()}
        if any(_ends(found[name].text, place.until) for name, place in places.items()):
            return
        if all(cell.blank for cell in found.values()):
            continue
        yield Row(
            place=line.place,
            cells={
                name: Cell(cell.text, source(line, name, columns[name]))
                for name, cell in found.items()
                if not cell.fault
            },
            missing={name: cell.fault for name, cell in found.items() if cell.fault},
            sheet_number=line.sheet_number,
            line=line.number,
        )


def _ends(text: str, until: str | None) -> bool:
    return bool(until) and folded(text).startswith(folded(until or ""))
