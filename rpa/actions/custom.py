"""Python actions: what does not fit the language, written and tested as code.

`acme.stamp: target` is the entry point named `acme.stamp` in the group `rpa.actions`, or the function `stamp`
registered as `acme.stamp` by `bots/actions.py`, which is imported when a bot is loaded.
"""

import ast
import importlib.util
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from rpa.actions.base import ActionPart, Stage
from rpa.errors import ApplicationException, DefinitionError, RpaError

GROUP = "rpa.actions"

_registered: dict[str, ActionPart] = {}


def action(name: str) -> Callable[[ActionPart], ActionPart]:
    """Register a function as the action *name*, a dotted word such as `acme.stamp`."""

    def register(function: ActionPart) -> ActionPart:
        _registered[name] = function
        return function

    return register


def load_actions(path: Path) -> None:
    """Import a project's `bots/actions.py`, if there is one."""
    if not path.is_file():
        return
    spec = importlib.util.spec_from_file_location("bot_actions", path)
    if spec is None or spec.loader is None:
        raise DefinitionError(f"{path} can't be imported")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def declared(path: Path) -> frozenset[str]:
    """Return the actions that a project's `bots/actions.py` registers, without running it."""
    if not path.is_file():
        return frozenset()
    calls = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call))
    named = (call.args[0] for call in calls if call.args and ast.unparse(call.func).endswith("action"))
    return frozenset(str(name.value) for name in named if isinstance(name, ast.Constant))


def names() -> frozenset[str]:
    """Return every dotted action that a bot may use now."""
    return frozenset(_registered) | {found.name for found in entry_points(group=GROUP)}


def find_action(name: str) -> ActionPart:
    """Return the action *name*; raise `DefinitionError` where there is none."""
    if name in _registered:
        return _guarded(name, _registered[name])
    for found in entry_points(group=GROUP, name=name):
        return _guarded(name, found.load())
    known = ", ".join(sorted(names())) or "none"
    raise DefinitionError(f"no action is called {name}; known: {known}. Add it to bots/actions.py")


def _guarded(name: str, does: ActionPart) -> ActionPart:
    """Make every error of an action one that the engine knows; its words may hold values and are left out."""

    def guarded(stage: Stage, target: Any) -> None:
        try:
            does(stage, target)
        except RpaError:
            raise
        except Exception as error:
            raise ApplicationException(f"the action {name} failed with {type(error).__name__}") from error

    return guarded
