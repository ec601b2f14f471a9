"""A queue that has grown long starts one run: not too early, not twice, and not where nothing could be done."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rpa.definitions.trigger import Trigger
from rpa.occurrence import Occurrence, State
from rpa.project import Project
from rpa.service.child import _unread
from rpa.starts import reads
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.triggers.threshold import Threshold
from tests.rpa.store.ledgers import new_item
from tests.rpa.triggers.coming import project

SAID = "trigger: surge\nbot: visits\nqueue: {waiting: 2}\n"


@pytest.fixture
def threshold(tmp_path: Path, store: Store) -> Threshold:
    (project(tmp_path) / "triggers" / "surge.yaml").write_text(SAID, "utf-8")
    found = Project(tmp_path)
    assert [str(problem) for problem in found.triggers.problems()] == []
    trigger = found.triggers.right()["surge"]
    assert isinstance(trigger, Trigger)
    assert trigger.queue is not None
    return Threshold(trigger.queue, trigger, found, store)


def wait(store: Store, number: int) -> None:
    run = store.start_run("visits", "d" * 64, "test")
    for _ in range(number):
        store.add(run, new_item(f"V-{len(store.work_items())}"))


def test_one_run_starts_once_enough_waits_and_no_other_is_open(
    tmp_path: Path, store: Store, threshold: Threshold
) -> None:
    wait(store, 1)
    threshold.look()
    assert store.occurrences.newest() == []

    wait(store, 1)
    threshold.look()
    threshold.look()
    (one,) = store.occurrences.newest()
    assert (one.state, one.files, one.by) == (State.WAITING, {}, "trigger:surge")

    assert reads(threshold.trigger, one.files), "it may start where triggers have to be approved"
    assert _unread(threshold.project, one, 0) == "", "no file has to come for it"
    with Owner.hold(tmp_path / ".rpa") as owner:
        taken = store.occurrences.take(one.name, one.nominal, owner)
        assert taken is not None
        store.occurrences.end(taken, State.DONE)
    threshold.look()
    assert [each.state for each in store.occurrences.newest()] == [State.WAITING, State.DONE], (
        "as long as so much waits"
    )


def test_what_waits_for_a_paused_or_closed_system_starts_nothing(store: Store, threshold: Threshold) -> None:
    wait(store, 3)
    store.pause_system("meridian", "it is down")
    threshold.look()
    assert store.occurrences.newest() == []

    store.resume_system("meridian", "it is back")
    start = Occurrence(name="surge", nominal="now", kind="trigger", bot="visits", due=datetime.now(UTC))
    assert not store.occurrences.start_where_much_waits(start, 2, ["meridian"])
    assert store.occurrences.start_where_much_waits(start, 2, [])
