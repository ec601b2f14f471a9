"""The record: its fields, their types and places, and its reference."""

from collections.abc import Iterator

from rpa.definitions.bot import Bot, FieldSpec
from rpa.definitions.check_value import pattern_problem, place_problems, value_problems
from rpa.definitions.meant import hint
from rpa.definitions.names import WORD
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem


def record_problems(bot: Bot, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what is wrong with the record's fields."""
    yield from _reference(bot, source)
    yield from _subject(bot, source)
    yield from _person(bot, source)
    for name, spec in bot.record.fields.items():
        way: Location = ("record", "fields", name)
        if not WORD.fullmatch(name):
            words = f"`{name}` can't be a field's name: use letters, digits and underscores, so that `$name` works"
            yield source.problem(way, words, at_key=True)
        yield from value_problems(spec, way, source, vocabulary)
        yield from _document(bot, spec, way, source)


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


def _subject(bot: Bot, source: Source) -> Iterator[Problem]:
    name, fields = bot.record.subject, bot.record.fields
    if name is not None and name not in fields:
        yield source.problem(("record", "subject"), f"no field is called `{name}`{hint(name, fields)}")


def _person(bot: Bot, source: Source) -> Iterator[Problem]:
    person, fields = bot.record.person, bot.record.fields
    if person is None:
        return
    for name in person.name:
        if name not in fields:
            yield source.problem(("record", "person", "name"), f"no field is called `{name}`{hint(name, fields)}")
    if person.born not in fields:
        words = f"no field is called `{person.born}`{hint(person.born, fields)}"
        yield source.problem(("record", "person", "born"), words)


def _document(bot: Bot, spec: FieldSpec, way: Location, source: Source) -> Iterator[Problem]:
    document = bot.documents.get(spec.from_)
    if document is None:
        message = f"no document is called `{spec.from_}`{hint(spec.from_, bot.documents)}"
        yield source.problem((*way, "from"), message)
    elif spec.file_name is not None:
        if spec.from_ != bot.record.each:
            words = f"`file_name` is for a field that comes from `{bot.record.each}`"
            yield source.problem((*way, "file_name"), words, at_key=True)
        wrong = pattern_problem(spec.file_name)
        if wrong:
            yield source.problem((*way, "file_name"), f"`file_name` is no regular expression: {wrong}")
    elif document.form is None and not document.reader and document.attached_to is not None:
        words = f"nothing reads `{spec.from_}`: give its `reader`, such as `pdf-form`, or its `form`"
        yield source.problem((*way, "from"), words)
    elif document.form is None:
        yield from place_problems(spec, way, source, document.reader)
