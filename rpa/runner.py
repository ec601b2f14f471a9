"""One run of a bot: documents onto the ledger, then workers until the queue is empty."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType

from rpa.audit.entry import Actor
from rpa.definitions.bot import Bot
from rpa.dispatcher import Intake, dispatch
from rpa.engines.base import Carrier
from rpa.engines.here import Here
from rpa.errors import LedgerFailed, LogRewritten, RpaError, SetupError, unforeseen
from rpa.leftovers import end_left_over
from rpa.production import Start, begin, told
from rpa.project import Project
from rpa.store.keeper import Keeper
from rpa.store.store import Store
from rpa.telemetry.base import traced
from rpa.work import ENDED, Run, Status

LOOK = 0.2
"""Seconds between two looks at how far the workers are."""

Counts = Mapping[tuple[str, Status], int]
"""How many transactions stand where: by (entry, status)."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run did: all transactions of the bot counted *before* and *after*, and workers' last words.

    *restored* tells that the ledger had been put back from an older copy, so that the systems were asked first.
    """

    run: Run
    intake: Intake
    before: Counts
    after: Counts
    seconds: float
    failures: tuple[str, ...] = ()
    restored: bool = False

    def now(self, entry: str, status: Status) -> int:
        """Return how many transactions reached *status* by this run."""
        return self.after.get((entry, status), 0) - self.before.get((entry, status), 0)

    def total(self, status: Status) -> int:
        """Return how many transactions of the bot stand in *status*."""
        return sum(count for (_, one), count in self.after.items() if one is status)


Progress = Callable[[int, int], None]
"""Told from time to time how many transactions have ended, and how many there are."""


def run(  # what to run, for whom, and what of it
    project: Project,
    bot_name: str,
    *,
    by: str | Run,
    progress: Progress,
    headed: bool = False,
    actor: Actor | None = None,
    files: Mapping[str, str] = MappingProxyType({}),
) -> Outcome:
    """Run the bot until nothing is left that a worker could do; the log says who as *actor*.

    *by* is on whose behalf, or the run itself where it has begun already.

    *files* are patterns, by the name of a document, that are read instead of the bot's own.

    Raises `DefinitionError` before anything is read where the bot fails its check, and `SetupError` where it may
    not run in production; a run that has begun ends with the reason then, as with any other error. A
    KeyboardInterrupt stops the workers within 30 seconds: what is promised is finished or left to be settled, the
    rest is given back.
    """
    started, places = time.monotonic(), project.places
    with project.store(actor) as store, _no_browser_left(project):
        project.tell_settings(store)
        with _ending(store, by if isinstance(by, Run) else None):
            approval = begin(project, store, bot_name, None if actor is None else Start(actor, files))
            bot = project.bot(bot_name)
        record = _begun(store, project, bot.bot, by)
        with _ending(store, record):
            told(store, record, approval)
            project.keeping.require()
            before, restored = store.counts(bot.bot), store.is_distrusted(record)
            with traced(record), _carrier(project, store, record, headed=headed) as workers:
                workers.work_came()  # what earlier runs have left
                drafts = project.drafts(_reading(bot, files))
                intake = dispatch(drafts, record, store, project.cut_outs, workers.work_came)
                if not files:
                    store.read_all(record)
                workers.no_more_work()
                _watch(store, bot.bot, workers, progress, Keeper(store, places))
        failures = workers.failures()
        finished = _finish(store, record, failures)
        store.log.publish(places)
        return Outcome(
            run=finished,
            intake=intake,
            before=before,
            after=store.counts(bot.bot),
            seconds=time.monotonic() - started,
            failures=failures,
            restored=restored,
        )


def _begun(store: Store, project: Project, bot_name: str, by: str | Run) -> Run:
    if isinstance(by, Run):
        return by
    return store.start_run(bot_name, project.library.digest(bot_name), by, project.addresses(bot_name))


def _reading(bot: Bot, files: Mapping[str, str]) -> Bot:
    others = {name: bot.documents[name].model_copy(update={"files": pattern}) for name, pattern in files.items()}
    return bot.model_copy(update={"documents": {**bot.documents, **others}})


@contextmanager
def _no_browser_left(project: Project) -> Iterator[None]:
    """End the browsers of workers that are dead, those of earlier runs first, and ours at the end."""
    end_left_over(project.settings.state_folder)
    try:
        yield
    finally:
        end_left_over(project.settings.state_folder)


@contextmanager
def _ending(store: Store, record: Run | None) -> Iterator[None]:
    """End the run with the reason where the block ends by an error: nobody could tell else what became of it."""
    try:
        yield
    except KeyboardInterrupt:
        if record is not None:
            _finish(store, record, stopped=True)  # whoever stops it does not wait for witnesses
        raise
    except LogRewritten:
        raise  # nothing may be written any more
    except Exception as error:
        if record is not None:
            with suppress(RpaError):  # a ledger that fails can't be told why
                _finish(store, record, [str(error) if isinstance(error, RpaError) else unforeseen(error)])
        raise


def _finish(store: Store, record: Run, failures: Sequence[str] = (), *, stopped: bool = False) -> Run:
    counts = store.counts(record.bot).items()
    summary = {f"{entry} {status}": count for (entry, status), count in counts}
    return store.finish_run(record, summary, "; ".join(failures) or None, stopped=stopped)


def _carrier(project: Project, store: Store, record: Run, *, headed: bool) -> Carrier:
    """Return what carries the run's work to workers, as this machine says."""
    if not project.delivers:
        return Here(project, store, record.bot, record.by, headed)
    if headed:
        raise SetupError("the browsers are where `rpa worker` runs: they can't be shown here")
    from rpa.engines.procrastinate.elsewhere import Elsewhere

    return Elsewhere(project, store, record.bot)


def _watch(store: Store, bot: str, workers: Carrier, progress: Progress, keeper: Keeper) -> None:
    while _goes_on(store, bot, workers, progress):
        keeper.tend()
        time.sleep(LOOK)
    _tell(store.counts(bot), progress)


def _goes_on(store: Store, bot: str, workers: Carrier, progress: Progress) -> bool:
    """Tell whether there may be more to do, and how far it is."""
    try:
        if not workers.alive():
            return False
        _tell(store.counts(bot), progress)
    except LedgerFailed:
        if not workers.outlives_the_ledger():
            raise
    return True


def _tell(counts: Counts, progress: Progress) -> None:
    progress(sum(n for (_, status), n in counts.items() if status in ENDED), sum(counts.values()))
