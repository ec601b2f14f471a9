"""What a bot says of a record in expressions: what must hold before it is entered, and how urgent it is.

Each is judged for the record alone: a number beyond 64 bits, a division by zero or a null where a value is needed
sends this record to a person, in words that hold no value.
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from rpa.definitions.bot import RecordSpec, Rule
from rpa.errors import BusinessException
from rpa.expressions import Bound, bound, judged
from rpa.fields.base import Value
from rpa.urgency import LEAST_URGENT, MOST_URGENT, ORDINARY, Urgency


def broken_rules(spec: RecordSpec, values: Mapping[str, Value | None]) -> list[str]:
    """Return the words of every rule that does not hold for the record's *values*, or can't be judged for them.

    Raises `DefinitionError` where a rule can't be judged for any record.
    """
    known = bound(spec, values)
    return [words for rule in spec.rules if (words := _broken(spec, rule, known)) is not None]


def holds(spec: RecordSpec, expression: str, values: Mapping[str, Value | None]) -> bool | None:
    """Tell whether *expression* holds for the record's *values*; None where it can't be judged for them.

    Raises `DefinitionError` where it can't be judged for any record.
    """
    return _held(spec, expression, bound(spec, values))


def _held(spec: RecordSpec, expression: str, known: Bound) -> bool | None:
    held = judged(spec, expression, known)
    return held if isinstance(held, bool) else None


def _broken(spec: RecordSpec, rule: Rule, known: Bound) -> str | None:
    held = _held(spec, rule.check, known)
    if held is None:
        return f"{rule.said} (the rule {rule.check} could not be judged for this record)"
    return None if held else rule.said


def urgency(spec: RecordSpec, values: Mapping[str, Value | None]) -> Urgency:
    """Return how urgent the record with these *values* is.

    Raises `BusinessException` where it can't be judged for this record, `DefinitionError` where for none.
    """
    known = bound(spec, values)
    return Urgency(_priority(spec, known), _deadline(spec, known))


def _priority(spec: RecordSpec, known: Bound) -> int:
    number = None if spec.priority is None else judged(spec, spec.priority, known)
    if number is None:
        return ORDINARY
    if isinstance(number, bool) or not isinstance(number, int):
        raise _unjudged("priority", spec.priority)
    return min(max(number, MOST_URGENT), LEAST_URGENT)


def _deadline(spec: RecordSpec, known: Bound) -> datetime | None:
    """Return the end of the day that is the last one, by this machine's clock."""
    last = None if spec.deadline is None else judged(spec, spec.deadline, known)
    if last is None:
        return None
    if not isinstance(last, datetime):
        raise _unjudged("deadline", spec.deadline)
    try:
        return datetime.combine(last.date(), time.max).astimezone()
    except (OverflowError, ValueError):  # beyond the calendar
        raise _unjudged("deadline", spec.deadline) from None


def _unjudged(what: str, expression: Any) -> BusinessException:
    return BusinessException(f"its {what} ({expression}) could not be judged for this record")
