"""One run of a bot: documents onto the ledger, then workers until the queue is empty."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from rpa.dispatcher import Intake, dispatch
from rpa.engines.local import Workers
from rpa.leftovers import end_left_over
from rpa.project import Project
from rpa.store.store import Store
from rpa.work import ENDED, Run, Status
from rpa.worker import Order

LOOK = 0.2
"""Seconds between two looks at how far the workers are."""

Counts = Mapping[tuple[str, Status], int]
"""How many transactions stand where: by (entry, status)."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run did: all transactions of the bot counted *before* and *after*, and workers' last words."""

    run: Run
    intake: Intake
    before: Counts
    after: Counts
    seconds: float
    failures: tuple[str, ...] = ()

    def now(self, entry: str, status: Status) -> int:
        """Return how many transactions reached *status* by this run."""
        return self.after.get((entry, status), 0) - self.before.get((entry, status), 0)

    def total(self, status: Status) -> int:
        """Return how many transactions of the bot stand in *status*."""
        return sum(count for (_, one), count in self.after.items() if one is status)


Progress = Callable[[int, int], None]
"""Told from time to time how many transactions have ended, and how many there are."""


def run(project: Project, bot_name: str, *, by: str, progress: Progress, headed: bool = False) -> Outcome:
    """Run the bot until nothing is left that a worker could do.

    Raises `DefinitionError` before anything is read where the bot fails its check. A KeyboardInterrupt stops the
    workers within 30 seconds: what is promised is finished or left to be settled, the rest is given back.
    """
    bot = project.bot(bot_name)
    started = time.monotonic()
    with project.store() as store, _no_browser_left(project):
        record = store.start_run(bot.bot, project.library.digest(bot.bot), by)
        before = store.counts(bot.bot)
        try:
            with Workers(_orders(project, bot_name, headed=headed)) as workers:
                intake = dispatch(project.drafts(bot), record, store)
                workers.no_more_work()
                _watch(store, bot.bot, workers, progress)
        except KeyboardInterrupt:
            _finish(store, record)
            raise
        return Outcome(
            run=_finish(store, record),
            intake=intake,
            before=before,
            after=store.counts(bot.bot),
            seconds=time.monotonic() - started,
            failures=workers.failures(),
        )


@contextmanager
def _no_browser_left(project: Project) -> Iterator[None]:
    """End the browsers of workers that are dead, those of earlier runs first, and ours at the end."""
    end_left_over(project.settings.state_folder)
    try:
        yield
    finally:
        end_left_over(project.settings.state_folder)


def _finish(store: Store, record: Run) -> Run:
    counts = store.counts(record.bot).items()
    return store.finish_run(record, {f"{entry} {status}": count for (entry, status), count in counts})


def _orders(project: Project, bot_name: str, *, headed: bool) -> list[Order]:
    systems = {entry.system for entry in project.bot(bot_name).enter}
    return [
        Order(folder=project.folder, bot=bot_name, system=name, slot=slot, headed=headed)
        for name in sorted(systems)
        for slot in range(project.system(name).sessions)
    ]


def _watch(store: Store, bot: str, workers: Workers, progress: Progress) -> None:
    while workers.alive():
        _tell(store.counts(bot), progress)
        time.sleep(LOOK)
    _tell(store.counts(bot), progress)


def _tell(counts: Counts, progress: Progress) -> None:
    progress(sum(n for (_, status), n in counts.items() if status in ENDED), sum(counts.values()))
