"""Every spelling in which a value may stand on a screen or in a system's answer, so that it can be hidden there.

Letters and digits are all that counts where texts are looked for, so 536-90-4399 stands for 536904399 too.
"""

import re
from collections.abc import Iterator
from datetime import date

from rpa.fields.base import FieldType, Value, folded
from rpa.fields.digits import only_digits

DATES = (
    "YYYY-MM-DD",
    "MM/DD/YYYY",
    "M/D/YYYY",
    "MM/DD/YY",
    "DD.MM.YYYY",
    "D.M.YYYY",
    "MMM D, YYYY",
    "MMM DD, YYYY",
    "MMMM D, YYYY",
    "D MMM YYYY",
    "DD MMM YYYY",
    "D MMMM YYYY",
)
"""How a system may write a day, whatever the page map says of one of its fields."""

_NAME_PART = 3
"""Letters from which a part of a name is hidden where it stands alone; shorter ones are in every sentence."""

_NAME_LIKE = re.compile(r"[^\W\d_]+(?:[ ,.'\u2019-]+[^\W\d_]+){1,3}\.?")
"""A text of two to four words: many bots read names as plain text."""


def spellings(kind: FieldType, value: Value, raw: str) -> set[str]:
    """Return *value* as it was read, as the ledger holds it, as it is shown, and as others may write it."""
    text = kind.encode(value)
    found = {raw, text, kind.show(value, None)}
    if isinstance(value, tuple):
        found |= set(value)
    if isinstance(value, date):
        found |= {kind.show(value, written) for written in DATES}
    if not any(map(str.isalpha, text)):
        found.add(only_digits(text))
    if kind.name == "phone":
        found.add(kind.show(text.partition(";")[0], None))  # without its extension
    if kind.name == "name" or (kind.name == "text" and _NAME_LIKE.fullmatch(text)):
        found |= set(_name(text))
    return {one for one in found if any(map(str.isalnum, one))}


def _name(text: str) -> Iterator[str]:
    """Yield the name in the orders in which systems write it, and each part that is long enough."""
    from nameparser import HumanName

    name = HumanName(text)
    for given in (f"{name.first} {name.middle}", f"{name.first} {name.middle[:1]}", name.first):
        yield from (folded(f"{given} {name.last}"), folded(f"{name.last}, {given}"))
    for part in re.split(r"[\s,.-]+", f"{name.first} {name.middle} {name.last}"):
        if sum(map(str.isalpha, part)) >= _NAME_PART:
            yield part
