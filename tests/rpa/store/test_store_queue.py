"""The queue: what may be taken, in which order, and when nothing is left."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, update
from sqlalchemy.dialects import sqlite

from rpa import clock
from rpa.errors import OwnershipLost
from rpa.store import intake, queue
from rpa.store.databases.sqlite import LEDGER
from rpa.store.intake import NewEntry
from rpa.store.owner import Owner
from rpa.store.ready import BEGUN_FIRST, EARLIEST, NEW_FIRST, moments
from rpa.store.schema import work_items
from rpa.store.store import Store
from rpa.urgency import Urgency
from rpa.work import Receipt, Run, Status
from tests.rpa.store.ledgers import BOT, CLERK, MERIDIAN, PAYMENTS, begun, both, change, new_item, reserved

BOTH = ["meridian", "payments"]
LATER = datetime.now(UTC) + timedelta(hours=1)


@both
def test_an_empty_queue_gives_nothing(store: Store, owner: Owner) -> None:
    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) is None
    assert not store.has_open(BOTH)


@both
def test_what_is_reserved_is_not_given_again(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    found = reserved(store, owner)

    assert (found.transaction.owner, found.transaction.fence) == (owner.id, 1)
    assert found.work_item.reference == "CL-1"
    assert store.reserve(owner, BOTH) is None


@both
def test_only_the_asked_systems_and_bot_are_served(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())

    assert store.reserve(owner, ["payments"]) is None
    assert store.reserve(owner, BOTH, "other") is None
    assert store.reserve(owner, [], BOT) is None
    assert store.reserve(owner, BOTH, BOT) is not None


@both
def test_urgent_goes_first_then_the_nearest_deadline_then_the_oldest(store: Store, run: Run, owner: Owner) -> None:
    soon = LATER - timedelta(minutes=30)
    for reference, priority, deadline in [
        ("oldest", 100, None),
        ("young", 100, None),
        ("due later", 100, LATER),
        ("due soon", 100, soon),
        ("urgent", 1, None),
    ]:
        store.add(run, new_item(reference, urgency=Urgency(priority, deadline)))

    order = [reserved(store, owner).work_item.reference for _ in range(5)]
    assert order == ["urgent", "due soon", "due later", "oldest", "young"]


def test_nothing_starves_however_much_of_what_is_urgent_comes(
    store: Store, run: Run, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = datetime.now(UTC) - timedelta(days=200)

    def comes(day: float, reference: str, urgency: Urgency) -> None:
        monkeypatch.setattr(intake, "now", lambda: begin + timedelta(days=day))
        store.add(run, new_item(reference, urgency=urgency))

    comes(0, "old", Urgency(110))
    for day in (39, 41):  # 30 + 110 - 100
        comes(day, f"late at once, day {day}", Urgency(100, begin))
    for day in (19, 21):  # 110 - 90
        comes(day, f"urgent, day {day}", Urgency(90))

    order = [reserved(store, owner).work_item.reference for _ in range(5)]
    assert order.index("old") == 2
    assert {order[0], order[1]} == {"urgent, day 19", "late at once, day 39"}


def test_of_several_systems_the_earliest_turn_goes_first(store: Store, run: Run, owner: Owner) -> None:
    payments = NewEntry("payments", "payments")
    store.add(run, new_item("ordinary"))
    store.add(run, new_item("urgent", entries=(payments,), urgency=Urgency(50)))

    assert [reserved(store, owner).work_item.reference for _ in range(2)] == ["urgent", "ordinary"]


def test_what_may_have_been_pressed_is_settled_before_anything_new(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item("pressed", urgency=Urgency(999)))
    pressed = begun(store, owner, Status.SUBMITTING)
    store.add(run, new_item("urgent", urgency=Urgency(1)))
    store.postpone(pressed, owner, datetime.now(UTC))

    assert reserved(store, owner).work_item.reference == "pressed"


@both
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


@both
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


@both
def test_an_attempt_that_failed_waits_for_its_time(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    store.move(begun(store, owner), Status.NEW, owner, reason="the system is down", not_before=LATER)

    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) == LATER
    assert store.has_open(BOTH)


@both
def test_what_is_to_be_settled_later_waits_for_its_time(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    store.postpone(begun(store, owner, Status.SUBMITTING), owner, LATER)

    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) == LATER
    assert store.has_open(BOTH)


@both
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


@both
def test_a_postponed_item_waits_and_keeps_no_run_open(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    change(store, update(work_items).values(postponed_until=LATER))

    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) == LATER
    assert not store.has_open(BOTH)


@both
def test_what_can_be_done_at_once_is_due_now(store: Store, run: Run) -> None:
    before = clock.now()
    store.add(run, new_item())
    due = store.next_due(BOTH)

    assert due is not None
    assert before <= due <= clock.now()


@both
def test_what_another_worker_holds_is_open_but_not_due(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    begun(store, owner)

    assert store.has_open(BOTH)
    assert store.next_due(BOTH) is None


@both
def test_what_is_given_back_can_be_taken_at_once(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    for status in (Status.NEW, Status.IN_PROGRESS):
        store.release(begun(store, owner, status), owner)
        again = reserved(store, owner).transaction
        assert again.status is Status.NEW
        store.release(again, owner)

    store.release(begun(store, owner, Status.SUBMITTING), owner)
    assert reserved(store, owner).transaction.status is Status.SUBMITTING


@both
def test_giving_back_what_is_held_no_more_does_nothing(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    taken = reserved(store, owner).transaction
    ended = store.move(store.move(taken, Status.IN_PROGRESS, owner), Status.REJECTED, owner)
    before = list(store.log.read())
    store.release(taken, owner)

    assert store.transaction(taken.id) == ended
    assert list(store.log.read()) == before


@both
def test_a_worker_without_a_lock_gets_nothing(store: Store, run: Run) -> None:
    item = store.add(run, new_item()).work_item
    with store.hold() as owner:
        pass

    with pytest.raises(OwnershipLost, match="lock is gone"):
        store.reserve(owner, BOTH)
    assert store.transactions(item.id)[0].owner is None


@pytest.mark.parametrize(
    "ask", [BEGUN_FIRST, NEW_FIRST, EARLIEST], ids=["what was begun", "what is next", "when it is due"]
)
def test_the_whole_queue_is_not_read_again_for_each_one_that_waits(new_ledger: Path, ask: Select[Any]) -> None:
    asked: dict[str, Any] = {"systems": BOTH, "system": "meridian", "any_bot": True, "bots": []}
    asked |= {**moments(datetime.now(UTC)), "gone": [], "closed": []}
    known = {name: asked[name] for name in asked.keys() & ask.compile().params.keys()}
    said = ask.params(known).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with closing(sqlite3.connect(new_ledger / LEDGER)) as ledger:
        plan = [step for *_, step in ledger.execute(f"EXPLAIN QUERY PLAN {said}")]

    assert any("transactions" in step for step in plan)
    assert [step for step in plan if step.startswith("SCAN transactions")] == []
    if ask is NEW_FIRST:
        assert [step for step in plan if "ORDER BY" in step] == [], "nothing is sorted: the index has the order"
