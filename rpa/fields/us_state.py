"""States of the United States, the District of Columbia and the territories, by their postal codes."""

from typing import ClassVar

from rpa.fields.base import FieldOptions, FieldProblem, Value, folded

NAMES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming", "AS": "American Samoa", "GU": "Guam",
    "MP": "Northern Mariana Islands", "PR": "Puerto Rico", "VI": "U.S. Virgin Islands",
}  # fmt: skip
"""Postal code -> name (USPS Publication 28, appendix B)."""

_CODES = {name.casefold(): code for code, name in NAMES.items()} | {code.casefold(): code for code in NAMES}
_MESSAGE = "is no state: give its name or its two letters"


class State:
    """A state, read by name or code, held by code, shown by name unless the screen's format is `XX`."""

    name = "us-state"
    accepts: ClassVar[dict[str, str]] = {"il": "IL", "Illinois": "IL", "New  Jersey": "NJ"}
    refuses: ClassVar[dict[str, str]] = {"ZZ": _MESSAGE, "Ontario": _MESSAGE}

    def parse(self, text: str, _options: FieldOptions) -> Value:
        """Return the postal code."""
        try:
            return _CODES[folded(text).casefold()]
        except KeyError:
            raise FieldProblem(_MESSAGE) from None

    def encode(self, value: Value) -> str:
        """Return the postal code."""
        return str(value)

    def decode(self, text: str) -> Value:
        """Return the postal code."""
        return text

    def show(self, value: Value, screen_format: str | None) -> str:
        """Return the name, or the postal code where the screen's format is `XX`."""
        return str(value) if screen_format == "XX" else NAMES[str(value)]

    def agrees(self, value: Value, shown: str, _screen_format: str | None) -> bool:
        """Tell whether the screen shows the same state, by name or code."""
        return _CODES.get(folded(shown).casefold()) == value
