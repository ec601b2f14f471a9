"""Names of people and organisations."""

from typing import ClassVar

from nameparser import HumanName

from rpa.fields.base import FieldOptions, FieldProblem, Value, folded

_MESSAGE = "is no name: it holds no letter"

FORMATS = {
    "First Last": "{title} {first} {middle} {last} {suffix}",
    "Last, First": "{last} {suffix}, {first} {middle}",
    "LAST, FIRST": "{last} {suffix}, {first} {middle}",
}
"""How a screen may want a name: the format's words -> the parts, for nameparser."""


class Name:
    """A name as its bearer writes it: accents, apostrophes and capital letters are kept."""

    name = "name"
    accepts: ClassVar[dict[str, str]] = {"  José   Núñez ": "José Núñez", "O'Brien, Siobhán": "O'Brien, Siobhán"}
    refuses: ClassVar[dict[str, str]] = {"12345": _MESSAGE}

    def parse(self, text: str, _options: FieldOptions) -> Value:
        """Return the name with single spaces."""
        if not any(mark.isalpha() for mark in text):
            raise FieldProblem(_MESSAGE)
        return folded(text)

    def encode(self, value: Value) -> str:
        """Return the name."""
        return str(value)

    def decode(self, text: str) -> Value:
        """Return the name."""
        return text

    def show(self, value: Value, screen_format: str | None) -> str:
        """Return the name, in one of `FORMATS` if the screen has one."""
        if screen_format not in FORMATS:
            return str(value)
        parsed = HumanName(str(value), string_format=FORMATS[screen_format])
        shown = folded(str(parsed)).replace(" ,", ",")
        return shown.upper() if screen_format.isupper() else shown

    def agrees(self, value: Value, shown: str, screen_format: str | None) -> bool:
        """Tell whether the screen shows the name; capital letters do not matter, accents do."""
        return folded(shown).casefold() == self.show(value, screen_format).casefold()
