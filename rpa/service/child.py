"""One run of the service, in a process of its own.

It takes the occurrence, so that the ledger knows by its lock whether it lives, and ends it with what came of it.
Told to stop (SIGTERM), or with its service gone, it gives back what is not promised, and the start waits again.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rpa.audit.entry import Actor
from rpa.errors import ExitCode, RpaError, unforeseen
from rpa.occurrence import Occurrence, State
from rpa.order import STOPS
from rpa.project import Project
from rpa.results.lists import write_lists
from rpa.runner import run
from rpa.store.store import Store

LOOK = 1.0
"""Seconds between two looks whether the run is to stop."""


def main(folder: Path, name: str, nominal: str) -> int:
    """Run the occurrence, unless another process has it; return the exit code."""
    os.setsid()  # a terminal's Ctrl-C is for the service alone to hear
    os.umask(0o077)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    project = Project(folder)
    with project.store(_actor("schedule", name)) as store, store.hold() as owner:
        one = store.occurrences.take(name, nominal, owner)
        if one is None:
            return ExitCode.DONE
        with _heeding(store, one):
            return _run(project, store, one)


def _run(project: Project, store: Store, one: Occurrence) -> int:
    try:
        outcome = run(
            project,
            one.bot,
            by=one.by,
            progress=lambda _ended, _all: None,
            actor=_actor(one.kind, one.name),
            files=one.files,
        )
        write_lists(project, one.bot)
        _heed_no_more()
    except KeyboardInterrupt:
        _heed_no_more()
        _stopped(store, one)
        return ExitCode.INTERRUPTED
    except RpaError as error:
        return _failed(store, one, str(error))
    except Exception as error:  # noqa: BLE001  # the last door: what it says may hold values
        return _failed(store, one, unforeseen(error))
    if outcome.failures:
        store.occurrences.died(one, "; ".join(outcome.failures), outcome.run.id)
        return ExitCode.FAILED
    if lacks := _unread(project, one, outcome.intake.documents):
        store.occurrences.end(one, State.FAILED, reason=lacks, run_id=outcome.run.id)
        return ExitCode.FAILED
    followers = _followers(project, one.bot, outcome.run.id)
    store.occurrences.end(one, State.DONE, run_id=outcome.run.id, followers=followers)
    return ExitCode.DONE


def _heed_no_more() -> None:
    """Be told nothing any more: what came of the run is written down, whoever wants it to stop now."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)


def _stopped(store: Store, one: Occurrence) -> None:
    """Give it back; where a later time takes its place, the ledger says which already."""
    now = store.occurrences.newest(one.name, one.nominal)[0]
    if now.told_to_stop:
        store.occurrences.end(one, State.REPLACED, reason=now.reason)
    else:
        store.occurrences.end(one, State.WAITING, reason="it was told to stop")


def _unread(project: Project, one: Occurrence, read: int) -> str:
    """Return what is told where the run did not look at every file that came: it would lie there unseen."""
    if one.kind != "trigger" or not one.files:
        return ""
    found = (path for pattern in one.files.values() for path in project.settings.folder.glob(pattern))
    came = sum(path.is_symlink() or not path.is_dir() for path in found)
    if not came:
        return "none of the files that came is there"
    return f"{came - read} of the {came} files that came were not read" if read < came else ""


def _failed(store: Store, one: Occurrence, reason: str) -> int:
    store.occurrences.end(one, State.FAILED, reason=reason)
    return ExitCode.FAILED


def _followers(project: Project, bot: str, run_id: int) -> list[Occurrence]:
    """Return what is to run after this run of the bot."""
    return [
        Occurrence(
            name=name,
            nominal=f"run {run_id}",
            kind="schedule",
            bot=schedule.bot,
            due=datetime.now(UTC),
            files=schedule.files,
        )
        for name, schedule in project.schedules.right().items()
        if schedule.after == bot
    ]


def _actor(kind: str, name: str) -> Actor:
    return Actor(kind="trigger" if kind == "trigger" else "schedule", id=name, name=name)


@contextmanager
def _heeding(store: Store, one: Occurrence) -> Iterator[None]:
    """Interrupt the run when its service is gone, or a later time takes its place."""
    ended, service, main_thread = threading.Event(), os.getppid(), threading.get_ident()

    def look() -> None:
        while not ended.wait(LOOK):
            with suppress(RpaError):
                if os.getppid() != service or store.occurrences.newest(one.name, one.nominal)[0].told_to_stop:
                    signal.pthread_kill(main_thread, signal.SIGTERM)
                    return

    # Signals are for the main thread, which holds them back while it starts workers; this one would let them in.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    threading.Thread(target=look, name="heeding", daemon=True).start()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    try:
        yield
    finally:
        ended.set()
