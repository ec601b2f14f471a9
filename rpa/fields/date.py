"""Dates."""

import re
from datetime import date, datetime
from typing import ClassVar

from rpa.fields.base import FieldOptions, FieldProblem, Value

_TOKENS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%m",
    "DD": "%d",
    "D": "%d",
}
_TOKEN = re.compile("YYYY|YY|MMMM|MMM|MM|M|DD|D")
_ISO = "YYYY-MM-DD"


def _directives(written: str) -> str:
    return _TOKEN.sub(lambda token: _TOKENS[token[0]], written.replace("%", "%%"))


class Date:
    """A day of the calendar, in the declared format or as 2026-11-02. Nothing is guessed: 3/4 has two meanings."""

    name = "date"
    accepts: ClassVar[dict[str, str]] = {"2026-11-02": "2026-11-02"}
    refuses: ClassVar[dict[str, str]] = {
        "11/02/2026": "is no date of the form YYYY-MM-DD",
        "2026-02-30": "is no date of the form YYYY-MM-DD",
        "March 2026": "is no date of the form YYYY-MM-DD",
    }

    def parse(self, text: str, options: FieldOptions) -> Value:
        """Return the day. The ISO form is always understood, since spreadsheets hold real dates."""
        for written in (options.format or _ISO, _ISO):
            try:
                return datetime.strptime(text.strip(), _directives(written)).date()  # noqa: DTZ007  # a day has no zone
            except ValueError:
                continue
        raise FieldProblem(f"is no date of the form {options.format or _ISO}")

    def encode(self, value: Value) -> str:
        """Return YYYY-MM-DD."""
        return value.isoformat() if isinstance(value, date) else str(value)

    def decode(self, text: str) -> Value:
        """Return the day."""
        return date.fromisoformat(text)

    def show(self, value: Value, screen_format: str | None) -> str:
        """Return the day in the screen's format, or YYYY-MM-DD, which date boxes take; one token gives a part."""
        if not isinstance(value, date):
            return str(value)
        return _TOKEN.sub(lambda token: _part(value, token[0]), screen_format or _ISO)

    def agrees(self, value: Value, shown: str, screen_format: str | None) -> bool:
        """Tell whether the screen shows the same day."""
        try:
            return self.parse(shown, FieldOptions(format=screen_format)) == value
        except FieldProblem:
            return False


def _part(day: date, token: str) -> str:
    text = day.strftime(_TOKENS[token])
    return text.lstrip("0") if token in {"M", "D"} else text
