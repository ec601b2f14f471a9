"""A bot's documents: which files they are, and what their reader finds on them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rpa.definitions.bot import Bot, DocumentSpec, FieldSpec
from rpa.definitions.form import Form
from rpa.documents.base import Document, Place, Row, Wanted
from rpa.documents.files import Files
from rpa.documents.sandbox import read_rows
from rpa.intake.places import editions_of, place_of
from rpa.secrets.base import SecretStore

MATCH = "match:"
"""Before the name of a column that a looked-up document is matched by."""


@dataclass(frozen=True)
class Papers:
    """The documents of *bot* below the project's *folder*, and the *forms* that they may be."""

    bot: Bot
    folder: Path
    files: Files
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
        return read_rows(spec.reader, document, replace(self._wanted(name), options=self._options(spec)))

    def _wanted(self, name: str) -> Wanted:
        spec, fields = self.bot.documents[name], self._fields(name)
        if spec.form is not None:
            return Wanted(places={}, editions=editions_of(self.forms[spec.form], self.forms_folder, fields))
        places = {one: place_of(field) for one, field in fields.items()}
        return Wanted(places=places | {MATCH + column: Place(label=column) for column in spec.match})

    def _fields(self, name: str) -> dict[str, FieldSpec]:
        fields = self.bot.record.fields.items()
        return {one: spec for one, spec in fields if spec.from_ == name and not spec.file_name}

    def _options(self, spec: DocumentSpec) -> dict[str, str]:
        options = {"sheet": spec.sheet, "table": spec.table}
        if spec.blank is not None:
            options["blank"] = str(self.folder / spec.blank)
        if spec.password is not None:
            options["password"] = self.secrets.get(spec.password).password
        return {key: value for key, value in options.items() if value is not None}
