"""Two records that one search can't tell apart: entered side by side, the second would be entered twice."""

from datetime import UTC, datetime

import pytest

from rpa.errors import OwnershipLost
from rpa.store.intake import NewEntry
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import CLERK, both, new_item

SAME = "a" * 64


def add(
    store: Store, run: Run, reference: str, looks_for: str | None = SAME, depends: tuple[str, ...] = ()
) -> None:
    entries = (NewEntry("meridian", "meridian", depends, looks_for),)
    store.add(run, new_item(reference, entries=entries))


@both
def test_the_second_waits_while_the_first_is_under_way(store: Store, run: Run, owner: Owner) -> None:
    add(store, run, "CL-1")
    add(store, run, "CL-2")
    first = store.reserve(owner, ["meridian"])
    assert first is not None
    begun = store.move(first.transaction, Status.IN_PROGRESS, owner)

    assert store.reserve(owner, ["meridian"]) is None
    promised = store.move(begun, Status.SUBMITTING, owner)
    store.postpone(promised, owner, datetime(2100, 1, 1, tzinfo=UTC))

    assert store.reserve(owner, ["meridian"]) is None, "the first one's entry may not be shown yet"
    assert store.has_open(["meridian"])


@both
def test_two_workers_do_not_take_both_at_once(store: Store, run: Run, owner: Owner) -> None:
    add(store, run, "CL-1")
    add(store, run, "CL-2")

    assert store.reserve(owner, ["meridian"]) is not None
    assert store.reserve(owner, ["meridian"]) is None, "the first is owned, though it has not begun"


@both
def test_the_second_goes_on_once_the_first_has_ended(store: Store, run: Run, owner: Owner) -> None:
    add(store, run, "CL-1")
    add(store, run, "CL-2")
    first = store.reserve(owner, ["meridian"])
    assert first is not None
    promised = store.move(store.move(first.transaction, Status.IN_PROGRESS, owner), Status.SUBMITTING, owner)
    store.move(promised, Status.CONFIRMED, owner)

    second = store.reserve(owner, ["meridian"])

    assert second is not None
    assert second.work_item.reference == "CL-2"


@both
def test_the_second_waits_for_a_person_where_the_first_is_in_doubt(store: Store, run: Run, owner: Owner) -> None:
    add(store, run, "CL-1")
    add(store, run, "CL-2")
    first = store.reserve(owner, ["meridian"])
    assert first is not None
    promised = store.move(store.move(first.transaction, Status.IN_PROGRESS, owner), Status.SUBMITTING, owner)
    store.move(promised, Status.IN_DOUBT, owner)

    assert store.reserve(owner, ["meridian"]) is None
    assert not store.has_open(["meridian"]), "no worker can go on, so the run ends"


@both
def test_records_with_searches_of_their_own_do_not_wait(store: Store, run: Run, owner: Owner) -> None:
    add(store, run, "CL-1", "a" * 64)
    add(store, run, "CL-2", "b" * 64)
    add(store, run, "CL-3", None)

    taken = [store.reserve(owner, ["meridian"]) for _ in range(3)]

    assert [one.work_item.reference for one in taken if one is not None] == ["CL-1", "CL-2", "CL-3"]


def test_a_revision_that_is_taken_is_no_twin_of_what_the_first_one_was(
    store: Store, run: Run, owner: Owner
) -> None:
    add(store, run, "CL-1", "a" * 64)
    add(store, run, "CL-2", "b" * 64)
    store.add(run, new_item("CL-2", fingerprint="e" * 64))
    store.take_revision("revision-3", looks_for={"meridian": "a" * 64}, reason="the number was misread")

    assert store.reserve(owner, ["meridian"]) is not None
    assert store.reserve(owner, ["meridian"]) is None, "its search would find what the first one enters"


@both
def test_a_person_abandons_what_waits_for_ever(store: Store, run: Run, owner: Owner) -> None:
    add(store, run, "CL-1")
    taken = store.reserve(owner, ["meridian"])
    assert taken is not None
    store.release(taken.transaction, owner)

    ended = store.decide(taken.transaction.id, Status.ABANDONED, person=CLERK, reason="its entry is not made")

    assert ended.status is Status.ABANDONED
    assert store.reserve(owner, ["meridian"]) is None


@both
def test_the_second_does_not_wait_for_one_that_a_person_abandoned_in_a_workers_hands(
    store: Store, run: Run, owner: Owner
) -> None:
    add(store, run, "CL-1")
    add(store, run, "CL-2")
    first = store.reserve(owner, ["meridian"])
    assert first is not None
    store.decide(first.transaction.id, Status.ABANDONED, person=CLERK, reason="withdrawn")

    with pytest.raises(OwnershipLost):
        store.move(first.transaction, Status.IN_PROGRESS, owner)
    second = store.reserve(owner, ["meridian"])

    assert second is not None
    assert second.work_item.reference == "CL-2"
