"""Expressions over a record in CEL: their types, their functions, and what they come to for one record.

CEL has no decimals, and amounts are no floats: money is bound as a whole number of hundredths of a cent, and
`money("5000.00")` makes the same of a constant; `decimal("0.5")` does so with six places. Days are timestamps at
midnight, made by `date("2026-11-02")` and `today()`; `days(30)` is a length of time. An optional field that was
left blank is null.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from cel_expr_python import cel

from rpa.definitions.bot import FieldSpec, RecordSpec
from rpa.errors import DefinitionError
from rpa.fields.base import Value

_MONEY = Decimal(10) ** 4
_PLACES = Decimal(10) ** 6

_TYPES: Mapping[str, Any] = {
    "integer": cel.Type.INT,
    "decimal": cel.Type.INT,
    "money": cel.Type.INT,
    "date": cel.Type.TIMESTAMP,
    "yes-no": cel.Type.BOOL,
}

UNJUDGED = object()
"""What an expression comes to that can't be judged for a record."""

Bound = Mapping[str, Any]
"""The values of a record as CEL knows them, by field."""


def problem(spec: RecordSpec, expression: str, result: str) -> str | None:
    """Return why *expression* can't come to a *result*, a word of `RESULTS`, for a record; None if it can."""
    try:
        compiled = _environment(_types(spec)).compile(expression)
    except RuntimeError as error:
        return _first_line(error)
    wanted, words = RESULTS[result]
    return None if compiled.return_type() in (*wanted, cel.Type.DYN) else words  # CEL's types have no hash


RESULTS: Mapping[str, tuple[Collection[Any], str]] = {
    "rule": ((cel.Type.BOOL,), "a rule is either true or false"),
    "priority": ((cel.Type.INT,), "a priority is a whole number, such as `urgent ? 50 : 100`"),
    "deadline": ((cel.Type.TIMESTAMP,), "a deadline is a day, such as `received_on + days(30)`"),
}
"""What expressions are for: the types that they may come to, and why another one is wrong."""


def bound(spec: RecordSpec, values: Mapping[str, Value | None]) -> Bound:
    """Return the record's *values* as CEL knows them."""
    return {name: _bound(values.get(name), one.type) for name, one in spec.fields.items()}


def judged(spec: RecordSpec, expression: str, values: Bound) -> Any:
    """Return what *expression* comes to, `UNJUDGED` where it can't be judged for these values.

    Raises `DefinitionError` where it can't be judged for any record. CEL's own words may repeat a value: not told.
    """
    try:
        compiled = _environment(_types(spec, values)).compile(expression)
    except RuntimeError as error:
        raise DefinitionError(f"the expression {expression} can't be evaluated: {_first_line(error)}") from None
    try:
        return compiled.eval(data=values).value()
    except Exception:  # noqa: BLE001  # whatever it is, it comes of this record's values
        return UNJUDGED


def _types(spec: RecordSpec, values: Bound = MappingProxyType({})) -> tuple[tuple[str, str], ...]:
    return tuple((name, _type_word(one, values.get(name))) for name, one in spec.fields.items())


def _type_word(spec: FieldSpec, value: Any) -> str:
    # A field that may be blank is null or its type, which CEL can only check when the rule is evaluated. A day it
    # does not even take then, unless it is told that it is one.
    if not spec.required and not isinstance(value, datetime):
        return ""
    return "many" if spec.many else spec.type


@cache
def _environment(fields: tuple[tuple[str, str], ...]) -> Any:
    variables = {name: _cel_type(word) for name, word in fields}
    return cel.NewEnv(variables=variables, functions=_FUNCTIONS)


def _cel_type(word: str) -> Any:
    if word == "many":
        return cel.Type.List(cel.Type.STRING)
    return _TYPES.get(word, cel.Type.STRING) if word else cel.Type.DYN


def _bound(value: Value | None, type_name: str) -> Any:
    if isinstance(value, Decimal):
        return int(value * (_MONEY if type_name == "money" else _PLACES))
    if isinstance(value, date):
        return _midnight(value)
    return list(value) if isinstance(value, tuple) else value


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _function(name: str, parameters: list[Any], returns: Any, does: Any) -> Any:
    overload = cel.Overload(f"{name}_{len(parameters)}", returns, parameters, impl=does)
    return cel.FunctionDecl(name, [overload])


_FUNCTIONS = [
    _function("money", [cel.Type.STRING], cel.Type.INT, lambda text: int(Decimal(text) * _MONEY)),
    _function("decimal", [cel.Type.STRING], cel.Type.INT, lambda text: int(Decimal(text) * _PLACES)),
    _function(
        "date",
        [cel.Type.STRING],
        cel.Type.TIMESTAMP,
        lambda text: _midnight(date.fromisoformat(text)),
    ),
    _function("days", [cel.Type.INT], cel.Type.DURATION, lambda number: timedelta(days=number)),
    _function("today", [], cel.Type.TIMESTAMP, lambda: _midnight(datetime.now(UTC).astimezone().date())),
]


def _first_line(error: RuntimeError) -> str:
    return str(error).splitlines()[0].removeprefix("INVALID_ARGUMENT: ")
