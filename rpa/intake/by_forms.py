"""One file read by whichever form of a project it is, without a bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from rpa.definitions.bot import FieldSpec, RecordSpec
from rpa.definitions.form import Form
from rpa.definitions.value import ValueSpec
from rpa.documents.base import Document, Row, Wanted
from rpa.documents.preflight import is_pdf
from rpa.documents.sandbox import read_rows
from rpa.errors import DocumentProblem
from rpa.intake.drafts import Draft
from rpa.intake.places import editions_of
from rpa.records import Record, read_fields, without_placeholders

READERS = {True: ("pdf-form", "pdf-text"), False: ("excel-form",)}
"""What reads forms that are PDFs, and other forms; each in its turn, until the document is known."""

_FILE = "file"


@dataclass(frozen=True)
class Forms:
    """The forms of a project, whose empty copies are in *folder*."""

    forms: Mapping[str, Form]
    folder: Path

    def draft(self, document: Document) -> tuple[RecordSpec, Draft]:
        """Return what *document* is and what was read of it.

        Raises `DocumentProblem` where it can't be read, and where it is none of the forms: then what was looked
        for is told of every one of them.
        """
        row = self._row(document)
        spec = _record_of(self.forms[str(row.edition).partition(" ")[0]])
        reading = read_fields(spec, spec.fields, without_placeholders(spec, row))
        record = Record(reading.fields)
        problem = "; ".join(reading.problems.values())
        return spec, Draft(
            record=record,
            reference=str(row.edition),
            document=document,
            place=row.place,
            logged=row.logged,
            problem=record.redact(problem) or None,
            doubts=reading.doubts,
            notices=row.notices,
        )

    def _row(self, document: Document) -> Row:
        unknown: list[DocumentProblem] = []
        for reader in READERS[is_pdf(document.path)]:
            try:
                return self._read(reader, document)
            except DocumentProblem as problem:
                if problem.kind != "unknown-form":
                    raise
                unknown.append(problem)
        raise DocumentProblem("unknown-form", "; ".join(map(str, unknown)))

    def _read(self, reader: str, document: Document) -> Row:
        forms = [form for form in self.forms.values() if form.reader == reader]
        if not forms:
            raise DocumentProblem("unknown-form", f"no form of this project is read by {reader}")
        editions = (editions_of(form, self.folder, form.fields).items() for form in forms)
        (row,) = read_rows(reader, document, Wanted(places={}, editions=dict(chain.from_iterable(editions))))
        return row


def _record_of(form: Form) -> RecordSpec:
    """Return the form's fields as those of a record."""
    fields = {name: FieldSpec.model_validate(_said_of(form, spec)) for name, spec in form.fields.items()}
    return RecordSpec(name=form.form, each=_FILE, reference=next(iter(fields)), fields=fields)


def _said_of(form: Form, spec: ValueSpec) -> dict[str, Any]:
    own = {"from": _FILE, "label": spec.title, "placeholders": [*spec.placeholders, *form.placeholders]}
    return {**spec.model_dump(by_alias=True), **own}
