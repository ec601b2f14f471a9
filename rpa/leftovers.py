"""Browsers that outlive their worker: known by a record, and ended before anybody takes over what it had in hand.

A browser ends with its worker by itself, unless it or its driver was stopped (SIGSTOP) or hangs. Such a one might
still send what it was told to, long after the worker's transaction was settled.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from rpa.browser.processes import Process, wait_until_gone
from rpa.store.owner import is_alive, locks_folder

PREFIX = "browser-"

GONE_WITHIN = 5.0
"""Seconds that a killed process has to be gone: the kernel may have to wait for a disk."""


@dataclass
class Recorded:
    """The browser of one worker, as others can read it in the file *path*."""

    path: Path
    processes: tuple[Process, ...] = ()

    def __call__(self, processes: Iterable[Process]) -> None:
        """Write down which processes it is made of."""
        self.processes = tuple(processes)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps([asdict(one) for one in self.processes]), "utf-8")
        fresh.replace(self.path)

    def end(self) -> None:
        """Kill it; whatever waits for it ends at once."""
        for process in self.processes:
            process.end()


@contextmanager
def recorded(state: Path, owner_id: str) -> Iterator[Recorded]:
    """Keep a record of the owner's browser in the state folder until the block ends, and the browser with it."""
    record = Recorded(locks_folder(state) / f"{PREFIX}{owner_id}.json")
    try:
        yield record
    finally:
        record.end()
        record.path.unlink(missing_ok=True)


def end_left_over(state: Path) -> None:
    """End the browsers of owners that are dead. A process that has got a number of theirs since is left alone."""
    for path in (state / "locks").glob(f"{PREFIX}*.json"):
        if not is_alive(state, path.stem.removeprefix(PREFIX)):
            left = Recorded(path, _read(path))
            left.end()
            if wait_until_gone(left.processes, GONE_WITHIN):
                path.unlink(missing_ok=True)


def _read(path: Path) -> tuple[Process, ...]:
    with suppress(FileNotFoundError):  # its worker, or another one, was quicker
        return tuple(Process(**one) for one in json.loads(path.read_text("utf-8")))
    return ()
