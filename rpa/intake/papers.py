"""A bot's documents: which files they are, and what their reader finds on them."""

from dataclasses import dataclass
from pathlib import Path

from rpa.definitions.bot import Bot, DocumentSpec, FieldSpec, PlaceSpec
from rpa.documents.base import Document, Place, Row, Wanted
from rpa.documents.files import Files
from rpa.documents.sandbox import read_rows
from rpa.secrets.base import SecretStore

MATCH = "match:"
"""Before the name of a column that a looked-up document is matched by."""


@dataclass(frozen=True)
class Papers:
    """The documents of *bot* below the project's *folder*."""

    bot: Bot
    folder: Path
    files: Files
    secrets: SecretStore

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
        return read_rows(spec.reader, document, Wanted(places=self._places(name), options=self._options(spec)))

    def _places(self, name: str) -> dict[str, Place]:
        fields = self.bot.record.fields.items()
        places = {one: _place(spec) for one, spec in fields if spec.from_ == name and not spec.file_name}
        return places | {MATCH + column: Place(label=column) for column in self.bot.documents[name].match}

    def _options(self, spec: DocumentSpec) -> dict[str, str]:
        options = {"sheet": spec.sheet, "table": spec.table}
        if spec.blank is not None:
            options["blank"] = str(self.folder / spec.blank)
        if spec.password is not None:
            options["password"] = self.secrets.get(spec.password).password
        return {key: value for key, value in options.items() if value is not None}


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
