"""A schedule in people's hands: how it stands, and how they let it wait, go on, or run now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rpa import clock
from rpa.calendar.zones import Moment
from rpa.definitions.schedule import Schedule
from rpa.definitions.schedules import Schedules
from rpa.occurrence import Occurrence
from rpa.store.store import Store
from rpa.timetable import Timetable, plan


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one schedule stands: *schedule* is None where its file holds a mistake, *paused* says why it is.

    *last* are the occurrences that were written down last, the newest first.
    """

    name: str
    schedule: Schedule | None
    wrong: str
    paused: str | None
    last: Sequence[Occurrence]

    @property
    def state(self) -> str:
        """`unavailable`, `paused` or `ready`."""
        return "unavailable" if self.schedule is None else "paused" if self.paused is not None else "ready"

    def coming(self, count: int) -> list[Moment]:
        """Return its next times; none where it follows another bot, or has no more."""
        if self.schedule is None or self.schedule.clock == "after":
            return []
        return list(islice(Timetable(self.schedule).after(clock.now()), count))


def standings(schedules: Schedules, store: Store, *, last: int) -> Iterator[Standing]:
    """Yield how each schedule stands, by name, with its *last* so many occurrences."""
    paused, right = store.occurrences.paused(), schedules.right()
    for name in schedules:
        yield Standing(
            name=name,
            schedule=right.get(name),
            wrong="; ".join(problem.message for problem in schedules.defined[name].problems),
            paused=paused.get(name),
            last=store.occurrences.newest(name, limit=last),
        )


def pause(store: Store, schedule: Schedule, reason: str) -> None:
    """Let its times pass until it is resumed; what has come so far counts. `BusinessException` if it is paused."""
    store.occurrences.fire([plan(schedule)], clock.now())
    store.occurrences.pause(schedule.schedule, reason)


def resume(store: Store, schedule: Schedule, reason: str) -> None:
    """Let its times fire from now on; what came meanwhile is skipped. `BusinessException` if it isn't paused."""
    store.occurrences.fire([plan(schedule)], clock.now())
    store.occurrences.resume(schedule.schedule, reason)


def run_now(store: Store, schedule: Schedule, person: str) -> None:
    """Have the service run its bot now, once, on behalf of *person*, whatever the clock says."""
    at = clock.now()
    store.occurrences.add(Occurrence.now(schedule.schedule, person, schedule.bot, at, schedule.files))
