"""What goes wrong in one round of the service's loop: it is told, holds up nothing else, and is not forgotten."""

import errno
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from rpa.errors import ExitCode, LogRewritten
from rpa.occurrence import Occurrence
from rpa.project import Project
from rpa.service.known import Known
from rpa.service.service import ACTOR, Service
from rpa.store import keeper
from rpa.store.store import Store
from tests.rpa.store.ledgers import tamper
from tests.waiting import wait_for

BASE = Path(__file__).parents[2] / "definitions" / "base"
OFTEN = "schedule: {name}\nbot: permits\nevery: {every}\ntimezone: America/Chicago\n"


class Log:
    """Keeps what the service logs."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def info(self, event: str, **said: object) -> None:
        """Keep it."""
        self.lines.append({"event": event, **said})

    error = info

    def said(self, event: str) -> list[dict[str, Any]]:
        """Return what was logged of this event."""
        return [one for one in self.lines if one["event"] == event]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "schedules").mkdir()
    return tmp_path


@contextmanager
def working(folder: Path) -> Iterator[tuple[Service, Log, Store]]:
    """Run the service's loop in a thread of this process, where faults can be made."""
    log, failures = Log(), list[Exception]()
    service = Service(folder, port=0, most=2, log=log)

    def work(store: Store) -> None:
        try:
            with ExitStack() as stack:
                service._work(store, stack)
        except LogRewritten as error:
            failures.append(error)

    with Project(folder).store(ACTOR) as store:
        thread = threading.Thread(target=work, args=(store,), daemon=True)
        thread.start()
        wait_for(lambda: bool(log.said("service.started")))
        try:
            yield service, log, store
        finally:
            service.stopping.set()
            thread.join(40)
    if failures:
        raise failures[0]


def write(folder: Path, name: str, every: str) -> None:
    (folder / f"schedules/{name}.yaml").write_text(OFTEN.format(name=name, every=every), "utf-8")


def rounds(service: Service) -> Callable[[], float]:
    return lambda: service.metrics.registry.get_sample_value("rpa_last_round_timestamp_seconds") or 0.0


def test_a_run_that_cannot_be_started_ends_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_process: ForkServerProcess) -> None:
        raise BlockingIOError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(ForkServerProcess, "start", refuse)
    one = Occurrence(name="o", nominal="n", kind="person", bot="permits", due=datetime.now(UTC))
    with working(folder) as (service, log, store):
        store.occurrences.add(one)
        wait_for(lambda: bool(log.said("service.trouble")))
        write(folder, "later", "1h")
        wait_for(lambda: "later" in service.known.by_name())
        before = rounds(service)()
        wait_for(lambda: rounds(service)() > before)

    assert "(BlockingIOError at test_rounds.py" in log.said("service.trouble")[0]["reason"]
    assert log.said("service.stopping")


def test_a_schedule_that_the_ledger_did_not_take_at_once_is_written_down_later(folder: Path) -> None:
    with working(folder) as (_service, log, _store):
        tamper(
            folder / ".rpa", "CREATE TRIGGER busy BEFORE INSERT ON schedules BEGIN SELECT RAISE(FAIL, 'no'); END"
        )
        write(folder, "hourly", "1h")
        wait_for(lambda: bool(log.said("service.trouble")))
        tamper(folder / ".rpa", "DROP TRIGGER busy")

        wait_for(lambda: known_to_the_ledger(folder) == 1)


def known_to_the_ledger(folder: Path) -> int:
    with closing(sqlite3.connect(folder / ".rpa/ledger.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM schedules").fetchone()[0])


def serve_while_the_log_is_rewritten(folder: Path) -> None:
    with working(folder) as (service, _log, store):
        store.pause_system("desk", "to have an entry")
        store.log.checkpoint()
        tamper(folder / ".rpa", "DROP TRIGGER checkpoints_no_update")
        tamper(folder / ".rpa", "UPDATE checkpoints SET note = zeroblob(9)")
        store.pause_system("office", "to have another")
        wait_for(lambda: not service.clock.alive())


def test_a_log_that_was_rewritten_ends_the_service_with_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "MOST", 1)
    with pytest.raises(LogRewritten, match="rpa audit verify") as told:
        serve_while_the_log_is_rewritten(folder)

    assert told.value.exit_code == ExitCode.FAILED


def test_a_broken_schedule_leaves_the_bot_of_its_name_alone(folder: Path) -> None:
    write(folder, "permits", "never")

    known = Known(Project(folder)).renewed()

    assert not known.broken_bots
    assert "a duration is a number" in known.unavailable["permits"]
