"""Documents that are only looked up: the one row that belongs to a record."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rpa.definitions.step import REFERENCE
from rpa.documents.base import Document, Row
from rpa.errors import BusinessException, DocumentProblem, SetupError
from rpa.fields.base import FieldProblem, read_value
from rpa.fields.table import field_type
from rpa.intake.papers import MATCH, Papers
from rpa.records import FieldValue, options_of, title


class Lookup:
    """The looked-up documents of one bot, each read once."""

    def __init__(self, papers: Papers) -> None:
        self._papers = papers
        self._spec = papers.bot.record
        self._read: dict[str, tuple[Document, list[Row]]] = {}

    def names(self) -> Iterator[str]:
        """Yield the documents that records are matched with."""
        documents = self._papers.bot.documents.items()
        return (name for name, document in documents if name != self._spec.each and document.match)

    def match(self, name: str, fields: Mapping[str, FieldValue]) -> tuple[Document, Row]:
        """Return the one row of *name* that agrees with the record's *fields*.

        Raises `BusinessException` where none or several do. Values are compared as typed: 0012345 is not 12345.
        """
        document, rows = self._rows(name)
        matching = [row for row in rows if all(self._agrees(row, *pair, fields) for pair in self._keys(name))]
        if len(matching) == 1:
            return document, matching[0]
        keys = ", ".join(title(field, self._spec.fields[field]) for _, field in self._keys(name))
        found = f"{len(matching)} rows ({', '.join(row.place for row in matching)})" if matching else "no row"
        raise BusinessException(f"{found} in {document.path.name} for this {keys}; exactly one is needed")

    def _keys(self, name: str) -> Iterator[tuple[str, str]]:
        for column, reference in self._papers.bot.documents[name].match.items():
            match = REFERENCE.fullmatch(reference)
            if match is not None:
                yield column, match[1]

    def _agrees(self, row: Row, column: str, field: str, fields: Mapping[str, FieldValue]) -> bool:
        cell, wanted = row.cells.get(MATCH + column), fields[field]
        if cell is None or not cell.text.strip():
            return False
        try:
            value = read_value(field_type(wanted.type), cell.text, options_of(self._spec.fields[field]))
        except FieldProblem:
            return False
        return value == wanted.value

    def seals(self) -> tuple[str, ...]:
        """Return the SHA-256 of each looked-up document as it is now; what is read of a record hangs on them too.

        Raises `SetupError` where there is not exactly one, or it can't be kept.
        """
        return tuple(map(self._seal, self.names()))

    def _seal(self, name: str) -> str:
        path = self._path(name)
        with _to_blame(name, path), self._papers.files.keep(path) as document:
            return document.sha256

    def _path(self, name: str) -> Path:
        paths = self._papers.paths(name)
        if len(paths) != 1:
            found = f"{len(paths)} files match" if paths else "no file matches"
            wanted = self._papers.bot.documents[name].files
            raise SetupError(f"{name}: {found} {wanted}; exactly one is looked up")
        return paths[0]

    def _rows(self, name: str) -> tuple[Document, list[Row]]:
        if name not in self._read:
            path = self._path(name)
            with _to_blame(name, path), self._papers.files.keep(path) as document:
                self._read[name] = document, self._papers.rows(name, document)
        return self._read[name]


@contextmanager
def _to_blame(name: str, path: Path) -> Iterator[None]:
    """Stop the run where a looked-up document can't be read: no record is to blame for it."""
    try:
        yield
    except DocumentProblem as problem:
        raise SetupError(f"{name}: {path.name} can't be read: {problem}") from None
