"""Right definitions: nothing is found wrong with them, and the example shows the whole language."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpa.definitions.bot import Bot
from rpa.definitions.schema import bot_schema, form_schema, system_schema
from rpa.definitions.step import VERBS
from rpa.definitions.yaml import load
from rpa.project import Project

GOOD = Path(__file__).parent / "good"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", [GOOD, ROOT], ids=["the example", "this project"])
def test_nothing_is_wrong_with(folder: Path) -> None:
    library = Project(folder).library

    assert [str(problem) for problem in library.problems()] == []
    assert library.bots
    assert all(isinstance(library.bot(name), Bot) for name in library.bots)


def said(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from said(part)


def test_the_example_uses_every_verb_and_every_key() -> None:
    used = {word for path in GOOD.rglob("*.yaml") for word in said(load(path).data)}

    schemas = (bot_schema(), system_schema(), form_schema())
    keys = {key for top in schemas for part in (top, *top["$defs"].values()) for key in part["properties"]}
    assert set(VERBS) | keys <= used, sorted((set(VERBS) | keys) - used)
