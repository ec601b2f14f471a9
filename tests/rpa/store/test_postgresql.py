"""What only a ledger on a server can do wrong: its connections break, its machines are several, others sign in."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from rpa import uptime
from rpa.errors import LedgerFailed, OwnershipLost, SetupError
from rpa.project import Project
from rpa.store.databases.postgresql import PostgresLedger, SignIn
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.postgresql import server
from tests.rpa.store.ledgers import DIGEST, ROBOT, begun, change, new_item, opened, reserved
from tests.waiting import wait_for

pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)

ALL_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
WRITERS, EACH = 6, 15


def test_writers_at_the_same_moment_leave_a_log_without_gaps_and_no_deadlock(
    store: Store, run: Run, folder: Path
) -> None:
    start = threading.Barrier(WRITERS)

    def write(number: int) -> None:
        with opened(folder) as other:
            start.wait()
            for one in range(EACH):
                other.add(run, new_item(f"CL-{number}-{one}"))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))

    assert [entry["seq"] for entry in store.log.read()] == list(range(1, WRITERS * EACH + 2))
    store.log.checkpoint()
    assert store.log.verify().problems == ()


def test_a_worker_whose_connection_was_cut_may_not_promise_and_another_takes_over(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item())
    begun_by_it = begun(store, owner)
    change(store, ALL_OTHERS)

    with pytest.raises(OwnershipLost, match="lock is gone"):
        store.move(begun_by_it, Status.SUBMITTING, owner)
    with opened(folder) as second, second.hold() as other:
        taken = reserved(second, other).transaction
    assert (taken.status, taken.fence, taken.deaths) == (Status.NEW, 2, 1)


def test_a_connection_that_breaks_is_told_and_the_next_one_works(store: Store, run: Run) -> None:
    def broken() -> None:
        with store._books.writing() as connection:
            change(store, ALL_OTHERS)
            connection.execute(text("SELECT 1"))

    with pytest.raises(LedgerFailed, match=r"the connection to ledger.* failed"):
        broken()

    assert store.add(run, new_item()).outcome == "added"


def test_a_session_with_a_system_is_one_machine_s_alone_until_that_is_gone(store: Store, folder: Path) -> None:
    with opened(folder) as elsewhere:
        slot = elsewhere.slot("meridian", 0)
        assert slot.take()
        assert not store.slot("meridian", 0).take()
        assert store.slot("meridian", 1).take()
        assert store.slot("payments", 0).take()
    wait_for(store.slot("meridian", 0).take)  # the server notices at once, but not in the same moment


def test_a_session_that_was_lost_is_not_taken_for_held(store: Store) -> None:
    slot = store.slot("meridian", 0)
    assert slot.take()
    change(store, ALL_OTHERS)

    assert not slot.held
    with pytest.raises(LedgerFailed, match="start it again"):
        slot.take()


def test_what_another_machine_has_promised_has_its_whole_time_to_settle_here(
    store: Store, run: Run, owner: Owner
) -> None:
    """Our machine has been running for long; that says nothing of when the other one pressed."""
    store.add(run, new_item())
    promised = begun(store, owner, Status.SUBMITTING)
    store.postpone(promised, owner, promised.changed)
    change(store, text("UPDATE transactions SET uptime = 'another-boot 77'"))

    taken = reserved(store, owner).transaction
    assert uptime.since(taken.uptime).total_seconds() < 60
    store.postpone(taken, owner, promised.changed)
    again = reserved(store, owner).transaction
    assert again.uptime == taken.uptime, "it runs on, however often machines take turns"


@pytest.mark.parametrize("change", ["UPDATE {} SET size = size", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_changes_to_the_log(store: Store, run: Run, change: str) -> None:
    store.finish_run(run, {})
    for table in ("audit_entries", "checkpoints", "cosignatures"):
        statement = change.format(table).replace("size", "seq" if table == "audit_entries" else "size")
        store.log.publish([])
        if table != "cosignatures" or "TRUNCATE" in change:
            with pytest.raises(Exception, match="only added to"), store._books.engine.begin() as connection:
                connection.execute(text(statement))
    assert store.log.verify().problems == ()


def test_what_was_erased_is_in_no_table_s_file_any_more(
    store: Store, run: Run, owner: Owner, postgresql: Path
) -> None:
    store.add(run, new_item())
    begun(store, owner, Status.CONFIRMED)
    with store._books.engine.connect() as connection:
        sealed = connection.execute(text("SELECT record FROM work_items")).scalar_one()
        key = connection.execute(text("SELECT key FROM subjects")).scalar_one()
        number = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        files = postgresql / "data" / "base" / str(number.scalar_one())
    server.execute(postgresql, "CHECKPOINT")
    for secret in (sealed, key):
        assert any(secret in content for content in contents(files))
    store.personal.erase(store.personal.holding("CL-1"), "GRS 3.2", gone=[])

    def is_gone() -> bool:
        # A backend of another test that is just starting has a snapshot of the whole server for a moment.
        store.personal.clean()
        server.execute(postgresql, "CHECKPOINT")
        return not any(sealed in content or key in content for content in contents(files))

    wait_for(is_gone)


def contents(files: Path) -> list[bytes]:
    """Return what stands in the database's *files*, one of which may go while they are read."""
    found = []
    for path in files.iterdir():
        with suppress(FileNotFoundError):
            found.append(path.read_bytes())
    return found


def test_a_server_that_is_away_or_lets_nobody_in_is_told_in_words_without_the_password(
    store: Store, folder: Path, postgresql: Path, tmp_path: Path
) -> None:
    store.close()
    away = PostgresLedger("postgresql://keyonce@127.0.0.1:9/office", folder, lambda: SignIn("keyonce", "hunter2!"))
    missing = PostgresLedger(server.url(postgresql, "nowhere"), folder)
    for database, words in ((away, "office at 127.0.0.1 failed"), (missing, 'database "nowhere" does not exist')):
        with pytest.raises(LedgerFailed, match=words) as told:
            Store.open(tmp_path / "other", actor=ROBOT, database=database)
        assert "hunter2!" not in f"{told.value} {told.value.__cause__} {database}"


def test_one_line_of_the_settings_puts_the_ledger_on_the_server(store: Store, folder: Path) -> None:
    store.start_run("claims", DIGEST, "u-1")
    (folder.parent / "bots").mkdir()
    line = f'database = "{(folder / "database.url").read_text("utf-8")}"\nstate = "state"\n'
    (folder.parent / "rpa.toml").write_text(line, "utf-8")
    with closing(Project(folder.parent).store()) as same:
        assert same.log.size() == store.log.size()

    (folder.parent / "rpa.toml").write_text('database = "postgresql://u:hunter2!@h/d"\n', "utf-8")
    with pytest.raises(SetupError, match="database_credential") as told:
        Project(folder.parent).store()
    assert "hunter2!" not in str(told.value)
