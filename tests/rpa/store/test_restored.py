"""An older copy of the ledger that is put back is noticed, and nothing in it is believed to be untouched."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rpa.errors import BusinessException, SetupError
from rpa.store.change import Asking, Correction
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import BOT, CLERK, DIGEST, ROBOT, begun, events, new_item

OTHER = {"fields": {"ssn": {"text": "987-65-4321"}}, "documents": {}}


def copied(folder: Path, name: str) -> Path:
    """Take a backup as the administrators of a machine do."""
    copy = folder.parent / name
    with closing(sqlite3.connect(folder / "ledger.db")) as ledger, closing(sqlite3.connect(copy)) as other:
        ledger.backup(other)
    return copy


def put_back(folder: Path, copy: Path) -> None:
    for one in folder.glob("ledger.db*"):
        one.unlink()
    (folder / "ledger.db").write_bytes(copy.read_bytes())


def test_an_older_copy_is_noticed_once_and_what_it_has_open_is_distrusted(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item("CL-1"))
    store.add(run, new_item("CL-2"))
    promised = begun(store, owner, Status.SUBMITTING)
    copy = copied(folder, "yesterday.db")
    store.move(promised, Status.CONFIRMED, owner)
    store.finish_run(run, {})
    store.close()
    put_back(folder, copy)

    for _ in range(2):
        with Store.open(folder, actor=ROBOT) as old:
            assert events(old).count("ledger.restored") == 1
            (first,) = old.transactions(old.find("CL-1")[0].id)
            (second,) = old.transactions(old.find("CL-2")[0].id)
            assert not old.log.verify().problems
    assert (first.status, first.uptime) == (Status.SUBMITTING, first.unsure), "it settles anew from now on"
    assert second.unsure is not None


def test_what_the_next_run_finds_is_distrusted_too_and_what_comes_after_it_is_not(
    store: Store, run: Run, folder: Path
) -> None:
    copy = copied(folder, "yesterday.db")
    store.finish_run(run, {})
    store.close()
    put_back(folder, copy)

    with Store.open(folder, actor=ROBOT) as old:
        first = old.start_run(BOT, DIGEST, "u-1")
        old.add(first, new_item("CL-1"))
        old.read_all(first)
        old.finish_run(first, {})
        old.add(old.start_run(BOT, DIGEST, "u-1"), new_item("CL-2"))
        unsure = {
            item.reference: one.unsure is not None
            for item in old.work_items()
            for one in old.transactions(item.id)
        }

    assert unsure == {"CL-1": True, "CL-2": False}


def test_a_ledger_that_was_lost_is_an_older_copy_too(store: Store, run: Run, folder: Path) -> None:
    store.finish_run(run, {})
    store.close()
    for one in folder.glob("ledger.db*"):
        one.unlink()

    with Store.open(folder, actor=ROBOT) as new:
        assert events(new) == ["ledger.restored"]


def test_a_ledger_that_goes_on_is_no_older_copy(store: Store, run: Run, folder: Path) -> None:
    store.finish_run(run, {})
    copy = copied(folder, "now.db")
    store.start_run(BOT, DIGEST, "u-1")
    store.close()
    put_back(folder, copy)  # nothing that was signed is missing

    with Store.open(folder, actor=ROBOT) as same:
        assert "ledger.restored" not in events(same)


def test_a_checkpoint_of_another_log_is_refused(store: Store, folder: Path) -> None:
    store.close()
    (folder / "checkpoint").write_text("somebody\n9\nelse\n\n", encoding="utf-8")

    with pytest.raises(SetupError, match="is not of this log"):
        Store.open(folder, actor=ROBOT)


def test_what_had_failed_in_the_older_copy_may_be_entered_since_and_is_neither_corrected_nor_decided_with_others(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item("CL-1"))
    failed = begun(store, owner, Status.FAILED)
    copy = copied(folder, "yesterday.db")
    store.decide(failed.id, Status.NEW, person=CLERK, reason="The system is up again")
    begun(store, owner, Status.CONFIRMED)
    store.finish_run(run, {})
    store.close()
    put_back(folder, copy)

    with Store.open(folder, actor=ROBOT) as old:
        assert old.lists.alike(failed.id, 9) == ([], 0)
        asking = Asking(person=CLERK, reason="Read again", revision=1, second=False)
        other = Correction(record=OTHER, fingerprint="e" * 64, subject="", fields={}, looks_for={})
        with pytest.raises(BusinessException, match="may have been"):
            old.changes.correct(failed.work_item_id, other, asking)
        second = old.start_run(BOT, DIGEST, "u-1")
        old.add(second, new_item("CL-1", record=OTHER, fingerprint="e" * 64))
        with pytest.raises(BusinessException, match="may have been"):
            old.take_revision("revision-2", reason="The later one holds", looks_for={})
        assert old.decide(failed.id, Status.NEW, person=CLERK, reason="I looked: it is not there").unsure is None


def test_a_copy_from_before_a_change_of_the_signing_key_is_noticed_too(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item("CL-1"))
    store.log.checkpoint()
    copy = copied(folder, "yesterday.db")
    keys = {name: (folder / name).read_bytes() for name in ("audit.key", "audit.pub")}
    store.log.change_signing_key()
    begun(store, owner, Status.CONFIRMED)
    store.finish_run(run, {})
    store.close()
    put_back(folder, copy)
    for name, text in keys.items():
        (folder / name).write_bytes(text)

    with Store.open(folder, actor=ROBOT) as old:
        assert events(old).count("ledger.restored") == 1
        (only,) = old.transactions(old.find("CL-1")[0].id)
        assert only.unsure is not None, "it was entered since"
        assert not old.log.verify().problems
