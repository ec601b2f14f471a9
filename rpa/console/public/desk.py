"""What takes the forms: looked at apart, under limits, and then put where the bot's own way begins."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from pathlib import Path, PurePosixPath
from threading import BoundedSemaphore
from typing import BinaryIO

from rpa.audit.entry import Actor
from rpa.console.uploads import inbox, takes_uploads, whole_copy
from rpa.definitions.bot import Bot
from rpa.documents.sandbox import Sandbox, reading_in
from rpa.documents.wire import Limits
from rpa.errors import DocumentProblem, SetupError
from rpa.keeping.files import Files
from rpa.keeping.taking import flush_folder
from rpa.project import Project
from rpa.settings.public import IntakeSettings
from rpa.store.store import Store

LARGEST = 10 * 1024 * 1024
"""Bytes of a form."""

AT_ONCE = 4
"""Forms that are looked at at once; whoever comes meanwhile is asked to try again."""

LIMITS = Limits(processor=10, clock=20.0)
"""Of a stranger's form: a scanned page takes some 7 seconds, and whoever sends the next form waits meanwhile."""

ACTOR = Actor(kind="trigger", id="public-page", name="public page")
"""Stands in the log: who brings a form is not known."""

WORDS = {
    "needs-password": "locked",
    "wrong-password": "locked",
    "too-big": "large",
    "takes-too-long": "large",
    "empty": "empty",
    "not-a-pdf": "kind",
    "not-a-workbook": "kind",
    "not-a-list": "kind",
    "not-a-mail": "kind",
    "damaged": "damaged",
    "active-content": "damaged",
}
"""By what is wrong with a file, the word for it. With anything else it is taken: a person can read a bad scan."""


class FormRefusedError(Exception):
    """The form was not taken; *word* names in the texts why."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Place:
    """Where forms go: the folder that the trigger watches, or that the bot reads once somebody starts it."""

    bot: Bot
    document: str
    folder: Path
    suffix: str


@dataclass(frozen=True)
class Desk:
    """Takes the forms of one project. A few at once: reading one takes a processor for a while.

    They are read in a sandbox of their own, so that staff's own documents never wait behind those of strangers.
    """

    at_once: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))
    sandbox: Sandbox = field(default_factory=lambda: Sandbox(LIMITS))

    def take(self, project: Project, store: Store, name: str, content: BinaryIO, fact: str) -> str:
        """Return the receipt's number of a form; raise `FormRefusedError` where it can't be taken.

        The file's own name is of no account, and is not kept: it may lead elsewhere, or tell of somebody.
        """
        place = place_of(project, _settings(project))
        if PurePosixPath(name.replace("\\", "/")).suffix.casefold() != place.suffix:
            raise FormRefusedError("kind")
        if not self.at_once.acquire(blocking=False):
            raise FormRefusedError("busy")
        try:
            with _aside(project, content, place.suffix) as path, reading_in(self.sandbox):
                return _taken(project, store, place, path, fact)
        finally:
            self.at_once.release()

    def close(self) -> None:
        """End the process in which forms are read."""
        self.sandbox.close()


def place_of(project: Project, settings: IntakeSettings) -> Place:
    """Return where forms go; raise `SetupError` where the settings name nothing that could take them."""
    if settings.trigger is not None:
        trigger = project.triggers.get(settings.trigger)
        if trigger.folder is None:
            raise SetupError(f"[console.intake] trigger: {trigger.trigger} watches no folder; name one that does")
        folder, pattern = trigger.folder.path, trigger.files
        bot = project.bot(trigger.bot)
    else:
        bot = project.bot(settings.bot or "")
        if not takes_uploads(bot):
            raise SetupError(f"[console.intake] bot: {bot.bot} reads its documents from more than one folder")
        folder, pattern = inbox(bot)
    suffix = PurePosixPath(pattern).suffix.casefold()
    if not suffix or pattern.casefold() != f"*{suffix}":
        raise SetupError(f"[console.intake] files whose names are like {pattern} are taken: has to be like *.pdf")
    return Place(bot, bot.record.each, project.folder / folder, suffix)


def clear(project: Project) -> None:
    """Delete what was being looked at when the process was killed: nobody was given a receipt for it."""
    shutil.rmtree(_home(project), ignore_errors=True)


def network_of(address: str) -> str:
    """Return whose address it is: of IPv6 the network, since one person has all the addresses of theirs."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return found.exploded[:19] if found.ipv4_mapped is None else str(found.ipv4_mapped)


def _settings(project: Project) -> IntakeSettings:
    settings = project.settings.console.intake
    if settings is None:
        raise FormRefusedError("closed")
    return settings


def _home(project: Project) -> Path:
    return project.settings.state_folder / "public"


@contextmanager
def _aside(project: Project, content: BinaryIO, suffix: str) -> Iterator[Path]:
    """Give the form in a folder that is this account's alone, and is gone in the end."""
    home = _home(project)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        path = Path(folder) / f"form{suffix}"
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
        yield path


def _taken(project: Project, store: Store, place: Place, path: Path, fact: str) -> str:
    """Read every form, known or not: how long the answer takes must not tell whether the office has it."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    bot = place.bot.bot
    _refuse_unreadable(project, place, path)
    if not store.receipts.was_read(bot, sha256):
        _put(path, place.folder, f"{store.receipts.number(bot, sha256)}{place.suffix}")
    return store.receipts.give(bot, sha256, fact)


def _refuse_unreadable(project: Project, place: Place, path: Path) -> None:
    """Read the form in the sandbox, as its run will; nothing that is read goes anywhere."""
    kept = Files(path.parent / "kept")
    try:
        with kept.keep(path) as document:
            project.papers(place.bot, kept).rows(place.document, document)
    except DocumentProblem as problem:
        if (word := WORDS.get(problem.kind)) is not None:
            raise FormRefusedError(word) from None


def _put(path: Path, folder: Path, name: str) -> None:
    """Put the form there, whole or not at all; where it lies there already, it is the same one."""
    folder.mkdir(parents=True, exist_ok=True)
    with whole_copy(path, folder) as whole:
        if not (folder / name).exists():
            (folder / name).hardlink_to(whole)
    flush_folder(folder)
