"""Raw rows become a typed record: its values, where each came from, its reference and its fingerprint."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rpa.definitions.bot import FieldSpec, RecordSpec
from rpa.definitions.value import ValueSpec
from rpa.documents.base import Row, Source, source_from
from rpa.documents.likeness import folded
from rpa.doubt import Doubt, doubt_of
from rpa.errors import BusinessException
from rpa.fields.base import FieldOptions, FieldProblem, FieldType, Value, read_value
from rpa.fields.hiding import hidden
from rpa.fields.spellings import spellings
from rpa.fields.table import field_type
from rpa.work import commitment


@dataclass(frozen=True, kw_only=True)
class FieldValue:
    """One typed value. *value* is None where an optional field was left blank; *raw* is the text as it stood.

    *agreed* names the readings that gave the same text, *warnings* what a person should know of it.
    """

    type: str
    value: Value | None = field(repr=False)
    raw: str = field(repr=False)
    source: Source | None
    personal: bool
    agreed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def kind(self) -> FieldType:
        """The field type that reads, writes and compares the value."""
        return field_type(self.type)

    @property
    def text(self) -> str:
        """The canonical text; empty where the field was left blank."""
        return "" if self.value is None else self.kind.encode(self.value)

    @property
    def spellings(self) -> set[str]:
        """Every way in which the value may be written by somebody else; none where the field was left blank."""
        return set() if self.value is None else spellings(self.kind, self.value, self.raw)


@dataclass(frozen=True)
class Attached:
    """A document of the record: its SHA-256 and the name it came with."""

    sha256: str
    name: str = field(repr=False)


@dataclass(frozen=True)
class Person:
    """The fields by which a person is known: those of the *name*, in order, and the one of the date of birth."""

    name: tuple[str, ...]
    born: str


@dataclass(frozen=True)
class Record:
    """The typed content of one form or row; *person* where the bot says whom it is about."""

    fields: Mapping[str, FieldValue]
    documents: Mapping[str, Attached] = field(default_factory=dict)
    person: Person | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the typed values: two forms that say the same have the same, however they were made."""
        texts = {name: value.text for name, value in self.fields.items()}
        return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()

    def personal_texts(self) -> Iterator[str]:
        """Yield what must not be seen in pictures: personal values, in every spelling."""
        for texts in self._personal().values():
            yield from texts

    def redact(self, words: str) -> str:
        """Return *words* with every personal value, however it is spelled, replaced by its field's name."""
        return hidden(words, self._personal())

    def _personal(self) -> dict[str, set[str]]:
        return {name: value.spellings for name, value in self.fields.items() if value.personal}

    def provenance(self, salt: bytes, rules: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """Return for the audit trail where each value stood, and commitments to it, which tell no value.

        `raw` is that to the text as it stood, `commitment` that to what was made of it by the field's rule.
        """
        return {
            name: {
                "document": value.source.document,
                "place": value.source.logged,
                "how": value.source.how,
                "raw": commitment(salt, f"{name}.raw", value.raw),
                "rule": rules.get(name, value.type),
                "commitment": commitment(salt, name, value.text),
            }
            for name, value in self.fields.items()
            if value.source is not None
        }

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON-ready data for the ledger."""
        told: dict[str, Any] = {
            "fields": {name: _field_to_json(value) for name, value in self.fields.items()},
            "documents": {name: vars(document) for name, document in self.documents.items()},
        }
        if self.person is not None:
            told["person"] = {"name": list(self.person.name), "born": self.person.born}
        return told

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Record":
        """Return the record that `to_json` wrote."""
        person = data.get("person")
        return cls(
            {name: _field_from_json(value) for name, value in data["fields"].items()},
            {name: Attached(**document) for name, document in data["documents"].items()},
            None if person is None else Person(tuple(person["name"]), person["born"]),
        )


@dataclass(frozen=True)
class Reading:
    """Some fields of a record as typed from one row, what was wrong with the others, and the doubts about them."""

    fields: Mapping[str, FieldValue]
    doubts: Mapping[str, Doubt]
    problems: Mapping[str, str]

    def refuse_problems(self) -> None:
        """Raise a `BusinessException` that tells everything that is wrong at once."""
        if self.problems:
            first = next(iter(self.problems))
            raise BusinessException("; ".join(self.problems.values()), field=first)


def without_placeholders(spec: RecordSpec, row: Row) -> Row:
    """Return *row* with a blank where a text stands that the definition of its field calls one."""
    blank = {
        name: replace(cell, text="")
        for name, cell in row.cells.items()
        if name in spec.fields and folded(cell.text) in map(folded, spec.fields[name].placeholders)
    }
    return replace(row, cells={**row.cells, **blank}) if blank else row


def read_fields(spec: RecordSpec, names: Iterable[str], row: Row) -> Reading:
    """Type the named fields of *spec* from what a reader found on *row*."""
    fields: dict[str, FieldValue] = {}
    doubts: dict[str, Doubt] = {}
    problems: dict[str, str] = {}
    for name in names:
        try:
            fields[name] = _typed(name, spec.fields[name], row)
        except FieldProblem as problem:
            doubts[name] = doubt_of(row, name, str(problem))
            problems[name] = f"{title(name, spec.fields[name])} ({_place(name, row)}): {problem}"
    return Reading(fields, doubts, problems)


def title(name: str, spec: FieldSpec) -> str:
    """Return what a clerk calls the field: its label on the paper, else its name."""
    return spec.label or name.replace("_", " ")


def person_of(spec: RecordSpec) -> Person | None:
    """Return by which fields the definition knows a person; None where it does not say."""
    return None if spec.person is None else Person(tuple(spec.person.name), spec.person.born)


def rule_of(spec: FieldSpec) -> str:
    """Return by what rule a text becomes the field's value, in the words of its definition."""
    return " ".join(word for word in (spec.type, spec.format, spec.pattern) if word)


def options_of(spec: ValueSpec) -> FieldOptions:
    """Return what the definition adds to the field's type."""
    return FieldOptions(
        format=spec.format,
        pattern=spec.pattern,
        options={**{name: name for name in spec.choose}, **spec.options},
        many=spec.many,
        max_length=spec.max_length,
        keep_zeros=spec.keep_zeros,
    )


def _typed(name: str, spec: FieldSpec, row: Row) -> FieldValue:
    cell = row.cells.get(name)
    if cell is None and name in row.missing:
        raise FieldProblem(row.missing[name])
    if cell is not None and cell.unsure is not None:
        raise FieldProblem(cell.unsure)
    raw = cell.text if cell and cell.text.strip() else ""
    if not raw and spec.required:
        raise FieldProblem("is blank, but it is needed")
    return FieldValue(
        type=spec.type,
        value=read_value(field_type(spec.type), raw, options_of(spec)) if raw else None,
        raw=raw,
        source=cell.source if cell else None,
        personal=spec.personal,
        agreed=cell.agreed if cell else (),
        warnings=cell.warnings if cell else (),
    )


def _place(name: str, row: Row) -> str:
    cell = row.cells.get(name)
    source = cell.source if cell else row.errors.get(name)
    return str(source) if source else row.place


def _field_to_json(value: FieldValue) -> dict[str, Any]:
    source = None if value.source is None else vars(value.source)
    text = None if value.value is None else value.text
    doubtful = {"agreed": list(value.agreed), "warnings": list(value.warnings)}
    told = {"type": value.type, "text": text, "raw": value.raw, "source": source, "personal": value.personal}
    return told | {key: words for key, words in doubtful.items() if words}


def _field_from_json(data: Mapping[str, Any]) -> FieldValue:
    text, source = data["text"], data["source"]
    return FieldValue(
        type=data["type"],
        value=None if text is None else field_type(data["type"]).decode(text),
        raw=data["raw"],
        source=None if source is None else source_from(source),
        personal=data["personal"],
        agreed=tuple(data.get("agreed", ())),
        warnings=tuple(data.get("warnings", ())),
    )
