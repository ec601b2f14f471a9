"""What starts a bot by itself: its schedules and triggers, each by its file, and what they have it read."""

import glob
import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from rpa.definitions.base import Definition
from rpa.definitions.schedule import Schedule
from rpa.definitions.schedules import Schedules
from rpa.definitions.trigger import Trigger
from rpa.definitions.triggers import Triggers

TAKEN = "taken"
"""The folder below a trigger's in which what it took waits for its run."""


def files_of(bot: str, schedules: Schedules, triggers: Triggers) -> dict[str, Path]:
    """Return the file of each schedule and trigger that starts *bot*, by its name."""
    found = (*schedules.defined.items(), *triggers.defined.items())
    return {name: one.source.path for name, one in found if _bot(one.definition) == bot}


def _bot(definition: Definition | None) -> str | None:
    return definition.bot if isinstance(definition, Schedule | Trigger) else None


def hashes(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of each file."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def reads(start: Schedule | Trigger, files: Mapping[str, str]) -> bool:
    """Tell whether *files*, patterns by the name of a document, are what this start has its bot read."""
    if isinstance(start, Schedule):
        return dict(files) == start.files
    if start.queue is not None:
        return not files
    taken = PurePosixPath(glob.escape(start.home)) / TAKEN
    return set(files) == {start.document} and PurePosixPath(files[start.document]).parent.parent == taken
