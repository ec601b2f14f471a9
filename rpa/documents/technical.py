"""What went wrong inside a reader, for those who mend it: kinds of faults and lines of code, never a value."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from traceback import extract_tb

LONGEST_DETAIL = 400
_MOST_CAUSES = 4
_PACKAGE = Path(__file__).resolve().parents[1]


def technical(error: BaseException) -> str:
    """Return the kinds of *error* and of what caused it, each with the last line of this program it went by."""
    return " < ".join(map(_told, islice(_causes(error), _MOST_CAUSES)))[:LONGEST_DETAIL]


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _told(error: BaseException) -> str:
    lines = [line for line in extract_tb(error.__traceback__) if _PACKAGE in Path(line.filename).parents]
    if not lines:
        return type(error).__name__
    return f"{type(error).__name__} at {Path(lines[-1].filename).relative_to(_PACKAGE.parent)}:{lines[-1].lineno}"
