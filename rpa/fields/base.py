"""The contract of a field type, and a value on its way to a screen."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from rpa import pattern
from rpa.errors import DefinitionError

Value = str | int | Decimal | date | bool | tuple[str, ...]
"""What a typed field holds. A tuple is a choice of several."""


BETWEEN = "\x1f"
"""Stands between the boxes of a field that is split, in a screen format and in what is shown in it."""

_LINES_AND_TABS = "\n\r\t"
_UNSEEN = str.maketrans({**dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060"), "\ufeff": " ", "\u00a0": " "})
"""What nobody sees is dropped, as by `fold` of text.js from a screen: papers that look the same are the same."""


class FieldProblem(ValueError):
    """The text does not fit the field's type. The message is for a clerk and never repeats the text."""


@dataclass(frozen=True, kw_only=True)
class FieldOptions:
    """What a definition may add to a type.

    *format* is how the text is written (`MM/DD/YYYY`, `#,##0.00`), *pattern* a regular expression the whole text
    must match, *options* the choices as {what the document says: what the record holds}, *many* whether several
    choices may be made, *max_length* the longest text in characters, *keep_zeros* how many digits a number has.
    """

    format: str | None = None
    pattern: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    many: bool = False
    max_length: int | None = None
    keep_zeros: int | None = None


class FieldType(Protocol):
    """A kind of value: how it is read from text, written to a screen and compared with what a screen shows."""

    name: str
    """The word behind `type:`."""

    accepts: Mapping[str, str]
    """Examples: text as written -> its canonical text (what `encode` returns)."""

    refuses: Mapping[str, str]
    """Examples: text that is refused -> the message a clerk reads."""

    def parse(self, text: str, options: FieldOptions) -> Value:
        """Return the typed value of *text*; raise `FieldProblem` if it is none."""
        ...

    def encode(self, value: Value) -> str:
        """Return the canonical text of *value*, stable across versions (ISO dates, plain decimals)."""
        ...

    def decode(self, text: str) -> Value:
        """Return the value whose canonical text is *text*."""
        ...

    def show(self, value: Value, screen_format: str | None) -> str:
        """Return *value* as a person would type it into a field of the given format.

        The format of a field that is split holds `BETWEEN` from box to box; what is shown then does too. A value
        that the format has no place for is never cut: `BusinessException` where another value would fit,
        `DefinitionError` where none would.
        """
        ...

    def agrees(self, value: Value, shown: str, screen_format: str | None) -> bool:
        """Tell whether the text *shown* on a screen means *value*."""
        ...


@dataclass(frozen=True)
class ScreenValue:
    """A value on its way to a screen: the text to enter, and how to tell that a screen shows it.

    *texts* holds one text, or several for a choice of many. *agrees* judges a text read back from the screen.
    *secret* values (credentials) are never read back into Python, *personal* ones are blacked out in pictures.
    """

    texts: Sequence[str]
    agrees: Callable[[str], bool] = field(repr=False)
    personal: bool = False
    secret: bool = False

    @property
    def text(self) -> str:
        """The text to enter where there is just one."""
        return self.texts[0] if self.texts else ""

    def __repr__(self) -> str:
        return "ScreenValue(…)"


def read_value(kind: FieldType, text: str, options: FieldOptions) -> Value:
    """Return the typed value of *text* as it stood on a document.

    Accents are composed (NFC), no-break spaces become spaces and marks that nobody sees are dropped, so that equal
    texts are equal. Raises
    `FieldProblem` where the text does not fit the type or what the definition adds to it. Whatever else a type
    raises is one too, without its words, which may repeat the text: one document must not end the run.
    """
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN)).strip()
    if options.keep_zeros is not None and text.isdecimal():
        text = text.zfill(options.keep_zeros)
    _refuse(text, options)
    try:
        return kind.parse(text, options)
    except (FieldProblem, DefinitionError):
        raise
    except Exception:  # noqa: BLE001  # types may come from other packages
        raise FieldProblem(f"can't be understood as {kind.name}") from None


def _refuse(text: str, options: FieldOptions) -> None:
    """Raise `FieldProblem` for a text that no type takes, or that the definition does not."""
    if any(unicodedata.category(mark) in {"Cc", "Cs"} and mark not in _LINES_AND_TABS for mark in text):
        raise FieldProblem("holds a character that can't be typed")
    if options.pattern is not None and not pattern.fits(options.pattern, text):
        raise FieldProblem("is not written as it should be: it must match " + options.pattern)
    if options.max_length is not None and len(text) > options.max_length:
        raise FieldProblem(f"is {len(text)} characters long; at most {options.max_length} are taken")


def folded(text: str) -> str:
    """Return *text* for comparing: composed, without what nobody sees, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_UNSEEN)).split())
