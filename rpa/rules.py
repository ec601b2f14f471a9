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

from rpa.definitions.bot import FieldSpec, RecordSpec, Rule
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
    """Return the words of every rule that does not hold for the record's *values*, or can't be judged for them.

    A number beyond 64 bits, a division by zero or a null where a value is needed concern this record alone, so a
    person looks at it. Raises `DefinitionError` where a rule can't be judged for any record.
    """
    environment = _environment(_types(spec))
    bound = {name: _bound(values.get(name), one.type) for name, one in spec.fields.items()}
    return [words for rule in spec.rules if (words := _broken(environment, rule, bound)) is not None]


def _broken(environment: Any, rule: Rule, bound: Mapping[str, Any]) -> str | None:
    try:
        compiled = environment.compile(rule.check)
    except RuntimeError as error:
        raise DefinitionError(f"the rule {rule.check} can't be evaluated: {_first_line(error)}") from None
    held = _judged(compiled, bound)
    if held is None:
        return f"{rule.else_} (the rule {rule.check} could not be judged for this record)"
    return None if held else rule.else_


def _judged(compiled: Any, bound: Mapping[str, Any]) -> bool | None:
    """Return whether the rule holds; None where it is neither true nor false. What CEL says may repeat a value."""
    try:
        held = compiled.eval(data=bound).value()
    except Exception:  # noqa: BLE001  # whatever it is, it comes of this record's values
        return None
    return held if isinstance(held, bool) else None


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
