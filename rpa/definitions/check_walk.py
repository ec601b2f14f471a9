"""A walk over the pages of a map: what each step acts on has to be on the page that is then in front.

Where it can't be told which page that is (after a Python action, or after a mistake that has been told), nothing
is said until it is known again.
"""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rpa.definitions.bot import Bot, Entry
from rpa.definitions.check_value import date_format_problem
from rpa.definitions.meant import hint, listed, meant
from rpa.definitions.step import REFERENCE, Step
from rpa.definitions.system import Button, Page, System
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem


@dataclass(frozen=True)
class Here:
    """Where the browser stands: the page in front if that is known, and whether `find` has found a row on it."""

    page: str | None = None
    row: bool = False


Walked = Generator[Problem, None, Here]
"""Yields problems; returns where the browser then stands."""


@dataclass(frozen=True)
class Walk:
    """Steps in one system. *types* are those of the record's fields, *actions* the Python actions there are."""

    system: System
    source: Source
    types: Mapping[str, str]
    actions: Callable[[], Collection[str]]
    home: str | None = None
    """The page on which the login ends."""

    def follow(self, steps: Sequence[Step], way: Location, here: Here) -> Walked:
        """Walk along *steps*, which stand at *way*, from *here*."""
        for i, step in enumerate(steps):
            here = yield from _VERBS.get(step.verb, _action)(self, step, (*way, i, step.verb), here)
        return here

    def end(self, steps: Sequence[Step]) -> Here:
        """Return where *steps* lead, whatever may be wrong with them."""
        walk = self.follow(steps, (), Here())
        while True:
            try:
                next(walk)
            except StopIteration as stop:
                return stop.value or Here()

    def page(self, here: Here) -> Page | None:
        """Return the page in front, if it is known."""
        return self.system.pages.get(here.page or "")

    def lacks(self, here: Here, kind: str, name: str, known: Collection[str]) -> str:
        """Return the message that the page in front has nothing of that name, and where there is one."""
        elsewhere = [title for title, page in self.system.pages.items() if name in getattr(page, f"{kind}s")]
        more = f"; it is on {listed(elsewhere)}" if elsewhere else hint(name, known)
        return f"the page `{here.page}` has no {kind} `{name}`{more}"


def entry_walk_problems(
    bot: Bot, source: Source, systems: Mapping[str, System | None], vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield each thing that a step of *bot* acts on and that is not there."""
    types = {name: spec.type for name, spec in bot.record.fields.items()}
    for i, entry in enumerate(bot.enter):
        system = systems.get(entry.system)
        if system is not None:
            walk = Walk(system, source, types, vocabulary.actions)
            home = walk.end(system.login or ()).page
            yield from _entry(replace(walk, home=home), entry, ("enter", i))


def _entry(walk: Walk, entry: Entry, way: Location) -> Iterator[Problem]:
    """Confirm starts on the row that search finds; without a search, on the page after the press."""
    start = Here() if entry.search else Here(walk.home)
    searched = yield from walk.follow(entry.search or (), (*way, "search"), start)
    filled = yield from walk.follow(entry.create, (*way, "create"), replace(searched, row=False))
    pressed = yield from walk.follow(entry.submit, (*way, "submit"), filled)
    found = replace(searched, row=True) if entry.search else pressed
    yield from walk.follow(entry.confirm, (*way, "confirm"), found)


def _open(walk: Walk, step: Step, way: Location, here: Here) -> Walked:
    name, page = step.target, walk.system.pages.get(step.target)
    if page is None:
        message = f"{walk.system.system} has no page `{name}`{hint(name, walk.system.pages)}"
        yield walk.source.problem(way, message)
    elif page.path is None and page.via is None and name not in (here.page, walk.home):
        words = f"`{name}` has neither `path` nor `via`, so it can't be opened: press the button that leads there"
        yield walk.source.problem(way, words)
    return Here(name)


def _see(walk: Walk, step: Step, _way: Location, here: Here) -> Walked:
    yield from ()
    return replace(here, page=step.target) if step.target in walk.system.pages else here


def _values(walk: Walk, step: Step, way: Location, here: Here) -> Walked:
    if page := walk.page(here):
        for name, text in step.target.items():
            if name in page.fields:
                yield from _date(walk, page.fields[name].format, text, (*way, name))
            else:
                message = walk.lacks(here, "field", name, page.fields)
                yield walk.source.problem((*way, name), message, at_key=True)
    return here


def _date(walk: Walk, written: str | None, text: str, way: Location) -> Iterator[Problem]:
    reference = REFERENCE.fullmatch(text)
    if written and reference and not reference[2] and walk.types.get(reference[1]) == "date":
        wrong = date_format_problem(written)
        if wrong:
            yield walk.source.problem(way, f"on the page map, {wrong}")


def _keep(walk: Walk, step: Step, way: Location, here: Here) -> Walked:
    if page := walk.page(here):
        for name, field in step.target.items():
            if field not in page.fields:
                yield walk.source.problem((*way, name), walk.lacks(here, "field", field, page.fields))
    return here


def _find(walk: Walk, step: Step, way: Location, here: Here) -> Walked:
    ((name, columns),) = step.target.items()
    if page := walk.page(here):
        table = page.tables.get(name)
        if table is None:
            message = walk.lacks(here, "table", name, page.tables)
            yield walk.source.problem((*way, name), message, at_key=True)
        else:
            yield from _columns(walk, name, columns, table.columns, (*way, name))
    return replace(here, row=True)


def _columns(
    walk: Walk, table: str, columns: Collection[str], known: Collection[str], way: Location
) -> Iterator[Problem]:
    for column in columns:
        if column not in known:
            message = f"the table `{table}` has no column `{column}`{hint(column, known)}"
            yield walk.source.problem((*way, column), message, at_key=True)


def _press(walk: Walk, step: Step, way: Location, here: Here) -> Walked:
    page, name = walk.page(here), step.target
    if page is None:
        return Here()
    on_rows = {one: button for table in page.tables.values() for one, button in table.buttons.items()}
    known = {**page.buttons, **on_rows} if here.row else page.buttons
    if name in known:
        return _after(page, known[name], here)
    if name in on_rows:
        words = f"`{name}` is a button on a row, and here no row is found: `find` comes first"
        yield walk.source.problem(way, words)
    else:
        yield walk.source.problem(way, walk.lacks(here, "button", name, known))
    return Here()


def _after(page: Page, button: Button, here: Here) -> Here:
    """Return where a press leads. A pop-up may close itself, and its opener is then in front."""
    if button.to is not None:
        return Here(button.to)
    return Here() if page.window else Here(here.page)


def _action(walk: Walk, step: Step, way: Location, _here: Here) -> Walked:
    known = walk.actions()
    if step.verb not in known:
        close = meant(step.verb, known)
        what = f"; did you mean `{close}`?" if close else ": write it in bots/actions.py"
        yield walk.source.problem(way, f"no action is called `{step.verb}`{what}", at_key=True)
    return Here()


_VERBS: Mapping[str, Callable[[Walk, Step, Location, Here], Walked]] = {
    "open": _open,
    "see": _see,
    "fill": _values,
    "choose": _values,
    "tick": _values,
    "attach": _values,
    "expect": _values,
    "keep": _keep,
    "find": _find,
    "press": _press,
}
