"""Documents: where their files are, what reads them, and how they hang together."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from rpa.definitions.bot import Bot, DocumentSpec
from rpa.definitions.check_attached import attached_problems
from rpa.definitions.meant import hint
from rpa.definitions.step import REFERENCE
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

_OWN = ("files", "attached_to", "form", "reader", "match", "totals")
_OPTIONS = [key for key in DocumentSpec.model_fields if key not in _OWN]
"""What a document says to its reader."""


def document_problems(bot: Bot, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what is wrong with the bot's documents."""
    each = bot.record.each
    if each not in bot.documents:
        yield source.problem(("record", "each"), f"no document is called `{each}`{hint(each, bot.documents)}")
    for name, spec in bot.documents.items():
        way: Location = ("documents", name)
        yield from _files(spec, way, source)
        if spec.attached_to is not None:
            yield from attached_problems(bot, name, source)
        yield from _reader(spec, way, source, vocabulary)
        yield from _password(spec, way, source, vocabulary)
        if each in bot.documents:
            yield from _use(bot, name, source)


def _files(spec: DocumentSpec, way: Location, source: Source) -> Iterator[Problem]:
    place = (*way, "files")
    if "\\" in spec.files:
        yield source.problem(place, "write `/` between folders, also on Windows")
    elif re.match(r"/|~|[A-Za-z]:", spec.files) or ".." in PurePosixPath(spec.files).parts:
        words = "`files` are below the project's folder: give a path from there, without `..`"
        yield source.problem(place, words)


def _reader(spec: DocumentSpec, way: Location, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    if not spec.reader and spec.attached_to is not None:
        return  # one that is only passed on
    if spec.reader not in vocabulary.readers:
        message = f"no reader is called `{spec.reader}`{hint(spec.reader, vocabulary.readers)}"
        yield source.problem((*way, "reader"), message)
        return
    of_form = ("table",) if spec.form is not None else ()  # then it is the form's own
    given = [option for option in _OPTIONS if getattr(spec, option) and option not in of_form]
    known = vocabulary.reader_options(spec.reader) if given else ()
    for option in given:
        if option not in known:
            message = f"the reader `{spec.reader}` takes no `{option}`: leave it out"
            yield source.problem((*way, option), message, at_key=True)


def _password(spec: DocumentSpec, way: Location, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    known = vocabulary.credentials
    if spec.password is not None and known is not None and spec.password not in known:
        message = f"no credential is called `{spec.password}`{hint(spec.password, known)}"
        yield source.problem((*way, "password"), message)


def _use(bot: Bot, name: str, source: Source) -> Iterator[Problem]:
    spec, way = bot.documents[name], ("documents", name)
    if name == bot.record.each:
        if spec.match:
            message = f"`match` is for a document that is looked up; of `{name}` each form or row is a record"
            yield source.problem((*way, "match"), message, at_key=True)
    elif spec.attached_to is not None:
        return
    elif spec.match:
        yield from _match(bot, spec, way, source)
    elif any(field.from_ == name for field in bot.record.fields.values()):
        message = f"`{name}` is looked up, so it needs `match`: its column, and the `$field` that it must equal"
        yield source.problem(way, message, at_key=True)
    else:
        message = f"`{name}` is never used: let a field come `from: {name}`, or leave it out"
        yield source.problem(way, message, at_key=True)


def _match(bot: Bot, spec: DocumentSpec, way: Location, source: Source) -> Iterator[Problem]:
    for column, text in spec.match.items():
        message = _match_problem(bot, text)
        if message:
            yield source.problem((*way, "match", column), message)


def _match_problem(bot: Bot, text: str) -> str | None:
    reference = REFERENCE.fullmatch(text)
    if reference is None or reference[2] is not None:
        return "`match` compares a column with a field of the record, such as `Member ID: $member_id`"
    field = bot.record.fields.get(reference[1])
    if field is None:
        return f"no field is called `{reference[1]}`{hint(reference[1], bot.record.fields)}"
    document = bot.documents.get(field.from_)
    if field.from_ != bot.record.each and (document is None or document.attached_to is None):
        return f"`{text}` comes from `{field.from_}`: match by a field that comes from `{bot.record.each}`"
    return None
