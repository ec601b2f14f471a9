"""Yes or no."""

from typing import ClassVar

from rpa.fields.base import FieldOptions, FieldProblem, Value

_YES = frozenset({"yes", "y", "true", "t", "1", "x", "on", "checked", "☒", "☑", "✓", "✔"})
_NO = frozenset({"no", "n", "false", "f", "0", "off", "unchecked", "☐"})
_MESSAGE = "is neither yes nor no"


class YesNo:
    """A tick, or a word for one."""

    name = "yes-no"
    accepts: ClassVar[dict[str, str]] = {"Yes": "yes", "x": "yes", "TRUE": "yes", "Off": "no", "n": "no"}
    refuses: ClassVar[dict[str, str]] = {"maybe": _MESSAGE, "2": _MESSAGE}

    def parse(self, text: str, options: FieldOptions) -> Value:
        """Return True for yes."""
        word = options.options.get(text, text).strip().casefold()
        if word in _YES or word in _NO:
            return word in _YES
        raise FieldProblem(_MESSAGE)

    def encode(self, value: Value) -> str:
        """Return `yes` or `no`."""
        return "yes" if value else "no"

    def decode(self, text: str) -> Value:
        """Return True for `yes`."""
        return text == "yes"

    def show(self, value: Value, _screen_format: str | None) -> str:
        """Return `yes` or `no`, which a check box understands."""
        return self.encode(value)

    def agrees(self, value: Value, shown: str, _screen_format: str | None) -> bool:
        """Tell whether the screen means the same."""
        word = shown.strip().casefold()
        return word in (_YES if value else _NO)
