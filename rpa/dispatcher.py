"""Documents become work items: read, typed, matched, judged by the rules, and put on the ledger."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from rpa.definitions.bot import Bot, DocumentSpec, Entry, FieldSpec, PlaceSpec
from rpa.definitions.step import REFERENCE
from rpa.documents.base import Cell, Document, Place, Row, Source, Wanted
from rpa.documents.files import Files
from rpa.documents.sandbox import read_rows
from rpa.errors import BusinessException, DocumentProblem, SetupError
from rpa.fields.base import FieldProblem, read_value
from rpa.fields.table import field_type
from rpa.records import Attached, FieldValue, Reading, Record, options_of, read_fields, title
from rpa.rules import broken_rules
from rpa.secrets.base import SecretStore
from rpa.store.intake import Added, NewEntry, NewItem
from rpa.store.store import Store
from rpa.work import Run

MATCH = "match:"
"""Before the name of a column that a looked-up document is matched by."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One record on its way: what could be read of it, and in words what is wrong with it, if anything is.

    *reference* is the business key, or, where it could not be read, the document and place.
    """

    record: Record
    reference: str
    document: Document
    place: str
    problem: str | None = None


@dataclass
class Intake:
    """What came of the documents of one run, counted for the summary."""

    documents: int = 0
    known: int = 0
    quarantined: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    def count(self, outcome: str) -> None:
        """Count one more record with this *outcome*: added, rejected, duplicate, known or revision."""
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


class Dispatcher:
    """Reads the documents of a bot."""

    def __init__(self, bot: Bot, folder: Path, files: Files, secret_store: SecretStore) -> None:
        self.bot = bot
        self._folder = folder
        self._files = files
        self._secrets = secret_store
        self._looked_up: dict[str, tuple[Document, list[Row]]] = {}

    def dispatch(self, run: Run, store: Store) -> Intake:
        """Put every new document's records on the ledger; a document that is known already is passed over."""
        intake = Intake()
        for document in self.documents():
            intake.documents += 1
            if store.knows_document(self.bot.bot, document.sha256):
                intake.known += 1
            else:
                self._take_in(run, store, document, intake)
        return intake

    def documents(self) -> Iterator[Document]:
        """Yield the documents of which each form or row is one record."""
        for path in self._paths(self.bot.record.each):
            yield self._files.keep(path)

    def drafts(self, document: Document) -> Iterator[Draft]:
        """Yield the records of *document*, whether they can be entered or not.

        Raises `DocumentProblem` where the document can't be read at all.
        """
        for row in self._rows(self.bot.record.each, document):
            yield self._draft(document, row)

    def lookups(self) -> int:
        """Return how many documents were only looked up."""
        return len(self._looked_up)

    def _take_in(self, run: Run, store: Store, document: Document, intake: Intake) -> None:
        try:
            drafts = list(self.drafts(document))
        except DocumentProblem as problem:
            intake.quarantined += 1
            store.remember_document(run, document.sha256, document.path.name, "quarantined", str(problem))
            return
        added = [store.add(run, self._item(draft)) for draft in drafts]
        for result in added:
            intake.count(result.outcome)
        store.remember_document(run, document.sha256, document.path.name, _outcome(added), None)

    def _draft(self, document: Document, row: Row) -> Draft:
        spec, row = self.bot.record, self._with_file_name(document, row)
        own = [name for name, one in spec.fields.items() if one.from_ == spec.each]
        reading = read_fields(spec, own, row)
        fields, documents, problem = dict(reading.fields), {spec.each: _attached(document)}, None
        try:
            reading.refuse_problems()
            for name in self._lookup_names():
                looked_up, matched = self._match(name, fields)
                documents[name] = _attached(looked_up)
                found = self._read_lookup(name, matched)
                fields |= found.fields
                found.refuse_problems()
            self._judge(fields)
        except BusinessException as wrong:
            problem = str(wrong)
        record = Record({name: fields[name] for name in spec.fields if name in fields}, documents)
        reference = fields[spec.reference].text if spec.reference in fields else ""
        return Draft(
            record=record,
            reference=reference or f"{document.sha256[:12]} {row.place}",
            document=document,
            place=row.place,
            problem=problem and record.redact(problem),
        )

    def _with_file_name(self, document: Document, row: Row) -> Row:
        """Return *row* with the cells that stand in the file's name."""
        cells = dict(row.cells)
        for name, spec in self.bot.record.fields.items():
            found = re.search(spec.file_name, document.path.name) if spec.file_name else None
            if found is not None:
                source = Source(document=document.sha256, how="file name")
                cells[name] = Cell(found[1] if found.re.groups else found[0], source)
        return replace(row, cells=cells)

    def _judge(self, fields: Mapping[str, FieldValue]) -> None:
        broken = broken_rules(self.bot.record, {name: value.value for name, value in fields.items()})
        if broken:
            raise BusinessException("; ".join(broken))

    def _item(self, draft: Draft) -> NewItem:
        salt = secrets.token_bytes(32)
        return NewItem(
            reference=draft.reference,
            record=draft.record.to_json(),
            fingerprint=draft.record.fingerprint,
            entries=tuple(NewEntry(e.name, e.system, tuple(sorted(_depends(e)))) for e in self.bot.enter),
            salt=salt,
            sources=draft.record.provenance(salt),
            place=draft.place,
            document=draft.document.sha256,
            rejected=draft.problem,
        )

    # Documents that are only looked up.

    def _lookup_names(self) -> Iterator[str]:
        each = self.bot.record.each
        return (name for name, document in self.bot.documents.items() if name != each and document.match)

    def _match(self, name: str, fields: Mapping[str, FieldValue]) -> tuple[Document, Row]:
        document, rows = self._lookup_rows(name)
        matching = [row for row in rows if all(self._agrees(row, *pair, fields) for pair in self._keys(name))]
        if len(matching) == 1:
            return document, matching[0]
        keys = ", ".join(title(field, self.bot.record.fields[field]) for _, field in self._keys(name))
        found = f"{len(matching)} rows ({', '.join(row.place for row in matching)})" if matching else "no row"
        raise BusinessException(f"{found} in {document.path.name} for this {keys}; exactly one is needed")

    def _keys(self, name: str) -> Iterator[tuple[str, str]]:
        for column, reference in self.bot.documents[name].match.items():
            match = REFERENCE.fullmatch(reference)
            if match is not None:
                yield column, match[1]

    def _agrees(self, row: Row, column: str, field: str, fields: Mapping[str, FieldValue]) -> bool:
        cell, wanted = row.cells.get(MATCH + column), fields[field]
        if cell is None or not cell.text.strip():
            return False
        try:
            options = options_of(self.bot.record.fields[field])
            value = read_value(field_type(wanted.type), cell.text, options)
        except FieldProblem:
            return False
        return value == wanted.value

    def _read_lookup(self, name: str, row: Row) -> Reading:
        spec = self.bot.record
        return read_fields(spec, [field for field, one in spec.fields.items() if one.from_ == name], row)

    def _lookup_rows(self, name: str) -> tuple[Document, list[Row]]:
        if name not in self._looked_up:
            paths = list(self._paths(name))
            if len(paths) != 1:
                found = f"{len(paths)} files match" if paths else "no file matches"
                raise SetupError(f"{name}: {found} {self.bot.documents[name].files}; exactly one is looked up")
            document = self._files.keep(paths[0])
            self._looked_up[name] = document, list(self._rows(name, document))
        return self._looked_up[name]

    # Files and rows.

    def _paths(self, name: str) -> Iterator[Path]:
        pattern = self.bot.documents[name].files
        yield from sorted(path for path in self._folder.glob(pattern) if path.is_file())

    def _rows(self, name: str, document: Document) -> Iterator[Row]:
        spec = self.bot.documents[name]
        wanted = Wanted(places=self._places(name, spec), options=self._options(spec))
        return iter(read_rows(spec.reader, document, wanted))

    def _places(self, name: str, document: DocumentSpec) -> dict[str, Place]:
        fields = self.bot.record.fields.items()
        places = {field: _place(spec) for field, spec in fields if spec.from_ == name and not spec.file_name}
        return places | {MATCH + column: Place(label=column) for column in document.match}

    def _options(self, spec: DocumentSpec) -> dict[str, str]:
        options = {"sheet": spec.sheet, "table": spec.table}
        if spec.blank is not None:
            options["blank"] = str(self._folder / spec.blank)
        if spec.password is not None:
            options["password"] = self._secrets.get(spec.password).password
        return {key: value for key, value in options.items() if value is not None}


def _outcome(added: list[Added]) -> str:
    return "duplicate" if added and all(one.outcome == "known" for one in added) else "read"


def _attached(document: Document) -> Attached:
    return Attached(document.sha256, document.path.name)


def _depends(entry: Entry) -> set[str]:
    return {name for step in entry.steps() for name, part in step.references() if part is not None}


def _place(spec: FieldSpec | PlaceSpec) -> Place:
    choose = spec.choose if isinstance(spec, FieldSpec) else {}
    return Place(
        fields=spec.field,
        cell=spec.cell,
        label=spec.label,
        where=spec.where,
        until=spec.until,
        choose={value: _place(one) for value, one in choose.items()},
    )
