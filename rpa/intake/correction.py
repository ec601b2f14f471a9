"""A record as a person corrects it: by the rules by which it was read, and what is looked up is looked up anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rpa.definitions.bot import Bot, FieldSpec
from rpa.documents.base import Document, Source
from rpa.errors import BusinessException
from rpa.fields.base import FieldProblem, read_value
from rpa.fields.table import field_type
from rpa.intake.drafts import judge
from rpa.intake.lookup import Lookup
from rpa.intake.papers import Papers
from rpa.records import Attached, FieldValue, Record, options_of, person_of, read_fields

BY_HAND = "corrected"
"""How a value was found that a person has typed: the place is where the one before it stood."""


@dataclass
class CannotBeError(Exception):
    """A corrected record can't be entered: what is wrong by field, and *rest*, which is about no field alone."""

    fields: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""


def correctable(bot: Bot) -> list[str]:
    """Return the fields that a person may correct: not the reference, and none that is looked up."""
    fields = bot.record.fields.items()
    return [name for name, spec in fields if name != bot.record.reference and not bot.documents[spec.from_].match]


def corrected(papers: Papers, record: Record, texts: Mapping[str, str]) -> Record:
    """Return *record* with what a person has typed: *texts* by field, in the way in which the document says them.

    A field that is not among them stays. Raises `CannotBeError` with everything that is wrong.
    """
    spec = papers.bot.record
    fields, problems = {spec.reference: record.fields[spec.reference]}, dict[str, str]()
    for name in correctable(papers.bot):
        try:
            fields[name] = _typed(spec.fields[name], record, record.fields.get(name), texts.get(name))
        except FieldProblem as problem:
            problems[name] = str(problem)
    if problems:
        raise CannotBeError(problems)
    documents = dict(record.documents)
    try:
        _look_up(papers, fields, documents)
        judge(spec, fields)
    except BusinessException as wrong:
        raise CannotBeError(rest=Record(fields).redact(str(wrong))) from None
    ordered = {name: fields[name] for name in spec.fields if name in fields}
    return Record(ordered, documents, person_of(spec))


def _typed(spec: FieldSpec, record: Record, before: FieldValue | None, text: str | None) -> FieldValue:
    if before is not None and (text is None or text in {before.raw, before.text}):
        return before
    raw = (text or "").replace("\r\n", "\n").strip()
    if not raw and spec.required:
        raise FieldProblem("is blank, but it is needed")
    value = read_value(field_type(spec.type), raw, options_of(spec)) if raw else None
    source = _place(spec, record, before)
    return FieldValue(type=spec.type, value=value, raw=raw, source=source, personal=spec.personal)


def _place(spec: FieldSpec, record: Record, before: FieldValue | None) -> Source | None:
    if before is not None and before.source is not None:
        return replace(before.source, how=BY_HAND)
    attached = record.documents.get(spec.from_)
    return None if attached is None else Source(document=attached.sha256, how=BY_HAND)


def _look_up(papers: Papers, fields: dict[str, FieldValue], documents: dict[str, Attached]) -> None:
    lookup, spec = Lookup(papers), papers.bot.record
    for name in lookup.names():
        document, row = lookup.match(name, fields)
        documents[name] = _attached(document)
        reading = read_fields(spec, [one for one, of in spec.fields.items() if of.from_ == name], row)
        reading.refuse_problems()
        fields |= reading.fields


def _attached(document: Document) -> Attached:
    return Attached(document.sha256, document.path.name)
