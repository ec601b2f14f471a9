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

MONTHS, YEAR = 12, 4
"""Of a year, and the digits of one."""

Said = Callable[[str], str]
"""Returns what a field of the form says."""


class FactError(Exception):
    """What was said is no such fact; *words* name in the texts what is wrong."""

    def __init__(self, *words: str) -> None:
        super().__init__(*words)
        self.words = words


def number(said: str) -> str | None:
    """Return a receipt's number as it is kept, however it was typed; None where it can't be one."""
    plain = "".join(filter(str.isalnum, said.upper())).translate(ALIKE)
    return plain if len(plain) == LENGTH and set(plain) <= set(SIGNS) else None


def written(one: str) -> str:
    """Return a receipt's number as people write it down."""
    return "-".join(one[at : at + 4] for at in range(0, len(one), 4))


def birth_date(said: Said) -> str:
    """Return the date of birth that three fields say; raise `FactError` where it is none."""
    year, month, day = parts = [said(name) for name in ("year", "month", "day")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise FactError("numbers")
    wrong = [*([] if 1 <= int(month) <= MONTHS else ["month"]), *([] if len(year) == YEAR else ["year"])]
    if wrong:
        raise FactError(*wrong)
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        raise FactError("day") from None
    today = date.today()  # noqa: DTZ011  # a day of the calendar on the wall
    if not today.year - LONGEST_AGO <= born.year or born > today:
        raise FactError("born")
    return born.isoformat()


def last_four(said: Said) -> str:
    """Return the last four signs of a number of a number; raise `FactError` where there are not four."""
    plain = "".join(filter(str.isalnum, said("last_four"))).upper()
    if len(plain) != LAST or not plain.isascii():
        raise FactError("four")
    return plain
