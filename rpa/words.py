"""How counts are said to people, and how numbers that somebody else wrote are read."""

MOST_DIGITS = 15
"""More than any size or row number here has, and fewer than any database refuses."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return the number with its noun: `1 document`, `2 documents`; *many* where the plural is no `s` more."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def whole_number(text: str) -> int | None:
    """Return the number that *text* writes in plain digits; None for anything else, such as `²` or a sign."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
