"""What is wrong with a form: how it is recognised, its empty copies, and the places of its values."""

from collections.abc import Iterator

from rpa.definitions.check_tables import table_problems
from rpa.definitions.check_value import given, place_problems, value_problems
from rpa.definitions.form import EditionSpec, Form, Recognise
from rpa.definitions.gather import gathered
from rpa.definitions.meant import hint, listed
from rpa.definitions.names import WORD
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

READERS = ("pdf-form", "pdf-text", "excel-form")
"""Readers of documents that are one record each."""

RECOGNISES = {
    "pdf-form": ("text", "not", "field"),
    "pdf-text": ("text", "not"),
    "excel-form": ("text", "not", "sheet"),
}
"""What each of them can be told by."""


def check_form(form: Form, source: Source, vocabulary: Vocabulary) -> list[Problem]:
    """Return every mistake of *form*, in the order of its file."""
    return gathered(_problems(form, source, vocabulary))


def _problems(form: Form, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    if form.reader not in READERS:
        message = f"no reader of forms is called `{form.reader}`{hint(form.reader, READERS)}"
        yield source.problem(("reader",), message)
        return
    for name, edition in form.editions.items():
        yield from _edition(form, edition, ("editions", name), source)
    for name, spec in form.fields.items():
        way: Location = ("fields", name)
        if not WORD.fullmatch(name):
            words = f"`{name}` can't be a field's name: use letters, digits and underscores, so that `$name` works"
            yield source.problem(way, words, at_key=True)
        yield from value_problems(spec, way, source, vocabulary)
        yield from _places(form, name, source)
    for name in form.tables:
        yield from table_problems(form, name, source, vocabulary)


def _places(form: Form, name: str, source: Source) -> Iterator[Problem]:
    """Yield what is wrong with the places of a field: one that is needed has a place on every edition."""
    spec, way = form.fields[name], ("fields", name)
    without = [edition for edition in form.editions if not given(form.ways(edition, name))]
    if given(spec) or len(without) == len(form.editions):
        yield from place_problems(spec, way, source, form.reader)
    elif without and spec.required:
        message = f"`{name}` has no place on the edition {listed(without)}: give one, or say `required: false`"
        yield source.problem(way, message, at_key=True)


def _edition(form: Form, edition: EditionSpec, way: Location, source: Source) -> Iterator[Problem]:
    yield from _recognise(form, edition.recognise, (*way, "recognise"), source)
    yield from _blank(form, edition, way, source)
    for name, spec in edition.fields.items():
        place = (*way, "fields", name)
        if form.value(name) is None:
            message = f"`{name}` is none of the form's fields{hint(name, form.fields)}"
            yield source.problem(place, message, at_key=True)
        yield from place_problems(spec, place, source, form.reader)


def _recognise(form: Form, spec: Recognise, way: Location, source: Source) -> Iterator[Problem]:
    known = RECOGNISES[form.reader]
    said = {"text": spec.text, "not": spec.not_, "field": spec.field, "sheet": spec.sheet}
    for key, values in said.items():
        if values and key not in known:
            message = f"the reader `{form.reader}` can't know a form by `{key}`: give some of {listed(known)}"
            yield source.problem((*way, key), message, at_key=True)
    if not spec.text and not spec.sheet:
        words = "nothing tells this edition from other documents: give `text` that is printed on it"
        yield source.problem(way, words, at_key=True)


def _blank(form: Form, edition: EditionSpec, way: Location, source: Source) -> Iterator[Problem]:
    place = (*way, "blank")
    if edition.blank is None:
        return
    if form.reader != "pdf-form":
        message = f"the reader `{form.reader}` takes no `blank`: leave it out"
        yield source.problem(place, message, at_key=True)
    elif "/" in edition.blank or not (source.path.parent / edition.blank).is_file():
        yield source.problem(place, f"no file `{edition.blank}` stands beside this one")
