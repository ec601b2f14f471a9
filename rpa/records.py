"""Raw rows become a typed record: its values, where each came from, its reference and its fingerprint."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rpa.definitions.bot import FieldSpec, RecordSpec
from rpa.definitions.value import ValueSpec
from rpa.documents.base import Row, Source, source_from
from rpa.errors import BusinessException
from rpa.fields.base import FieldOptions, FieldProblem, FieldType, Value, read_value
from rpa.fields.hiding import hidden
from rpa.fields.spellings import spellings
from rpa.fields.table import field_type
from rpa.work import commitment


@dataclass(frozen=True, kw_only=True)
class FieldValue:
    """One typed value. *value* is None where an optional field was left blank; *raw* is the text as it stood."""

    type: str
    value: Value | None = field(repr=False)
    raw: str = field(repr=False)
    source: Source | None
    personal: bool

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
class Record:
    """The typed content of one form or row."""

    fields: Mapping[str, FieldValue]
    documents: Mapping[str, Attached] = field(default_factory=dict)

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

    def provenance(self, salt: bytes) -> dict[str, dict[str, str]]:
        """Return for the audit trail where each value stood, and a commitment to it, which tells no value."""
        return {
            name: {
                "document": value.source.document,
                "place": value.source.logged,
                "how": value.source.how,
                "commitment": commitment(salt, name, value.text),
            }
            for name, value in self.fields.items()
            if value.source is not None
        }

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON-ready data for the ledger."""
        return {
            "fields": {name: _field_to_json(value) for name, value in self.fields.items()},
            "documents": {name: vars(document) for name, document in self.documents.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Record":
        """Return the record that `to_json` wrote."""
        return cls(
            {name: _field_from_json(value) for name, value in data["fields"].items()},
            {name: Attached(**document) for name, document in data["documents"].items()},
        )


@dataclass(frozen=True)
class Reading:
    """Some fields of a record as typed from one row, and for a clerk what was wrong with the others."""

    fields: Mapping[str, FieldValue]
    problems: Mapping[str, str]

    def refuse_problems(self) -> None:
        """Raise a `BusinessException` that tells everything that is wrong at once."""
        if self.problems:
            first = next(iter(self.problems))
            raise BusinessException("; ".join(self.problems.values()), field=first)


def read_fields(spec: RecordSpec, names: Iterable[str], row: Row) -> Reading:
    """Type the named fields of *spec* from what a reader found on *row*."""
    fields: dict[str, FieldValue] = {}
    problems: dict[str, str] = {}
    for name in names:
        try:
            fields[name] = _typed(name, spec.fields[name], row)
        except FieldProblem as problem:
            problems[name] = f"{title(name, spec.fields[name])} ({_place(name, row)}): {problem}"
    return Reading(fields, problems)


def title(name: str, spec: FieldSpec) -> str:
    """Return what a clerk calls the field: its label on the paper, else its name."""
    return spec.label or name.replace("_", " ")


def options_of(spec: ValueSpec) -> FieldOptions:
    """Return what the definition adds to the field's type."""
    return FieldOptions(
        format=spec.format,
        pattern=spec.pattern,
        options={**{name: name for name in spec.choose}, **spec.options},
        many=spec.many,
        max_length=spec.max_length,
    )


def _typed(name: str, spec: FieldSpec, row: Row) -> FieldValue:
    cell = row.cells.get(name)
    if cell is None and name in row.missing:
        raise FieldProblem(row.missing[name])
    raw = cell.text if cell else ""
    source = cell.source if cell else None
    if not raw.strip():
        if spec.required:
            raise FieldProblem("is blank, but it is needed")
        return FieldValue(type=spec.type, value=None, raw="", source=source, personal=spec.personal)
    value = read_value(field_type(spec.type), raw, options_of(spec))
    return FieldValue(type=spec.type, value=value, raw=raw, source=source, personal=spec.personal)


def _place(name: str, row: Row) -> str:
    cell = row.cells.get(name)
    return str(cell.source) if cell else row.place


def _field_to_json(value: FieldValue) -> dict[str, Any]:
    source = None if value.source is None else vars(value.source)
    text = None if value.value is None else value.text
    return {"type": value.type, "text": text, "raw": value.raw, "source": source, "personal": value.personal}


def _field_from_json(data: Mapping[str, Any]) -> FieldValue:
    text, source = data["text"], data["source"]
    return FieldValue(
        type=data["type"],
        value=None if text is None else field_type(data["type"]).decode(text),
        raw=data["raw"],
        source=None if source is None else source_from(source),
        personal=data["personal"],
    )
