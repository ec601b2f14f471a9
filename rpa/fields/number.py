"""Numbers and amounts of money."""

import re
from contextlib import AbstractContextManager
from decimal import Context, Decimal, localcontext
from typing import ClassVar

from babel.numbers import NumberFormatError, format_decimal, parse_decimal

from rpa.errors import DefinitionError
from rpa.fields.base import BETWEEN, FieldOptions, FieldProblem, Value

_POINT, _COMMA = "en_US", "de_DE"
_CENT = Decimal("0.01")

_GROUPING = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
"""A space in front of three digits groups them, as in 1 234.50."""

_APART = re.compile(r"\d +\d")
"""Digits that any other space divides."""

LONGEST = 60
"""Characters of a number as it is written, with all that groups and pads its digits."""

DIGITS = 30
"""The most digits of a number, without zeros at its ends. No form asks for more; a longer one is misread."""

WHOLE_DIGITS = 15
"""The most digits of an amount before its decimal mark."""


def _locale(written: str | None) -> str:
    """Return the locale whose decimal mark the format uses: 1,234.50 or 1.234,50."""
    marks = re.findall(r"[.,]", written or "")
    comma = bool(marks) and marks[-1] == "," and not (written or "").endswith(("#,##0", "#,###"))
    return _COMMA if comma else _POINT


def _pattern(written: str) -> str:
    """Return the format as Unicode's number patterns write it, where the point is always the decimal mark."""
    return written.translate(str.maketrans(".,", ",.")) if _locale(written) == _COMMA else written


def _decimal(text: str, written: str | None, message: str) -> Decimal:
    """Return the number; brackets and a minus sign before or behind make it negative, as in accounting."""
    if len(text) > LONGEST or sum(map(str.isdigit, text.strip("0.,"))) > DIGITS:
        raise FieldProblem(f"is too long for a number: at most {DIGITS} digits are taken")
    bare = _GROUPING.sub("", text).replace("\u2212", "-")
    if _APART.search(bare):
        raise FieldProblem(message)  # dollars and cents that no mark divides would be 100 times as much
    bare = bare.replace(" ", "")
    negative = bool(re.fullmatch(r"\(.*\)|.*-|-.*", bare))
    bare = re.sub(r"^\((.*)\)$|^-|-$", r"\1", bare)
    if not re.fullmatch(r"[\d.,]*\d[\d.,]*", bare):
        raise FieldProblem(message)
    try:
        with _all_digits():
            number: Decimal = parse_decimal(bare, locale=_locale(written), strict=True)
    except NumberFormatError:
        raise FieldProblem(message) from None
    return number.copy_negate() if negative else number


def _all_digits() -> AbstractContextManager[Context]:
    """Calculate with every digit that a number may have; by default decimals fail beyond 28."""
    return localcontext(prec=2 * LONGEST)


def _formatted(number: Decimal, written: str) -> str:
    locale = _locale(written)
    with _all_digits():
        shown: str = format_decimal(number, format=_pattern(written), locale=locale, decimal_quantization=False)
    return shown


class Number:
    """A number with decimals."""

    name = "decimal"
    _message = "is no number"
    accepts: ClassVar[dict[str, str]] = {"1,234.5": "1234.5", "(0.75)": "-0.75"}
    refuses: ClassVar[dict[str, str]] = {"12 apples": _message, "1,23,4": _message}

    def parse(self, text: str, options: FieldOptions) -> Value:
        """Return the number exactly as written, as a decimal."""
        return _decimal(text, options.format, self._message)

    def encode(self, value: Value) -> str:
        """Return the digits with a point and without grouping."""
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    def decode(self, text: str) -> Value:
        """Return the number."""
        return Decimal(text)

    def show(self, value: Value, screen_format: str | None) -> str:
        """Return the number in the screen's format, such as #,##0.00, else plain.

        Decimals that the format has no place for are written all the same: a rounded amount is another amount.
        Raises `DefinitionError` for what is no format of a number.
        """
        if screen_format is None:
            return self.encode(value)
        if BETWEEN in screen_format or not set(screen_format) & set("0#"):
            told = screen_format.replace(BETWEEN, " ")
            raise DefinitionError(f"{told} is no format of a number: it should look like #,##0.00")
        return _formatted(Decimal(self.encode(value)), screen_format)

    def agrees(self, value: Value, shown: str, screen_format: str | None) -> bool:
        """Tell whether the screen shows the same number, grouped or not."""
        try:
            return self.parse(shown, FieldOptions(format=screen_format)) == value
        except FieldProblem:
            return False


class Integer(Number):
    """A whole number. Not for codes: zeros in front are lost; those are text."""

    name = "integer"
    _message = "is no whole number"
    accepts: ClassVar[dict[str, str]] = {"1,200": "1200", "-3": "-3"}
    refuses: ClassVar[dict[str, str]] = {"1.5": _message, "four": _message}

    def parse(self, text: str, options: FieldOptions) -> Value:
        """Return the whole number."""
        number = _decimal(text, options.format, self._message)
        if number != number.to_integral_value():
            raise FieldProblem(self._message)
        return int(number)

    def decode(self, text: str) -> Value:
        """Return the whole number."""
        return int(text)


class Money(Number):
    """An amount with two decimals; a currency sign is dropped, brackets mean minus: (45.10) is -45.10."""

    name = "money"
    _message = "is no amount of money: it should look like 1,234.50"
    accepts: ClassVar[dict[str, str]] = {
        "$1,234.50": "1234.50",
        "(45.10)": "-45.10",
        "$(45.10)": "-45.10",
        "12": "12.00",
    }
    refuses: ClassVar[dict[str, str]] = {"12.345": "has more than two decimals", "about 50": _message}

    def parse(self, text: str, options: FieldOptions) -> Value:
        """Return the amount."""
        amount = _decimal(re.sub(r"USD|EUR|[$€£]", "", text), options.format, self._message)
        if amount.adjusted() >= WHOLE_DIGITS:
            raise FieldProblem(f"has more than {WHOLE_DIGITS} digits before the decimal mark")
        if amount != amount.quantize(_CENT):
            raise FieldProblem("has more than two decimals")
        return amount.quantize(_CENT)
