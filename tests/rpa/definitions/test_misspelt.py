"""A misspelt name, wherever it stands: it is noticed, in one message or two."""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic import ValidationError

from rpa.definitions.base import Definition
from rpa.definitions.bot import Bot
from rpa.definitions.check import check
from rpa.definitions.check_system import check_system
from rpa.definitions.explain import explain
from rpa.definitions.system import System
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, load
from rpa.errors import Problem
from rpa.project import Project

GOOD = Path(__file__).parents[2] / "definitions/good"
FILES = {
    "bot": load(GOOD / "bots/benefit_claims.yaml"),
    "registry": load(GOOD / "bots/systems/registry.yaml"),
    "cashier": load(GOOD / "bots/systems/cashier.yaml"),
}
_D = TypeVar("_D", bound=Definition)
RIGHT: dict[str, Any] = {name: source.data for name, source in FILES.items()}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Project(GOOD).vocabulary


def problems(data: Mapping[str, Any], vocabulary: Vocabulary) -> list[Problem]:
    found: list[Problem] = []
    maps: dict[str, System | None] = {}
    for name in ("registry", "cashier"):
        system = understood(System, name, data, found)
        wrong = check_system(system, FILES[name], vocabulary) if system else []
        maps[system.system if system else name] = None if wrong else system
        found += wrong
    bot = understood(Bot, "bot", data, found)
    return found + (check(bot, FILES["bot"], maps, vocabulary) if bot else [])


def understood(kind: type[_D], name: str, data: Mapping[str, Any], found: list[Problem]) -> _D | None:
    try:
        return kind.model_validate(data[name])
    except ValidationError as error:
        found += explain(error, FILES[name], kind)
        return None


def words(data: Any, way: Location = ()) -> Iterator[tuple[Location, bool]]:
    """Yield the way to every key (True) and every text (False)."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*way, key), True
            yield from words(value, (*way, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from words(value, (*way, i))
    else:
        yield way, False


def misspelt(way: Location, *, key: bool) -> Mapping[str, Any]:
    data = copy.deepcopy(RIGHT)
    holder: Any = data
    for one in way[:-1]:
        holder = holder[one]
    if key:
        pairs = [(wrong(name) if name == way[-1] else name, value) for name, value in holder.items()]
        holder.clear()
        holder.update(pairs)
    else:
        holder[way[-1]] = wrong(holder[way[-1]])
    return data


def wrong(word: str) -> str:
    return f"{word[:1]}q{word[1:]}"


def is_a_name(way: Location, *, key: bool) -> bool:
    """Tell whether the word has to be one that is defined: a verb, a page, a field, a `$name`."""
    if way[:2] != ("bot", "enter"):
        return not key and way[-1] in ("to", "via", "from", "each", "reference", "type", "reader")
    if "keep" in way[:-1]:
        return not key
    free = {"as", "see", "Method"}  # a name given here, and texts that the screen alone knows
    return way[-1] != "initials" and (key or way[-1] not in free)


def test_the_example_is_right(vocabulary: Vocabulary) -> None:
    assert problems(RIGHT, vocabulary) == []


@pytest.fixture(scope="module")
def told(vocabulary: Vocabulary) -> Mapping[tuple[Location, bool], list[Problem]]:
    """Return for every word of the example, key or text, what is told when it is misspelt."""
    return {(way, key): problems(misspelt(way, key=key), vocabulary) for way, key in words(RIGHT) if len(way) > 1}


def test_a_misspelt_name_is_noticed(told: Mapping[tuple[Location, bool], list[Problem]]) -> None:
    names = [(way, key) for way, key in told if is_a_name(way, key=key)]

    assert len(names) > 100
    assert [one for one in names if not told[one]] == []


def test_one_misspelt_word_is_two_messages_at_most(told: Mapping[tuple[Location, bool], list[Problem]]) -> None:
    assert [one for one, found in told.items() if len(found) > 2] == []
