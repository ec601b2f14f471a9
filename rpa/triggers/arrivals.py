"""Files that came together, from the moment that they are taken until their run has read them.

They lie in a folder of their own, `taken/KEY`, below the trigger's. The folder appears by one rename, with all its
files; then its occurrence is written down, of which KEY is the nominal. Whatever dies in between, the folder is
found again and written down then; the ledger takes each key once.
"""

import glob
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filelock import BaseFileLock

from rpa.definitions.trigger import Trigger
from rpa.errors import ApplicationException, SetupError
from rpa.occurrence import OPEN, Occurrence, State
from rpa.store.store import Store
from rpa.triggers.disk import flush, held, sha256_of, sync

TAKEN, DONE, REFUSED = "taken", "done", "refused"
"""Folders below the trigger's: what waits for its run, and by outcome what a run has read."""

OURS = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-[0-9a-f]{6}"  # files of a folder
    r"|mail-[0-9a-f]{24}"
    r"|[A-Za-z0-9][A-Za-z0-9._:-]{0,99}~[0-9a-f]{16}"  # an upload
)
"""Keys that are given here. Nobody else's folder is one that was taken: whoever may write there could plant it."""

HIDDEN = "."
"""Before the key while its folder is being filled; no key begins with it."""

ENTERED = frozenset({"read", "duplicate"})
"""Outcomes of a document whose records are on the ledger."""


@dataclass(frozen=True)
class Arrivals:
    """What a trigger has taken. *home* is its folder, below the project's *folder*.

    *moved* tells whether files are moved here by renaming and kept once read; else they are copies, and deleted
    then, since the ledger has one. *lock* is held by whoever takes something: two services may look at one place.
    """

    trigger: Trigger
    folder: Path
    home: Path
    store: Store
    moved: bool
    lock: BaseFileLock
    _visited: set[tuple[str, datetime | None]] = field(default_factory=set)
    """Folders by key that were tidied, and when their starts had changed: what stays is not hashed again."""

    def publish(self, key: str, fill: Callable[[Path], None]) -> bool:
        """Let *fill* put the files into a new folder, then write down that they came; tell whether that is new.

        Where it puts none, nothing came.
        """
        self.refuse_links()
        there = self._taken / key
        if not there.exists() and not self.store.occurrences.newest(self.trigger.trigger, key):
            self._appear(there, self._taken / f"{HIDDEN}{key}", fill)
            if not there.exists():
                return False
        return self._write_down(key)

    def _appear(self, there: Path, hidden: Path, fill: Callable[[Path], None]) -> None:
        """Let the folder appear, whole and on the disk, unless it is empty.

        Raises `ApplicationException` if it can't be.
        """
        try:
            if hidden.exists():  # half of it, of an earlier try
                self._clear(hidden)
            hidden.mkdir(parents=True, exist_ok=True)
            fill(hidden)
            if not any(hidden.iterdir()):
                hidden.rmdir()
                return
            flush(hidden)
            hidden.rename(there)
            sync(self._taken)
        except OSError as error:
            raise ApplicationException(f"what came can't be put into {self._taken}: {error.strerror}") from None

    def refuse(self, key: str, reason: str) -> bool:
        """Write down that something came of which nothing can be used."""
        return self.store.occurrences.add(self._occurrence(key, State.FAILED, reason))

    def refuse_links(self) -> None:
        """Raise `SetupError` where a link leads to the folder, or from it: what is behind it would be moved."""
        for place in (self.home, *(self.home / part for part in (TAKEN, DONE, REFUSED))):
            if place.resolve() != self.folder.resolve() / place.relative_to(self.folder):
                words = "is a link, or behind one: nothing is taken; put a folder there, or mount one"
                raise SetupError(f"{place.relative_to(self.folder)} {words}")

    def recover(self) -> None:
        """Write down what was taken by a process that died before it could; a half-written copy comes again.

        Raises `SetupError` as `refuse_links` does.
        """
        self.refuse_links()
        for path in self._folders(hidden=True):
            self._clear(path)
        for path in self._folders():
            if not self.store.occurrences.newest(self.trigger.trigger, path.name):
                self._write_down(path.name)

    def _clear(self, hidden: Path) -> None:
        """Let what was moved into a hidden folder appear; remove copies, which come again."""
        if self.moved and any(hidden.iterdir()):
            hidden.rename(self._taken / hidden.name.removeprefix(HIDDEN))
        else:
            shutil.rmtree(hidden)

    def tidy(self) -> None:
        """Move the files of runs that have ended to where their outcome belongs; what was not read stays.

        Raises `ApplicationException` where some can't be moved, once all others are.
        """
        failed = []
        for path in self._folders():
            try:
                self._visit(path)
            except OSError as error:
                failed.append(f"{path.name} ({error.strerror})")
        if failed:
            raise ApplicationException(f"what was read can't be put away: {', '.join(failed)}")

    def _visit(self, folder: Path) -> None:
        found = self.store.occurrences.newest(self.trigger.trigger, folder.name)
        if not found or found[0].state in OPEN:
            return
        if (folder.name, found[0].changed) not in self._visited:
            self._tidied(folder, whole=found[0].state is State.DONE)
            self._visited.add((folder.name, found[0].changed))
        if not any(folder.iterdir()):
            folder.rmdir()

    def _tidied(self, folder: Path, *, whole: bool) -> None:
        """Put away what was read; where the run came to its *whole* end, the rest was refused."""
        for path in sorted(folder.iterdir()):
            sha256 = sha256_of(path)
            outcome = None if sha256 is None else self.store.knows_document(self.trigger.bot, sha256)
            if outcome in ENTERED and not self.moved:
                path.unlink()
            elif outcome in ENTERED:
                _put(path, self.home / DONE)
            elif outcome is not None or whole:
                _put(path, self.home / REFUSED)

    def _write_down(self, key: str) -> bool:
        return self.store.occurrences.add(self._occurrence(key, State.WAITING, None))

    def _occurrence(self, key: str, state: State, reason: str | None) -> Occurrence:
        pattern = f"{glob.escape(str((self._taken / key).relative_to(self.folder)))}/*"
        return Occurrence(
            name=self.trigger.trigger,
            nominal=key,
            kind="trigger",
            bot=self.trigger.bot,
            due=datetime.now(UTC),
            state=state,
            reason=reason,
            files={self.trigger.document: pattern},
        )

    @property
    def _taken(self) -> Path:
        return self.home / TAKEN

    def _folders(self, *, hidden: bool = False) -> list[Path]:
        """Return the folders of our keys, while they are *hidden* or after."""
        found = sorted(self._taken.iterdir()) if self._taken.is_dir() else []
        ours = (path for path in found if path.name.startswith(HIDDEN) == hidden)
        return [path for path in ours if OURS.fullmatch(path.name.removeprefix(HIDDEN)) and _is_folder(path)]


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def free_name(folder: Path, name: str) -> Path:
    """Return a path in *folder* that nothing has yet: *name*, else with a number behind it."""
    path, count = folder / name, 1
    while path.exists():
        count += 1
        path = folder / f"{Path(name).stem}-{count}{Path(name).suffix}"
    return path


def _put(path: Path, to: Path) -> None:
    """Move what was taken into a folder beside `taken`; both are held, so that no link takes their place."""
    home = to.parent
    with held(home) as outer, suppress(FileExistsError):
        os.mkdir(to.name, dir_fd=outer)
    with held(home, *path.parent.relative_to(home).parts) as source, held(home, to.name) as target:
        os.rename(path.name, free_name(to, path.name).name, src_dir_fd=source, dst_dir_fd=target)
