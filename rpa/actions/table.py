"""Which part does which verb, and the acting of a list of steps."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any

from rpa.actions.base import ActionPart, Stage, aim, fill_and_aim
from rpa.definitions.step import Step

PARTS = {
    "open": "rpa.actions.open",
    "fill": "rpa.actions.fill",
    "choose": "rpa.actions.fill",
    "tick": "rpa.actions.fill",
    "press": "rpa.actions.press",
    "attach": "rpa.actions.attach",
    "see": "rpa.actions.see",
    "find": "rpa.actions.find",
    "expect": "rpa.actions.expect",
    "keep": "rpa.actions.keep",
}
"""The language's own verbs; loaded when first used."""

ENTERING = frozenset({"fill", "choose", "tick"})
"""Verbs whose neighbours are done together: one call into the page instead of three."""


def act(stage: Stage, steps: Sequence[Step]) -> None:
    """Do *steps* in order on *stage*."""
    with stage.watching(steps):
        for verb, target in _together(steps):
            part(verb)(stage, target)


def act_and_aim(stage: Stage, steps: Sequence[Step], button: str) -> None:
    """Do *steps* in order and then `aim` at *button*, in one call with the `fill` at their end."""
    *before, (verb, target) = _together(steps)
    with stage.watching(steps):
        for earlier in before:
            part(earlier[0])(stage, earlier[1])
        if verb == "fill":
            fill_and_aim(stage, stage.values(target), button)
        else:
            part(verb)(stage, target)
            aim(stage, button)


def part(verb: str) -> ActionPart:
    """Return what does *verb*: one of ours, or a bot's own Python action."""
    if verb in PARTS:
        return import_module(PARTS[verb]).do  # type: ignore[no-any-return]
    from rpa.actions.custom import find_action

    return find_action(verb)


def _together(steps: Sequence[Step]) -> Iterator[tuple[str, Any]]:
    for entering, group in groupby(steps, lambda step: step.verb in ENTERING):
        if entering:
            yield "fill", {name: text for step in group for name, text in step.target.items()}
        else:
            yield from ((step.verb, step.target) for step in group)
