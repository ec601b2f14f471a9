"""What the service goes by: the definitions on the disk now, and of a broken one the last right one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rpa.definitions.library import Library
from rpa.definitions.schedule import Schedule
from rpa.definitions.shelf import D, Shelf
from rpa.definitions.trigger import Trigger
from rpa.errors import DefinitionError, RpaError
from rpa.project import Project

Mark = tuple[tuple[str, int, int], ...]
"""What tells whether a file has changed: its path, time and size."""


@dataclass(frozen=True)
class Known:
    """The definitions at one moment.

    *schedules* and *triggers* go by their file, so that a broken one goes on in its last right form. *broken_bots*
    can't run now. *unavailable* are all definitions with a mistake, by name, each with what is wrong: a bot and a
    schedule may have the same name.
    """

    project: Project
    mark: Mark = ()
    schedules: Mapping[Path, Schedule] = field(default_factory=dict)
    triggers: Mapping[Path, Trigger] = field(default_factory=dict)
    broken_bots: Mapping[str, str] = field(default_factory=dict)
    unavailable: Mapping[str, str] = field(default_factory=dict)

    def renewed(self) -> "Known":
        """Return the definitions as they are now; the same object where nothing has changed."""
        mark = tuple(_mark(self.project))
        if mark == self.mark:
            return self
        project = Project(self.project.folder)
        bots = dict(_broken_bots(project))
        return Known(
            project,
            mark,
            dict(_going_on(project.schedules, self.schedules)),
            dict(_going_on(project.triggers, self.triggers)),
            bots,
            _together((*bots.items(), *_broken(project.schedules), *_broken(project.triggers))),
        )

    def by_name(self) -> dict[str, Schedule]:
        """Return the schedules that run."""
        return {schedule.schedule: schedule for schedule in self.schedules.values()}


def _going_on(shelf: Shelf[D], before: Mapping[Path, D]) -> Iterator[tuple[Path, D]]:
    """Yield the right ones, and of each broken one the last right form that this service knew."""
    right = shelf.right()
    for name, one in shelf.defined.items():
        found = right.get(name) or before.get(one.source.path)
        if found is not None:
            yield one.source.path, found


def _mark(project: Project) -> Iterator[tuple[str, int, int]]:
    settings = project.settings
    for folder in (settings.bots_folder, settings.schedules_folder, settings.triggers_folder):
        for path in sorted((*folder.rglob("*.yaml"), *folder.glob("actions.py"))):
            try:
                found = path.stat()
            except OSError:
                continue
            yield str(path), found.st_mtime_ns, found.st_size


def _broken_bots(project: Project) -> Iterator[tuple[str, str]]:
    for name in project.library.bots:
        reason = _wrong(project.library, name)
        if reason is not None:
            yield name, reason


def _broken(shelf: Shelf[D]) -> Iterator[tuple[str, str]]:
    for name, one in shelf.defined.items():
        if one.problems:
            yield name, "; ".join(problem.message for problem in one.problems)


def _together(reasons: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, reason in reasons:
        found[name] = f"{found[name]}; {reason}" if name in found else reason
    return found


def _wrong(library: Library, name: str) -> str | None:
    try:
        library.bot(name)
    except DefinitionError as error:
        return "; ".join(problem.message for problem in error.problems) or str(error)
    except RpaError as error:
        return str(error)
    return None
