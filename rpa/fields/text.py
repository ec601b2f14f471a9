"""Text as it stands."""

from typing import ClassVar

from rpa.fields.base import FieldOptions, Value, folded


class Text:
    """Any text; spaces at its ends are dropped, line ends kept."""

    name = "text"
    accepts: ClassVar[dict[str, str]] = {" 00123 ": "00123", "=SUM(A1)": "=SUM(A1)"}
    refuses: ClassVar[dict[str, str]] = {}

    def parse(self, text: str, _options: FieldOptions) -> Value:
        """Return the text."""
        return "\n".join(line.rstrip() for line in text.strip().splitlines())

    def encode(self, value: Value) -> str:
        """Return the text."""
        return str(value)

    def decode(self, text: str) -> Value:
        """Return the text."""
        return text

    def show(self, value: Value, _screen_format: str | None) -> str:
        """Return the text."""
        return str(value)

    def agrees(self, value: Value, shown: str, _screen_format: str | None) -> bool:
        """Tell whether both say the same; white space is folded, as screens do."""
        return folded(str(value)) == folded(shown)
