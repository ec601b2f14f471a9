"""JSON Schemas of all definitions, for editors: what a key is for, which words fit, what is wrong.

They say no more than `rpa check` does: names that only fit together, or do not, are for the check alone.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, TypeAdapter

from rpa.definitions.bot import Bot, written
from rpa.definitions.check_form import READERS
from rpa.definitions.form import Form
from rpa.definitions.schedule import Schedule
from rpa.definitions.step import VERBS, Action, Step
from rpa.definitions.system import System
from rpa.definitions.trigger import Trigger
from rpa.definitions.vocabulary import Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ACTION = r"^[^.\s]+\.[^\s]+$"
"""A dotted word is a Python action."""

_ANY_SCALAR = ["string", "number", "boolean"]
"""Definitions are read as text, so 00123 and true are texts too; to an editor they are not."""

_NOTHING: Mapping[str, tuple[Any, ...]] = {"default": (None, [], {}, ""), "minLength": (0,)}
"""What says no more than its absence does."""

_YES_OR_NO = [True, False, "yes", "no"]


def files(vocabulary: Vocabulary) -> dict[str, str]:
    """Return what stands in `bots/schema/` by the name of the file: a schema for each kind of definition."""
    schemas = {
        "bot": bot_schema(vocabulary),
        "system": system_schema(),
        "form": form_schema(vocabulary),
        "schedule": schedule_schema(),
        "trigger": trigger_schema(),
    }
    return {f"{name}.schema.json": _text(schema) for name, schema in schemas.items()}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def bot_schema(vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """Return the schema of a bot. With a *vocabulary*, editors offer its field types, readers and actions."""
    schema = _schema(Bot)
    if vocabulary is not None:
        parts = schema["$defs"]
        parts["FieldSpec"]["properties"]["type"]["enum"] = sorted(vocabulary.field_types)
        parts["DocumentSpec"]["properties"]["reader"]["enum"] = sorted(vocabulary.readers)
        parts["Step"]["properties"] |= {
            name: {"description": _doc(Action)} for name in sorted(vocabulary.actions())
        }
    return schema


def system_schema() -> dict[str, Any]:
    """Return the schema of a page map."""
    return _schema(System)


def form_schema(vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """Return the schema of a form. With a *vocabulary*, editors offer its field types."""
    schema = _schema(Form)
    schema["properties"]["reader"]["enum"] = list(READERS)
    if vocabulary is not None:
        schema["$defs"]["ValueSpec"]["properties"]["type"]["enum"] = sorted(vocabulary.field_types)
    return schema


def schedule_schema() -> dict[str, Any]:
    """Return the schema of a schedule."""
    return _schema(Schedule)


def trigger_schema() -> dict[str, Any]:
    """Return the schema of a trigger."""
    return _schema(Trigger)


def _schema(kind: type[BaseModel]) -> dict[str, Any]:
    schema = kind.model_json_schema()
    verbs = {verb.__name__ for verb in VERBS.values()} | {Action.__name__}
    parts = {name: part for name, part in schema["$defs"].items() if name not in verbs}
    steps = {Step.__name__: _step()} if Step.__name__ in parts else {}
    return {"$schema": DIALECT, **_tidy({**schema, "$defs": {**parts, **steps}})}


def _step() -> dict[str, Any]:
    """Return the schema of a step: a map of exactly one verb, so that editors offer verbs and mark a wrong one."""
    verbs = {name: _verb(name, verb.model_json_schema()) for name, verb in VERBS.items()}
    return {
        "type": "object",
        "description": _doc(Step),
        "properties": verbs,
        "patternProperties": {ACTION: {"description": _doc(Action)}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _verb(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {**schema["properties"][name], "description": schema["description"]}


def _doc(part: type) -> str:
    return (part.__doc__ or "").split("\n\n")[0]


def _tidy(schema: dict[str, Any]) -> dict[str, Any]:
    """Return *schema* without what pydantic adds for machines, and as lenient about scalars as our reader is."""
    schema = _without_null(schema)
    tidy = {key: _tidied(key, value) for key, value in schema.items() if _says_something(key, value)}
    if tidy.get("type") == "string" and "pattern" not in tidy and "enum" not in tidy:
        tidy["type"] = _ANY_SCALAR
    if tidy.get("type") == "boolean":
        tidy = {**{key: value for key, value in tidy.items() if key != "type"}, "enum": _YES_OR_NO}
    return tidy


def _tidied(key: str, value: Any) -> Any:
    if key in ("properties", "$defs", "patternProperties"):
        return {name: _tidy(part) for name, part in value.items()}
    if key == "default":
        return _default(value)
    if isinstance(value, dict):
        return _tidy(value)
    if key in ("anyOf", "allOf", "oneOf"):
        return [_tidy(part) for part in value]
    return value


def _default(value: Any) -> Any:
    """Return a default as definitions say it; pydantic writes a duration as ISO 8601 does, PT2M."""
    if isinstance(value, str) and re.fullmatch(r"P[T0-9DHMS.]+", value):
        return written(TypeAdapter(timedelta).validate_python(value))
    return value


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return *schema* without null as a choice: a key is said or left out."""
    choices = [part for part in schema.get("anyOf", []) if part != {"type": "null"}]
    if len(choices) != 1:
        return schema
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **choices[0]}


def _says_something(key: str, value: Any) -> bool:
    return key not in ("title", "propertyNames") and value not in _NOTHING.get(key, ())
