"""Rules of a record: CEL expressions over its typed fields, each with the words a clerk reads where it fails.

CEL has no decimals, and amounts are no floats: money is bound as a whole number of hundredths of a cent, and
`money("5000.00")` makes the same of a constant; `decimal("0.5")` does so with six places. Days are timestamps at
midnight, made by `date("2026-11-02")` and `today()`. An optional field that was left blank is null.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
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


def rule_problem(spec: RecordSpec, expression: str) -> str | None:
    """Return why *expression* can't be a rule of the record, or None if it can."""
    try:
        compiled = _environment(_types(spec)).compile(expression)
    except RuntimeError as error:
        return _first_line(error)
    if compiled.return_type() not in (cel.Type.BOOL, cel.Type.DYN):  # a tuple: CEL's types have no hash
        return "a rule is either true or false"
    return None


def broken_rules(spec: RecordSpec, values: Mapping[str, Value | None]) -> list[str]:
    """Return the words of every rule that does not hold for the record's *values*.

    Raises `DefinitionError` where a rule can't be evaluated: that is the author's to mend, not the clerk's.
    """
    environment = _environment(_types(spec))
    bound = {name: _bound(values.get(name), one.type) for name, one in spec.fields.items()}
    return [rule.else_ for rule in spec.rules if not _holds(environment, rule.check, bound)]


def _holds(environment: Any, expression: str, bound: Mapping[str, Any]) -> bool:
    try:
        held = environment.compile(expression).eval(data=bound).value()
    except RuntimeError as error:
        raise DefinitionError(f"the rule {expression} can't be evaluated: {_first_line(error)}") from None
    if not isinstance(held, bool):
        raise DefinitionError(f"the rule {expression} is neither true nor false for this record")
    return held


def _types(spec: RecordSpec) -> tuple[tuple[str, str], ...]:
    return tuple((name, _type_word(one)) for name, one in spec.fields.items())


def _type_word(spec: FieldSpec) -> str:
    # A field that may be blank is null or its type, which CEL can only check when the rule is evaluated.
    return "" if not spec.required else "many" if spec.many else spec.type


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
    _function("today", [], cel.Type.TIMESTAMP, lambda: _midnight(datetime.now(UTC).astimezone().date())),
]


def _first_line(error: RuntimeError) -> str:
    return str(error).splitlines()[0].removeprefix("INVALID_ARGUMENT: ")
