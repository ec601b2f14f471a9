"""Which column is meant by a heading, and the records below it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from rpa.documents.base import Place, Source
from rpa.documents.likeness import folded, nearest
from rpa.documents.lists import Columns, Lines
from rpa.documents.sheets.cells import Line
from rpa.errors import DocumentProblem

LEVELS = 3
"""Headings stand in this many rows one upon the other at most."""

AT_ONCE = 10_000
"""How many values of a list are handed on together: a list of any length takes the memory of these."""


def find_headings(
    lines: Iterator[Line],
    places: Mapping[str, Place],
    texts: Callable[[Line], Sequence[str]],
    where: str,
) -> tuple[int, Mapping[str, int]]:
    """Read *lines* up to the first that has all wanted headings; return its number, and the column of each from 0.

    *texts* gives the headings of a line as seen through merged cells, *where* names the sheet for people. Headings
    in several rows may be called by the lowest alone or together: `Amount`, `Payment Amount`. Raises
    `DocumentProblem`, kind missing, where no line has them all.
    """
    wanted = {name: place.label or name for name, place in places.items()}
    best: list[tuple[str, ...]] = []
    for number, names in _candidates(lines, texts):
        if _found(names, wanted) == len(wanted):
            return number, {name: _column(names, text, where) for name, text in wanted.items()}
        if any(names) and (not best or _found(names, wanted) > _found(best, wanted)):
            best = names
    raise _not_found(best, wanted, where)


def _candidates(
    lines: Iterator[Line], texts: Callable[[Line], Sequence[str]]
) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """Yield for each line its number and what its columns would be called if it were the one of headings."""
    above: list[Sequence[str]] = []
    for line in lines:
        above = [*above[1 - LEVELS :], texts(line)]
        yield line.number, _names(above)


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
    source: Callable[[int], Source],
    place: str,
) -> Iterator[Lines]:
    """Yield every line on which a wanted cell holds something, many at a time, up to a line that says `until`.

    *source* tells where a column stands, and *place* what a line is called: the line's number comes behind its
    cell, and behind the place.
    """
    shared = Columns(list(columns), [source(column) for column in columns.values()], place)
    found = _filled(lines, columns, places)
    while some := list(islice(found, max(AT_ONCE // len(columns), 1))):
        numbers, texts, faults = zip(*some, strict=True)
        told = {number: fault for number, fault in zip(numbers, faults, strict=True) if fault}
        yield Lines(columns=shared, numbers=numbers, texts=texts, faults=told)


def _filled(
    lines: Iterator[Line], columns: Mapping[str, int], places: Mapping[str, Place]
) -> Iterator[tuple[int, list[str | None], Mapping[str, str]]]:
    """Yield the number of each line that holds anything, its texts, and what is wrong with those that are None."""
    ending = [(index, places[name].until) for index, name in enumerate(columns) if places[name].until]
    at = list(columns.values())
    for line in lines:
        found = line.pick(at)
        if ending and any(_ends(found[index].text, until or "") for index, until in ending):
            return
        texts = [None if fault else text for text, fault, _ in found]
        if None in texts:
            yield (
                line.number,
                texts,
                {name: one.fault for name, one in zip(columns, found, strict=True) if one.fault},
            )
        elif any(texts):
            yield line.number, texts, {}


def _ends(text: str, until: str) -> bool:
    return folded(text).startswith(folded(until))
