"""Social Security number, employer identification number, ZIP code."""

from typing import ClassVar

from stdnum.exceptions import ValidationError
from stdnum.us import ein, ssn

from rpa.errors import BusinessException
from rpa.fields.base import BETWEEN, FieldOptions, FieldProblem, Value
from rpa.fields.digits import Digits, masked, only_digits, refuse_other_marks


class SocialSecurityNumber(Digits):
    """Nine digits that the Social Security Administration could have given out (checked by python-stdnum)."""

    name = "us-ssn"
    written = "###-##-####"
    _message = "is no Social Security number: nine digits are needed, and not one that is never given out"
    accepts: ClassVar[dict[str, str]] = {"536904399": "536-90-4399", "536-90-4399": "536-90-4399"}
    refuses: ClassVar[dict[str, str]] = {"536-90-439": _message, "078-05-1120": _message, "000-12-3456": _message}

    def digits(self, text: str) -> str:
        """Return the nine digits."""
        refuse_other_marks(text, "- ", self._message)
        try:
            return str(ssn.validate(only_digits(text)))
        except ValidationError:
            raise FieldProblem(self._message) from None


class EmployerNumber(Digits):
    """Nine digits with a prefix that the Internal Revenue Service uses (checked by python-stdnum)."""

    name = "us-ein"
    written = "##-#######"
    _message = "is no employer identification number: nine digits are needed, with a prefix that is in use"
    accepts: ClassVar[dict[str, str]] = {"911144442": "91-1144442", "91-1144442": "91-1144442"}
    refuses: ClassVar[dict[str, str]] = {"91-114444": _message, "07-1144442": _message}

    def digits(self, text: str) -> str:
        """Return the nine digits."""
        refuse_other_marks(text, "- ", self._message)
        try:
            return str(ein.validate(only_digits(text)))
        except ValidationError:
            raise FieldProblem(self._message) from None


_ZIP, _ZIP_4 = 5, 9


class Zip(Digits):
    """Five digits, or nine for ZIP+4. Zeros in front are part of it."""

    name = "us-zip"
    written = "#####"
    _message = "is no ZIP code: five digits are needed, or nine as 12345-6789"
    accepts: ClassVar[dict[str, str]] = {"07001": "07001", "07001-1234": "07001-1234", "070011234": "07001-1234"}
    refuses: ClassVar[dict[str, str]] = {"7001": _message, "O7001": _message}

    def digits(self, text: str) -> str:
        """Return five or nine digits."""
        refuse_other_marks(text, "- ", self._message)
        digits = only_digits(text)
        if len(digits) not in {_ZIP, _ZIP_4}:
            raise FieldProblem(self._message)
        return digits

    def parse(self, text: str, _options: FieldOptions) -> Value:
        """Return the code as people write it."""
        digits = self.digits(text)
        return digits if len(digits) == _ZIP else masked(digits, "#####-####")

    def show(self, value: Value, screen_format: str | None) -> str:
        """Return the code, in the screen's format if it has one; without +4 the rest of the format stays empty.

        Raises `BusinessException` for a ZIP+4 where the screen takes a ZIP alone.
        """
        if screen_format is None:
            return str(value)
        digits, places = only_digits(str(value)), screen_format.count("#")
        if (len(digits), places) == (_ZIP_4, _ZIP):
            raise BusinessException(f"the ZIP code has +4, for which the screen's {screen_format} has no place")
        if (len(digits), places) == (_ZIP, _ZIP_4):
            return _without_4(digits, screen_format)
        return masked(digits, screen_format)


def _without_4(digits: str, screen_format: str) -> str:
    """Write five digits into a format for nine; boxes that are left stay empty."""
    end = [at for at, mark in enumerate(screen_format) if mark == "#"][_ZIP - 1] + 1
    return masked(digits, screen_format[:end]) + BETWEEN * screen_format.count(BETWEEN, end)
