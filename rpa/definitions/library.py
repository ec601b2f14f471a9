"""The definitions of a project: every bot and page map under `bots/`, with everything that is wrong with them.

A bot that fails its check stays visible, as unavailable, with its reason.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, TypeVar

from pydantic import ValidationError

from rpa.definitions.base import Definition
from rpa.definitions.bot import Bot
from rpa.definitions.check import check
from rpa.definitions.check_system import check_system
from rpa.definitions.explain import explain
from rpa.definitions.system import System
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Source, load
from rpa.errors import DefinitionError, Problem

_D = TypeVar("_D", bound=Definition)


@dataclass(frozen=True)
class Defined:
    """One file: what it says where it could be understood, where its parts stand, and what is wrong."""

    source: Source
    definition: Definition | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Library:
    """Bots and systems by name."""

    folder: Path
    bots: Mapping[str, Defined] = field(default_factory=dict)
    systems: Mapping[str, Defined] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, vocabulary: Vocabulary) -> Self:
        """Read every `*.yaml` in *folder* as a bot and every one in `systems/` below it as a page map."""
        systems = {
            name: _checked_system(one, vocabulary) for name, one in _defined(folder / "systems", System).items()
        }
        maps = {name: None if one.problems else _definition(System, one) for name, one in systems.items()}
        bots = {name: _checked_bot(one, maps, vocabulary) for name, one in _defined(folder, Bot).items()}
        return cls(folder, bots, systems)

    def bot(self, name: str) -> Bot:
        """Return the bot *name*; raise `DefinitionError` with every problem of it and of what it uses."""
        bot = _understood(Bot, self.bots, name, "bot")
        systems = [self.systems[one] for one in sorted({entry.system for entry in bot.enter} & set(self.systems))]
        problems = [problem for one in (self.bots[name], *systems) for problem in one.problems]
        if problems:
            raise DefinitionError(problems)
        return bot

    def system(self, name: str) -> System:
        """Return the page map *name*; raise `DefinitionError` where there is none or it holds a mistake."""
        system = _understood(System, self.systems, name, "system")
        if self.systems[name].problems:
            raise DefinitionError(self.systems[name].problems)
        return system

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with any definition."""
        found = [problem for one in (*self.bots.values(), *self.systems.values()) for problem in one.problems]
        return sorted(found, key=lambda problem: (problem.path, problem.line, problem.column))

    def digest(self, name: str) -> str:
        """Return the SHA-256 over the bot, its page maps and its actions: what exactly was run."""
        bot = self.bot(name)
        used = [self.bots[name].source.path, *(self.systems[e.system].source.path for e in bot.enter)]
        actions = self.folder / "actions.py"
        digest = hashlib.sha256()
        for path in sorted({*used, *([actions] if actions.is_file() else [])}):
            digest.update(f"{path.relative_to(self.folder)}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()


def understand(path: Path, kind: type[Definition]) -> Defined:
    """Read one file as a definition of *kind*."""
    source = load(path)
    if source.problems:
        return Defined(source, None, tuple(source.problems))
    try:
        return Defined(source, kind.model_validate(source.data))
    except ValidationError as error:
        return Defined(source, None, tuple(explain(error, source, kind)))


def _defined(folder: Path, kind: type[Definition]) -> dict[str, Defined]:
    """Read the files of *folder* by name; a second one of the same name is a mistake."""
    found: dict[str, Defined] = {}
    key = kind.__name__.lower()
    for path in sorted(folder.glob("*.yaml")):
        one = understand(path, kind)
        name = _name(one.source, key)
        if name in found:
            words = f"{found[name].source.path.name} is called `{name}` already: give this one another name"
            one = replace(one, problems=(*one.problems, one.source.problem((key,), words)))
            name = f"{name} ({path.name})"
        found[name] = one
    return found


def _name(source: Source, key: str) -> str:
    """Return the name that a file gives itself, also where the rest of it is not understood, else its own."""
    name = source.data.get(key) if isinstance(source.data, dict) else None
    return name if isinstance(name, str) and name else source.path.stem


def _checked_system(one: Defined, vocabulary: Vocabulary) -> Defined:
    system = _definition(System, one)
    problems = check_system(system, one.source, vocabulary) if system else ()
    return replace(one, problems=(*one.problems, *problems))


def _checked_bot(one: Defined, maps: Mapping[str, System | None], vocabulary: Vocabulary) -> Defined:
    bot = _definition(Bot, one)
    problems = check(bot, one.source, maps, vocabulary) if bot else ()
    return replace(one, problems=(*one.problems, *problems))


def _definition(kind: type[_D], one: Defined) -> _D | None:
    return one.definition if isinstance(one.definition, kind) else None


def _understood(kind: type[_D], known: Mapping[str, Defined], name: str, word: str) -> _D:
    if name not in known:
        raise DefinitionError(f"no {word} is called {name}; known: {', '.join(sorted(known)) or 'none'}")
    definition = _definition(kind, known[name])
    if definition is None:
        raise DefinitionError(known[name].problems)
    return definition
