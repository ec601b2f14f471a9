"""One of a set, or several."""

import re
from collections.abc import Mapping
from typing import ClassVar

from rpa.fields.base import FieldOptions, FieldProblem, Value, folded


class Choice:
    """What the document says is looked up in the definition's `options`; capital letters do not matter."""

    name = "choice"
    accepts: ClassVar[dict[str, str]] = {}
    refuses: ClassVar[dict[str, str]] = {"Hurricane": "is not one of the choices: there are none"}

    def parse(self, text: str, options: FieldOptions) -> Value:
        """Return what the record calls the choice; with `many`, a tuple of them."""
        known = {folded(said).casefold(): held for said, held in options.options.items()}
        known |= {folded(held).casefold(): held for held in options.options.values()}
        if not options.many:
            return _chosen(text, known)
        return tuple(_chosen(one, known) for one in re.split(r"[;,|\n]", text) if one.strip())

    def encode(self, value: Value) -> str:
        """Return the choice; with `many` they are separated by semicolons, and one alone ends with one.

        A semicolon within a choice is doubled.
        """
        if not isinstance(value, tuple):
            return _doubled(str(value))
        return "; ".join(map(_doubled, value)) + (";" if len(value) < _SEVERAL else "")

    def decode(self, text: str) -> Value:
        """Return the choice, or with `many` the tuple of them."""
        parts = [part.removeprefix(" ").replace(";;", ";") for part in re.findall("(?:;;|[^;])+", text)]
        return tuple(parts) if ";" in text.replace(";;", "") else "".join(parts)

    def show(self, value: Value, _screen_format: str | None) -> str:
        """Return the choice as the record calls it; the page map's `options` say what the screen calls it."""
        return "; ".join(value) if isinstance(value, tuple) else str(value)

    def agrees(self, value: Value, shown: str, _screen_format: str | None) -> bool:
        """Tell whether the screen shows the choice; of several, in any order."""
        if isinstance(value, tuple):
            return {folded(one).casefold() for one in value} == {
                folded(one).casefold() for one in re.split(r"[;\n]", shown) if one.strip()
            }
        return folded(shown).casefold() == folded(str(value)).casefold()


_SEVERAL = 2


def _doubled(choice: str) -> str:
    return choice.replace(";", ";;")


def _chosen(text: str, known: Mapping[str, str]) -> str:
    try:
        return known[folded(text).casefold()]
    except KeyError:
        choices = ", ".join(dict.fromkeys(known.values())) or "there are none"
        raise FieldProblem(f"is not one of the choices: {choices}") from None
