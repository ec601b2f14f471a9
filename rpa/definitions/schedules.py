"""The schedules of a project: every `*.yaml` in `schedules/`, checked against its bots and one another."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from rpa.definitions.check_schedule import check_schedule
from rpa.definitions.library import Defined, Library, defined
from rpa.definitions.schedule import Schedule
from rpa.definitions.shelf import Shelf, checked

Schedules = Shelf[Schedule]


def load_schedules(folder: Path, library: Library) -> Schedules:
    """Read every `*.yaml` in *folder* as a schedule of the *library*'s bots."""
    check = partial(check_schedule, bots=library.understood_bots())
    found = {name: checked(one, Schedule, check) for name, one in defined(folder, Schedule).items()}
    chains = dict(_chains(found))
    return Shelf(Schedule, {name: _without_circle(one, chains) for name, one in found.items()})


def _chains(found: Mapping[str, Defined]) -> Iterator[tuple[str, set[str]]]:
    """Yield each bot that others follow, and those that follow it."""
    following: dict[str, set[str]] = {}
    for one in found.values():
        if isinstance(one.definition, Schedule) and one.definition.after:
            following.setdefault(one.definition.after, set()).add(one.definition.bot)
    yield from following.items()


def _without_circle(one: Defined, chains: Mapping[str, set[str]]) -> Defined:
    """Mark a schedule whose bot would, by way of others, lead to itself."""
    schedule = one.definition
    if not isinstance(schedule, Schedule) or one.problems or not schedule.after:
        return one
    if schedule.after not in _reached(schedule.bot, chains):
        return one
    words = f"the runs would go round for ever: `{schedule.after}` follows `{schedule.bot}` in turn"
    return replace(one, problems=(one.source.problem(("after",), words),))


def _reached(bot: str, chains: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [bot]
    while waiting:
        for name in chains.get(waiting.pop(), set()) - seen:
            seen.add(name)
            waiting.append(name)
    return seen
