"""What runs by itself: which times have come, which of them wait, and what became of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from rpa.occurrence import Occurrence, Plan, State
from rpa.store import firing, starts
from rpa.store.connect import Books
from rpa.store.owner import Owner


class Occurrences:
    """The occurrences of schedules and triggers."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def fire(self, plans: Sequence[Plan], at: datetime) -> list[Occurrence]:
        """Write down every time of the plans that has come by *at*, once whoever asks; return what was written.

        What nobody was there for, and what comes too soon, becomes what the plan says. Those that are `waiting`
        are to be started. A schedule that is seen first, or first with another clock, begins *at* this time.
        """
        return firing.fire(self._books, plans, at)

    def pause(self, name: str, reason: str) -> None:
        """Skip the schedule's times from now on. Raises `BusinessException` where it is paused or unknown."""
        firing.pause(self._books, name, reason)

    def resume(self, name: str, reason: str) -> None:
        """Let the schedule's times fire again. Raises `BusinessException` where it isn't paused."""
        firing.resume(self._books, name, reason)

    def paused(self) -> Mapping[str, str]:
        """Return the schedules that are paused, each with the reason."""
        return firing.paused(self._books)

    def add(self, occurrence: Occurrence) -> bool:
        """Write down what no clock decides; tell whether it is new. The same name and nominal come once."""
        return starts.add(self._books, occurrence)

    def start_where_much_waits(self, occurrence: Occurrence, most: int, closed: Collection[str]) -> bool:
        """Write it down where *most* transactions of its bot could be begun, and none of its starts is open.

        What waits for one of the *closed* systems is not counted. Return whether it was written down.
        """
        return starts.add_where_much_waits(self._books, occurrence, most, closed)

    def startable(self) -> list[Occurrence]:
        """Return what may be started now, the oldest first: one for each bot that has none running.

        What a dead process had running waits again; where it was the third, it has failed.
        """
        return starts.startable(self._books)

    def take(self, name: str, nominal: str, owner: Owner) -> Occurrence | None:
        """Let *owner* run the occurrence; None where it doesn't wait any more, or its bot runs already."""
        return starts.take(self._books, name, nominal, owner)

    def end(
        self,
        occurrence: Occurrence,
        state: State,
        *,
        reason: str | None = None,
        run_id: int | None = None,
        followers: Sequence[Occurrence] = (),
    ) -> None:
        """End the occurrence that its owner has, or give it back; write down in the same act what follows it."""
        starts.end(self._books, occurrence, state, reason=reason, run_id=run_id, followers=followers)

    def died(self, occurrence: Occurrence, reason: str, run_id: int) -> None:
        """Give back an occurrence of which a worker died, to be started again; the third time it has failed."""
        starts.died(self._books, occurrence, reason, run_id)

    def newest(self, name: str | None = None, nominal: str | None = None, *, limit: int = 100) -> list[Occurrence]:
        """Return occurrences, the newest first."""
        return starts.read(self._books, name=name, nominal=nominal, limit=limit)

    def like(self, name: str, prefix: str) -> list[Occurrence]:
        """Return the occurrences whose nominal begins with *prefix*."""
        return starts.like(self._books, name, prefix)

    def counts(self) -> Mapping[State, int]:
        """Return how many occurrences stand where."""
        return starts.counts(self._books)
