"""What is wrong with something that stands where a step should."""

from collections.abc import Mapping
from typing import Any

from rpa.definitions.meant import hint, listed
from rpa.definitions.step import VERBS
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

_EXAMPLE = "a step is one verb and what it acts on, such as `press: Save`"

ELSEWHERE = {
    "click": "press",
    "submit": "press",
    "type": "fill",
    "enter": "fill",
    "set": "fill",
    "select": "choose",
    "check": "tick",
    "upload": "attach",
    "go": "open",
    "goto": "open",
    "navigate": "open",
    "wait": "see",
    "wait_for": "see",
    "assert": "expect",
    "verify": "expect",
    "read": "keep",
    "save": "keep",
    "search": "find",
}
"""What other tools call our verbs."""

CONTROL = frozenset({"if", "when", "else", "for", "foreach", "for_each", "loop", "repeat", "while", "try"})
"""What other languages have and this one does not."""


def step_problem(source: Source, way: Location, given: Any) -> Problem:
    """Return what is wrong with *given*, which stands at *way* and is no step."""
    if not isinstance(given, Mapping):
        return source.problem(way, _no_map(given))
    if len(given) == 1:
        (verb,) = given
        return source.problem((*way, verb), _unknown(verb), at_key=True)
    return _several(source, way, list(given))


def _no_map(given: Any) -> str:
    if isinstance(given, str) and given in VERBS:
        return f"`{given}` lacks what it acts on: {_EXAMPLE}"
    return _EXAMPLE


def _unknown(verb: str) -> str:
    if verb in CONTROL:
        return f"the language has no `{verb}`; where one is really needed, a Python action can decide"
    if verb in ELSEWHERE:
        return f"unknown verb `{verb}`; did you mean `{ELSEWHERE[verb]}`?"
    return f"unknown verb `{verb}`{hint(verb, VERBS)}"


def _several(source: Source, way: Location, words: list[str]) -> Problem:
    if not words:
        return source.problem(way, _EXAMPLE)
    verbs = [word for word in words if word in VERBS or "." in word]
    if len(verbs) > 1:
        message = f"two verbs in one step, {listed(verbs)}: begin the second on a line of its own with `-`"
        return source.problem((*way, verbs[1]), message, at_key=True)
    other = next(word for word in words if word not in verbs)
    if not verbs:
        return source.problem((*way, other), _unknown(other), at_key=True)
    return source.problem((*way, other), f"`{verbs[0]}` takes no `{other}`: {_EXAMPLE}", at_key=True)
