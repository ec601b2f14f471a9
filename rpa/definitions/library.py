"""The definitions of a project: every bot, page map and form under `bots/`, with all that is wrong with them.

A bot that fails its check stays visible, as unavailable, with its reason.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, TypeVar

from pydantic import ValidationError

from rpa.definitions.base import Definition
from rpa.definitions.bot import Bot
from rpa.definitions.check import check
from rpa.definitions.check_form import check_form
from rpa.definitions.check_system import check_system
from rpa.definitions.explain import explain
from rpa.definitions.form import Form
from rpa.definitions.formed import form_problems, formed
from rpa.definitions.gather import gathered
from rpa.definitions.system import System
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Source, load
from rpa.errors import DefinitionError, Problem

FORMS = "forms"
"""The folder of the forms and their empty copies, below that of the bots."""

_D = TypeVar("_D", bound=Definition)


@dataclass(frozen=True)
class Defined:
    """One file: what it says where it could be understood, where its parts stand, and what is wrong."""

    source: Source
    definition: Definition | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Library:
    """Bots, systems and forms by name."""

    folder: Path
    bots: Mapping[str, Defined] = field(default_factory=dict)
    systems: Mapping[str, Defined] = field(default_factory=dict)
    forms: Mapping[str, Defined] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, vocabulary: Vocabulary) -> Self:
        """Read every `*.yaml` in *folder* as a bot, in its `systems/` as a page map, in its `forms/` as a form."""
        systems = {
            name: _checked_system(one, vocabulary) for name, one in defined(folder / "systems", System).items()
        }
        forms = {name: _checked_form(one, vocabulary) for name, one in defined(folder / FORMS, Form).items()}
        used = _Used(_right(System, systems), _right(Form, forms))
        bots = {name: _checked_bot(one, used, vocabulary) for name, one in defined(folder, Bot).items()}
        return cls(folder, bots, systems, forms)

    def bot(self, name: str) -> Bot:
        """Return the bot *name*; raise `DefinitionError` with every problem of it and of what it uses."""
        bot = understood(Bot, self.bots, name, "bot")
        problems = [problem for one in (self.bots[name], *self._used_by(bot)) for problem in one.problems]
        if problems:
            raise DefinitionError(problems)
        return bot

    def understood_bots(self) -> dict[str, Bot | None]:
        """Return every bot by name; None stands for one that can't be understood."""
        return {name: _definition(Bot, one) for name, one in self.bots.items()}

    def sessions(self) -> dict[str, int]:
        """Return how many sessions each system allows, by its name; without those that can't be understood."""
        systems = {name: _definition(System, one) for name, one in self.systems.items()}
        return {name: system.sessions for name, system in systems.items() if system is not None}

    def system(self, name: str) -> System:
        """Return the page map *name*; raise `DefinitionError` where there is none or it holds a mistake."""
        system = understood(System, self.systems, name, "system")
        if self.systems[name].problems:
            raise DefinitionError(self.systems[name].problems)
        return system

    def form(self, name: str) -> Form:
        """Return the form *name*; raise `DefinitionError` where there is none or it holds a mistake."""
        form = understood(Form, self.forms, name, "form")
        if self.forms[name].problems:
            raise DefinitionError(self.forms[name].problems)
        return form

    def _used_by(self, bot: Bot) -> list[Defined]:
        """Return the page maps and the forms that *bot* names."""
        systems = {entry.system for entry in bot.enter} & set(self.systems)
        forms = {spec.form for spec in bot.documents.values() if spec.form is not None} & set(self.forms)
        return [*(self.systems[name] for name in sorted(systems)), *(self.forms[name] for name in sorted(forms))]

    @property
    def forms_folder(self) -> Path:
        """Where the forms and their empty copies are."""
        return self.folder / FORMS

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with any definition."""
        every = (*self.bots.values(), *self.systems.values(), *self.forms.values())
        found = [problem for one in every for problem in one.problems]
        return sorted(found, key=lambda problem: (problem.path, problem.line, problem.column))

    def files(self, name: str) -> list[Path]:
        """Return the files of the bot: its own, its page maps and forms, the empty forms, and the actions."""
        bot = self.bot(name)
        used = [one.source.path for one in (self.bots[name], *self._used_by(bot))]
        beside = (*self._blanks(bot), self.folder / "actions.py")
        return sorted({*used, *(path for path in beside if path.is_file())})

    def _blanks(self, bot: Bot) -> Iterator[Path]:
        """Yield the empty forms by which values are found: whoever moves a box there changes what is entered."""
        for spec in bot.documents.values():
            if spec.blank is not None:
                yield self.folder.parent / spec.blank
            if spec.form is not None:
                editions = self.form(spec.form).editions.values()
                yield from (self.forms_folder / one.blank for one in editions if one.blank is not None)

    def digest(self, name: str) -> str:
        """Return the SHA-256 over the `files` of the bot: what exactly was run."""
        digest = hashlib.sha256()
        for path in self.files(name):
            named = Path(os.path.relpath(path, self.folder)).as_posix()
            digest.update(f"{named}\0".encode() + path.read_bytes() + b"\0")
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


def defined(folder: Path, kind: type[Definition]) -> dict[str, Defined]:
    """Read the files of *folder* as definitions of *kind*, by name; a second one of the same name is a mistake."""
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


def _checked_form(one: Defined, vocabulary: Vocabulary) -> Defined:
    form = _definition(Form, one)
    problems = check_form(form, one.source, vocabulary) if form else ()
    return replace(one, problems=(*one.problems, *problems))


@dataclass(frozen=True)
class _Used:
    """What bots can use, by name; None stands for a definition that holds a mistake, which is told there."""

    systems: Mapping[str, System | None]
    forms: Mapping[str, Form | None]


def _right(kind: type[_D], known: Mapping[str, Defined]) -> dict[str, _D | None]:
    return {name: None if one.problems else _definition(kind, one) for name, one in known.items()}


def _checked_bot(one: Defined, used: _Used, vocabulary: Vocabulary) -> Defined:
    """Check a bot. Where it does not fit its forms, that is told alone: no field can be judged without them."""
    bot = _definition(Bot, one)
    if bot is None:
        return one
    problems = gathered(form_problems(bot, one.source, used.forms))
    whole = formed(bot, used.forms)
    if not problems and _knows_forms(bot, used.forms):
        problems = check(whole, one.source, used.systems, vocabulary)
    return replace(one, definition=whole, problems=(*one.problems, *problems))


def _knows_forms(bot: Bot, forms: Mapping[str, Form | None]) -> bool:
    return all(forms.get(spec.form) for spec in bot.documents.values() if spec.form is not None)


def _definition(kind: type[_D], one: Defined) -> _D | None:
    return one.definition if isinstance(one.definition, kind) else None


def understood(kind: type[_D], known: Mapping[str, Defined], name: str, word: str) -> _D:
    """Return the definition *name*; raise `DefinitionError` where there is none or it can't be understood."""
    if name not in known:
        raise DefinitionError(f"no {word} is called {name}; known: {', '.join(sorted(known)) or 'none'}")
    definition = _definition(kind, known[name])
    if definition is None:
        raise DefinitionError(known[name].problems)
    return definition
