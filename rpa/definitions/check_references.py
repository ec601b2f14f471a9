"""References: every `$name` and `$entry.kept` in the steps of a bot means something where it stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rpa.definitions.bot import Bot, Entry
from rpa.definitions.check_entries import at, phases
from rpa.definitions.meant import hint
from rpa.definitions.step import REFERENCE, Keep, Step
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

CREDENTIAL = "credential"
"""`$credential.username` and `$credential.password`, in a system's login alone."""


@dataclass
class _Scope:
    """What a step can refer to: the bot's names, and what earlier entries keep, with the parts that keep it."""

    bot: Bot
    kept: dict[str, Mapping[str, set[str]]] = field(default_factory=dict)


def reference_problems(bot: Bot, source: Source) -> Iterator[Problem]:
    """Yield each reference that means nothing, or not what it seems to."""
    scope = _Scope(bot)
    for i, entry in enumerate(bot.enter):
        for part, steps in phases(entry):
            for j, step in enumerate(steps):
                yield from _step(step, at(("enter", i), part, j, step), scope, source)
        scope.kept[entry.name] = _kept_by(entry)


def part_of_text(text: str) -> str | None:
    """Return why *text*, which is no reference, can't be entered as it stands, if it can't."""
    found = re.search(r"\$[A-Za-z_][\w.]*", text)
    if found is None:
        return None
    return f"`{found[0]}` stands for a whole value, never for part of one: give it a field of its own"


def _kept_by(entry: Entry) -> Mapping[str, set[str]]:
    kept: dict[str, set[str]] = {}
    for part, steps in phases(entry):
        for step in steps:
            for name in step.target if isinstance(step.root, Keep) else ():
                kept.setdefault(name, set()).add(part)
    return kept


def _step(step: Step, way: Location, scope: _Scope, source: Source) -> Iterator[Problem]:
    if step.verb == "see" and "$" in step.target and part_of_text(step.target):
        yield source.problem(way, "`see` waits for a text as it stands; a `$name` can't be part of it")
    for inside, text in step.root.texts():
        wrong = _text(step.verb, text, scope)
        if wrong:
            yield source.problem((*way, *inside), wrong)


def _text(verb: str, text: str, scope: _Scope) -> str | None:
    match = REFERENCE.fullmatch(text)
    if verb == "attach":
        return _document(text, scope.bot)
    if match is None:
        return part_of_text(text) or (_tick(text) if verb == "tick" else None)
    name, part = match.groups()
    if part is not None:
        return _kept(name, part, scope)
    return _field(verb, name, scope.bot)


def _document(text: str, bot: Bot) -> str | None:
    match = REFERENCE.fullmatch(text)
    if match is None or match[2] is not None:
        return "`attach` takes one of the bot's documents, such as `$" + bot.record.each + "`"
    if match[1] in bot.documents:
        return None
    return f"no document is called `{match[1]}`{hint(match[1], bot.documents)}"


def _tick(text: str) -> str | None:
    return None if text in ("yes", "no") else "`tick` takes a field of the type yes-no, or the text `yes` or `no`"


def _field(verb: str, name: str, bot: Bot) -> str | None:
    spec = bot.record.fields.get(name)
    if spec is not None:
        return _tick("") if verb == "tick" and spec.type != "yes-no" else None
    if name in bot.documents:
        return None if "." in verb else f"`${name}` is a document, which only `attach` takes"
    return f"no field is called `{name}`{hint(name, bot.record.fields)}"


def _kept(name: str, part: str, scope: _Scope) -> str | None:
    if name == CREDENTIAL:
        return "`$credential` is for the login of a system alone"
    if name in scope.kept:
        return _kept_before(name, part, scope.kept[name])
    if any(entry.name == name for entry in scope.bot.enter):
        return f"`{name}` has kept nothing yet: an entry can use only what one above it keeps"
    return f"no entry is called `{name}`{hint(name, scope.kept)}"


def _kept_before(name: str, part: str, kept: Mapping[str, set[str]]) -> str | None:
    if part not in kept:
        return f"`{name}` keeps no `{part}`{hint(part, kept)}"
    if "confirm" not in kept[part]:
        where = " and ".join(sorted(kept[part]))
        return f"`{name}` keeps `{part}` in {where} alone; only confirm is always done: keep it there"
    return None
