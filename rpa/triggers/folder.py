"""A folder in which files are put: each is taken once it is quiet, by renaming it."""

import os
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rpa.definitions.trigger import FolderSource
from rpa.errors import ApplicationException
from rpa.triggers.arrivals import Arrivals
from rpa.triggers.disk import held

LOOK = 1000
"""Milliseconds after which the folder is looked at even where nothing seems to have changed."""

POLL = 500
"""Milliseconds between two looks of a share that can't tell what changes."""

Mark = tuple[int, int, int]
"""What changes with a file's content: its number, size and time."""

Seen = tuple[Mark, float]
"""A mark, and since when a file has it."""

LONGEST = 10
"""How many times `quiet` a file waits for others that still come: one run for all is quicker than one for each."""


@dataclass
class FolderWatch:
    """Takes the files of one folder."""

    source: FolderSource
    arrivals: Arrivals
    _seen: dict[Path, Seen] = field(default_factory=dict)

    def watch(self, stopping: threading.Event) -> Iterator[None]:
        """Look whenever something changes, and each second; yield after each look."""
        from watchfiles import watch

        self.arrivals.home.mkdir(parents=True, exist_ok=True)
        changes = watch(
            self.arrivals.home,
            stop_event=stopping,
            rust_timeout=LOOK,
            yield_on_timeout=True,
            force_polling=self.source.polling,
            poll_delay_ms=POLL,
            recursive=False,
            raise_interrupt=False,
        )
        for _ in changes:
            self.look()
            yield

    def look(self) -> None:
        """Take what is quiet, and put away what was read.

        Raises `ApplicationException` where a file can't be moved, once all others are.
        """
        stuck: list[Path] = []
        with self.arrivals.lock:
            self.arrivals.recover()
            quiet = self._quiet()
            if quiet:
                key = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}-{secrets.token_hex(3)}"
                self.arrivals.publish(key, lambda to: stuck.extend(_take(quiet, to)))
            self.arrivals.tidy()
        if stuck:
            raise ApplicationException(f"{len(stuck)} files can't be moved: look at the rights of their folder")

    def _quiet(self) -> list[Path]:
        """Return the files that have not changed for long enough; none while others still come to go with them."""
        now, before, enough = time.monotonic(), self._seen, self.source.quiet.total_seconds()
        self._seen = dict(self._marks(before, now))
        rested = {path: now - since for path, (_, since) in self._seen.items() if since < now}
        quiet = sorted(path for path, rest in rested.items() if rest >= enough)
        if len(quiet) < len(self._seen) and max(rested.values(), default=0.0) < enough * LONGEST:
            return []
        return quiet

    def _marks(self, before: Mapping[Path, Seen], now: float) -> Iterator[tuple[Path, Seen]]:
        """Yield each file that is to be taken, with its mark and since when it has that."""
        for path in self.arrivals.home.iterdir():
            mark = _mark(path) if self.arrivals.trigger.takes(path.name) else None
            if mark is not None:
                last, since = before.get(path, (mark, now))
                yield path, (mark, since if last == mark else now)


def _mark(path: Path) -> Mark | None:
    """Return what changes with the file; None for what is no plain file, or gone."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns) if _is_plain(path) else None


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _take(paths: list[Path], to: Path) -> Iterator[Path]:
    """Rename the files into *to*, and yield those that can't be; one that is gone by now was taken back.

    Both folders are held: whoever puts a link in the place of one meanwhile has nothing moved behind it.
    """
    home = to.parents[1]
    with held(home) as source, held(home, *to.relative_to(home).parts) as target:
        for path in paths:
            try:
                # One rename, and no copy where that can't be.
                os.rename(path.name, path.name, src_dir_fd=source, dst_dir_fd=target)
            except FileNotFoundError:
                continue
            except PermissionError:
                yield path
