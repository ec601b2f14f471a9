"""Entries: the fixed shape of a transaction. Search looks, create fills in, submit presses once, confirm reads."""

from collections.abc import Iterator, Mapping, Sequence

from rpa.definitions.bot import Bot, Entry
from rpa.definitions.meant import hint
from rpa.definitions.names import WORD
from rpa.definitions.step import REFERENCE, Find, Keep, Press, Step
from rpa.definitions.system import System
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

_ELSEWHERE: Mapping[str, tuple[frozenset[str], str]] = {
    "search": (
        frozenset({"attach", "expect", "keep"}),
        "search only looks whether the system holds the record",
    ),
    "create": (
        frozenset({"expect"}),
        "what was entered is read back by itself, and what the system holds is read in confirm",
    ),
    "submit": (
        frozenset({"open", "fill", "choose", "tick", "attach", "find"}),
        "submit is one press and then reads what the system says",
    ),
    "confirm": (
        frozenset({"attach"}),
        "confirm only reads back what the system holds",
    ),
}
"""What can't be done in a part of a transaction, and why."""


def phases(entry: Entry) -> Iterator[tuple[str, Sequence[Step]]]:
    """Yield the parts of a transaction, by the keys of the file."""
    if entry.search is not None:
        yield "search", entry.search
    yield from (("create", entry.create), ("submit", entry.submit), ("confirm", entry.confirm))


def at(way: Location, part: str, number: int, step: Step) -> Location:
    """Return the way to what the step acts on."""
    return (*way, part, number, step.verb)


def entry_problems(bot: Bot, source: Source, systems: Mapping[str, System | None]) -> Iterator[Problem]:
    """Yield what is wrong with the shape of each entry."""
    names: set[str] = set()
    for i, entry in enumerate(bot.enter):
        way: Location = ("enter", i)
        if entry.system not in systems:
            message = f"no system is called `{entry.system}`{hint(entry.system, systems)}"
            yield source.problem((*way, "system"), message)
        if entry.name in names:
            words = f"two entries are called `{entry.name}`: give this one a name of its own with `as`"
            yield source.problem((*way, "as" if entry.as_ else "system"), words)
        names.add(entry.name)
        yield from _shape(entry, way, source)


def _shape(entry: Entry, way: Location, source: Source) -> Iterator[Problem]:
    for part, steps in phases(entry):
        yield from _elsewhere(part, steps, way, source)
        yield from _kept(part, steps, way, source)
    if entry.search is not None:
        yield from _search(entry.search, way, source)
    elif entry.if_absent == "enter_again":
        words = "without a `search` nothing can tell that an entry is absent: leave `if_absent` out"
        yield source.problem((*way, "if_absent"), words)
    yield from _lookups(entry, way, source)
    yield from _submit(entry.submit, way, source)
    yield from _evidence(entry, way, source)


def _elsewhere(part: str, steps: Sequence[Step], way: Location, source: Source) -> Iterator[Problem]:
    verbs, why = _ELSEWHERE[part]
    for j, step in enumerate(steps):
        if step.verb in verbs:
            yield source.problem(at(way, part, j, step), f"no `{step.verb}` in {part}: {why}", at_key=True)


def _kept(part: str, steps: Sequence[Step], way: Location, source: Source) -> Iterator[Problem]:
    names: set[str] = set()
    for j, step in enumerate(steps):
        for name in step.target if isinstance(step.root, Keep) else ():
            place = (*at(way, part, j, step), name)
            if name in names:
                yield source.problem(place, f"`{name}` is kept twice in {part}", at_key=True)
            if not WORD.fullmatch(name):
                words = f"`{name}` can't be the name of what is kept: use letters, digits and underscores"
                yield source.problem(place, words, at_key=True)
            names.add(name)


def _search(steps: Sequence[Step], way: Location, source: Source) -> Iterator[Problem]:
    first, last = steps[0], steps[-1]
    if first.verb != "open":
        words = "search begins with `open`: it is done again after any doubt, wherever the browser then stands"
        yield source.problem(at(way, "search", 0, first), words, at_key=True)
    if not isinstance(last.root, Find):
        words = "search ends with `find`, which says whether the system holds the record"
        yield source.problem(at(way, "search", len(steps) - 1, last), words, at_key=True)
    elif not any(REFERENCE.fullmatch(text) for _, text in last.root.texts()):
        words = "this `find` compares no `$field`: it would take any row for the record"
        yield source.problem(at(way, "search", len(steps) - 1, last), words, at_key=True)
    for j, step in enumerate(steps[:-1]):
        if isinstance(step.root, Find):
            words = "only the last step of search is a `find`: what it finds is the record"
            yield source.problem(at(way, "search", j, step), words, at_key=True)


def _lookups(entry: Entry, way: Location, source: Source) -> Iterator[Problem]:
    """Yield each `find` outside search that chooses no row: it would prove nothing."""
    for part, steps in (("create", entry.create), ("confirm", entry.confirm)):
        for j, step in enumerate(steps):
            next_verb = steps[j + 1].verb if j + 1 < len(steps) else None
            if isinstance(step.root, Find) and next_verb != "press":
                words = f"a `find` in {part} chooses a row: the next step has to `press` a button on it"
                yield source.problem(at(way, part, j, step), words, at_key=True)


def _evidence(entry: Entry, way: Location, source: Source) -> Iterator[Problem]:
    """Yield where nothing would prove that the system holds the record: what `find` found has to be read."""
    verbs = {step.verb for step in entry.confirm}
    if entry.search is not None and "expect" not in verbs:
        words = "confirm has no `expect`: without a value read back there is no evidence that this is the record"
        yield source.problem((*way, "confirm"), words, at_key=True)
    if entry.search is None and not verbs & {"expect", "keep"}:
        words = "confirm has no `expect` and no `keep`: without one there is no evidence that the press worked"
        yield source.problem((*way, "confirm"), words, at_key=True)


def _submit(steps: Sequence[Step], way: Location, source: Source) -> Iterator[Problem]:
    presses = [j for j, step in enumerate(steps) if isinstance(step.root, Press)]
    if not presses or presses[0] != 0:
        words = "submit begins with `press`: whatever comes before the press belongs in create"
        yield source.problem(at(way, "submit", 0, steps[0]), words, at_key=True)
    for j in presses[1:]:
        words = "submit holds exactly one `press`: put those before the last one in create"
        yield source.problem(at(way, "submit", j, steps[j]), words, at_key=True)
