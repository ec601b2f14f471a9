"""Numbers that are names: digits in groups, where zeros in front count."""

from rpa.errors import DefinitionError
from rpa.fields.base import BETWEEN, FieldOptions, FieldProblem, Value


def masked(digits: str, written: str) -> str:
    """Write *digits* into a format in which each # stands for one: 123456789 as ###-##-####.

    Raises `DefinitionError` where digits would be left over or lacking: a cut number is another number.
    """
    places = written.count("#")
    if places != len(digits):
        told = written.replace(BETWEEN, " ")
        raise DefinitionError(f"the format {told} has {places} places for digits, but the value has {len(digits)}")
    left = iter(digits)
    return "".join(next(left) if mark == "#" else mark for mark in written)


class Digits:
    """What the types made of digits share. *written* is the format that people use."""

    name: str
    written: str

    def digits(self, text: str) -> str:
        """Return the digits of *text*; raise `FieldProblem` unless it is one of these numbers."""
        raise NotImplementedError

    def parse(self, text: str, _options: FieldOptions) -> Value:
        """Return the number as people write it."""
        return masked(self.digits(text), self.written)

    def encode(self, value: Value) -> str:
        """Return the number as people write it."""
        return str(value)

    def decode(self, text: str) -> Value:
        """Return the number as people write it."""
        return text

    def show(self, value: Value, screen_format: str | None) -> str:
        """Return the number in the screen's format, in which each # stands for a digit."""
        return masked(only_digits(str(value)), screen_format or self.written)

    def agrees(self, value: Value, shown: str, _screen_format: str | None) -> bool:
        """Tell whether the screen shows the same digits."""
        return only_digits(shown) == only_digits(str(value))


def only_digits(text: str) -> str:
    """Return the digits of *text*."""
    return "".join(mark for mark in text if mark.isdigit())


def refuse_other_marks(text: str, allowed: str, message: str) -> None:
    """Raise `FieldProblem` with *message* where *text* holds more than digits and the *allowed* marks."""
    if any(not (mark.isascii() and mark.isdigit()) and mark not in allowed for mark in text):
        raise FieldProblem(message)
