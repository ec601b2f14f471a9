"""Drafts: records on their way to the ledger, whether they can be entered or not."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from rpa import pattern
from rpa.definitions.bot import RecordSpec
from rpa.documents.base import Cell, Document, Row, Source
from rpa.doubt import Doubt
from rpa.errors import BusinessException
from rpa.intake.controls import disagreements, refuse_totals
from rpa.intake.enclosed import Enclosures
from rpa.intake.lookup import Lookup
from rpa.intake.papers import Papers
from rpa.records import Attached, FieldValue, Record, person_of, read_fields
from rpa.rules import broken_rules, urgency
from rpa.urgency import USUAL, Urgency


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One record on its way: what could be read of it, and in words what is wrong with it, if anything is.

    *reference* is the business key, or, where it could not be read, the document and place. *logged* is the place
    for the audit log, which no sheet's title gets into. *doubts* are about the fields that the record lacks,
    *notices* about the document. *urgency* is that of a record with which nothing is wrong.
    """

    record: Record
    reference: str
    document: Document
    place: str
    logged: str
    problem: str | None = None
    urgency: Urgency = USUAL
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sketch:
    """What stands on one row of a document alone: its reference, and the fields that can be read of it."""

    row: Row
    reference: str
    fields: Mapping[str, FieldValue]


class Drafts:
    """Reads the records of one bot."""

    def __init__(self, papers: Papers) -> None:
        self.bot = papers.bot
        self._spec = papers.bot.record
        self._papers = papers
        self._lookup = Lookup(papers)

    def paths(self) -> list[Path]:
        """Return the files of which each form or row is one record."""
        return self._papers.paths(self._spec.each)

    def keep(self, path: Path) -> AbstractContextManager[Document]:
        """Keep a file, and give it until the block ends; raise `DocumentProblem` for none that could be read."""
        return self._papers.files.keep(path)

    def of(self, document: Document) -> Iterator[Draft]:
        """Yield the records of *document*; raise `DocumentProblem` where it can't be read at all."""
        rows = self._papers.rows(self._spec.each, document)
        refuse_totals(document, self.bot.documents[self._spec.each], self._spec, rows)
        enclosures = self._papers.enclosures(self._spec.each, document)
        for row in rows:
            yield self._draft(document, row, enclosures)

    def seals(self) -> tuple[str, ...]:
        """Return the SHA-256 of each document that is looked up; raise `SetupError` where one is not there."""
        return self._lookup.seals()

    @property
    def password(self) -> str | None:
        """What opens the documents, if they are locked."""
        return self._papers.password(self.bot.documents[self._spec.each])

    @property
    def passwords(self) -> dict[str, str]:
        """What opens the documents that are locked, by their names."""
        found = {name: self._papers.password(spec) for name, spec in self.bot.documents.items()}
        return {name: password for name, password in found.items() if password is not None}

    @property
    def own_fields(self) -> list[str]:
        """The fields that stand on the document itself: none that is looked up."""
        return self._fields_of(self._spec.each)

    def headings(self, document: Document) -> Row:
        """Return the row of headings of a workbook; raise `DocumentProblem` where it has none of the bot's."""
        return self._papers.headings(self._spec.each, document)

    def sketches(self, document: Document) -> Iterator[Sketch]:
        """Yield what stands on each row of *document*; nothing is looked up, and nothing is judged."""
        for row in self._papers.rows(self._spec.each, document):
            reading = read_fields(self._spec, self.own_fields, self._with_file_name(document, row))
            yield Sketch(row, self._reference(document, row, reading.fields), reading.fields)

    def _reference(self, document: Document, row: Row, fields: Mapping[str, FieldValue]) -> str:
        reference = fields[self._spec.reference].text if self._spec.reference in fields else ""
        return reference or f"{document.sha256[:12]} {row.logged}"

    def _fields_of(self, name: str) -> list[str]:
        return [one for one, of in self._spec.fields.items() if of.from_ == name]

    def _draft(self, document: Document, row: Row, enclosures: Enclosures) -> Draft:
        documents = {self._spec.each: _attached(document)}
        documents |= {name: _attached(one) for name, one in enclosures.documents.items()}
        fields, doubts = dict[str, FieldValue](), dict[str, Doubt]()
        rows = {self._spec.each: self._with_file_name(document, row), **enclosures.rows}
        problem, urgent = self._judged(rows, fields, documents, doubts)
        ordered = {name: fields[name] for name in self._spec.fields if name in fields}
        record = Record(ordered, documents, person_of(self._spec))
        return Draft(
            record=record,
            reference=self._reference(document, row, fields),
            document=document,
            place=row.place,
            logged=row.logged,
            problem=problem and record.redact(problem),
            urgency=urgent,
            doubts=doubts,
            notices=(*row.notices, *enclosures.notices),
        )

    def _judged(
        self,
        rows: Mapping[str, Row],
        fields: dict[str, FieldValue],
        documents: dict[str, Attached],
        doubts: dict[str, Doubt],
    ) -> tuple[str | None, Urgency]:
        """Read what can be read into *fields*, *documents* and *doubts*; tell what is wrong, else its urgency."""
        try:
            for name, row in rows.items():
                self._read(name, row, fields, doubts)
            for name in self._lookup.names():
                document, matched = self._lookup.match(name, fields)
                documents[name] = _attached(document)
                self._read(name, matched, fields, doubts)
            return None, judge(self._spec, fields)
        except BusinessException as wrong:
            return str(wrong), USUAL

    def _read(self, name: str, row: Row, fields: dict[str, FieldValue], doubts: dict[str, Doubt]) -> None:
        reading = read_fields(self._spec, self._fields_of(name), row)
        fields |= reading.fields
        doubts |= reading.doubts
        reading.refuse_problems()

    def _with_file_name(self, document: Document, row: Row) -> Row:
        """Return *row* with the cells that stand in the file's name."""
        cells = dict(row.cells)
        for name, spec in self._spec.fields.items():
            found = pattern.cut(spec.file_name, document.path.name) if spec.file_name else None
            if found is not None:
                source = Source(document=document.sha256, how="file name")
                cells[name] = Cell(found, source)
        return replace(row, cells=cells)


def judge(spec: RecordSpec, fields: Mapping[str, FieldValue]) -> Urgency:
    """Return how urgent the record is.

    Raises `BusinessException` where two papers disagree or a rule does not hold, with all that is wrong.
    """
    values = {name: value.value for name, value in fields.items()}
    broken = [*disagreements(spec, fields), *broken_rules(spec, values)]
    if broken:
        raise BusinessException("; ".join(broken))
    return urgency(spec, values)


def _attached(document: Document) -> Attached:
    return Attached(document.sha256, document.path.name)
