"""The schemas for editors: whole, the same each time, and with a word about every key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpa.definitions.schema import bot_schema, form_schema, schedule_schema, system_schema, trigger_schema
from rpa.project import Project

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = {
    "bot": bot_schema(),
    "system": system_schema(),
    "form": form_schema(),
    "schedule": schedule_schema(),
    "trigger": trigger_schema(),
}


def keys(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in (schema, *schema["$defs"].values()):
        yield from part["properties"].items()


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_says_what_it_is_for(name: str) -> None:
    assert [key for key, part in keys(SCHEMAS[name]) if len(part.get("description", "")) < 10] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_key_is_allowed_that_a_definition_refuses(name: str) -> None:
    parts = (SCHEMAS[name], *SCHEMAS[name]["$defs"].values())

    assert all(part["additionalProperties"] is False for part in parts)


def test_the_schema_is_the_same_each_time() -> None:
    vocabulary = Project(ROOT).vocabulary

    assert json.dumps(bot_schema(vocabulary)) == json.dumps(bot_schema(vocabulary))
    assert json.dumps(SCHEMAS["system"]) == json.dumps(system_schema())


def test_a_key_is_called_what_the_file_calls_it() -> None:
    names = {key for key, _ in keys(SCHEMAS["bot"])}

    assert {"from", "as", "else"} <= names
    assert not {"from_", "as_", "else_"} & names


def test_a_default_is_written_as_an_author_would() -> None:
    parts = dict(keys(SCHEMAS["system"])) | dict(keys(SCHEMAS["bot"]))

    assert parts["settle"]["default"] == "30s"
    assert parts["wait"]["default"] == "2m"
    assert "default" not in parts["options"]
