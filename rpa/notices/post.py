"""The post: what people are to be told is gathered for a while, then sent to each of them as one notice.

Where each of them stands is kept in the file `noticed`: a notice that could not be sent before the service ended
is sent by the next one, and to nobody else. So it may come twice, and is not lost.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from rpa.errors import RpaError, unforeseen
from rpa.notices.notice import Subject, subject, words
from rpa.settings.service import NoticeSettings
from rpa.store.owner import locks_folder
from rpa.store.store import Store

LOOK = 1.0
"""Seconds between two looks at the log."""

EVERYBODY = "*"
"""Who is told of what concerns no bot."""

People = Callable[[Subject], Iterable[str]]
"""Tells who is to know of something."""

Send = Callable[[str, str, str], None]
"""Sends a notice: to whom, its title, its text. Raises `RpaError` where it can't."""


@dataclass
class Box:
    """What one person is to be told, and when they were told last (by the machine's running time).

    *told* is the number of the last entry of the log that they need be told no more.
    """

    told: int
    waiting: Counter[Subject] = field(default_factory=Counter)
    since: float = 0.0
    not_before: float = 0.0


@dataclass
class Post:
    """Gathers and sends. *trouble* hears, in words, of what could not be sent."""

    store: Store
    folder: Path
    settings: NoticeSettings
    people: People
    send: Send
    trouble: Callable[[str], None]
    boxes: dict[str, Box] = field(default_factory=dict)
    _seen: int = 0
    _told: int = 0

    def work(self, stopping: threading.Event) -> None:
        """Gather and send until told to stop; of several services on one ledger, one at a time does."""
        lock = FileLock(locks_folder(self.folder) / "notices.lock")
        while not stopping.wait(LOOK):
            try:
                with lock.acquire(blocking=False):
                    self._begin()
                    while not stopping.wait(LOOK):
                        self.look()
            except Timeout:
                continue
            except RpaError as error:
                self.trouble(str(error))
            except Exception as error:  # noqa: BLE001  # people would be told of nothing any more
                self.trouble(unforeseen(error))

    def look(self) -> None:
        """Gather what is new, send what is due, and write down where each person stands."""
        for entry in self.store.log.read(after=self._seen):
            self._seen = entry["seq"]
            found = subject(entry)
            if found is not None:
                self._gather(found, entry["seq"])
        for name, box in self.boxes.items():
            if box.waiting and time.monotonic() >= max(box.since + self.settings.gather, box.not_before):
                self._deliver(name, box)
        self._remember()

    def _begin(self) -> None:
        self._told, behind = self._remembered()
        self.boxes = {name: Box(told) for name, told in behind.items()}
        self._seen = min((self._told, *behind.values()))

    def _gather(self, found: Subject, seq: int) -> None:
        for name in set(self.people(found)):
            box = self.boxes.setdefault(name, Box(self._told))
            if seq <= box.told:
                continue
            if not box.waiting:
                box.since, box.told = time.monotonic(), seq - 1
            box.waiting[found] += 1

    def _deliver(self, name: str, box: Box) -> None:
        box.not_before = time.monotonic() + self.settings.again
        try:
            self.send(name, f"Keyonce: {box.waiting.total()} to look at", words(box.waiting))
        except RpaError as error:
            self.trouble(str(error))
        else:
            box.waiting.clear()
            box.told = self._seen

    @property
    def _file(self) -> Path:
        return self.folder / "noticed"

    def _remembered(self) -> tuple[int, dict[str, int]]:
        """Return up to which entry all have been told, but for those who are behind, each with their own."""
        try:
            told, behind = json.loads(self._file.read_text("utf-8"))
            return int(told), {str(name): int(seq) for name, seq in behind.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return self.store.log.size(), {}

    def _remember(self) -> None:
        behind = {name: box.told for name, box in sorted(self.boxes.items()) if box.waiting}
        text = json.dumps([self._seen, behind])
        if not self._file.exists() or self._file.read_text("utf-8") != text:
            new = self._file.with_suffix(".new")
            new.write_text(text, "utf-8")
            new.replace(self._file)


def addressed(to: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Return the credentials that hold the addresses of these people; everybody's where none has one."""
    found = [to[name] for name in names if name in to]
    return found or [to[EVERYBODY]] if EVERYBODY in to else found
