"""A bot's documents: which files they are, and what their reader finds on them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rpa.definitions.bot import Bot, DocumentSpec, FieldSpec
from rpa.definitions.check_attached import MAIL
from rpa.definitions.form import Form
from rpa.documents.base import Document, Place, Row, Wanted
from rpa.documents.sandbox import read_rows
from rpa.errors import DocumentProblem
from rpa.intake.enclosed import Enclosures, chosen_from
from rpa.intake.places import editions_of, place_of
from rpa.keeping.base import Documents
from rpa.records import without_placeholders
from rpa.secrets.base import SecretStore

UNTAKEN = "attached: no document of the bot takes {} of its files, which stay in the copy of the mail"
MATCH = "match:"
"""Before the name of a column that a looked-up document is matched by."""


@dataclass(frozen=True)
class Papers:
    """The documents of *bot* below the project's *folder*, and the *forms* that they may be."""

    bot: Bot
    folder: Path
    files: Documents
    secrets: SecretStore
    forms: Mapping[str, Form]
    forms_folder: Path

    def paths(self, name: str) -> list[Path]:
        """Return the files of the document *name*, in the order of their names.

        A file outside the project's folder is none of them, even where a linked folder leads to it.
        """
        found = self.folder.glob(self.bot.documents[name].files)
        home = self.folder.resolve()
        return sorted(path for path in found if path.is_file() and path.parent.resolve().is_relative_to(home))

    def rows(self, name: str, document: Document) -> list[Row]:
        """Return what the reader of *name* finds; raise `DocumentProblem` where it can't be read."""
        spec = self.bot.documents[name]
        rows = read_rows(spec.reader, document, replace(self._wanted(name), options=self._options(spec)))
        return [without_placeholders(self.bot.record, row) for row in rows]

    def enclosures(self, name: str, document: Document) -> Enclosures:
        """Return what came with a mail, kept and read; nothing for the document *name* where it is no mail.

        Raises `DocumentProblem` where one of the files is not there, or can't be read; nothing new is kept then,
        for no record would know of it.
        """
        if self.bot.documents[name].reader != MAIL:
            return Enclosures({}, {})
        patterns = {one: spec.files for one, spec in self.bot.documents.items() if spec.attached_to}
        chosen, untaken = chosen_from(document, patterns)
        with self.files.trying() as keep:
            documents = {one: keep(file.name, file.content) for one, file in chosen.items()}
            rows = {one: self._row_of(one, file) for one, file in documents.items() if self._is_read(one)}
        notices = [notice for row in rows.values() for notice in row.notices]
        return Enclosures(documents, rows, (*notices, *([UNTAKEN.format(untaken)] if untaken else ())))

    def _is_read(self, name: str) -> bool:
        """Tell whether anything of the document *name* is read, and it is not only passed on."""
        return bool(self.bot.documents[name].reader and self._fields(name))

    def _row_of(self, name: str, document: Document) -> Row:
        """Return the one row of a document that came with a mail; raise `DocumentProblem` that names it."""
        try:
            rows = self.rows(name, document)
        except DocumentProblem as problem:
            raise DocumentProblem(problem.kind, f"{name}: {problem}") from problem
        if len(rows) != 1:
            raise DocumentProblem("unexpected", f"{name}: it has {len(rows)} rows; one document is one record")
        return rows[0]

    def headings(self, name: str, document: Document) -> Row:
        """Return the row of a workbook on which the headings stand; raise `DocumentProblem` without one."""
        wanted = replace(self._wanted(name), options=self._options(self.bot.documents[name]))
        (row,) = read_rows("excel-headings", document, wanted)
        return row

    def _wanted(self, name: str) -> Wanted:
        spec, fields = self.bot.documents[name], self._fields(name)
        if spec.form is not None:
            form = self.forms[spec.form]
            return Wanted(places={}, editions=editions_of(form, self.forms_folder, fields, spec.table))
        places = {one: place_of(field) for one, field in fields.items()}
        return Wanted(places=places | {MATCH + column: Place(label=column) for column in spec.match})

    def _fields(self, name: str) -> dict[str, FieldSpec]:
        fields = self.bot.record.fields.items()
        return {one: spec for one, spec in fields if spec.from_ == name and not spec.file_name}

    def password(self, spec: DocumentSpec) -> str | None:
        """Return what opens such a document, if it is locked."""
        return None if spec.password is None else self.secrets.get(spec.password).password

    def _options(self, spec: DocumentSpec) -> dict[str, str]:
        table = None if spec.form is not None else spec.table
        options = {"sheet": spec.sheet, "table": table, "password": self.password(spec)}
        if spec.blank is not None:
            options["blank"] = str(self.folder / spec.blank)
        return {key: value for key, value in options.items() if value is not None}
