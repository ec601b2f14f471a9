"""What is personal can be read by nobody without the key, and by nobody at all once it was erased."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event, text

from rpa import clock
from rpa.audit.entry import Actor
from rpa.errors import BusinessException, LedgerFailed, SetupError
from rpa.store.change import Asking, Correction
from rpa.store.databases.sqlite import open_engine
from rpa.store.migrate import MIGRATIONS
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Receipt, Run, Status
from tests.rpa.store.ledgers import BOT, CLERK, DIGEST, DOCUMENT, ROBOT, SALT, SSN, begun, events, new_item

MEMBER = "M-100 200"
CHANGED = {"fields": {"ssn": {"text": "987-65-4321"}}, "documents": {}}
AUTHORITY = "GRS 3.2, item 030"


def written(folder: Path) -> bytes:
    """Return every byte of the ledger, its write-ahead log included."""
    return b"".join(path.read_bytes() for path in folder.glob("ledger.db*"))


def enter(store: Store, owner: Owner, status: Status = Status.CONFIRMED) -> None:
    begun(store, owner, status)


def secrets_of(store: Store) -> list[bytes]:
    """Return the bytes that must be gone after an erasure: keys, salts, records, keyed hashes."""
    with store._books.engine.connect() as connection:
        rows = [
            *connection.exec_driver_sql("SELECT key FROM subjects"),
            *connection.exec_driver_sql("SELECT name FROM subjects"),
            *connection.exec_driver_sql("SELECT salt FROM work_items"),
            *connection.exec_driver_sql("SELECT record FROM work_items"),
            *connection.exec_driver_sql("SELECT fingerprint FROM work_items"),
        ]
    return [one if isinstance(one, bytes) else one.encode() for (one,) in rows if one is not None]


def test_who_has_the_files_without_the_key_reads_neither_value_nor_salt(
    store: Store, run: Run, folder: Path
) -> None:
    store.add(run, new_item(subject=MEMBER))
    store.add(run, new_item(subject=MEMBER, record=CHANGED, fingerprint="e"))
    store.close()

    held = written(folder)
    assert [
        found for found in (SSN.encode(), b"987-65-4321", SALT, MEMBER.encode(), b"f" * 64) if found in held
    ] == []


def test_sealing_a_record_costs_no_commit_of_its_own(store: Store, run: Run) -> None:
    commits: list[object] = []
    event.listen(store._books.engine, "commit", commits.append)

    store.add(run, new_item(subject=MEMBER))

    assert len(commits) == 1


def test_a_ledger_is_opened_by_its_own_key_alone(store: Store, run: Run, folder: Path) -> None:
    store.add(run, new_item())

    with Store.open(folder, actor=ROBOT, key=lambda: os.urandom(32)) as other, pytest.raises(SetupError) as told:
        other.find("CL-1")
    assert "put back the key" in str(told.value)

    (folder / "personal.key").chmod(0o640)
    with Store.open(folder, actor=ROBOT) as open_to_others, pytest.raises(SetupError, match="read by others"):
        open_to_others.find("CL-1")


def test_what_was_erased_is_in_no_file_any_more_and_the_log_says_so_and_holds(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item("CL-0", subject="somebody else"))
    enter(store, owner)
    others = secrets_of(store)
    store.add(run, new_item("CL-1", subject=MEMBER))
    store.add(run, new_item("CL-2", subject=MEMBER.lower().replace(" ", "")))  # the same person
    enter(store, owner)
    enter(store, owner)
    own = [one for one in secrets_of(store) if one not in others]
    assert all(one in written(folder) for one in own)

    store.personal.erase(store.personal.holding("m100200"), AUTHORITY, gone=[DOCUMENT])
    store.personal.clean()

    held = written(folder)
    assert [one for one in own if one in held] == []
    assert all(one in held for one in others)
    assert store.log.verify().problems == ()
    told = [entry for entry in store.log.read() if entry["event"] == "work_item.erased"]
    assert [(one["reference"], one["data"]["authority"]) for one in told] == [
        ("CL-1", AUTHORITY),
        ("CL-2", AUTHORITY),
    ]
    (erased,) = store.find("CL-1")
    assert erased.record == {"fields": {}, "documents": {}}
    assert erased.erased is not None
    assert store.find("CL-0")[0].record["fields"] == {"ssn": {"text": SSN}}


def test_an_erasure_that_another_process_holds_up_says_so_and_is_finished_later(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item())
    enter(store, owner)
    own = secrets_of(store)
    store.personal.erase(store.personal.holding("CL-1"), AUTHORITY, gone=[])
    with store._books.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")
    with closing(sqlite3.connect(folder / "ledger.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerFailed, match=r"could not be written anew \(SQLITE_BUSY\)"):
            store.personal.clean()

    store.personal.clean()
    assert [one for one in own if one in written(folder)] == []


def test_what_was_erased_does_not_come_back_with_its_document_and_is_not_entered_again(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item())
    enter(store, owner)
    store.personal.erase(store.personal.holding("CL-1"), AUTHORITY, gone=[])
    store.personal.clean()

    again = store.add(run, new_item())
    revised = store.add(run, new_item(record=CHANGED, fingerprint="e" * 64))

    assert (again.outcome, revised.outcome) == ("known", "known")
    assert not store.has_open(["meridian"])
    assert secrets_of(store) == [b""]  # a fingerprint, which is empty
    assert [row.fingerprint for row in store.intake()] == ["", "", ""]
    assert b"987-65-4321" not in written(folder)


def test_nothing_is_erased_that_somebody_still_has_to_decide(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())

    with pytest.raises(BusinessException, match="CL-1 meridian is new: settle it first"):
        store.personal.holding("CL-1")
    enter(store, owner, Status.IN_DOUBT)
    with pytest.raises(BusinessException, match="is in_doubt"):
        store.personal.holding("CL-1")
    (one,) = store.transactions(store.find("CL-1")[0].id)
    store.decide(one.id, Status.ABANDONED, person=CLERK, reason="moved away")
    store.add(run, new_item(fingerprint="e" * 64))
    with pytest.raises(BusinessException, match="revision-2 waits"):
        store.personal.holding("CL-1")
    store.decide_waiting("revision-2", "dismissed", reason="a typing error")

    assert store.personal.holding("CL-1").references == ("CL-1",)


def test_a_subject_is_named_as_the_bot_names_it_and_no_other_is_taken_for_it(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item("CL-1", subject=MEMBER))
    store.add(store.start_run("other", DIGEST, "u-1"), new_item("X-1", subject=MEMBER))
    enter(store, owner)
    enter(store, owner)

    with pytest.raises(BusinessException, match="claims, other know this subject: say which by --bot"):
        store.personal.holding(MEMBER)
    assert store.personal.holding(MEMBER, "other").references == ("X-1",)
    with pytest.raises(BusinessException, match="CL-1 is the reference of a record: name the subject"):
        store.personal.holding("CL-1")
    with pytest.raises(BusinessException, match="nothing is held") as told:
        store.personal.holding(SSN)
    assert SSN not in str(told.value)


def test_what_came_meanwhile_is_not_left_behind(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item("CL-1", subject=MEMBER))
    enter(store, owner)
    held = store.personal.holding(MEMBER)
    store.add(run, new_item("CL-2", subject=MEMBER))
    enter(store, owner)

    with pytest.raises(BusinessException, match="erase it again"):
        store.personal.erase(held, AUTHORITY, gone=[])
    assert store.find("CL-1")[0].record["fields"] != {}


def test_a_revision_that_is_taken_keeps_its_commitments_and_belongs_to_whom_it_is_about(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item(subject="wrong person"))
    store.add(run, new_item(subject=MEMBER, record=CHANGED, fingerprint="e" * 64))
    store.take_revision("revision-2", looks_for={}, reason="the number was misread")
    transaction = begun(store, owner, Status.SUBMITTING)
    kept = Receipt(kept={"receipt": "B-1"})
    store.move(transaction, Status.CONFIRMED, owner, receipt=kept)

    held = store.personal.holding(MEMBER)
    assert held.references == ("CL-1",)
    store.personal.erase(held, AUTHORITY, gone=[])
    store.personal.clean()
    assert store.find("CL-1")[0].record["fields"] == {}


def test_disclosures_are_accounted_for_with_names_of_fields_and_after_an_erasure_too(
    store: Store, run: Run, owner: Owner
) -> None:
    agency = {"recipient": "State Medicaid Agency", "address": "1 Main St, Springfield, IL 62701"}
    told = {**agency, "purpose": "eligibility", "fields": ["member_id", "ssn"]}
    store.add(run, new_item(subject=MEMBER))
    transaction = begun(store, owner)
    transaction = store.move(transaction, Status.SUBMITTING, owner, told={"disclosure": told})
    store.move(transaction, Status.CONFIRMED, owner)

    (one,) = store.personal.disclosures("m-100200")
    assert (one.recipient, one.address, one.purpose) == (agency["recipient"], agency["address"], "eligibility")
    assert (one.reference, one.nature, one.status) == ("CL-1", "member_id, ssn", "confirmed")
    store.personal.erase(store.personal.holding(MEMBER), AUTHORITY, gone=[])
    store.personal.clean()
    assert list(store.personal.disclosures("CL-1")) == [one]
    assert list(store.personal.disclosures(MEMBER)) == []


def test_only_what_has_rested_since_then_and_waits_for_nobody_has_expired(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item("CL-1", subject=MEMBER))
    enter(store, owner)
    then = clock.now()
    store.add(run, new_item("CL-2", subject="somebody"))
    enter(store, owner)
    store.add(run, new_item("CL-3", subject="another"))
    enter(store, owner, Status.FAILED)
    later = clock.now()

    assert [held.references for held in store.personal.expired(then)] == [("CL-1",)]
    assert [held.references for held in store.personal.expired(later)] == [("CL-1",), ("CL-2",)]


@contextmanager
def ledger_of_before(folder: Path, new_ledger: Path) -> Iterator[Store]:
    """Open a ledger that was written before records were sealed."""
    shutil.copytree(new_ledger, folder)
    for path in (*folder.glob("ledger.db*"), folder / "personal.key"):
        path.unlink()
    engine = open_engine(folder / "ledger.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for statement in OLD:
            connection.execute(text(statement), {"salt": SALT, "record": OLD_RECORD, "new": OLD_REVISION})
    engine.dispose()
    with Store.open(folder, actor=ROBOT) as store:
        yield store


OLD_RECORD, OLD_REVISION = (f'{{"fields": {{"ssn": {{"text": "{ssn}"}}}}}}' for ssn in (SSN, "987-65-4321"))
OLD = (
    "INSERT INTO runs VALUES (1, 'claims', 'd', 'u-1', '2026-11-01', NULL, NULL)",
    "INSERT INTO work_items VALUES (1, 'claims', 'CL-1', 'ffff', 1, NULL, NULL, 1, '2026-11-01', :salt, :record)",
    "INSERT INTO intake VALUES (1, 1, 'claims', 'd', 'p', 'added', 'CL-1', 1, NULL, NULL, 'ffff', '2026-11-01')",
    "INSERT INTO intake VALUES (2, 1, 'claims', 'd', 'p', 'revision', 'CL-1', 1, NULL, :new, 'ee', '2026-11-01')",
)


def test_a_ledger_of_before_is_sealed_when_it_is_opened_and_nothing_stays_in_its_free_places(
    folder: Path, new_ledger: Path
) -> None:
    with ledger_of_before(folder, new_ledger) as store:
        held = written(folder)
        assert [one for one in (b"123-45-6789", b"987-65-4321", SALT, b"ffff") if one in held] == []
        assert store.find("CL-1")[0].record["fields"]["ssn"] == {"text": SSN}
        assert [row.record for row in store.intake()][1] == {"fields": {"ssn": {"text": "987-65-4321"}}}
        run = store.start_run(BOT, DIGEST, "u-1")
        assert store.add(run, new_item(fingerprint="ffff")).outcome == "known"
        assert events(store) == ["run.started", "bot.changed", "work_item.known"]


def test_another_project_key_opens_what_the_one_before_sealed_and_finds_it_too(
    store: Store, run: Run, folder: Path
) -> None:
    store.add(run, new_item("CL-1", subject=MEMBER))
    before = (folder / "personal.key").read_bytes()
    assert store.personal.change_project_key() == 1

    with Store.open(folder, actor=ROBOT) as anew:
        assert anew.find("CL-1")[0].record["fields"] == {"ssn": {"text": SSN}}
        assert anew.add(run, new_item("CL-1", subject=MEMBER)).outcome == "known"
        anew.add(run, new_item("CL-2", subject=MEMBER.casefold()))
        with anew._books.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM subjects").scalar() == 1
        assert anew.log.verify().problems == ()
        (changed,) = [entry["data"] for entry in anew.log.read() if entry["event"] == "key.changed"]
        assert changed == {"key": "project", "subjects": 1}
        assert anew.personal.change_project_key(lambda: bytes(32)) == 1
    assert (folder / "personal.key").read_bytes() != before
    (folder / "personal.key").write_bytes(before)
    with Store.open(folder, actor=ROBOT) as old, pytest.raises(SetupError, match="put back the key"):
        old.find("CL-1")
    with Store.open(folder, actor=ROBOT, key=lambda: bytes(32)) as third:
        assert third.find("CL-2")


def test_a_process_that_has_the_key_of_before_seals_nothing_that_nobody_could_open(store: Store, run: Run) -> None:
    store.add(run, new_item("CL-1", subject=MEMBER))
    store.personal.change_project_key()

    with pytest.raises(SetupError, match="put back the key"):
        store.add(run, new_item("CL-2", subject="somebody new"))


def test_no_worker_loses_the_key_between_its_press_and_what_it_writes_of_it(
    store: Store, run: Run, folder: Path
) -> None:
    store.add(run, new_item("CL-1"))
    with Owner.hold(folder) as owner:
        promised = begun(store, owner, Status.SUBMITTING)
        with pytest.raises(SetupError, match="a run is under way"):
            store.personal.change_project_key()
        store.move(promised, Status.CONFIRMED, owner)

    assert store.personal.change_project_key() == 1


def test_a_change_of_the_project_key_that_broke_off_is_finished(
    store: Store, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(run, new_item("CL-1", subject=MEMBER))
    with monkeypatch.context() as broken:
        broken.setattr(
            "rpa.store.personal.adopt_project_key", lambda _: (_ for _ in ()).throw(SetupError("no power"))
        )
        with pytest.raises(SetupError, match="no power"):
            store.personal.change_project_key()

    with Store.open(folder, actor=ROBOT) as again:
        assert again.personal.change_project_key() == 0
    with Store.open(folder, actor=ROBOT) as anew:
        assert anew.find("CL-1")[0].record["fields"] == {"ssn": {"text": SSN}}


def test_whoever_a_change_that_waits_would_be_about_is_not_erased_before_it_is_decided(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item("CL-1", subject="somebody else"))
    enter(store, owner)
    wrong = store.add(run, new_item("CL-2", subject="wrong person")).work_item.id
    asking = Asking(person=CLERK, reason="It is the other one", revision=1, second=True)
    other = Correction(record=CHANGED, fingerprint="e" * 64, subject="somebody else", fields={}, looks_for={})
    change = store.changes.correct(wrong, other, asking)

    with pytest.raises(BusinessException, match=f"change-{change} waits for an approver"):
        store.personal.erase(store.personal.holding("somebody else"), AUTHORITY, gone=[])
    assert [held.references for held in store.personal.expired(datetime.now(UTC) + timedelta(days=1))] == []
    approver = Actor(kind="person", id="u-2", name="P. Lind")
    store.changes.approve(change, person=approver, reason="So it is")
    assert store.work_item(wrong).record == CHANGED
