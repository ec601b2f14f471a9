"""An office moves from its file into a database: whole, or not at all, and never into two places at once."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, RowMapping, Table, text

from rpa.audit import verifier
from rpa.errors import LedgerFailed, RpaError, SetupError
from rpa.people import Role
from rpa.project import Project
from rpa.store import moved
from rpa.store.databases.postgresql import PostgresLedger
from rpa.store.moving import move as moving
from rpa.store.moving.rows import add
from rpa.store.moving.target import Target
from rpa.store.review import DISMISSED
from rpa.store.schema import ledger
from rpa.store.store import Store
from rpa.work import Status
from tests.commands import typed
from tests.postgresql import server
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, SSN, begun, events, new_item, tamper
from tests.waiting import wait_for

STATE = ".rpa"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an office in which much has happened: most tables have a row, and one value of JSON is none."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "bots").mkdir()
    with Store.open(folder / STATE, actor=ROBOT) as store, store.hold() as owner:
        run = store.start_run(BOT, DIGEST, "u-1")
        store.log.tell_settings({"mode": "development"})
        store.accounts.add("ana", "Ana", [Role.OPERATOR], "no hash")
        for number in range(1, 4):
            store.add(run, new_item(f"CL-{number}"))
        store.add(run, new_item("CL-1", fingerprint="0" * 64))
        begun(store, owner, Status.CONFIRMED)
        begun(store, owner, Status.IN_DOUBT)
        store.pause_system("payments", "moving")
        store.finish_run(run, {"confirmed": 1})
        store.start_run(BOT, DIGEST, "u-1")
        store.log.change_signing_key()
    return folder


@pytest.fixture
def database(postgresql: Path) -> Iterator[str]:
    """Make an empty database; return its name."""
    name = f"moved{os.getpid()}"
    server.execute(postgresql, f"CREATE DATABASE {name}")
    yield name
    server.execute(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def office(before: Path, tmp_path: Path, postgresql: Path, database: str) -> Path:
    """Make an office whose `rpa.toml` names that database."""
    folder = shutil.copytree(before, tmp_path / "office")
    (folder / "rpa.toml").write_text(f'database = "{server.url(postgresql, database)}"\n', "utf-8")
    return folder


@pytest.fixture
def target(postgresql: Path, database: str, office: Path) -> PostgresLedger:
    return PostgresLedger(server.url(postgresql, database), office / STATE)


def quiet(*_: object) -> None:
    pass


def content(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the file."""
    with closing(sqlite3.connect(folder / STATE / "ledger.db")) as connection:
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in ledger.tables}  # noqa: S608


def test_an_office_moves_with_its_whole_trail_and_goes_on(office: Path, tmp_path: Path) -> None:
    with Store.open(office / STATE, actor=ROBOT) as store:
        trail, key = list(store.log.read()), (office / STATE / "audit.pub").read_text("utf-8")
        old = {item.reference: (item.id, item.record) for item in store.work_items()}
        store.log.export(tmp_path / "earlier")

    done = typed("store", "copy", "--json", folder=office)

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["audit"], told["entries"], told["tables"]) == ("verified", len(trail), len(ledger.tables))
    with Project(office).store() as store:
        assert isinstance(store._books.database, PostgresLedger)
        assert list(store.log.read())[: len(trail)] == trail
        assert [entry["event"] for entry in store.log.read(after=len(trail))] == [
            "ledger.moved",
            "settings.changed",
        ]
        assert {item.reference: (item.id, item.record) for item in store.work_items()} == old
        verdict = store.log.verify()
        assert (verdict.problems, verdict.covered_until) == ((), len(trail) + 2)
        store.add(store.start_run(BOT, DIGEST, "u-1"), new_item("CL-9"))
        assert store.find("CL-9")[0].id == max(number for number, _ in old.values()) + 1, "numbers go on"
        store.log.checkpoint()
        store.log.export(tmp_path / "later")
    assert (office / STATE / "audit.pub").read_text("utf-8") == key
    for bundle in ("earlier", "later"):
        assert verifier.main([str(tmp_path / bundle)]) == 0
    assert typed("audit", "verify", folder=office).returncode == 0


def test_what_is_personal_stays_sealed_on_the_way(office: Path, target: PostgresLedger) -> None:
    assert typed("store", "copy", folder=office).returncode == 0

    engine = target.connect()
    with engine.connect() as connection:
        rows = [str(tuple(row)) for name in ledger.tables for row in connection.execute(text(f'TABLE "{name}"'))]
    engine.dispose()
    assert len(rows) > 20
    assert not any(SSN in row for row in rows)


