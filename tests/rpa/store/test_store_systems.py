"""A system in trouble is paused for everybody and tried one transaction at a time; nothing waits for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from rpa.errors import BusinessException
from rpa.store import queue, systems
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import MERIDIAN, PAYMENTS, begun, both, events, new_item, reserved

BOTH = ["meridian", "payments"]
REASON = "open New claim: did not come within 20 s"


class Clock:
    """The ledger's clock, set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.at

    def goes(self, on: timedelta) -> None:
        """Set it forth, or back."""
        self.at += on


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(queue, "now", clock)
    monkeypatch.setattr(systems, "now", clock)
    return clock


def paused(store: Store, times: int = 3) -> None:
    for _ in range(times):
        store.system_failed("meridian", REASON, 3)


@both
def test_a_system_is_paused_once_enough_failed_in_a_row_and_its_work_waits(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item())
    paused(store, 2)
    assert store.next_due(BOTH) is not None

    paused(store, 1)

    assert store.reserve(owner, BOTH) is None
    assert store.next_due(BOTH) is None
    assert not store.has_open(BOTH), "a run whose work all waits for the system ends"
    told = [entry for entry in store.log.read() if entry["event"] == "system.paused"]
    assert [entry["reason"] for entry in told] == [f"3 in a row failed, the last one: {REASON}"]


def test_one_success_between_failures_starts_the_count_anew(store: Store) -> None:
    paused(store, 2)
    store.system_answered("meridian")
    paused(store, 2)

    assert [state.paused for state in store.systems()] == [None]


@both
def test_other_systems_go_on_and_what_needs_the_paused_one_does_not_hold_the_run(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item("CL-1", entries=(MERIDIAN, PAYMENTS)))
    store.add(run, new_item("CL-2", entries=(PAYMENTS._replace(depends=()),)))
    paused(store)

    assert store.has_open(BOTH)
    taken = reserved(store, owner)
    assert (taken.work_item.reference, taken.transaction.system) == ("CL-2", "payments")
    for status in (Status.IN_PROGRESS, Status.SUBMITTING, Status.CONFIRMED):
        taken_now = store.transaction(taken.transaction.id)
        store.move(taken_now, status, owner)

    assert not store.has_open(BOTH), "CL-1 needs meridian in both systems"


@both
def test_a_probe_lets_one_transaction_through_and_its_success_resumes_the_system(
    store: Store, run: Run, owner: Owner, clock: Clock
) -> None:
    for number in range(3):
        store.add(run, new_item(f"CL-{number}"))
    paused(store)
    clock.goes(systems.FIRST_PROBE)

    assert store.has_open(BOTH)
    probe = begun(store, owner, Status.CONFIRMED)
    assert store.reserve(owner, BOTH) is None, "one alone is let through"
    assert probe.status is Status.CONFIRMED
    store.system_answered("meridian")

    assert store.reserve(owner, BOTH) is not None
    assert "system.resumed" in events(store)


def test_the_wait_for_the_next_probe_grows_and_has_a_limit(
    store: Store, run: Run, owner: Owner, clock: Clock
) -> None:
    store.add(run, new_item())
    paused(store)
    waits = []
    for _ in range(8):
        (state,) = store.systems()
        assert state.next_probe is not None
        waits.append((state.next_probe - clock()) / timedelta(minutes=1))
        clock.at = state.next_probe
        store.release(reserved(store, owner).transaction, owner)
        paused(store, 1)

    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_clock_that_goes_back_does_not_put_off_the_probe(
    store: Store, run: Run, owner: Owner, clock: Clock
) -> None:
    store.add(run, new_item())
    paused(store)
    clock.goes(-timedelta(days=1))

    assert store.has_open(BOTH)
    assert store.reserve(owner, BOTH) is not None


@both
def test_what_a_person_has_to_put_right_is_not_tried_and_told_once(
    store: Store, run: Run, owner: Owner, clock: Clock
) -> None:
    store.add(run, new_item())
    for _ in range(2):
        store.pause_system("meridian", "meridian refused the credential meridian")
    store.system_answered("meridian")  # another session, signed in before, came to its end
    clock.goes(timedelta(days=3))

    assert store.reserve(owner, BOTH) is None
    assert events(store).count("system.paused") == 1

    store.resume_system("meridian", "new password")

    assert store.reserve(owner, BOTH) is not None


def test_a_system_that_is_being_tried_can_still_be_stopped_for_good(store: Store, clock: Clock) -> None:
    paused(store)
    store.pause_system("meridian", "locked")
    clock.goes(timedelta(days=1))

    assert [(state.reason, state.next_probe) for state in store.systems()] == [("locked", None)]


def test_resuming_what_is_not_paused_is_told(store: Store) -> None:
    with pytest.raises(BusinessException, match="meridian is not paused"):
        store.resume_system("meridian", "why not")
