"""Taking in: a reference is added once, a revision overwrites nothing, a broken record reaches no system."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rpa.audit.entry import Actor
from rpa.errors import ApplicationException, BusinessException
from rpa.store.change import Asking
from rpa.store.owner import Owner
from rpa.store.review import DISMISSED
from rpa.store.store import Store
from rpa.urgency import Urgency
from rpa.work import Run, Status
from tests.rpa.store.ledgers import (
    BOT,
    CLERK,
    DIGEST,
    DOCUMENT,
    MERIDIAN,
    PAYMENTS,
    SSN,
    begun,
    both,
    events,
    new_item,
    reserved,
)

CHANGED = {"fields": {"ssn": {"text": "999-99-9999"}}}


@both
def test_a_record_becomes_a_work_item_with_a_transaction_for_each_entry(store: Store, run: Run) -> None:
    deadline = datetime(2026, 5, 1, tzinfo=UTC)
    added = store.add(run, new_item(entries=(MERIDIAN, PAYMENTS), urgency=Urgency(5, deadline)))

    item = added.work_item
    assert added.outcome == "added"
    assert (item.bot, item.reference, item.priority, item.deadline) == (BOT, "CL-1", 5, deadline)
    assert store.find("CL-1") == store.find("CL-1", BOT) == store.work_items(BOT, Status.NEW) == [item]
    assert [(one.entry, one.status, one.attempt) for one in store.transactions(item.id)] == [
        ("meridian", Status.NEW, 0),
        ("payments", Status.NEW, 0),
    ]
    assert store.counts(BOT) == {("meridian", Status.NEW): 1, ("payments", Status.NEW): 1}


@both
def test_the_same_record_again_is_known_and_adds_nothing(store: Store, run: Run) -> None:
    first = store.add(run, new_item())
    again = store.add(store.start_run(BOT, DIGEST, "u-2"), new_item(place="page 2"))

    assert (again.outcome, again.work_item) == ("known", first.work_item)
    assert len(store.transactions(first.work_item.id)) == 1


@both
def test_the_same_reference_with_other_content_is_kept_beside_and_overwrites_nothing(
    store: Store, run: Run
) -> None:
    first = store.add(run, new_item())
    revised = store.add(run, new_item(record=CHANGED, fingerprint="e" * 64))

    assert (revised.outcome, revised.work_item) == ("revision", first.work_item)
    assert store.find("CL-1")[0].record == first.work_item.record
    rows = store.intake(run_id=run.id)
    assert [(row.outcome, row.record) for row in rows] == [("added", None), ("revision", CHANGED)]
    assert rows[0].fingerprint != rows[1].fingerprint


@both
def test_the_same_reference_at_another_bot_is_another_item(store: Store, run: Run) -> None:
    store.add(run, new_item())

    assert store.add(store.start_run("other", DIGEST, "u-1"), new_item()).outcome == "added"
    assert [item.bot for item in store.find("CL-1")] == [BOT, "other"]
    assert [row.bot for row in store.intake(bot="other")] == ["other"]


@both
def test_a_record_that_breaks_a_rule_never_reaches_a_system(store: Store, run: Run, owner: Owner) -> None:
    added = store.add(run, new_item(entries=(MERIDIAN, PAYMENTS), rejected="Above the clerk's limit"))

    assert added.outcome == "rejected"
    statuses = {(one.status, one.reason) for one in store.transactions(added.work_item.id)}
    assert statuses == {(Status.REJECTED, "Above the clerk's limit")}
    assert store.reserve(owner, ["meridian", "payments"]) is None
    assert not store.has_open(["meridian", "payments"])
    assert store.intake(bot=BOT)[0].reason == "Above the clerk's limit"


@both
def test_each_outcome_is_in_the_log_with_places_and_without_values(store: Store, run: Run, folder: Path) -> None:
    store.add(run, new_item())
    store.add(run, new_item())
    store.add(run, new_item(fingerprint="e" * 64))
    store.add(run, new_item("CL-2", rejected="too much"))
    store.close()

    assert events(store, after=1) == [
        "work_item.added",
        "work_item.known",
        "work_item.revision",
        "work_item.rejected",
    ]
    entry = next(store.log.read("CL-1"))
    assert (entry["run"], entry["digest"], entry["data"]["document"]) == (run.id, DIGEST, DOCUMENT)
    assert entry["data"]["fields"]["ssn"]["place"] == "page 1"
    assert not any(SSN in str(one) for one in store.log.read())
    assert SSN.encode() not in b"".join(path.read_bytes() for path in folder.glob("ledger.db*"))


def test_a_place_that_is_not_exact_is_refused_and_nothing_is_added(store: Store, run: Run) -> None:
    with pytest.raises(TypeError, match="no floats"):
        store.add(run, new_item(sources={"ssn": {"box": [1.5, 2, 3, 4]}}))

    assert store.find("CL-1") == []


def test_an_entry_that_depends_on_none_of_the_record_is_refused(store: Store, run: Run) -> None:
    with pytest.raises(KeyError):
        store.add(run, new_item(entries=(PAYMENTS,)))

    assert store.work_items() == []


def test_a_time_without_a_zone_is_refused(store: Store, run: Run) -> None:
    with pytest.raises(Exception, match="give the time its zone"):
        store.add(run, new_item(urgency=Urgency(deadline=datetime(2026, 5, 1))))  # noqa: DTZ001  # the mistake under test


@both
def test_a_document_is_known_once_it_was_taken_in(store: Store, run: Run) -> None:
    assert store.knows_document(BOT, DOCUMENT) is None

    store.remember_document(run, DOCUMENT, "claim \udcff.pdf", "quarantined", "damaged")
    store.remember_document(run, DOCUMENT, "claim.pdf", "quarantined", "damaged")

    assert store.knows_document(BOT, DOCUMENT) == "quarantined"
    assert store.knows_document("other", DOCUMENT) is None
    assert events(store, after=1) == ["document.quarantined"]

    store.remember_document(run, DOCUMENT, "claim.pdf", "read", None)

    assert store.knows_document(BOT, DOCUMENT) == "read"
    assert not any("claim.pdf" in str(entry) for entry in store.log.read())


@both
def test_a_run_that_has_finished_does_not_finish_again(store: Store, run: Run) -> None:
    finished = store.finish_run(run, {"confirmed": 3})

    assert (finished.id, finished.started) == (run.id, run.started)
    assert finished.finished is not None
    with pytest.raises(ValueError, match="has finished already"):
        store.finish_run(run, {})
    assert [entry.get("data") for entry in store.log.read(run=run.id)] == [{"by": "u-1"}, {"confirmed": 3}]


def test_nothing_is_added_for_a_run_that_is_not_there(store: Store, run: Run, folder: Path) -> None:
    with Store.open(folder.parent / "other", actor=store._books.author.actor) as other:
        with pytest.raises(ApplicationException, match="SQLITE_CONSTRAINT_FOREIGNKEY"):
            other.add(run, new_item())
        assert list(other.log.read()) == []


@both
def test_the_run_that_takes_a_transaction_up_is_the_one_in_the_log(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    store.finish_run(run, {})
    later = store.start_run(BOT, "c" * 64, "u-2")
    store.move(reserved(store, owner).transaction, Status.IN_PROGRESS, owner)

    *_, moved = store.log.read("CL-1")
    assert (moved["run"], moved["digest"]) == (later.id, "c" * 64)


def test_what_came_again_since_it_was_asked_for_is_decided_before_the_change_is_made(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item())
    failed = begun(store, owner, Status.FAILED)
    asking = Asking(person=CLERK, reason="The system is up again", revision=1, second=True)
    change = store.changes.ask_again(failed.id, asking)
    store.add(run, new_item(fingerprint="e" * 64))
    approver = Actor(kind="person", id="u-2", name="P. Lind")

    with pytest.raises(BusinessException, match="take or dismiss revision-2 first"):
        store.changes.approve(change, person=approver, reason="Fine")
    assert store.transaction(failed.id).status is Status.FAILED
    store.decide_waiting("revision-2", DISMISSED, reason="It is the older one")
    store.changes.approve(change, person=approver, reason="Fine")
    assert store.transaction(failed.id).status is Status.NEW
