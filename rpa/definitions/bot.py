"""A bot: which documents, which record, which systems."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from rpa.definitions.base import Definition
from rpa.definitions.step import Find, Step
from rpa.definitions.value import Texts, ValueSpec, Words

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

DURATION = rf"^\d+\s*({'|'.join(_UNITS)})$"
"""Regular expression of a duration, for editors."""


def _duration(text: Any) -> Any:
    match = re.fullmatch(r"(\d+)\s*(ms|s|m|h|d)", text) if isinstance(text, str) else None
    if match is None:
        msg = "a duration is a number and a unit: 500ms, 30s, 2m, 1h or 1d"
        raise ValueError(msg)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def written(length: timedelta) -> str:
    """Return *length* as definitions say it: `90s`, `2m`."""
    for unit, word in reversed(_UNITS.items()):
        number, rest = divmod(length, timedelta(**{word: 1}))
        if not rest:
            return f"{number}{unit}"
    return f"{length / timedelta(milliseconds=1):.0f}ms"


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(written, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DURATION}),
]
"""A length of time: `500ms`, `30s`, `2m`, `1h` or `1d`."""


class FieldSpec(ValueSpec):
    """One field of the record: where it comes from and what it is.

    Of a document that has a form, what the form says of the field holds unless it is said here.
    """

    from_: str = Field(alias="from")
    """The document it stands on."""
    file_name: str | None = None
    """Regular expression that cuts the value out of the document's file name: its first group, or all of it."""


class ControlSpec(Definition):
    """A total that a workbook states of its own rows."""

    sum: str | None = None
    """The field whose values the total adds up."""
    count: Literal["rows"] | None = None
    """`rows`, where the total is the number of rows."""
    cell: str | None = None
    """Where the workbook states it: an Excel address, `B7` or `Cover!B7`."""
    label: str | None = None
    """Where the workbook states it: what a person reads beside or above it."""


class DocumentSpec(Definition):
    """A kind of document that the bot reads."""

    files: str
    """Which files: a pattern such as `inbox/claims/*.pdf`, below the project's folder."""
    attached_to: str | None = None
    """The mail among the documents that it came with; `files` is then a pattern of its name alone: `*.pdf`."""
    form: str | None = None
    """The form in `bots/forms/` that they are; its fields are then known by their names."""
    reader: str = ""
    """What reads them, such as `pdf-form` or `excel`; needed where no form says it."""
    sheet: str | None = None
    """Name of the worksheet."""
    table: str | None = None
    """Name of the Excel table; with a `form`, the one of its tables of which each line is a record."""
    password: str | None = None
    """Name of the credential that opens the document."""
    blank: str | None = None
    """The empty form, below the project's folder: a printed or flattened copy is then read by its fields."""
    match: dict[str, str] = {}
    """For a document that is looked up: its column, and the `$field` that it must equal in exactly one row."""
    totals: list[ControlSpec] = []
    """What a workbook says its rows come to; where they do not, nothing of it is entered."""


class Rule(Definition):
    """What must be true of a record before anything is entered."""

    check: str
    """A CEL expression over the record's fields, such as `amount <= money("5000.00")`."""
    else_: Words = Field(alias="else")
    """What a clerk is told where it is not true: a text, or one for each language, `en` and `es`."""

    @property
    def said(self) -> str:
        """What the ledger keeps of it: the text, or the first of them."""
        return next(iter(self.else_.values()))


class PersonSpec(Definition):
    """What tells a person whose number is not the same, or was misread: fields of the record."""

    name: Texts
    """The field of their name, or several that make it up, in order."""
    born: str
    """The field of their date of birth."""


