"""Opening: by many processes at once, quickly when nothing is to be done, in words when it can't be."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from rpa.audit.entry import Author
from rpa.audit.signer import FileSigner
from rpa.errors import ApplicationException, SetupError
from rpa.store.connect import Books
from rpa.store.databases.sqlite import SqliteFile
from rpa.store.migrate import MIGRATIONS, migrate
from rpa.store.owner import Owner
from rpa.store.schema import REVISION, ledger
from rpa.store.sealing import Sealer
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import (
    DIGEST,
    ROBOT,
    ROOT,
    begun,
    both,
    child,
    events,
    new_item,
    said,
    tamper,
    tell,
)

QUIET = """
import sys
from pathlib import Path
from rpa.store.store import Store
from tests.rpa.store.ledgers import ROBOT
Store.open(Path(sys.argv[1]), actor=ROBOT).close()
print(sorted({"alembic", "mako", "cryptography"} & set(sys.modules)))
"""


def test_threads_that_make_ledgers_at_the_same_time_do_not_disturb_one_another(
    tmp_path: Path,
) -> None:
    together = Barrier(4)

    def open_one(number: int) -> None:
        together.wait()
        Store.open(tmp_path / str(number), actor=ROBOT).close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(open_one, range(4))) == [None] * 4


def test_processes_that_open_a_new_ledger_at_once_all_find_it_whole(folder: Path) -> None:
    with ExitStack() as stack:
        processes = [stack.enter_context(child(folder, "open")) for _ in range(3)]
        assert [said(one) for one in processes] == ["ready"] * 3
        for one in processes:
            tell(one)

        words = {said(one) for one in processes}

    assert words == {"opened Audit trail verified: 0 entries, 0 signed checkpoints"}


def test_a_ledger_that_is_up_to_date_opens_without_the_migration_library(folder: Path, store: Store) -> None:
    store.close()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", QUIET, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_a_migration_that_breaks_off_leaves_nothing_and_is_made_up_for(folder: Path) -> None:
    database = SqliteFile(folder)
    engine = database.connect()
    author = Author(actor=ROBOT, host="desk", pid=1)
    books = Books(database, engine, database.locks(engine), folder, author, Sealer(bytes), FileSigner(folder))

    @event.listens_for(engine, "connect")
    def _small_disk(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA max_page_count=9").close()

    with pytest.raises(OperationalError, match="full"):
        migrate(books)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM sqlite_master").all() == []
    engine.dispose()

    with Store.open(folder, actor=ROBOT) as store:
        assert store.log.verify().problems == ()


@both
def test_the_migrations_make_the_tables_that_the_program_means(store: Store) -> None:
    with store._books.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, ledger) == []


def test_the_migrations_are_one_chain_in_the_order_of_their_numbers() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    chain = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions("base", "heads")][::-1]
    files = sorted(path.name for path in (MIGRATIONS / "versions").glob("m*.py"))

    assert chain == [f"{number:04}" for number in range(1, len(files) + 1)]  # no number twice, and no two heads
    assert [name[1:5] for name in files] == chain
    assert chain[-1] == REVISION


def test_a_ledger_of_a_newer_version_is_left_alone(folder: Path, store: Store) -> None:
    store.close()
    tamper(folder, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SetupError, match="a newer Keyonce has written this ledger"):
        Store.open(folder, actor=ROBOT)


def test_a_promise_is_on_the_disk_when_it_is_made(store: Store) -> None:
    with store._books.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 60_000}


def test_nobody_else_may_look_into_the_folder(folder: Path, store: Store) -> None:
    store.close()

    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_no_ledger_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "ledger.db").write_bytes(b"something else entirely" * 99)

    with pytest.raises(SetupError, match=r"ledger\.db is not a ledger"):
        Store.open(folder, actor=ROBOT)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SetupError, match=r"cannot be made \(Not a directory\)"):
        Store.open(tmp_path / "file" / "state", actor=ROBOT)


def pragma(store: Store, words: str) -> None:
    with store._books.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {words}")


def test_a_full_disk_is_told_in_words_and_nothing_is_half_written(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    before = events(store)
    with store._books.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    pragma(store, f"max_page_count={pages}")

    with pytest.raises(ApplicationException, match="the disk is full and nothing was written") as caught:
        store.add(run, new_item("CL-2", record={"fields": {"note": "x" * 99_999}}))

    assert "xxx" not in str(caught.value)
    assert "xxx" not in str(caught.value.__cause__)
    assert (events(store), store.find("CL-2")) == (before, [])
    assert begun(store, owner).status is Status.IN_PROGRESS  # what fits is still done


def test_a_ledger_that_may_not_be_written_is_told_in_words(store: Store) -> None:
    pragma(store, "query_only=ON")

    with pytest.raises(SetupError, match=r"ledger\.db cannot be written: give this account the right"):
        store.start_run("claims", DIGEST, "u-1")


def test_a_process_that_holds_the_ledger_for_too_long_is_told_of(folder: Path, store: Store) -> None:
    pragma(store, "busy_timeout=20")
    with sqlite3.connect(folder / "ledger.db") as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(ApplicationException, match=r"another process held .* for too long"):
            store.start_run("claims", DIGEST, "u-1")
        assert events(store) == []  # readers are not kept waiting
    other.close()


def test_a_damaged_ledger_is_told_in_words(folder: Path, store: Store) -> None:
    store.close()
    whole = (folder / "ledger.db").read_bytes()
    (folder / "ledger.db").write_bytes(whole[:4096] + b"\x99" * (len(whole) - 4096))

    with pytest.raises(SetupError, match=r"ledger\.db is damaged"):
        Store.open(folder, actor=ROBOT)
