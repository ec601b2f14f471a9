"""Dates."""

import re
from datetime import date, datetime
from typing import ClassVar

from rpa.errors import DefinitionError
from rpa.fields.base import BETWEEN, FieldOptions, FieldProblem, Value

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
_UNDIVIDED = re.compile("(?!.*MMM)(YYYY|YY|MM|DD)+")
_ISO = "YYYY-MM-DD"


def _directives(written: str) -> str:
    return _TOKEN.sub(lambda token: _TOKENS[token[0]], written.replace("%", "%%"))


class Date:
    """A day of the calendar, in the declared format or as 2026-11-02. Nothing is guessed: 3/4 has two meanings.

    Digits that nothing divides need all their zeros. Of two digits of a year 69 to 99 are 1969 to 1999.
    """

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
            if _UNDIVIDED.fullmatch(written) and len(text.strip()) != len(written):
                continue  # 1121960 is a day of January as well as of November
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
        """Return the day in the screen's format, or YYYY-MM-DD, which date boxes take."""
        if not isinstance(value, date):
            return str(value)
        written = screen_format or _ISO
        if {token[0] for token in _TOKEN.findall(written)} != {"Y", "M", "D"}:
            told = written.replace(BETWEEN, " ")
            raise DefinitionError(f"{told} is no format of a date: it needs a year, a month and a day")
        return _TOKEN.sub(lambda token: _part(value, token[0]), written)

    def agrees(self, value: Value, shown: str, screen_format: str | None) -> bool:
        """Tell whether the screen shows the same day; the century only where the screen shows it."""
        try:
            seen = self.parse(shown, FieldOptions(format=screen_format))
        except FieldProblem:
            return False
        centuries = "YYYY" in (screen_format or _ISO)
        return seen == value or (not centuries and f"{seen:%y%m%d}" == f"{value:%y%m%d}")


def _part(day: date, token: str) -> str:
    if token == "YYYY":  # noqa: S105  # four digits in every year, which strftime does not promise
        return f"{day.year:04}"
    text = day.strftime(_TOKENS[token])
    return text.lstrip("0") if token in {"M", "D"} else text
