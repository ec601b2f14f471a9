"""Documents that somebody brings for a run: kept apart until it starts, seen by them alone, gone after a day."""

import json
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from filecmp import cmp
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self

from rpa.definitions.bot import Bot
from rpa.keeping.files import Files
from rpa.keeping.taking import flush_folder

KEPT = 24 * 3600.0
"""Seconds after which an upload that nobody started is deleted."""

LONGEST_NAME = 150
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
ABOUT = ".about.json"
STARTED = "started-"
"""Before the name of one whose documents are on their way to the bot."""

GONE = "there is no such upload, or it was started"


class NameRefusedError(Exception):
    """A file's name is none that the bot takes."""


@dataclass(frozen=True)
class Upload:
    """One person's documents for one bot."""

    folder: Path
    bot: str
    user_id: str

    @property
    def token(self) -> str:
        """What names it in addresses."""
        return self.folder.name

    def paths(self) -> list[Path]:
        """Return the documents, by their names."""
        return sorted(path for path in self.folder.iterdir() if not path.name.startswith("."))

    @property
    def kept(self) -> Files:
        """Where its documents are kept while they are looked at: gone with it, whatever becomes of it."""
        return Files(self.folder / ".kept")

    def add(self, name: str, content: BinaryIO, bot: Bot) -> None:
        """Keep a document, beside another one of its name; what is there already, name and content, stays.

        Raises `NameRefusedError` where the bot takes none of such a name, `LookupError` where it was started.
        """
        plain = PurePosixPath(name.replace("\\", "/")).name
        if not _is_plain(plain) or not fnmatchcase(plain.casefold(), inbox(bot)[1].casefold()):
            raise NameRefusedError
        with self._draft(content) as draft:
            if not any(cmp(draft, path, shallow=False) for path in self._called(plain)):
                _link_beside(draft, self.folder, plain)

    def keep(self, name: str, text: str) -> None:
        """Write down something about the documents, under a name that is no document's.

        Raises `LookupError` where the upload was started.
        """
        with self._draft(BytesIO(text.encode())) as draft:
            draft.replace(self.folder / name)

    def forget(self, name: str) -> bool:
        """Delete what `keep` wrote down; return whether there was anything. Raises as `keep` does."""
        if not self.folder.is_dir():
            raise LookupError(GONE)
        kept = (self.folder / name).exists()
        (self.folder / name).unlink(missing_ok=True)
        return kept

    def _called(self, name: str) -> list[Path]:
        """Return the documents that were brought by this name."""
        plain = PurePosixPath(name)
        ours = re.compile(re.escape(plain.stem) + r"( \(\d+\))?" + re.escape(plain.suffix))
        return [path for path in self.paths() if ours.fullmatch(path.name)]

    @contextmanager
    def _draft(self, content: BinaryIO) -> Iterator[Path]:
        """Give a whole copy by a name that nobody reads; raise `LookupError` where the upload was started."""
        draft = self.folder / f".{secrets.token_hex(8)}"  # half of it is nothing yet, if somebody starts now
        try:
            with open(draft, "wb", opener=_private) as kept:  # a path takes no opener
                shutil.copyfileobj(content, kept)
                kept.flush()
                os.fsync(kept.fileno())
            yield draft
        except FileNotFoundError:
            raise LookupError(GONE) from None
        finally:
            draft.unlink(missing_ok=True)

    def leave_out(self, name: str) -> None:
        """Delete a document, if it is one of them."""
        for path in self.paths():
            if path.name == name:
                path.unlink()

    def hand_over(self, project_folder: Path, bot: Bot) -> None:
        """Put the documents where the bot reads them, beside what has the same name; then it is gone."""
        inbox_folder = project_folder / inbox(bot)[0]
        inbox_folder.mkdir(parents=True, exist_ok=True)
        flush_folder(inbox_folder.parent)
        for path in self.paths():
            _move(path, inbox_folder)
        self.drop()

    @contextmanager
    def started(self) -> Iterator[Self]:
        """Give it by a name that no address has; where something goes wrong, what is left of it is back.

        Nothing is added to it any more meanwhile, and it is started once: raises `LookupError` the second time.
        """
        aside = replace(self, folder=self.folder.with_name(f"{STARTED}{self.token}"))
        try:
            self.folder.rename(aside.folder)
        except FileNotFoundError:
            raise LookupError(GONE) from None
        try:
            yield aside
        except BaseException:
            aside.folder.rename(self.folder)
            raise

    def drop(self) -> None:
        """Delete it."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Uploads:
    """All uploads of a project, below its state folder."""

    folder: Path

    def begin(self, bot: str, user_id: str) -> Upload:
        """Make a new one; those that nobody started since yesterday are deleted."""
        self.sweep()
        folder = self.folder / secrets.token_urlsafe(16)
        folder.mkdir(mode=0o700, parents=True)
        (folder / ABOUT).write_text(json.dumps({"bot": bot, "user_id": user_id}), "utf-8")
        return Upload(folder, bot, user_id)

    def of(self, token: str, user_id: str) -> Upload:
        """Return somebody's upload; raise LookupError where they have none of that name."""
        about = self.folder / token / ABOUT
        if not TOKEN.fullmatch(token) or not about.is_file():
            raise LookupError("there is no such upload")
        upload = Upload(about.parent, **json.loads(about.read_text("utf-8")))
        if upload.user_id != user_id:
            raise LookupError("it is somebody else's")
        return upload

    def recover(self) -> None:
        """Give back what was on its way when the console was killed: no start of it goes on."""
        for folder in self._folders():
            if folder.name.startswith(STARTED):
                folder.rename(folder.with_name(folder.name.removeprefix(STARTED)))

    def sweep(self) -> None:
        """Delete what nobody has started for a day."""
        for folder in self._folders():
            if time.time() - folder.stat().st_mtime > KEPT:
                shutil.rmtree(folder, ignore_errors=True)

    def _folders(self) -> Iterator[Path]:
        with suppress(FileNotFoundError):
            yield from self.folder.iterdir()


def takes_uploads(bot: Bot) -> bool:
    """Tell whether the bot's documents are files of one folder, so that it is known where they go."""
    return not any(sign in inbox(bot)[0] for sign in "*?[")


def inbox(bot: Bot) -> tuple[str, str]:
    """Return the folder of the bot's documents and the pattern of their names."""
    folder, _, pattern = bot.documents[bot.record.each].files.rpartition("/")
    return folder, pattern


def _is_plain(name: str) -> bool:
    return bool(name) and name.isprintable() and not name.startswith(".") and len(name.encode()) <= LONGEST_NAME


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@contextmanager
def whole_copy(path: Path, folder: Path) -> Iterator[Path]:
    """Give a copy that is on the disk, in *folder* under a name that nobody reads, to be linked from there."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as aside:
        whole = Path(aside) / "whole"
        with path.open("rb") as source, whole.open("wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        yield whole


def _move(path: Path, folder: Path) -> None:
    """Move so that nobody sees half a file and none is overwritten: a link fails where the name is taken."""
    with whole_copy(path, folder) as whole:
        _link_beside(whole, folder, path.name)
    flush_folder(folder)  # only then is this copy not the last one that a loss of power leaves
    path.unlink()


def _link_beside(whole: Path, folder: Path, name: str) -> None:
    """Link a file into a folder under its *name*, with a number where that is taken."""
    plain = PurePosixPath(name)
    for number in range(1, 10_000):
        with suppress(FileExistsError):
            (folder / (name if number == 1 else f"{plain.stem} ({number}){plain.suffix}")).hardlink_to(whole)
            return
    raise FileExistsError(name)
