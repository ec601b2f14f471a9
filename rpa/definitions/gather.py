"""One mistake, one message: what is wrong in the same words in many places of a file is told once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rpa.errors import Problem

LINES = 5
"""How many further lines a message lists at most."""


def gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Return *problems* in the order of the file, each message once."""
    places: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda one: (one.line, one.column)):
        places.setdefault(problem.message, []).append(problem)
    return [replace(first, message=message + _also(rest)) for message, (first, *rest) in places.items()]


def _also(rest: Sequence[Problem]) -> str:
    lines = ", ".join(str(problem.line) for problem in rest[:LINES])
    more = f" and {len(rest) - LINES} more" if len(rest) > LINES else ""
    return f" (so also in line {lines}{more})" if rest else ""