class RecordSpec(Definition):
    """The typed content of one form or row."""

    name: str
    """What the record is called on screens."""
    each: str
    """The document of which every form, or every row, is one record."""
    reference: str
    """The field that is the business key: the same reference is never entered twice."""
    subject: str | None = None
    """The field that says whom the record is about, such as a member's number: all records of one subject are
    erased together. Without it, each record is a subject of its own, called by its reference."""
    person: PersonSpec | None = None
    """Whom staff may know already though the `subject` differs: the same date of birth and a similar name."""
    fields: Annotated[dict[str, FieldSpec], Field(min_length=1)]
    """The record's fields, each under a name."""
    agree: list[Texts] = []
    """Lists of fields that hold the same fact, read in different places; where they differ a person decides."""
    rules: list[Rule] = []
    """What must hold before anything is entered."""
    priority: str | None = None
    """A CEL expression for a whole number from 1 to 999, such as `hardship ? 86 : 100`. A smaller one goes first;
    without it, 100. Each step is worth a day: 86 goes as if it were due two weeks earlier."""
    deadline: str | None = None
    """A CEL expression for the last day on which it is in time, such as `received_on + days(30)`."""


_NAME = r"^[a-z][a-z0-9_]*$"
"""What `$name.receipt` can refer to."""

Steps = Annotated[list[Step], Field(min_length=1)]


class Entry(Definition):
    """How the record enters one system."""

    system: str
    """The page map in `bots/systems/`."""
    as_: Annotated[str | None, Field(alias="as", pattern=_NAME)] = None
    """A name of its own where a bot enters one system twice, in small letters, digits and underscores."""
    search: Steps | None = None
    """Look whether the system holds the record; ends with `find`. Done first, and again after any doubt.

    Left out where a system has no way to look: what is not confirmed at once is then in doubt.
    """
    if_absent: Literal["ask", "enter_again"] = "ask"
    """What to do where `settle` is over after a press and the search says that there is no entry: ask a person, or
    enter it again, once. Only for a system whose search shows every entry for sure once `settle` is over."""
    create: Steps
    """Everything up to the button; only if search found nothing."""
    submit: Steps
    """One press, never repeated blindly; what follows it reads what the system says."""
    confirm: Steps
    """Starts on the row that search finds (without one, on the page after the press): read the values back."""

    by_hand: Duration | None = None
    """How long a person takes to enter one record here, such as `4m`: the console counts the time saved by it."""

    @property
    def name(self) -> str:
        """What `$name.receipt` refers to, and the transaction's name."""
        return self.as_ or self.system

    def steps(self) -> Iterator[Step]:
        """Yield every step in the order in which they are done."""
        yield from (*(self.search or ()), *self.create, *self.submit, *self.confirm)

    @property
    def find(self) -> Find | None:
        """The step that ends the search, if it is a `find`."""
        last = self.search[-1].root if self.search else None
        return last if isinstance(last, Find) else None


class Retry(Definition):
    """How often an application exception is tried, and the wait before the next time."""

    times: Annotated[int, Field(ge=1, le=20)] = 3
    """Attempts in all, from 1 to 20."""
    wait: Duration = timedelta(minutes=2)
    """Time before the next attempt; doubled after each."""


class FourEyes(Definition):
    """What a person corrects or sends again only once a second one, an approver, has agreed in the console."""

    when: str | None = None
    """A CEL expression over the record's fields, such as `amount > money("1000.00")`: where it holds before or
    after the change, or can't be judged, a second person is needed."""
    personal: bool = False
    """Whether a second person is needed for correcting a field that is `personal`."""


class Bot(Definition):
    """Which documents, which record, which systems."""

    bot: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    """The bot's name, in small letters, digits and hyphens."""
    about: str
    """What it does, in a sentence for staff."""
    owner: str
    """Who answers for it."""
    documents: Annotated[dict[str, DocumentSpec], Field(min_length=1)]
    """The documents it reads, each under a name."""
    record: RecordSpec
    """What a form or row means."""
    enter: Annotated[list[Entry], Field(min_length=1)]
    """The systems it enters the record into, in order."""
    four_eyes: FourEyes | None = None
    """What needs a second person before it is corrected or sent again."""
    retry: Retry = Retry()
    """For application exceptions only."""
    notify: list[str] = []
    """Who settles what needs a person; named at the end of each run. Without it, the owner."""
