"""Looks after the triggers: a thread for each folder and mailbox, which begins and ends with its definition."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from filelock import FileLock

from rpa.definitions.trigger import MailboxSource, Trigger
from rpa.errors import RpaError, unforeseen
from rpa.project import Project
from rpa.store.owner import locks_folder
from rpa.store.store import Store
from rpa.triggers.answering import Answering
from rpa.triggers.arrivals import Arrivals
from rpa.triggers.folder import FolderWatch
from rpa.triggers.mailbox import Mailbox
from rpa.triggers.threshold import Threshold
from rpa.triggers.upload import Upload

AGAIN = 5.0
"""Seconds until a trigger that failed looks again."""


Looks = Callable[[threading.Event], Iterator[None]]
"""Looks until the event is set; yields after each look."""

ENDING = 5.0
"""Seconds that a trigger has to end its look."""


@dataclass
class _Looking:
    trigger: Trigger
    stopping: threading.Event
    thread: threading.Thread


@dataclass
class Arriving:
    """The triggers of one service. *trouble* hears what goes wrong with one, in words.

    *failing* tells it too, by the trigger's name, until it has looked without trouble.
    """

    store: Store
    trouble: Callable[..., None]
    uploads: dict[str, Upload] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    _looking: dict[str, _Looking] = field(default_factory=dict)

    def renew(self, triggers: Iterable[Trigger], project: Project) -> None:
        """Go by these triggers from now on; those that have not changed go on undisturbed."""
        new = {one.trigger: one for one in triggers}
        gone = [name for name, one in self._looking.items() if new.get(name) != one.trigger]
        self._end(gone)
        for name in self.failing.keys() - new.keys():
            del self.failing[name]
        self.uploads = dict(self._uploads(new, project))
        for name, trigger in new.items():
            if trigger.web is None and name not in self._looking:
                self._begin(trigger, project)

    def tidy(self) -> None:
        """Put away what was uploaded and read."""
        for name, upload in self.uploads.items():
            with self._heard(name), upload.arrivals.lock:
                upload.arrivals.recover()
                upload.arrivals.tidy()
                self.failing.pop(name, None)

    def stop(self) -> None:
        """End every thread; what is being taken is taken first."""
        self._end(list(self._looking))

    def alive(self) -> bool:
        """Tell whether every thread goes on."""
        return all(one.thread.is_alive() for one in self._looking.values())

    def _uploads(self, triggers: Mapping[str, Trigger], project: Project) -> Iterator[tuple[str, Upload]]:
        for name, trigger in triggers.items():
            if trigger.web is not None:
                yield name, Upload(trigger.web, self._arrivals(trigger, project), project.secrets)

    def _begin(self, trigger: Trigger, project: Project) -> None:
        stopping = threading.Event()
        thread = threading.Thread(
            target=self._look,
            args=(trigger.trigger, self._looks(trigger, project), stopping),
            name=f"trigger {trigger.trigger}",
            daemon=True,
        )
        self._looking[trigger.trigger] = _Looking(trigger, stopping, thread)
        thread.start()

    def _end(self, names: Iterable[str]) -> None:
        ending = [self._looking.pop(name) for name in names]
        for one in ending:
            one.stopping.set()
        for one in ending:
            one.thread.join(ENDING)  # one that waits for a mail server holds nothing up

    def _look(self, name: str, looks: Looks, stopping: threading.Event) -> None:
        """Look until told to stop; whatever goes wrong is told, and looked at again a little later."""
        while not stopping.is_set():
            with self._heard(name):
                for _ in looks(stopping):
                    self.failing.pop(name, None)
            stopping.wait(AGAIN)

    @contextmanager
    def _heard(self, name: str) -> Iterator[None]:
        """Tell what goes wrong; no trigger may hold up another one, and none may end unseen."""
        try:
            yield
        except RpaError as error:
            self._failed(name, str(error))
        except Exception as error:  # noqa: BLE001  # a thread that ends unseen would leave what comes lying
            self._failed(name, unforeseen(error))

    def _failed(self, name: str, reason: str) -> None:
        if self.failing.get(name) != reason:
            self.failing[name] = reason
            self.trouble(name, reason)

    def _looks(self, trigger: Trigger, project: Project) -> Looks:
        """Return what looks again and again; what it has seen outlives a look that fails."""
        arrivals = self._arrivals(trigger, project)
        if trigger.folder is not None:
            return FolderWatch(trigger.folder, arrivals).watch
        if trigger.mailbox is not None:
            every = trigger.mailbox.every.total_seconds()
            answering = self._answering(trigger.trigger, trigger.mailbox, project)
            return partial(_steadily, Mailbox(trigger.mailbox, arrivals, project.secrets, answering).look, every)
        if trigger.queue is not None:
            threshold = Threshold(trigger.queue, trigger, project, self.store)
            return partial(_steadily, threshold.look, trigger.queue.every.total_seconds())
        raise AssertionError("uploads are not looked for")

    def _answering(self, name: str, mailbox: MailboxSource, project: Project) -> Answering | None:
        if mailbox.receipt is None:
            return None
        return Answering(name, mailbox.receipt, project.secrets, self.store)

    def _arrivals(self, trigger: Trigger, project: Project) -> Arrivals:
        settings = project.settings
        moved = trigger.folder is not None
        path = settings.folder / trigger.home
        lock = FileLock(locks_folder(settings.state_folder) / f"trigger-{trigger.trigger}.lock")
        return Arrivals(trigger, settings.folder, path, self.store, moved=moved, lock=lock)


def _steadily(look: Callable[[], None], every: float, stopping: threading.Event) -> Iterator[None]:
    while not stopping.is_set():
        look()
        yield
        stopping.wait(every)
