"""A value on a document: where it stands, and what it is."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rpa.definitions.base import Definition, MaybeEmpty


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
"""One text or a list of texts."""


def _by_language(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


Words = Annotated[
    dict[Literal["en", "es"], str],
    Field(min_length=1),
    BeforeValidator(_by_language, json_schema_input_type=str | dict[Literal["en", "es"], str]),
]
"""A text for people: one, in whatever language, or one for each. The first is what the ledger and the log keep."""


class PlaceSpec(Definition):
    """Where a value stands on a document."""

    field: Texts = ()
    """AcroForm field by the end of its name or a glob; several are joined in order."""
    header: str | None = None
    """Field of a mail's header, such as `Subject` or `From`."""
    cell: str | None = None
    """Excel address, `B7` or `Cover!B7`."""
    name: str | None = None
    """Name that the workbook defines for the cell; in a form's table, for the column."""
    label: str | None = None
    """What a person reads beside, above or at the head of the value."""
    where: Literal["auto", "right", "below", "left", "above"] = "auto"
    """Direction from the label to the value."""
    until: str | None = None
    """Text that ends the value."""
    under: str | None = None
    """Text above the label, where a workbook has several of that label; the first one below it is meant."""
    nth: Annotated[int | None, Field(ge=1)] = None
    """Which of several labels in a workbook is meant, from 1; they are counted line by line."""
    between: Texts = ()
    """Two texts of a workbook: the label stands on a line below the first one and above the second."""
    line: str | None = None
    """Regular expression that cuts the value out of one line of the text: its first group, or all of it."""


class WaysSpec(PlaceSpec):
    """Where a value stands on a document, and what to try where it does not stand there."""

    choose: dict[str, PlaceSpec] = {}
    """For ticks on a form: what the value becomes, and where its box stands."""
    or_: Annotated[list[PlaceSpec], Field(alias="or")] = []
    """Further places, each tried where all before it lead nowhere."""

    @property
    def title(self) -> str | None:
        """The label that a clerk knows the value by: the first that is given."""
        return next((place.label for place in (self, *self.or_) if place.label), None)


class ValueSpec(WaysSpec):
    """A value: where it stands on a document, and what it is."""

    type: str = "text"
    """What kind of value it is, such as `text`, `date` or `money`."""
    format: str | None = None
    """How the document writes it, such as `MM/DD/YYYY`."""
    pattern: str | None = None
    """Regular expression that the whole text must match."""
    options: dict[str, MaybeEmpty] = {}
    """For a choice: what the document says, and what the record then holds."""
    many: bool = False
    """Whether several choices may be made."""
    max_length: int | None = None
    """Longest text, in characters."""
    keep_zeros: Annotated[int | None, Field(ge=1, le=30)] = None
    """How many digits a number has: zeros in front that a spreadsheet dropped are put back."""
    placeholders: Texts = ()
    """Texts that mean a blank, such as `Not yet known`."""
    required: bool = True
    """Whether a blank sends the record to a person."""
    personal: bool = False
    """Whether the value is kept out of logs and pictures."""
