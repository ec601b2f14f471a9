"""Several processes at one ledger: killed ones, frozen ones, quick ones."""

import signal
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from rpa.store.owner import Owner, is_alive
from rpa.store.store import Store
from rpa.urgency import Urgency
from rpa.work import Run, Status
from tests.rpa.store.ledgers import both, child, events, new_item, reserved, said, tell

ITEMS = 60


@both
def test_what_a_killed_worker_had_begun_is_begun_anew_at_once(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item())
    with child(folder, "hold", "in_progress") as worker:
        assert said(worker) == "ready"
        tell(worker)
        held = int(said(worker))
        dead = store.transaction(held).owner
        assert store.reserve(owner, ["meridian"]) is None

        worker.kill()
        worker.wait()
        taken = reserved(store, owner).transaction

    assert (taken.id, taken.status, taken.attempt, taken.owner) == (held, Status.NEW, 1, owner.id)
    assert store.move(taken, Status.IN_PROGRESS, owner).attempt == 2
    told = list(store.log.read(transaction=held))
    assert (told[1]["from"], told[1]["to"], told[1]["data"]["previous_owner"]) == ("in_progress", "new", dead)


@both
def test_what_a_killed_worker_had_promised_is_settled_and_never_new(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item())
    with child(folder, "hold", "submitting") as worker:
        said(worker)
        tell(worker)
        held = store.transaction(int(said(worker)))
        worker.kill()
        worker.wait()

        taken = reserved(store, owner).transaction

    assert (taken.status, taken.promised, taken.attempt) == (Status.SUBMITTING, held.promised, 1)
    assert events(store, transaction=held.id)[-1] == "transaction.resumed"


def test_what_a_killed_worker_had_only_reserved_is_free(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item())
    with child(folder, "hold", "new") as worker:
        said(worker)
        tell(worker)
        said(worker)
        worker.kill()
        worker.wait()

        assert reserved(store, owner).transaction.status is Status.NEW


def died(folder: Path, status: str) -> None:
    """Let a worker die over the next transaction."""
    with child(folder, "hold", status) as worker:
        said(worker)
        tell(worker)
        said(worker)
        worker.kill()
        worker.wait()


@pytest.mark.parametrize(("status", "end"), [("in_progress", Status.FAILED), ("submitting", Status.IN_DOUBT)])
def test_what_kills_a_second_worker_is_parked_and_the_others_go_on(
    store: Store, run: Run, owner: Owner, folder: Path, status: str, end: Status
) -> None:
    poison = store.add(run, new_item("CL-1", urgency=Urgency(1))).work_item
    died(folder, "in_progress")
    died(folder, status)
    store.add(run, new_item("CL-2"))

    assert reserved(store, owner).work_item.reference == "CL-2"
    (parked,) = store.transactions(poison.id)
    assert (parked.status, parked.owner, parked.deaths) == (end, None, 2)
    assert "2 workers died over it" in (parked.reason or "")
    assert list(store.log.read(transaction=parked.id))[-1]["reason"] == parked.reason


@both
@pytest.mark.parametrize("status", ["new", "in_progress", "submitting"])
def test_a_frozen_worker_keeps_what_it_holds(
    store: Store, run: Run, owner: Owner, folder: Path, status: str
) -> None:
    store.add(run, new_item())
    with child(folder, "hold", status) as worker:
        said(worker)
        tell(worker)
        held = store.transaction(int(said(worker)))
        worker.send_signal(signal.SIGSTOP)

        assert store.reserve(owner, ["meridian"]) is None
        assert store.next_due(["meridian"]) is None
        assert store.has_open(["meridian"])
        assert store.transaction(held.id) == held


@both
def test_two_workers_never_take_the_same(store: Store, run: Run, folder: Path) -> None:
    for number in range(ITEMS):
        store.add(run, new_item(f"CL-{number}"))
    with ExitStack() as stack:
        workers = [stack.enter_context(child(folder, "drain")) for _ in range(2)]
        for worker in workers:
            assert said(worker) == "ready"
        for worker in workers:
            tell(worker)
        taken = [said(worker) for worker in workers]
        for worker in workers:
            tell(worker)
        for worker in workers:
            taken += iter(partial(said, worker), "done")

    assert sorted(map(int, taken)) == list(range(1, ITEMS + 1))
    assert [entry["seq"] for entry in store.log.read()] == list(range(1, 3 * ITEMS + 2))
    assert store.log.verify().problems == ()


def test_an_owner_is_alive_while_it_holds_its_lock_and_leaves_nothing(folder: Path) -> None:
    with Owner.hold(folder) as owner:
        assert owner.held
        assert is_alive(folder, owner.id)

    assert not owner.held
    assert not is_alive(folder, owner.id)
    assert list((folder / "locks").iterdir()) == []


def test_the_locks_of_dead_workers_are_removed_and_no_others(folder: Path, store: Store) -> None:
    store.close()
    locks = folder / "locks"
    for name in ("worker-desk-1-0a.lock", "session-meridian-0.lock"):
        (locks / name).touch()
    with Owner.hold(folder) as living, Owner.hold(folder) as owner:
        names = {path.name for path in locks.iterdir()}

    expected = {"ledger.lock", "session-meridian-0.lock", f"{living.id}.lock", f"{owner.id}.lock"}
    assert names == expected


def test_asking_for_an_owner_that_never_was_makes_no_file(folder: Path, store: Store) -> None:
    store.close()
    before = sorted((folder / "locks").iterdir())

    assert not is_alive(folder, "worker-nobody")
    assert sorted((folder / "locks").iterdir()) == before
