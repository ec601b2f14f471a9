"""A queue that has grown long: once so many transactions wait and no run of the bot goes on, one starts."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rpa.definitions.trigger import QueueSource, Trigger
from rpa.occurrence import Occurrence
from rpa.project import Project
from rpa.store.store import Store


@dataclass(frozen=True)
class Threshold:
    """Looks at the queue of one bot."""

    source: QueueSource
    trigger: Trigger
    project: Project
    store: Store

    def look(self) -> None:
        """Let a run start where the queue is long enough, and no start of the bot waits or runs."""
        at = datetime.now(UTC)
        one = Occurrence(
            name=self.trigger.trigger,
            nominal=f"{at:%Y-%m-%dT%H:%M:%S.%fZ}",
            kind="trigger",
            bot=self.trigger.bot,
            due=at,
        )
        self.store.occurrences.start_where_much_waits(one, self.source.waiting, self._closed(at))

    def _closed(self, at: datetime) -> list[str]:
        """Return the systems of the bot that may not be used now: a run would do nothing there."""
        names = {entry.system for entry in self.project.bot(self.trigger.bot).enter}
        return [name for name in names if self.project.system(name).opens(at) is not None]
