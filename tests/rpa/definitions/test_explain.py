"""Messages about definitions: whatever is wrong, in our words, at a place in the file, and never an exception."""

import copy
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from rpa.definitions.base import Definition
from rpa.definitions.bot import Bot
from rpa.definitions.explain import explain
from rpa.definitions.library import understand
from rpa.definitions.system import System
from rpa.definitions.yaml import load

GOOD = Path(__file__).parents[2] / "definitions/good/bots"
FILES: list[tuple[Path, type[Definition]]] = [
    (GOOD / "benefit_claims.yaml", Bot),
    (GOOD / "systems/registry.yaml", System),
]

JARGON = re.compile(r"Input|valid|dict|str\b|int\b|None|pydantic|discriminator|instance|Field required|Extra")

WRONG: list[Any] = ["", "x", "-1", [], {}, ["x"], {"x": "y"}, [[]], {"": ""}]


def ways(data: Any) -> Iterator[list[Any]]:
    """Yield the way to every part of *data*."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield [key]
        yield from ([key, *rest] for rest in ways(value))


def damaged(data: Any) -> Iterator[Any]:
    """Yield *data* with each of its parts once replaced by each wrong value, once missing, once misnamed."""
    for way in ways(data):
        for wrong in [*WRONG, "missing", "misnamed"]:
            copied = copy.deepcopy(data)
            holder = copied
            for key in way[:-1]:
                holder = holder[key]
            if wrong == "missing":
                del holder[way[-1]]
            elif wrong != "misnamed":
                holder[way[-1]] = wrong
            elif isinstance(holder, dict):
                holder[f"{way[-1]}x"] = holder.pop(way[-1])
            yield copied


@pytest.mark.parametrize(("path", "kind"), FILES, ids=lambda value: getattr(value, "stem", ""))
def test_no_damage_to_a_file_is_told_in_the_words_of_a_library(path: Path, kind: type[Definition]) -> None:
    source, told = load(path), set()
    lines = path.read_text("utf-8").count("\n")

    for data in damaged(source.data):
        try:
            kind.model_validate(data)
        except ValidationError as error:
            problems = explain(error, source, kind)
            assert problems
            assert all(1 <= problem.line <= lines and problem.column >= 1 for problem in problems)
            told |= {problem.message for problem in problems}

    assert len(told) > 50
    assert [message for message in told if JARGON.search(message)] == []


def test_no_bytes_at_all_bring_the_reader_down(tmp_path: Path) -> None:
    chance = random.Random(7)
    right = (GOOD / "benefit_claims.yaml").read_bytes()
    for number in range(150):
        broken = bytearray(right)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.choice(b"\0\t\n :-[]{}'\"&*!#%@`?|>\xff\\")
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(broken)

        understood = understand(path, Bot)

        assert understood.definition is not None or understood.problems


def test_a_file_that_is_gone_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    (problem,) = understand(tmp_path / "gone.yaml", Bot).problems

    assert "can't be read" in problem.message
