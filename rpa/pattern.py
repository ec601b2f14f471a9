r"""Regular expressions of a definition, carried out by RE2: their time grows with the text alone.

Python's own `re` tries every way in which an expression could match; for `([A-Z]+)*` and a text of 28 letters that
takes seconds, and twice as long for one letter more. A document must not be able to do that. RE2 knows neither
looking around nor referring back, and `\d`, `\w` and `\s` mean ASCII alone (`\pL` is any letter).
"""

from functools import cache
from typing import Any

import re2

_UNKNOWN = ("invalid perl operator", "invalid escape sequence", "bad repetition operator")
"""What RE2 says of constructs that other kinds of regular expressions have."""


def problem(expression: str) -> str | None:
    """Return in words why *expression* can't be used, or None if it can."""
    try:
        _compiled(expression)
    except re2.error as error:
        what, _, where = error.args[0].decode().partition(": ")
        if what in _UNKNOWN:
            return f"`{where}` is not known here; there is no looking ahead or behind, and no referring back"
        return f"{what}: `{where}`" if where else str(what)
    return None


def fits(expression: str, text: str) -> bool:
    """Tell whether the whole *text* matches."""
    return _compiled(expression).fullmatch(_utf8(text)) is not None


def cut(expression: str, text: str) -> str | None:
    """Return what the expression's first group matches in *text*, or all of it if it has none; None if nothing."""
    compiled = _compiled(expression)
    found = compiled.search(_utf8(text))
    return None if found is None else found[1 if compiled.groups else 0]


@cache
def _compiled(expression: str) -> Any:
    options = re2.Options()
    options.log_errors = False  # they are told to the author, not to the terminal
    return re2.compile(expression, options)


def _utf8(text: str) -> str:
    """Return *text* with a mark for each byte of a file's name that is no text."""
    return text.encode(errors="replace").decode()
