"""The forecast: the rate is that of the ledger's own transactions, and who will be late is told once."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from rpa.cli.queue import command
from rpa.notices.notice import Kind, subject
from rpa.store.changes import HELD
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.urgency import Urgency
from rpa.work import Run, Status
from tests.rpa.store.ledgers import begun, new_item, tamper


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


def said_of(folder: Path, *options: str) -> str:
    """Make a project of the ledger's folder; return what the command says of it."""
    (folder.parent / "bots").mkdir()
    folder.rename(folder.parent / ".rpa")
    return CliRunner().invoke(command, ["--forecast", "--project", str(folder.parent), *options]).stdout


@pytest.fixture
def history(store: Store, run: Run, owner: Owner, folder: Path) -> datetime:
    """Let a run of yesterday have entered 4 in an hour; another 3 were never taken. Return now."""
    at = datetime.now(UTC)
    for number in range(4):
        store.add(run, new_item(f"DONE-{number}"))
        begun(store, owner, Status.CONFIRMED)
    store.finish_run(run, {})
    began = at - timedelta(days=1)
    tamper(folder, "UPDATE runs SET started = ?, finished = ?", moment(began), moment(began + timedelta(hours=3)))
    tamper(folder, "UPDATE transactions SET changed = ?, run_id = 1", moment(began + timedelta(hours=1)))
    return at


def test_the_backlog_is_done_at_the_rate_of_the_ledgers_own_transactions(
    store: Store, run: Run, history: datetime
) -> None:
    for number in range(8):
        store.add(run, new_item(f"CL-{number}"))

    (found,) = store.forecasts()

    assert (found.bot, found.system, found.waiting, found.paused, found.late) == (
        "claims",
        "meridian",
        8,
        False,
        (),
    )
    assert found.rate == pytest.approx(4)
    assert found.done is not None
    assert timedelta(hours=2) <= found.done - history < timedelta(hours=2, minutes=2)
    assert store.forecasts("other") == []


def test_what_will_be_late_is_named_by_its_place_in_the_queue_and_told_once(
    store: Store, run: Run, history: datetime
) -> None:
    soon = history + timedelta(minutes=40)
    for number in range(4):  # at 15 minutes each, the third and the fourth come too late
        store.add(run, new_item(f"CL-{number}", urgency=Urgency(deadline=soon)))
    store.add(run, new_item("far", urgency=Urgency(deadline=soon + timedelta(days=5))))

    (found,) = store.forecasts()
    assert [late.reference for late in found.late] == ["CL-2", "CL-3"]

    for _ in range(2):
        store.warn_of_deadlines()
    told = [entry for entry in store.log.read() if entry["event"] == "deadline.at_risk"]
    assert [entry["reference"] for entry in told] == ["CL-2", "CL-3"]
    assert {getattr(subject(entry), "kind", None) for entry in told} == {Kind.LATE}
    assert [late.told for late in store.forecasts()[0].late] == [True, True]


def test_when_an_approver_will_decide_is_not_foretold(
    store: Store, run: Run, history: datetime, folder: Path
) -> None:
    for number in range(3):
        store.add(run, new_item(f"CL-{number}"))
    held = "UPDATE work_items SET postponed_until = ? WHERE reference = ?"
    tamper(folder, held, moment(HELD), "CL-1")
    (one_held,) = store.forecasts()
    for reference in ("CL-0", "CL-2"):
        tamper(folder, held, moment(HELD), reference)
    (all_held,) = store.forecasts()

    assert one_held.done is not None
    assert one_held.done - history < timedelta(minutes=32), "what is held holds no other up"
    assert (all_held.waiting, all_held.done) == (3, None)
    assert "3 waiting, until an approver has decided" in said_of(folder)


def test_without_a_history_nothing_is_promised_and_what_is_late_already_is_told(
    store: Store, run: Run, folder: Path
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    store.add(run, new_item("late", urgency=Urgency(deadline=yesterday)))
    store.add(run, new_item("in time", urgency=Urgency(deadline=yesterday + timedelta(days=9))))
    store.pause_system("meridian", "it is down")

    (found,) = store.forecasts()
    assert (found.rate, found.done, found.paused) == (None, None, True)
    assert [late.reference for late in found.late] == ["late"]

    (line,) = map(json.loads, said_of(folder, "--json").splitlines())
    assert [late["reference"] for late in line.pop("late")] == ["late"]
    nothing = {"per_hour": None, "done": None, "paused": True}
    assert line == {"bot": "claims", "system": "meridian", "waiting": 2, **nothing}