def test_nobody_goes_on_in_the_old_file_by_accident(office: Path) -> None:
    """Neither who had it open, nor who forgets the setting, nor who deletes it, nor who has another copy of it."""
    with Store.open(office / STATE, actor=ROBOT) as idle:
        idle._books.engine.dispose()  # it has no connection at this moment
        assert typed("store", "copy", folder=office).returncode == 0
        after = content(office)
        with idle.hold() as owner, pytest.raises(RpaError, match="was moved"):
            begun(idle, owner)
        with pytest.raises(RpaError, match="was moved"):
            idle.start_run(BOT, DIGEST, "u-1")
    assert content(office) == after
    (office / "rpa.toml").unlink()
    with pytest.raises(SetupError, match=r"was moved to moved\d+ at .*say so by `database` in rpa.toml"):
        Project(office).store()
    assert typed("store", "migrate", folder=office).returncode == 1
    shutil.copytree(office / STATE, office / "copied", ignore=shutil.ignore_patterns("ledger.moved"))
    with pytest.raises(SetupError, match="was moved into a database"):
        Store.open(office / "copied", actor=ROBOT)
    (office / STATE / "ledger.db").unlink()
    with pytest.raises(SetupError, match="was moved to"):
        Project(office).store()


def test_a_second_move_is_refused_wherever_it_leads(office: Path, database: str, postgresql: Path) -> None:
    assert typed("store", "copy", folder=office).returncode == 0

    again = typed("store", "copy", folder=office)
    assert (again.returncode, "was moved there before" in again.stderr) == (1, True)
    elsewhere = typed("store", "copy", folder=office, RPA_DATABASE=server.url(postgresql, "postgres"))
    assert (elsewhere.returncode, f"was moved to {database}" in elsewhere.stderr) == (1, True)


@pytest.mark.parametrize("who", ["a worker", "another process"])
def test_an_office_in_which_somebody_is_does_not_move(office: Path, who: str) -> None:
    with Store.open(office / STATE, actor=ROBOT) as store:
        if who == "a worker":
            store._books.engine.dispose()
            with store.hold():
                done = typed("store", "copy", folder=office)
        else:
            store.log.size()
            done = typed("store", "copy", folder=office)
        assert (done.returncode, "is in use: end the service, the console and every run" in done.stderr) == (
            1,
            True,
        )
        store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})
    assert typed("store", "copy", folder=office).returncode == 0


def test_a_database_that_holds_something_is_left_alone(office: Path, target: PostgresLedger) -> None:
    Store.migrate(office / "other", actor=ROBOT, database=target)
    with Store.open(office / "other", actor=ROBOT, database=target) as other:
        other.start_run("others", DIGEST, "u-1")

    done = typed("store", "copy", folder=office)

    assert (done.returncode, "holds something already" in done.stderr) == (1, True)
    with Store.open(office / "other", actor=ROBOT, database=target) as other:
        assert events(other) == ["run.started"]
    with Store.open(office / STATE, actor=ROBOT) as store:
        assert store.log.verify().problems == ()


def test_an_empty_database_is_not_begun_with_while_the_file_beside_it_holds_the_work(office: Path) -> None:
    """Else a run would read all documents again and enter them a second time."""
    for _ in range(2):
        with pytest.raises(SetupError, match=r"is empty, and .*ledger.db holds the ledger.*rpa store copy"):
            Project(office).store()
        assert typed("store", "migrate", folder=office).returncode == 0
    assert typed("store", "copy", folder=office).returncode == 0, "the tables that were made are in nobody's way"


def test_no_other_machine_begins_a_ledger_of_its_own_before_the_office_has_moved(
    office: Path, target: PostgresLedger
) -> None:
    """It would take in, and enter, what the file on the first machine has open."""
    second = office / "second"
    second.mkdir()
    for name in ("personal.key", "audit.key", "audit.pub"):
        shutil.copy2(office / STATE / name, second)

    with pytest.raises(SetupError, match=r"holds no ledger: .*rpa store migrate, once .*rpa store copy where"):
        Store.open(second, actor=ROBOT, database=replace(target, folder=second))
    assert typed("store", "copy", folder=office).returncode == 0
    Store.open(second, actor=ROBOT, database=replace(target, folder=second)).close()


class BrokenError(Exception):
    """The power went off."""


def breaks(*_: object, **__: object) -> None:
    raise BrokenError


def one_less(to: Connection, table: Table, rows: Sequence[RowMapping]) -> None:
    add(to, table, rows[:-1] if table.name == "intake" else rows)


HANG = "CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(600); RETURN NULL; END'"
HANGING = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
RPA = (sys.executable, "-c", "from rpa.cli.main import main; main()")

BREAKS = {
    "compared": (moved, "mark", breaks),
    "marked": (moving, "close", breaks),
    "closed": (Target, "end", breaks),
}


@pytest.mark.parametrize("at", BREAKS)
def test_a_move_that_breaks_off_opens_nothing_and_is_begun_again(
    office: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(*BREAKS[at])
        with pytest.raises(BrokenError):
            Project(office).copy(quiet)

    with pytest.raises(SetupError, match=r"a ledger is being copied to .*run it again"):
        Project(office).store()
    with pytest.raises(SetupError, match=r"a ledger is being copied to .*run it again"):
        Project(office).migrate()
    if at == "compared":
        with Store.open(office / STATE, actor=ROBOT) as store:  # nothing has happened to it, and it may go on
            store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})
    else:
        with pytest.raises(SetupError, match="was moved to"):
            Store.open(office / STATE, actor=ROBOT)
    assert typed("store", "copy", folder=office).returncode == 0
    with Project(office).store() as store:
        assert events(store).count("ledger.moved") == 1
        assert store.log.verify().problems == ()


