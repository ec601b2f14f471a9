"""What one system holds may wait for an entry in another: its worker comes when there is work, and comes back."""

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from rpa.engines import here
from rpa.engines.here import Here
from rpa.engines.local import Workers
from rpa.project import Project
from rpa.store import systems
from rpa.store.intake import NewEntry
from rpa.store.store import Store
from rpa.work import Status
from tests.rpa.engines.clerk import enter
from tests.rpa.store.ledgers import new_item
from tests.waiting import wait_for

BASE = Path(__file__).parents[2] / "definitions" / "base"
BOT = "permits"
ENTRIES = (NewEntry("desk", "desk"), NewEntry("board", "board", ("desk",)))
ON_THE_BOARD = """
  - system: board
    search:
      - open: Search
      - fill: {Number: $desk.receipt}
      - press: Search
      - find: {Results: {Number: $desk.receipt}}
    create:
      - open: New permit
      - fill: {Number: $desk.receipt}
    submit:
      - press: Save
    confirm:
      - press: Open
      - expect: {Number: $desk.receipt}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project whose bot enters the desk's receipt on the board."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "bots" / f"{BOT}.yaml").open("a") as bot:
        bot.write(ON_THE_BOARD)
    maps = tmp_path / "bots" / "systems"
    (maps / "board.yaml").write_text(
        (maps / "desk.yaml").read_text("utf-8").replace("system: desk", "system: board"), "utf-8"
    )
    return Project(tmp_path)


@pytest.fixture
def store(project: Project) -> Iterator[Store]:
    """Return its ledger, with one record."""
    with project.store() as store:
        store.add(store.start_run(BOT, "d" * 64, "test"), new_item(entries=ENTRIES))
        yield store


def carrier(project: Project, store: Store) -> Here:
    return Here(project, store, BOT, "test", headed=False)


def test_a_worker_that_ended_while_the_other_system_was_tried_comes_back_once_it_answers(
    project: Project, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here, "Workers", partial(Workers, works=enter))
    monkeypatch.setattr(systems, "FIRST_PROBE", timedelta(0))
    store.system_failed("desk", "it was away", 1)

    with carrier(project, store) as workers:
        workers.no_more_work()
        wait_for(lambda: not workers.alive())

    assert workers.failures() == ()
    done = {key: number for key, number in store.counts(BOT).items() if number}
    assert done == {("desk", Status.ALREADY_ENTERED): 1, ("board", Status.ALREADY_ENTERED): 1}


def test_no_worker_is_started_for_what_waits_for_a_system_outside_its_hours(
    project: Project, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(Workers, "start", lambda _, number: started.append(number))
    monkeypatch.setattr(Project, "closed", lambda _, names: [name for name in names if name == "desk"])

    carrier(project, store).work_came()

    assert started == []


def test_a_long_queue_is_seldom_asked_while_records_come_and_at_once_when_all_are_there(
    project: Project, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def slow(_store: Store, systems: list[str], *_bots: str, **_closed: object) -> bool:
        asked.extend(systems)
        time.sleep(0.05)
        return False

    monkeypatch.setattr(Store, "has_open", slow)
    workers = carrier(project, store)
    for _ in range(20):
        workers.work_came()
    assert len(asked) < 20, "each record would ask for both systems"

    asked.clear()
    workers.no_more_work()
    assert not workers.alive()
    assert {"board", "desk"} <= set(asked)
