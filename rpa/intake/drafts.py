"""Drafts: records on their way to the ledger, whether they can be entered or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rpa import pattern
from rpa.documents.base import Cell, Document, Row, Source
from rpa.errors import BusinessException
from rpa.intake.lookup import Lookup
from rpa.intake.papers import Papers
from rpa.records import Attached, FieldValue, Record, read_fields
from rpa.rules import broken_rules


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One record on its way: what could be read of it, and in words what is wrong with it, if anything is.

    *reference* is the business key, or, where it could not be read, the document and place. *logged* is the place
    for the audit log, which no sheet's title gets into.
    """

    record: Record
    reference: str
    document: Document
    place: str
    logged: str
    problem: str | None = None


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

    def keep(self, path: Path) -> Document:
        """Keep a file; raise `DocumentProblem` where it is none that could be read."""
        return self._papers.files.keep(path)

    def of(self, document: Document) -> Iterator[Draft]:
        """Yield the records of *document*; raise `DocumentProblem` where it can't be read at all."""
        for row in self._papers.rows(self._spec.each, document):
            yield self._draft(document, row)

    def _draft(self, document: Document, row: Row) -> Draft:
        fields, documents = dict[str, FieldValue](), {self._spec.each: _attached(document)}
        problem = self._problem(self._with_file_name(document, row), fields, documents)
        ordered = {name: fields[name] for name in self._spec.fields if name in fields}
        record = Record(ordered, documents)
        reference = fields[self._spec.reference].text if self._spec.reference in fields else ""
        return Draft(
            record=record,
            reference=reference or f"{document.sha256[:12]} {row.logged}",
            document=document,
            place=row.place,
            logged=row.logged,
            problem=problem and record.redact(problem),
        )

    def _problem(self, row: Row, fields: dict[str, FieldValue], documents: dict[str, Attached]) -> str | None:
        """Read what can be read into *fields* and *documents*; return what is wrong, for a clerk."""
        try:
            self._read(self._spec.each, row, fields)
            for name in self._lookup.names():
                document, matched = self._lookup.match(name, fields)
                documents[name] = _attached(document)
                self._read(name, matched, fields)
            self._judge(fields)
        except BusinessException as wrong:
            return str(wrong)
        return None

    def _read(self, name: str, row: Row, fields: dict[str, FieldValue]) -> None:
        reading = read_fields(self._spec, [one for one, of in self._spec.fields.items() if of.from_ == name], row)
        fields |= reading.fields
        reading.refuse_problems()

    def _judge(self, fields: Mapping[str, FieldValue]) -> None:
        broken = broken_rules(self._spec, {name: value.value for name, value in fields.items()})
        if broken:
            raise BusinessException("; ".join(broken))

    def _with_file_name(self, document: Document, row: Row) -> Row:
        """Return *row* with the cells that stand in the file's name."""
        cells = dict(row.cells)
        for name, spec in self._spec.fields.items():
            found = pattern.cut(spec.file_name, document.path.name) if spec.file_name else None
            if found is not None:
                source = Source(document=document.sha256, how="file name")
                cells[name] = Cell(found, source)
        return replace(row, cells=cells)


def _attached(document: Document) -> Attached:
    return Attached(document.sha256, document.path.name)
