"""E-mail addresses."""

from typing import ClassVar

from email_validator import EmailNotValidError, validate_email

from rpa.fields.base import FieldOptions, FieldProblem, Value

_MESSAGE = "is no e-mail address: it should look like name@example.org"


class Email:
    """An address that could exist; whether it does is not asked."""

    name = "email"
    accepts: ClassVar[dict[str, str]] = {"Ana.Diaz@Example.org": "Ana.Diaz@example.org"}
    refuses: ClassVar[dict[str, str]] = {"ana.diaz(at)example.org": _MESSAGE, "ana@": _MESSAGE}

    def parse(self, text: str, _options: FieldOptions) -> Value:
        """Return the address with its domain in small letters."""
        try:
            return validate_email(text, check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            raise FieldProblem(_MESSAGE) from None

    def encode(self, value: Value) -> str:
        """Return the address."""
        return str(value)

    def decode(self, text: str) -> Value:
        """Return the address."""
        return text

    def show(self, value: Value, _screen_format: str | None) -> str:
        """Return the address."""
        return str(value)

    def agrees(self, value: Value, shown: str, _screen_format: str | None) -> bool:
        """Tell whether the screen shows the same address; capital letters do not matter."""
        return shown.strip().casefold() == str(value).casefold()
