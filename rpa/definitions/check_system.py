"""A page map: its pages lead to one another, its login works with what it has, its fields make sense."""

from collections.abc import Iterator, Sequence

from rpa.definitions.check_references import CREDENTIAL, part_of_text
from rpa.definitions.check_value import pattern_problem
from rpa.definitions.check_walk import Here, Walk
from rpa.definitions.gather import gathered
from rpa.definitions.meant import hint, meant
from rpa.definitions.step import REFERENCE, Step
from rpa.definitions.system import Button, Page, ScreenField, System
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

_LOGIN_VERBS = ("open", "fill", "press", "see")
_LOGOUT_VERBS = ("open", "press", "see")
_CREDENTIAL_PARTS = ("username", "password")

NO_WINDOWS = ("_blank", "_self", "_parent", "_top")
"""What HTML has for a link's target; no window is ever called so."""


def check_system(system: System, source: Source, vocabulary: Vocabulary) -> list[Problem]:
    """Return every mistake of the page map, in the order of its file."""
    doors = (*_login(system, source), *_logout(system, source))
    return gathered((*_credential(system, source, vocabulary), *_pages(system, source), *doors))


def _credential(system: System, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    known, name = vocabulary.credentials, system.credential
    if name is not None and known is not None and name not in known:
        yield source.problem(("credential",), f"no credential is called `{name}`{hint(name, known)}")


def _pages(system: System, source: Source) -> Iterator[Problem]:
    to = {button.to for page in system.pages.values() for _, button in buttons(page) if button.to}
    led_to = {meant(one, system.pages) for one in to}  # a misspelt one is told where it stands
    for name, page in system.pages.items():
        way: Location = ("pages", name)
        yield from _ways(system, name, source, led_to)
        yield from _buttons(system, page, way, source)
        for field, shown in page.fields.items():
            yield from _field(shown, (*way, "fields", field), source)


def buttons(page: Page) -> Iterator[tuple[Location, Button]]:
    """Yield every button of the page, also those on the rows of its tables, with the way to it."""
    for name, button in page.buttons.items():
        yield ("buttons", name), button
    for title, table in page.tables.items():
        for name, button in table.buttons.items():
            yield ("tables", title, "buttons", name), button


def _ways(system: System, name: str, source: Source, led_to: set[str | None]) -> Iterator[Problem]:
    page, way = system.pages[name], ("pages", name)
    if page.window in NO_WINDOWS:
        words = f"`{page.window}` is no window's name: give the one that the system opens it with, else any other"
        yield source.problem((*way, "window"), words)
    if page.path is not None and "://" in page.path:
        yield source.problem((*way, "path"), "a `path` is below the system's `url`: begin it with `/`")
    if page.path is None and page.via is None and name not in led_to:
        words = f"nothing leads to `{name}`: give it a `path`, or a button `to: {name}` on another page"
        yield source.problem(way, words, at_key=True)
    if page.via is not None and page.path is None:
        wrong = _via(system, name, page.via)
        if wrong:
            yield source.problem((*way, "via"), wrong)


def _via(system: System, name: str, via: str) -> str | None:
    before = system.pages.get(via)
    if before is None:
        return f"there is no page `{via}`{hint(via, system.pages)}"
    to = [button.to for button in before.buttons.values()]
    if name not in to and all(one is None or one in system.pages for one in to):
        return f"no button on `{via}` leads here: one of them needs `to: {name}`"
    return _way_back(system, name, via)


def _way_back(system: System, name: str, via: str | None) -> str | None:
    """Follow the pages over which *name* is reached up to one that has a path."""
    passed = [name]
    while via is not None and via not in passed:
        page = system.pages.get(via)
        if page is None or page.path is not None:
            return None  # a page that is not there is told where it is named
        passed.append(via)
        via = page.via
    return f"none of {' via '.join(f'`{one}`' for one in passed)} has a `path` to begin with"


def _buttons(system: System, page: Page, way: Location, source: Source) -> Iterator[Problem]:
    for inside, button in buttons(page):
        if button.to is not None and button.to not in system.pages:
            message = f"there is no page `{button.to}`{hint(button.to, system.pages)}"
            yield source.problem((*way, *inside, "to"), message)


def _field(field: ScreenField, way: Location, source: Source) -> Iterator[Problem]:
    for i, part in enumerate(field.parts):
        if part.format is None:
            words = "each of `parts` needs a `format` that says what of the value it takes, such as MM"
            yield source.problem((*way, "parts", i), words)
    wrong = pattern_problem(field.pattern)
    if wrong:
        yield source.problem((*way, "pattern"), f"`pattern` is no regular expression: {wrong}")
    if field.add is not None and field.chosen is None:
        yield source.problem(way, "a two-pane list needs `chosen` beside `add`: where what was added stands")


def _login(system: System, source: Source) -> Iterator[Problem]:
    steps = system.login or ()
    yield from _steps(system, source, "login", steps, "what is shown once the sign-in has worked")
    for i, step in enumerate(steps):
        yield from _login_step(step, ("login", i, step.verb), system, source)


def _logout(system: System, source: Source) -> Iterator[Problem]:
    steps = system.logout or ()
    yield from _steps(system, source, "logout", steps, "what is shown once nobody is signed in any more")
    if steps and system.login is None:
        words = "a `logout` ends what a `login` has begun, and there is none"
        yield source.problem(("logout",), words, at_key=True)
    for i, step in enumerate(steps):
        way = ("logout", i, step.verb)
        if step.verb not in _LOGOUT_VERBS:
            yield _no_verb(step, way, source, "logout", _LOGOUT_VERBS)
        elif isinstance(step.target, str) and REFERENCE.fullmatch(step.target):
            yield source.problem(way, f"a logout knows no `{step.target}`: give the text itself")


def _steps(system: System, source: Source, name: str, steps: Sequence[Step], shown: str) -> Iterator[Problem]:
    """Yield what is wrong with the way in or out: it begins at a page, and its end can be told."""
    if not steps:
        return
    walk = Walk(system, source, {}, lambda: {step.verb for step in steps})
    yield from walk.follow(steps, (name,), Here())
    if steps[0].verb != "open":
        yield source.problem((name, 0, steps[0].verb), f"{name} begins with `open`", at_key=True)
    if steps[-1].verb != "see" and not _shown(walk, steps):
        words = f"{name} ends with `see`: {shown}"
        yield source.problem((name, len(steps) - 1, steps[-1].verb), words, at_key=True)


def _shown(walk: Walk, steps: Sequence[Step]) -> bool:
    """Tell whether the last step leads to another page, which is known by a text of its own."""
    before, page = walk.page(walk.end(steps[:-1])), walk.page(walk.end(steps))
    return page is not None and page is not before and page.see is not None


def _login_step(step: Step, way: Location, system: System, source: Source) -> Iterator[Problem]:
    if step.verb not in _LOGIN_VERBS:
        yield _no_verb(step, way, source, "login", _LOGIN_VERBS)
        return
    for inside, text in step.root.texts():
        wrong = _login_text(text, system)
        if wrong:
            yield source.problem((*way, *inside), wrong)


def _no_verb(step: Step, way: Location, source: Source, name: str, known: Sequence[str]) -> Problem:
    words = f"no `{step.verb}` in a {name}: it knows {', '.join(known[:-1])} and {known[-1]}"
    return source.problem(way, words, at_key=True)


def _login_text(text: str, system: System) -> str | None:
    match = REFERENCE.fullmatch(text)
    if match is None:
        return part_of_text(text)
    if match[1] != CREDENTIAL or match[2] not in _CREDENTIAL_PARTS:
        return "a login knows `$credential.username` and `$credential.password` alone"
    if system.credential is None:
        return "the system names no `credential` that this could come from"
    return None
