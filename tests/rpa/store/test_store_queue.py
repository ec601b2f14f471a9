"""The queue: what may be taken, in which order, and when nothing is left."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from rpa.errors import OwnershipLost
from rpa.store import queue
from rpa.store.connect import LEDGER
from rpa.store.intake import NewEntry
from rpa.store.owner import Owner
from rpa.store.ready import EARLIEST, FIRST
from rpa.store.store import Store
from rpa.work import Receipt, Run, Status
from tests.rpa.store.ledgers import (
    BOT,
    CLERK,
    MERIDIAN,
    PAYMENTS,
    begun,
    new_item,
    reserved,
    tamper,
)

BOTH = ["meridian", "payments"]
LATER = datetime.now(UTC) + timedelta(hours=1)


def test_an_empty_queue_gives_nothing(store: Store, owner: Owner) -> None:
    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) is None
    assert not store.has_open(BOTH)


def test_what_is_reserved_is_not_given_again(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    found = reserved(store, owner)

    assert (found.transaction.owner, found.transaction.fence) == (owner.id, 1)
    assert found.work_item.reference == "CL-1"
    assert store.reserve(owner, BOTH) is None


def test_only_the_asked_systems_and_bot_are_served(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())

    assert store.reserve(owner, ["payments"]) is None
    assert store.reserve(owner, BOTH, "other") is None
    assert store.reserve(owner, [], BOT) is None
    assert store.reserve(owner, BOTH, BOT) is not None


def test_urgent_goes_first_then_the_nearest_deadline_then_the_oldest(store: Store, run: Run, owner: Owner) -> None:
    soon = LATER - timedelta(minutes=30)
    for reference, priority, deadline in [
        ("oldest", 100, None),
        ("young", 100, None),
        ("due later", 100, LATER),
        ("due soon", 100, soon),
        ("urgent", 1, None),
    ]:
        store.add(run, new_item(reference, priority=priority, deadline=deadline))

    order = [reserved(store, owner).work_item.reference for _ in range(5)]
    assert order == ["urgent", "due soon", "due later", "oldest", "young"]


def test_what_may_have_been_pressed_is_settled_before_anything_new(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item("pressed", priority=999))
    pressed = begun(store, owner, Status.SUBMITTING)
    store.add(run, new_item("urgent", priority=1))
    store.postpone(pressed, owner, datetime.now(UTC))

    assert reserved(store, owner).work_item.reference == "pressed"


def test_what_depends_on_another_system_waits_for_it_and_gets_its_receipt(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item(entries=(PAYMENTS, MERIDIAN)))
    first = begun(store, owner, Status.SUBMITTING)

    assert first.entry == "meridian"
    assert store.reserve(owner, BOTH) is None
    assert store.has_open(["payments"])

    receipt = Receipt(kept={"receipt": "BEN-1"})
    store.move(first, Status.CONFIRMED, owner, receipt=receipt)

    second = reserved(store, owner)
    assert second.transaction.entry == "payments"
    assert second.receipts == {"meridian": receipt}


def test_what_depends_on_something_refused_is_left_to_a_person(store: Store, run: Run, owner: Owner) -> None:
    third = NewEntry("archive", "archive", ("payments",))
    item = store.add(run, new_item(entries=(MERIDIAN, PAYMENTS, third))).work_item
    refused = begun(store, owner, Status.REJECTED)

    assert store.reserve(owner, [*BOTH, "archive"]) is None
    assert store.next_due([*BOTH, "archive"]) is None
    assert not store.has_open(["payments", "archive"])

    store.decide(refused.id, Status.NEW, person=CLERK, reason="corrected in the system")

    assert store.has_open(["archive"])
    assert reserved(store, owner).transaction.id == store.transactions(item.id)[0].id


def test_an_attempt_that_failed_waits_for_its_time(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    store.move(begun(store, owner), Status.NEW, owner, reason="the system is down", not_before=LATER)

    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) == LATER
    assert store.has_open(BOTH)


def test_what_is_to_be_settled_later_waits_for_its_time(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    store.postpone(begun(store, owner, Status.SUBMITTING), owner, LATER)

    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) == LATER
    assert store.has_open(BOTH)


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.SUBMITTING])
def test_a_clock_that_goes_back_makes_nothing_wait_for_hours(
    store: Store, run: Run, owner: Owner, monkeypatch: pytest.MonkeyPatch, status: Status
) -> None:
    store.add(run, new_item())
    begun_now = begun(store, owner, status)
    soon = datetime.now(UTC) + timedelta(seconds=90)
    if status is Status.SUBMITTING:
        store.postpone(begun_now, owner, soon)
    else:
        store.move(begun_now, Status.NEW, owner, not_before=soon)
    assert store.reserve(owner, BOTH) is None

    monkeypatch.setattr(queue, "now", lambda: datetime.now(UTC) - timedelta(hours=5))

    assert store.reserve(owner, BOTH) is not None


def test_a_postponed_item_waits_and_keeps_no_run_open(store: Store, run: Run, owner: Owner, folder: Path) -> None:
    store.add(run, new_item())
    tamper(folder, "UPDATE work_items SET postponed_until = ?", f"{LATER:%Y-%m-%d %H:%M:%S.%f}")

    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) == LATER
    assert not store.has_open(BOTH)


def test_what_can_be_done_at_once_is_due_now(store: Store, run: Run) -> None:
    before = datetime.now(UTC)
    store.add(run, new_item())
    due = store.next_due(BOTH)

    assert due is not None
    assert before <= due <= datetime.now(UTC)


def test_what_another_worker_holds_is_open_but_not_due(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    begun(store, owner)

    assert store.has_open(BOTH)
    assert store.next_due(BOTH) is None


def test_what_is_given_back_can_be_taken_at_once(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    for status in (Status.NEW, Status.IN_PROGRESS):
        store.release(begun(store, owner, status), owner)
        again = reserved(store, owner).transaction
        assert again.status is Status.NEW
        store.release(again, owner)

    store.release(begun(store, owner, Status.SUBMITTING), owner)
    assert reserved(store, owner).transaction.status is Status.SUBMITTING


def test_giving_back_what_is_held_no_more_does_nothing(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    taken = reserved(store, owner).transaction
    ended = store.move(store.move(taken, Status.IN_PROGRESS, owner), Status.REJECTED, owner)
    before = list(store.trail())
    store.release(taken, owner)

    assert store.transaction(taken.id) == ended
    assert list(store.trail()) == before


def test_a_worker_without_a_lock_gets_nothing(store: Store, run: Run, folder: Path) -> None:
    item = store.add(run, new_item()).work_item
    with Owner.hold(folder) as owner:
        pass

    with pytest.raises(OwnershipLost, match="lock is gone"):
        store.reserve(owner, BOTH)
    assert store.transactions(item.id)[0].owner is None


@pytest.mark.parametrize("ask", [FIRST, EARLIEST], ids=["what is next", "when it is due"])
def test_the_whole_queue_is_not_read_again_for_each_one_that_waits(new_ledger: Path, ask: Select[Any]) -> None:
    at = datetime.now(UTC)
    asked = {"systems": BOTH, "bot": None, "at": at, "latest": at, "gone": [], "closed": []}
    said = ask.params(asked).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with closing(sqlite3.connect(new_ledger / LEDGER)) as ledger:
        plan = [step for *_, step in ledger.execute(f"EXPLAIN QUERY PLAN {said}")]

    assert any("transactions" in step for step in plan)
    assert [step for step in plan if step.startswith("SCAN transactions")] == []
