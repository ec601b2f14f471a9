"""Phone numbers."""

import re
from typing import ClassVar

import phonenumbers

from rpa.errors import BusinessException
from rpa.fields.base import FieldOptions, FieldProblem, Value
from rpa.fields.digits import masked, only_digits

_REGION = "US"
_MESSAGE = "is no phone number: give it with its area code, as (312) 555-0142"


class Phone:
    """A number that can be dialled; without a country code it is a number of the United States."""

    name = "phone"
    accepts: ClassVar[dict[str, str]] = {
        "(312) 555-0142": "+13125550142",
        "312.555.0142": "+13125550142",
        "+49 30 901820": "+4930901820",
    }
    refuses: ClassVar[dict[str, str]] = {"555-0142": _MESSAGE, "call me": _MESSAGE}

    def parse(self, text: str, _options: FieldOptions) -> Value:
        """Return the number in the international form E.164, with an extension behind it if it has one."""
        try:
            number = phonenumbers.parse(text, _REGION)
        except phonenumbers.NumberParseException:
            raise FieldProblem(_MESSAGE) from None
        # Possible by length, not valid by allocation: the numbers set aside for fiction must pass in tests.
        if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
            raise FieldProblem(_MESSAGE)
        extension = f";ext={number.extension}" if number.extension else ""
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension

    def encode(self, value: Value) -> str:
        """Return the E.164 form."""
        return str(value)

    def decode(self, text: str) -> Value:
        """Return the E.164 form."""
        return text

    def show(self, value: Value, screen_format: str | None) -> str:
        """Return the number as people here write it, or in the screen's format of # for digits.

        A format takes ten digits, or the country code too. Raises `BusinessException` for an extension, and for a
        number from abroad unless the format fits it, with its country after a +: digits alone would be the number
        of somebody else.
        """
        number = phonenumbers.parse(str(value), _REGION)
        home = number.country_code == phonenumbers.country_code_for_region(_REGION)
        if screen_format is not None:
            _refuse_misfit(number, screen_format, home=home)
            national = phonenumbers.national_significant_number(number)
            here = home and screen_format.count("#") == len(national)
            return masked(national if here else f"{number.country_code}{national}", screen_format)
        form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return str(phonenumbers.format_number(number, form))

    def agrees(self, value: Value, shown: str, _screen_format: str | None) -> bool:
        """Tell whether the screen shows the same number, however it writes it."""
        try:
            return self.parse(shown, FieldOptions()) == value
        except FieldProblem:
            return only_digits(shown) == only_digits(str(value)) != ""


def _refuse_misfit(number: phonenumbers.PhoneNumber, screen_format: str, *, home: bool) -> None:
    if number.extension:
        raise BusinessException("the phone number has an extension, for which the screen has no place")
    if not home and not _takes_abroad(number, screen_format):
        raise BusinessException("the phone number is from abroad, and the screen has no place for such a number")


def _takes_abroad(number: phonenumbers.PhoneNumber, screen_format: str) -> bool:
    code, national = str(number.country_code), phonenumbers.national_significant_number(number)
    places = re.search(r"\+(#+)", screen_format)
    return places is not None and (len(places[1]), screen_format.count("#")) == (len(code), len(code + national))
