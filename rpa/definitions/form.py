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

    def ways(self, edition: str, name: str) -> WaysSpec:
        """Return where the value *name* stands on *edition*."""
        return self.editions[edition].fields.get(name, self.fields[name])
