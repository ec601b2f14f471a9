"""What a record is called: by its reference, or where that could not be read, by the file that staff know."""

import re
from collections.abc import Callable
from functools import partial

from rpa.console.bots_known import known
from rpa.console.roles import PERSONAL
from rpa.people import User
from rpa.project import Project
from rpa.records import Record
from rpa.store.store import Store

NAMELESS = re.compile(r"([0-9a-f]{12}) (.+)")
"""What stands for a reference that could not be read: where the document's SHA-256 begins, and the place in it."""


def naming(
    store: Store, project: Project, say: Callable[[str], str], user: User | None
) -> Callable[[int, str], str]:
    """Return what calls work items, by their number and reference, as the person may see it.

    The name of a file may say whom it is about: it is told to those alone who may see what is personal.
    """
    if user is None or not user.roles & PERSONAL:
        return lambda _number, reference: reference
    return partial(_called, store, project, say)


def _called(store: Store, project: Project, say: Callable[[str], str], number: int, reference: str) -> str:
    """Return the reference; or the name of the file and the place in it, as *say* says that to the reader."""
    found = NAMELESS.fullmatch(reference)
    name = _file_of(store, project, number, reference, found[1]) if found is not None else None
    return reference if found is None or name is None else f"{name}, {say(found[2])}"


def _file_of(store: Store, project: Project, number: int, reference: str, start: str) -> str | None:
    """Return the name of the file that stands for the reference; None where nobody is to be told it."""
    item = store.work_item(number)
    if not _may_be_told(project, item.bot):
        return None
    record = Record.from_json(item.record)
    if any(
        value.text == reference for value in record.fields.values()
    ):  # so it was read, and only looks like that
        return None
    return next((one.name for one in record.documents.values() if one.sha256.startswith(start)), None)


def _may_be_told(project: Project, bot: str) -> bool:
    """Tell whether the names of the bot's files hold no personal value, as far as its fields say."""
    found = known(project, bot)
    return found is not None and not any(one.personal and one.file_name for one in found.record.fields.values())
