"""The moves: only legal ones, only by the owner, and never without their audit entry."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Literal

import pytest

from rpa.audit.entry import Actor, Event
from rpa.errors import ApplicationException, BusinessException, OwnershipLost
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import MOVES, PERSON_ONLY, Receipt, Run, Status, Transaction
from tests.rpa.store.ledgers import BOT, CLERK, DIGEST, SSN, begun, both, events, new_item, reserved, tamper

RECEIPT = Receipt(kept={"receipt": "BEN-1", "ssn": SSN}, verdicts={"Amount": "same"}, evidence=("a" * 64,))
SOON = datetime.now(UTC) + timedelta(minutes=2)


@pytest.fixture
def transaction(store: Store, run: Run, owner: Owner) -> Transaction:
    store.add(run, new_item())
    return reserved(store, owner).transaction


@both
def test_a_transaction_goes_its_way_and_the_log_tells_each_step(
    store: Store, owner: Owner, transaction: Transaction
) -> None:
    started = store.move(transaction, Status.IN_PROGRESS, owner)
    promised = store.move(started, Status.SUBMITTING, owner)
    noted = store.note(promised, owner, RECEIPT, "the page was slow")
    confirmed = store.move(noted, Status.CONFIRMED, owner)

    assert (started.attempt, started.promised, started.owner) == (1, None, owner.id)
    assert promised.promised == promised.changed
    assert (noted.status, noted.receipt, noted.reason) == (Status.SUBMITTING, RECEIPT, "the page was slow")
    assert (confirmed.owner, confirmed.receipt, confirmed.reason) == (None, RECEIPT, None)
    assert confirmed.promised == promised.promised
    assert store.transaction(transaction.id) == confirmed
    told = [(one["event"], one.get("from"), one.get("to")) for one in store.log.read(transaction=transaction.id)]
    assert told == [
        ("transaction.moved", "new", "in_progress"),
        ("transaction.moved", "in_progress", "submitting"),
        ("transaction.noted", None, None),
        ("transaction.moved", "submitting", "confirmed"),
    ]


@both
def test_an_entry_tells_who_did_what_where_and_when(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    moved = store.move(begun(store, owner), Status.FAILED, owner, reason="no answer", receipt=RECEIPT)
    *_, entry = store.log.read("CL-1", bot=BOT, run=run.id, transaction=moved.id)

    assert entry["actor"] == {"kind": "bot", "id": "claims", "name": "claims"}
    assert (entry["bot"], entry["digest"], entry["run"]) == (BOT, DIGEST, run.id)
    assert (entry["entry"], entry["system"], entry["work_item"]) == ("meridian", "meridian", moved.work_item_id)
    assert (entry["from"], entry["to"], entry["reason"]) == ("in_progress", "failed", "no answer")
    assert entry["at"] == moved.changed.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert entry["data"]["verdicts"] == {"Amount": "same"}
    assert entry["data"]["evidence"] == ["a" * 64]
    assert set(entry["data"]["kept"]) == {"receipt", "ssn"}
    assert not any(SSN in str(one) or "BEN-1" in str(one) for one in store.log.read())
    assert list(store.log.read(bot="other")) == []


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_a_worker_makes_only_the_moves_of_the_picture(
    store: Store, owner: Owner, transaction: Transaction, folder: Path, before: Status, after: Status
) -> None:
    tamper(folder, "UPDATE transactions SET status = ?", before)
    standing = store.transaction(transaction.id)
    log = list(store.log.read())

    backwards = (before, after) == (Status.SUBMITTING, Status.NEW)  # by `enter_again` alone, which counts
    if after in MOVES[before] and before not in PERSON_ONLY and after is not Status.ABANDONED and not backwards:
        assert store.move(standing, after, owner).status is after
        assert len(list(store.log.read())) == len(log) + 1
    else:
        with pytest.raises(ValueError, match="no worker moves"):
            store.move(standing, after, owner)
        assert (store.transaction(transaction.id), list(store.log.read())) == (standing, log)


def test_a_move_that_cannot_be_audited_does_not_happen(
    store: Store, owner: Owner, transaction: Transaction, folder: Path
) -> None:
    standing = store.move(transaction, Status.IN_PROGRESS, owner)
    tamper(
        folder,
        "CREATE TRIGGER broken BEFORE INSERT ON audit_entries BEGIN INSERT INTO nowhere VALUES (1); END",
    )
    log = list(store.log.read())

    with pytest.raises(ApplicationException, match="nothing was written"):
        store.move(standing, Status.SUBMITTING, owner)
    with pytest.raises(ApplicationException, match="nothing was written"):
        store.log.append(Event.SECRET_USED, transaction=standing)
    assert (store.transaction(transaction.id), list(store.log.read())) == (standing, log)


@both
def test_a_worker_whose_lock_is_gone_may_not_promise(
    store: Store, owner: Owner, transaction: Transaction, folder: Path
) -> None:
    standing = store.move(transaction, Status.IN_PROGRESS, owner)
    (folder / "locks" / f"{owner.id}.lock").unlink()

    with pytest.raises(OwnershipLost, match="lock is gone"):
        store.move(standing, Status.SUBMITTING, owner)
    assert store.transaction(transaction.id) == standing


def test_a_worker_whose_transaction_was_taken_over_may_not_touch_it(
    store: Store, owner: Owner, transaction: Transaction, folder: Path
) -> None:
    pressed = store.move(store.move(transaction, Status.IN_PROGRESS, owner), Status.SUBMITTING, owner)
    (folder / "locks" / f"{owner.id}.lock").unlink()
    with store.hold() as other:
        taken = reserved(store, other).transaction

        assert (taken.status, taken.fence, taken.owner) == (Status.SUBMITTING, 2, other.id)
        with pytest.raises(OwnershipLost):
            store.move(pressed, Status.CONFIRMED, owner)
        with pytest.raises(OwnershipLost):
            store.note(pressed, owner, RECEIPT)
        with pytest.raises(OwnershipLost):
            store.postpone(pressed, owner, SOON)
        store.release(pressed, owner)
        assert store.transaction(transaction.id) == taken


@both
def test_what_was_read_before_a_later_move_moves_nothing(
    store: Store, owner: Owner, transaction: Transaction
) -> None:
    old = store.move(transaction, Status.IN_PROGRESS, owner)
    pressed = store.move(old, Status.SUBMITTING, owner)

    for stale in (old, replace(pressed, fence=0)):
        with pytest.raises(OwnershipLost):
            store.move(stale, Status.REJECTED, owner)
    assert store.transaction(transaction.id) == pressed


@both
def test_an_attempt_that_failed_is_counted_and_given_back(
    store: Store, owner: Owner, transaction: Transaction
) -> None:
    started = store.move(transaction, Status.IN_PROGRESS, owner)
    waiting = store.move(started, Status.NEW, owner, reason="the system is down", not_before=SOON)

    assert (waiting.attempt, waiting.owner, waiting.not_before) == (1, None, SOON)


def test_only_what_was_promised_is_noted_or_postponed(
    store: Store, owner: Owner, transaction: Transaction
) -> None:
    with pytest.raises(ValueError, match="nothing has been pressed"):
        store.note(transaction, owner, RECEIPT)
    with pytest.raises(ValueError, match="nothing has been pressed"):
        store.postpone(transaction, owner, SOON)


@both
def test_what_is_postponed_keeps_its_promise(store: Store, owner: Owner, transaction: Transaction) -> None:
    pressed = store.move(store.move(transaction, Status.IN_PROGRESS, owner), Status.SUBMITTING, owner)
    postponed = store.postpone(pressed, owner, SOON)

    assert postponed == replace(pressed, owner=None, not_before=SOON)
    assert events(store)[-1] == "transaction.postponed"


def doubtful(store: Store, run: Run, owner: Owner, status: Status = Status.IN_DOUBT) -> Transaction:
    store.add(run, new_item())
    return begun(store, owner, status)


@both
def test_a_person_lets_a_record_be_entered_again_with_all_its_tries(store: Store, run: Run, owner: Owner) -> None:
    seen = doubtful(store, run, owner)
    decided = store.decide(seen.id, Status.NEW, person=CLERK, reason="it is not there")

    assert (decided.status, decided.attempt, decided.promised) == (Status.NEW, 0, seen.promised)
    assert decided.reason == "it is not there"
    assert reserved(store, owner).transaction.id == seen.id
    *_, entry = store.log.read(transaction=seen.id)
    assert (entry["event"], entry["actor"]["id"], entry["reason"]) == ("queue.decided", "u-1", "it is not there")
    assert (entry["from"], entry["to"]) == ("in_doubt", "new")


@both
def test_a_person_confirms_with_the_receipt_and_what_was_seen_stays(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    pressed = store.note(begun(store, owner, Status.SUBMITTING), owner, RECEIPT)
    seen = store.move(pressed, Status.IN_DOUBT, owner)

    with pytest.raises(BusinessException, match="give the receipt") as caught:
        store.decide(seen.id, Status.CONFIRMED, person=CLERK, reason="I saw it")
    assert caught.value.field == "receipt"

    receipt = Receipt(kept={"receipt": "BEN-2"})
    decided = store.decide(seen.id, Status.CONFIRMED, person=CLERK, reason="I saw it", receipt=receipt)
    assert decided.receipt == replace(RECEIPT, kept={"receipt": "BEN-2", "ssn": SSN})


@pytest.mark.parametrize("status", sorted(PERSON_ONLY))
@pytest.mark.parametrize("decision", [Status.NEW, Status.ABANDONED])
def test_a_person_sends_again_or_abandons(
    store: Store, run: Run, owner: Owner, status: Status, decision: Status
) -> None:
    seen = doubtful(store, run, owner, status)

    assert store.decide(seen.id, decision, person=CLERK, reason="because").status is decision
    assert list(store.counts(BOT)) == [("meridian", decision)]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_without_a_reason_is_refused(store: Store, run: Run, owner: Owner, reason: str) -> None:
    seen = doubtful(store, run, owner)

    with pytest.raises(BusinessException, match="needs a reason"):
        store.decide(seen.id, Status.NEW, person=CLERK, reason=reason)
    assert store.transaction(seen.id) == seen


def test_a_decision_that_is_none_is_refused(store: Store, run: Run, owner: Owner) -> None:
    rejected = doubtful(store, run, owner, Status.REJECTED)

    with pytest.raises(BusinessException, match="cannot be decided to be submitting"):
        store.decide(rejected.id, Status.SUBMITTING, person=CLERK, reason="because")
    with pytest.raises(BusinessException, match="cannot be decided to be confirmed"):
        store.decide(rejected.id, Status.CONFIRMED, person=CLERK, reason="because", receipt=RECEIPT)
    with pytest.raises(BusinessException, match="there is no transaction 99"):
        store.decide(99, Status.NEW, person=CLERK, reason="because")


@both
def test_nothing_is_decided_twice_nor_over_a_worker(store: Store, run: Run, owner: Owner) -> None:
    seen = doubtful(store, run, owner)
    store.decide(seen.id, Status.NEW, person=CLERK, reason="because")
    with pytest.raises(BusinessException, match="is new: there is nothing to decide"):
        store.decide(seen.id, Status.NEW, person=CLERK, reason="because")

    pressed = begun(store, owner, Status.SUBMITTING)
    with pytest.raises(BusinessException, match="is submitting: there is nothing to decide"):
        store.decide(pressed.id, Status.NEW, person=CLERK, reason="because")


@pytest.mark.parametrize("kind", ["bot", "schedule", "trigger"])
def test_only_a_person_decides(
    store: Store, run: Run, owner: Owner, kind: Literal["bot", "schedule", "trigger"]
) -> None:
    seen = doubtful(store, run, owner)
    nobody = Actor(kind=kind, id="x", name="x")

    with pytest.raises(ValueError, match="decides nothing"):
        store.decide(seen.id, Status.NEW, person=nobody, reason="because")


@both
def test_a_fact_of_its_own_is_written_down(store: Store, run: Run, transaction: Transaction) -> None:
    first = store.log.append(Event.SECRET_USED, run=run, data={"name": "meridian"})
    second = store.log.append(Event.SECRET_USED, transaction=transaction, reason="the session was over")

    first_use, second_use = store.log.read(after=first - 1)
    assert (first_use["seq"], second_use["seq"]) == (first, second)
    assert (first_use["bot"], first_use["data"]) == (BOT, {"name": "meridian"})
    assert (second_use["reference"], second_use["reason"]) == ("CL-1", "the session was over")


@pytest.mark.parametrize("event", [Event.TRANSACTION_MOVED, Event.QUEUE_DECIDED, Event.RUN_FINISHED])
def test_a_change_cannot_be_told_that_did_not_happen(store: Store, event: Event) -> None:
    with pytest.raises(ValueError, match="written by the change"):
        store.log.append(event)


def test_a_transaction_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(LookupError):
        store.transaction(1)


def test_the_name_of_the_doer_is_kept_as_it_was(store: Store, folder: Path, run: Run) -> None:
    store.log.append(Event.SECRET_USED, run=run)
    with Store.open(folder, actor=Actor(kind="bot", id="claims", name="Claims desk")) as renamed:
        renamed.log.append(Event.SECRET_USED, run=run)

    names = [entry["actor"]["name"] for entry in store.log.read(after=1)]
    assert names == ["claims", "Claims desk"]
