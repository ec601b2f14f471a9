"""A form, typed: how its editions are recognised, and where its values stand."""

from typing import Annotated

from pydantic import Field

from rpa.definitions.base import Definition
from rpa.definitions.value import Texts, ValueSpec, WaysSpec


class Recognise(Definition):
    """What a document must show to be this edition; all of it."""

    text: Texts = ()
    """Texts that are printed on it, be it filled in or not."""
    not_: Annotated[Texts, Field(alias="not")] = ()
    """Texts that are printed on other forms or editions, and not on this one."""
    field: Texts = ()
    """AcroForm fields that it has, by the end of the name or a glob; a flat copy has lost them."""
    sheet: Texts = ()
    """Visible sheets of the workbook."""


class EditionSpec(Definition):
    """One edition of a form."""

    recognise: Recognise
    """What tells it from every other document."""
    blank: str | None = None
    """The empty form, a PDF beside this file: a printed or flattened copy is then read by its fields."""
    fields: dict[str, WaysSpec] = {}
    """Where values stand that this edition has in another place."""


class TableSpec(Definition):
    """A table on a form: each of its lines can be a record."""

    sheet: str | None = None
    """Sheet of a workbook that it stands on; else the first visible one with its headings."""
    between: Texts = ()
    """Two texts: the table stands on the lines below the first and above the second."""
    under: str | None = None
    """Text above the table, where several have the same headings."""
    until: str | None = None
    """Text with which the line behind the last one begins, in any of the columns."""
    row_if: str | None = None
    """Field of the table: a line on which it is blank is no line of the table."""
    fields: Annotated[dict[str, ValueSpec], Field(min_length=1)]
    """The table's columns, each under a name; `label` is the heading."""


class Form(Definition):
    """A form: known by what is printed on it, read by the places of its values."""

    form: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    """The form's name, in small letters, digits and hyphens."""
    about: str
    """What it is, in a sentence for staff."""
    reader: str
    """What reads it: `pdf-form`, `pdf-text` or `excel-form`."""
    editions: Annotated[dict[str, EditionSpec], Field(min_length=1)]
    """The form's editions, each under a name such as its date."""
    fields: Annotated[dict[str, ValueSpec], Field(min_length=1)]
    """The form's values, each under a name."""
    tables: dict[str, TableSpec] = {}
    """Tables, each under a name: a bot's document says by `table` whose lines are its records."""
    placeholders: Texts = ()
    """Texts that mean a blank in any field, such as `Not yet known`; `Please select` and its like always do."""

    def value(self, name: str) -> ValueSpec | None:
        """Return what the value *name* is, be it the form's own or a table's."""
        columns = (table.fields.get(name) for table in self.tables.values())
        return self.fields.get(name) or next((column for column in columns if column is not None), None)

    def ways(self, edition: str, name: str) -> WaysSpec:
        """Return where the value *name* stands on *edition*; raise `KeyError` for one that the form lacks."""
        found = self.editions[edition].fields.get(name) or self.value(name)
        if found is None:
            raise KeyError(name)
        return found
