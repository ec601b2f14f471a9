"""Values: what they are, and the places where they stand."""

from collections.abc import Collection, Iterator, Mapping

from rpa import pattern as patterns
from rpa.definitions.meant import hint, listed
from rpa.definitions.value import PlaceSpec, ValueSpec, WaysSpec
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

PLACES = ("field", "header", "cell", "name", "label", "line", "choose")
"""The ways in which a value can be found on a document."""

READS: Mapping[str, tuple[str, ...]] = {
    "pdf-form": ("field", "label", "line", "choose"),
    "pdf-text": ("label", "line", "choose"),
    "excel": ("label",),
    "excel-form": ("cell", "name", "label", "choose"),
    "csv": ("label",),
    "mail": ("header", "label", "line"),
}
"""The ways that each of our readers knows; a reader from elsewhere may know all."""

NARROWED = ("under", "nth", "between")
"""What says which of several labels is meant."""

NARROWS = ("excel-form",)
"""Readers that know what is in `NARROWED`; one from elsewhere may too."""

NAMED_COLUMNS = ("excel", "csv")
"""Readers that take a field without a label for a column of the field's name."""


def value_problems(spec: ValueSpec, way: Location, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what is wrong with what is said of the value at *way*."""
    yield from _type(spec, way, source, vocabulary)
    wrong = pattern_problem(spec.pattern)
    if wrong:
        yield source.problem((*way, "pattern"), f"`pattern` is no regular expression: {wrong}")
    if spec.type in vocabulary.field_types:
        yield from _choice(spec, way, source)


def place_problems(spec: WaysSpec, way: Location, source: Source, reader: str) -> Iterator[Problem]:
    """Yield what is wrong with the places where *reader* is to look for the value at *way*."""
    if reader not in NAMED_COLUMNS and not given(spec):
        known = listed(READS.get(reader, PLACES))
        yield source.problem(way, f"`{way[-1]}` has no place on the document: give one of {known}")
    yield from _place(spec, way, source, reader)
    for value, place in spec.choose.items():
        yield from _place(place, (*way, "choose", value), source, reader)
    for number, place in enumerate(spec.or_):
        yield from _place(place, (*way, "or", number), source, reader)


def date_format_problem(written: str) -> str | None:
    """Return why *written* can't be the format of a date, if it can't."""
    if all(token in written for token in ("YY", "M", "D")):
        return None
    return f"`{written}` is no format of a date: it says YYYY, MM and DD, such as `MM/DD/YYYY`"


def _type(spec: ValueSpec, way: Location, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    if spec.type not in vocabulary.field_types:
        message = f"no field type is called `{spec.type}`{hint(spec.type, vocabulary.field_types)}"
        yield source.problem((*way, "type"), message)
    elif spec.type == "date" and spec.format is not None:
        wrong = date_format_problem(spec.format)
        if wrong:
            yield source.problem((*way, "format"), wrong)


def pattern_problem(pattern: str | None) -> str | None:
    """Return why *pattern* is no regular expression that can be used, if it is none."""
    return patterns.problem(pattern or "")


def _choice(spec: ValueSpec, way: Location, source: Source) -> Iterator[Problem]:
    if spec.type == "choice" and not spec.options and not spec.choose:
        words = (
            "a choice needs `options` (what the document says: what the record holds) or `choose` (boxes to tick)"
        )
        yield source.problem(way, words)
    if spec.options and spec.type not in ("choice", "yes-no"):
        yield source.problem((*way, "options"), "`options` are for the types `choice` and `yes-no`", at_key=True)
    if spec.many and spec.type != "choice":
        yield source.problem((*way, "many"), "`many` is for the type `choice`", at_key=True)
    if spec.type == "choice" and spec.options:
        yield from _ticks(spec, way, source)


def _ticks(spec: ValueSpec, way: Location, source: Source) -> Iterator[Problem]:
    """Yield each box that is ticked for none of the field's options."""
    known = [*spec.options.values(), *spec.options]
    for value in spec.choose:
        if value.casefold() not in map(str.casefold, known):
            message = f"`{value}` is none of the field's options{hint(value, known)}"
            yield source.problem((*way, "choose", value), message, at_key=True)


def _place(place: PlaceSpec, way: Location, source: Source, reader: str) -> Iterator[Problem]:
    known = READS.get(reader, PLACES)
    for kind in given(place):
        if kind not in known:
            message = f"the reader `{reader}` can't find a value by `{kind}`: give one of {listed(known)}"
            yield source.problem((*way, kind), message, at_key=True)
    wrong = pattern_problem(place.line)
    if wrong:
        yield source.problem((*way, "line"), f"`line` is no regular expression: {wrong}")
    for key in NARROWED:
        if getattr(place, key) and reader in READS and reader not in NARROWS:
            message = f"the reader `{reader}` knows no `{key}`: leave it out"
            yield source.problem((*way, key), message, at_key=True)
    yield from between_problems(place.between, (*way, "between"), source)


def between_problems(texts: Collection[str], way: Location, source: Source) -> Iterator[Problem]:
    """Yield what is wrong with the texts at *way*, between which something stands."""
    if texts and len(texts) != 2:  # noqa: PLR2004  # one above and one below
        yield source.problem(way, "`between` needs two texts: the one above, and the one below", at_key=True)


def given(place: PlaceSpec) -> list[str]:
    """Return the ways that *place* gives."""
    return [kind for kind in PLACES if getattr(place, kind, None)]
