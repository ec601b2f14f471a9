"""What people say to be known again: a receipt's number, and a second fact that they chose with it."""

from collections.abc import Callable
from datetime import date

from rpa.store.receipts import LENGTH, SIGNS

ALIKE = str.maketrans("OIL", "011")
"""Letters that people read where a digit stands; no number has one of them."""

LONGEST_AGO = 130
"""Years: nobody was born earlier."""

LAST = 4
"""Signs of a number of which the last are asked for."""

Said = Callable[[str], str]
"""Returns what a field of the form says."""


def number(said: str) -> str | None:
    """Return a receipt's number as it is kept, however it was typed; None where it can't be one."""
    plain = "".join(filter(str.isalnum, said.upper())).translate(ALIKE)
    return plain if len(plain) == LENGTH and set(plain) <= set(SIGNS) else None


def written(one: str) -> str:
    """Return a receipt's number as people write it down."""
    return "-".join(one[at : at + 4] for at in range(0, len(one), 4))


def birth_date(said: Said) -> str | None:
    """Return the date of birth that three fields say; None where it is none."""
    parts = [said(name) for name in ("year", "month", "day")]
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):  # noqa: PLR2004  # of a year
        return None
    try:
        born = date(*map(int, parts))
    except ValueError:
        return None
    today = date.today()  # noqa: DTZ011  # a day of the calendar on the wall
    return born.isoformat() if today.year - LONGEST_AGO <= born.year and born <= today else None


def last_four(said: Said) -> str | None:
    """Return the last four signs of a number that the settings name; None where there are not four."""
    plain = "".join(filter(str.isalnum, said("last_four"))).upper()
    return plain if len(plain) == LAST and plain.isascii() else None
