"""Which edition of a form a document is, by what is printed on it; a document that is none is never guessed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from rpa.documents.base import Edition, Wanted
from rpa.errors import DocumentProblem


class Seen(Protocol):
    """What a reader sees of a document before it reads any value."""

    def says(self, text: str) -> bool:
        """Tell whether *text* is printed on it."""
        ...

    def has_field(self, name: str) -> bool:
        """Tell whether it has the form field *name*; a copy that is flat has every one, for it can't tell."""
        ...

    def has_sheet(self, name: str) -> bool:
        """Tell whether it has the sheet *name*."""
        ...


def recognised(wanted: Wanted, seen: Seen) -> tuple[str | None, Wanted]:
    """Return the edition that the document is, and what is wanted of that one.

    Raises `DocumentProblem` where it is none of them, or more than one; both tell what was seen.
    """
    if not wanted.editions:
        return None, wanted
    against = {name: list(_against(edition, seen)) for name, edition in wanted.editions.items()}
    names = [name for name, reasons in against.items() if not reasons]
    if len(names) != 1:
        raise DocumentProblem("unknown-form", _several(names) if names else _none(against))
    return names[0], _of(wanted, wanted.editions[names[0]])


def _against(edition: Edition, seen: Seen) -> Iterator[str]:
    """Yield, in the form's own words, what speaks against *edition*."""
    yield from (f'"{text}" is not on it' for text in edition.texts if not seen.says(text))
    yield from (f'"{text}" is on it' for text in edition.no_texts if seen.says(text))
    yield from (f"it has no field {name}" for name in edition.fields if not seen.has_field(name))
    yield from (f"it has no sheet {name}" for name in edition.sheets if not seen.has_sheet(name))


def _none(against: dict[str, list[str]]) -> str:
    told = "; ".join(f"no {name}, for {' and '.join(reasons)}" for name, reasons in against.items())
    return f"it is no form that is known here: {told}"


def _several(names: list[str]) -> str:
    return f"it looks like {' and like '.join(names)}: the forms must say what tells one from the other"


def _of(wanted: Wanted, edition: Edition) -> Wanted:
    blank = {} if edition.blank is None else {"blank": edition.blank}
    return replace(wanted, places=edition.places, options={**wanted.options, **blank}, table=edition.table)