def test_a_move_that_is_killed_amid_the_rows_leaves_the_office_where_it_is(
    office: Path, database: str, postgresql: Path
) -> None:
    assert typed("store", "migrate", folder=office).returncode == 0
    for statement in (HANG, "CREATE TRIGGER hangs BEFORE INSERT ON work_items EXECUTE FUNCTION hang()"):
        server.execute(postgresql, statement, database)
    with subprocess.Popen([*RPA, "store", "copy"], cwd=office, stderr=subprocess.DEVNULL) as copy:
        wait_for(lambda: server.execute(postgresql, f"SELECT pid {HANGING}", database) == 1)
        copy.kill()
    server.execute(postgresql, f"SELECT pg_cancel_backend(pid) {HANGING}", database)
    server.execute(postgresql, "DROP TRIGGER hangs ON work_items", database)

    with pytest.raises(SetupError, match=r"a ledger is being copied to .*run it again"):
        Project(office).store()
    with Store.open(office / STATE, actor=ROBOT) as store:
        store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})
        size = store.log.size()
    assert typed("store", "copy", folder=office).returncode == 0
    with Project(office).store() as store:
        assert events(store)[size:][:1] == ["ledger.moved"], "what was done in between came along"
        assert store.log.verify().problems == ()


def test_rows_that_came_out_otherwise_are_found_and_the_office_stays_where_it_is(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "add", one_less)
    with pytest.raises(LedgerFailed, match="in intake is not what was copied: nothing was moved"):
        Project(office).copy(quiet)


def test_a_broken_trail_is_not_carried_on(office: Path) -> None:
    tamper(office / STATE, "DROP TRIGGER audit_entries_no_update")
    tamper(
        office / STATE, "UPDATE audit_entries SET body = CAST(replace(body, 'u-1', 'u-2') AS BLOB) WHERE seq = 1"
    )

    done = typed("store", "copy", folder=office)

    assert (done.returncode, "the audit trail of" in done.stderr) == (1, True)


def test_without_an_office_or_a_database_there_is_nothing_to_move(office: Path) -> None:
    shutil.rmtree(office / STATE)
    nothing = typed("store", "copy", folder=office)
    assert (nothing.returncode, "there is no ledger at" in nothing.stderr) == (1, True)
    assert not (office / STATE / "ledger.db").exists()
    (office / "rpa.toml").unlink()
    nowhere = typed("store", "copy", folder=office)
    assert (nowhere.returncode, "`database` in rpa.toml" in nowhere.stderr) == (1, True)


def test_what_is_erased_after_the_move_is_said_to_stand_in_the_old_file_still(office: Path) -> None:
    assert typed("store", "copy", folder=office).returncode == 0
    with Project(office).store() as store:
        store.decide_waiting(store.waiting()[0].id, DISMISSED, reason="the same person")
        store.personal.erase(store.personal.holding("CL-1"), "GRS 3.2", gone=[])
        with pytest.raises(
            LedgerFailed, match=r"ledger.db of before the move may still hold what was erased: delete"
        ):
            store.personal.clean()
        (office / STATE / "ledger.db").unlink()
        store.personal.clean()


def test_who_goes_back_to_a_backup_of_before_enters_nothing_twice(office: Path) -> None:
    """As docs/scale.md tells it: what was done since is not forgotten without a word."""
    backup = (office / STATE / "ledger.db").read_bytes()
    assert typed("store", "copy", folder=office).returncode == 0
    with Project(office).store() as store, store.hold() as owner:
        taken = begun(store, owner, Status.CONFIRMED)
        store.log.checkpoint()
    (office / "rpa.toml").unlink()
    for file in (office / STATE).glob("ledger.*"):
        file.unlink()
    (office / STATE / "ledger.db").write_bytes(backup)

    with Project(office).store() as store:
        assert "ledger.restored" in events(store)
        again = store.transaction(taken.id)
        assert again.unsure is not None, "a search is not believed before the system has settled"


def test_two_moves_at_once_do_not_mix(office: Path) -> None:
    start, ends = threading.Barrier(2), list[str]()

    def copy() -> None:
        start.wait()
        try:
            Project(office).copy(quiet)
        except RpaError as error:
            ends.append(str(error))
        else:
            ends.append("moved")

    both = [threading.Thread(target=copy) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert ends.count("moved") <= 1
    if "moved" not in ends:  # each saw the other
        assert typed("store", "copy", folder=office).returncode == 0
    with Project(office).store() as store:
        assert events(store).count("ledger.moved") == 1
        assert store.log.verify().problems == ()
