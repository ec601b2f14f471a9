"""What a monitor is told of the ledger: what waits and how long, how long work took, and who is signed in."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text, update

from rpa.store import ledger, reading
from rpa.store.durations import BOUNDS
from rpa.store.monitoring import Durations, Queue
from rpa.store.rows import now
from rpa.store.schema import work_items
from rpa.store.store import Store
from rpa.work import Status
from tests.rpa.store.ledgers import BOT, DIGEST, MERIDIAN, PAYMENTS, begun, both, change, new_item, opened

TWO_SYSTEMS = (MERIDIAN, PAYMENTS)


def fill(store: Store, *references: str, **about: Any) -> None:
    run = store.start_run(BOT, DIGEST, "test")
    for reference in references:
        store.add(run, new_item(reference, **about))


def took(store: Store) -> list[tuple[str, Status, str, int]]:
    """Return of each system and status the smallest bound that holds a duration, and how many there are."""
    return [(one.system, one.status, first_bound(one), one.within["+Inf"]) for one in store.monitoring.durations()]


def first_bound(one: Durations) -> str:
    return next(bound for bound in BOUNDS if one.within[bound])


@both
def test_what_waits_is_told_by_system_and_as_old_as_its_oldest(store: Store) -> None:
    hours = timedelta(hours=3)
    fill(store, "CL-1", "CL-2", entries=TWO_SYSTEMS)
    change(store, update(work_items).where(work_items.c.reference == "CL-1").values(created=now() - hours))
    with store.hold() as owner:
        begun(store, owner, Status.CONFIRMED)
        counts, queues = store.monitoring.standing()

    waiting = {queue.system: queue for queue in queues}
    assert counts == {
        (BOT, "meridian", Status.CONFIRMED): 1,
        (BOT, "meridian", Status.NEW): 1,
        (BOT, "payments", Status.NEW): 2,
    }
    assert (waiting["meridian"].waiting, waiting["payments"].waiting) == (1, 2)
    assert waiting["meridian"].oldest < hours <= waiting["payments"].oldest < 2 * hours


@both
def test_a_queue_that_was_worked_off_is_told_as_empty(store: Store) -> None:
    fill(store, "CL-1")
    with store.hold() as owner:
        begun(store, owner, Status.IN_DOUBT)

    assert store.monitoring.standing()[1] == [Queue(bot=BOT, system="meridian")]


@both
def test_durations_count_each_end_by_a_worker_from_its_last_beginning_and_nothing_of_the_wait_before(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, "CL-1", "CL-2", "CL-3")
    at = now()
    monkeypatch.setattr(ledger, "now", lambda: at)
    with store.hold() as owner:
        given_back = store.move(begun(store, owner), Status.NEW, owner, not_before=at - timedelta(hours=9))
        at += timedelta(hours=9)
        first = begun(store, owner, Status.SUBMITTING)
        at += timedelta(seconds=4)
        store.move(first, Status.CONFIRMED, owner)
        second = begun(store, owner)
        at -= timedelta(hours=1)  # somebody sets the clock back
        store.move(second, Status.REJECTED, owner)
        third = begun(store, owner, Status.SUBMITTING)
        at += timedelta(days=2)
        store.move(third, Status.CONFIRMED, owner)

    assert given_back.status is Status.NEW
    assert took(store) == [("meridian", Status.CONFIRMED, "5", 2), ("meridian", Status.REJECTED, "0.5", 1)]
    confirmed, rejected = store.monitoring.durations()
    assert (confirmed.within["3600"], confirmed.seconds) == (1, 4 + 2 * 24 * 3600)
    assert rejected.seconds == 0


def test_an_end_is_counted_by_one_statement_while_all_others_wait(store: Store) -> None:
    fill(store, "CL-1")
    asked: list[str] = []
    event.listen(store._books.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with store.hold() as owner:
        begun(store, owner, Status.CONFIRMED)

    assert sum("durations" in statement for statement in asked) == 1


@both
def test_sessions_are_in_use_as_long_as_another_process_holds_them(folder: Path, store: Store) -> None:
    allowed = {"meridian": 3, "payments": 1}
    with opened(folder) as other:
        slots = [other.slot("meridian", number) for number in (0, 2, 5)]
        assert all(slot.take() for slot in slots)
        other.attend("payments")
        assert store.monitoring.signed_in(allowed) == {"meridian": 2, "payments": 0}
        own = store.slot("meridian", 1)
        assert own.take()
        slots[0].free()
        assert store.monitoring.signed_in(allowed) == {"meridian": 2, "payments": 0}


@both
def test_a_ledger_of_before_counts_its_transactions_as_before(folder: Path, store: Store) -> None:
    fill(store, "CL-1", "CL-2", entries=TWO_SYSTEMS)
    with store.hold() as owner:
        begun(store, owner)
        before = reading.counts(store._books, BOT)
        for old in (
            "DROP INDEX ix_transactions_bot_system_entry_status_work_item_id",
            "ALTER TABLE transactions DROP COLUMN bot",
            "ALTER TABLE transactions DROP COLUMN began",
            "DROP TABLE durations",
            "ALTER TABLE runs DROP COLUMN read_all",
            "UPDATE alembic_version SET version_num = '0021'",
        ):
            change(store, text(old))

        with opened(folder) as newer:
            assert newer.counts(BOT) == before
            under_way = newer.transactions(1)[0]
            newer.move(under_way, Status.REJECTED, owner)
            assert newer.monitoring.durations() == []  # nobody knows when it was begun
            assert newer.counts(BOT)["meridian", Status.REJECTED] == 1
