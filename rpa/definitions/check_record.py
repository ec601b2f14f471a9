"""The record: its fields, their types and places, and its reference."""

import re
from collections.abc import Iterator, Mapping

from rpa import pattern as patterns
from rpa.definitions.bot import Bot, FieldSpec, PlaceSpec
from rpa.definitions.meant import hint, listed
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""A name that `$name` can refer to."""

PLACES = ("field", "cell", "label", "choose")
"""The ways in which a value can be found on a document."""

READS: Mapping[str, tuple[str, ...]] = {
    "pdf-form": ("field", "label", "choose"),
    "pdf-text": ("label", "choose"),
    "excel": ("label",),
    "excel-form": ("cell", "label", "choose"),
    "csv": ("label",),
}
"""The ways that each of our readers knows; a reader from elsewhere may know all."""

NAMED_COLUMNS = ("excel", "csv")
"""Readers that take a field without a label for a column of the field's name."""


def record_problems(bot: Bot, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what is wrong with the record's fields."""
    yield from _reference(bot, source)
    for name, spec in bot.record.fields.items():
        way: Location = ("record", "fields", name)
        if not WORD.fullmatch(name):
            words = f"`{name}` can't be a field's name: use letters, digits and underscores, so that `$name` works"
            yield source.problem(way, words, at_key=True)
        yield from _type(spec, way, source, vocabulary)
        yield from _patterns(spec, way, source)
        if spec.type in vocabulary.field_types:
            yield from _choice(spec, way, source)
        yield from _document(bot, spec, way, source)


def date_format_problem(written: str) -> str | None:
    """Return why *written* can't be the format of a date, if it can't."""
    if all(token in written for token in ("YY", "M", "D")):
        return None
    return f"`{written}` is no format of a date: it says YYYY, MM and DD, such as `MM/DD/YYYY`"


def _reference(bot: Bot, source: Source) -> Iterator[Problem]:
    name, fields = bot.record.reference, bot.record.fields
    if name not in fields:
        yield source.problem(("record", "reference"), f"no field is called `{name}`{hint(name, fields)}")
    elif not fields[name].required:
        words = f"`{name}` is the reference, so it is never blank: leave out `required: false`"
        yield source.problem(("record", "fields", name, "required"), words)
    elif fields[name].personal:
        words = f"`{name}` is personal and can't be the reference: references stand in the log for good"
        yield source.problem(("record", "fields", name, "personal"), words)


def _type(spec: FieldSpec, way: Location, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    if spec.type not in vocabulary.field_types:
        message = f"no field type is called `{spec.type}`{hint(spec.type, vocabulary.field_types)}"
        yield source.problem((*way, "type"), message)
    elif spec.type == "date" and spec.format is not None:
        wrong = date_format_problem(spec.format)
        if wrong:
            yield source.problem((*way, "format"), wrong)


def _patterns(spec: FieldSpec, way: Location, source: Source) -> Iterator[Problem]:
    for key in ("pattern", "file_name"):
        wrong = pattern_problem(getattr(spec, key))
        if wrong:
            yield source.problem((*way, key), f"`{key}` is no regular expression: {wrong}")


def pattern_problem(pattern: str | None) -> str | None:
    """Return why *pattern* is no regular expression that can be used, if it is none."""
    return patterns.problem(pattern or "")


def _choice(spec: FieldSpec, way: Location, source: Source) -> Iterator[Problem]:
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


def _ticks(spec: FieldSpec, way: Location, source: Source) -> Iterator[Problem]:
    """Yield each box that is ticked for none of the field's options."""
    known = [*spec.options.values(), *spec.options]
    for value in spec.choose:
        if value.casefold() not in map(str.casefold, known):
            message = f"`{value}` is none of the field's options{hint(value, known)}"
            yield source.problem((*way, "choose", value), message, at_key=True)


def _document(bot: Bot, spec: FieldSpec, way: Location, source: Source) -> Iterator[Problem]:
    document = bot.documents.get(spec.from_)
    if document is None:
        message = f"no document is called `{spec.from_}`{hint(spec.from_, bot.documents)}"
        yield source.problem((*way, "from"), message)
    elif spec.file_name is not None:
        if spec.from_ != bot.record.each:
            words = f"`file_name` is for a field that comes from `{bot.record.each}`"
            yield source.problem((*way, "file_name"), words, at_key=True)
    else:
        if document.reader not in NAMED_COLUMNS and not _given(spec):
            known = listed(READS.get(document.reader, PLACES))
            yield source.problem(way, f"`{way[-1]}` has no place on the document: give one of {known}")
        yield from _place(spec, way, source, document.reader)
        for value, place in spec.choose.items():
            yield from _place(place, (*way, "choose", value), source, document.reader)


def _place(place: PlaceSpec, way: Location, source: Source, reader: str) -> Iterator[Problem]:
    known = READS.get(reader, PLACES)
    for kind in _given(place):
        if kind not in known:
            message = f"the reader `{reader}` can't find a value by `{kind}`: give one of {listed(known)}"
            yield source.problem((*way, kind), message, at_key=True)


def _given(place: PlaceSpec) -> list[str]:
    return [kind for kind in PLACES if getattr(place, kind, None)]
