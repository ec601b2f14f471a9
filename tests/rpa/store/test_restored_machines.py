"""A database that is put back is noticed by each machine that works with it, whichever had signed last."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rpa.errors import SetupError
from rpa.keeping.base import Note
from rpa.keeping.folder import NoteFile
from rpa.keeping.in_bucket import NoteInBucket
from rpa.store.databases.postgresql import PostgresLedger
from rpa.store.keeper import NOTICE, Keeper
from rpa.store.store import Store
from rpa.work import Status
from tests.bucket.server import BucketServer
from tests.postgresql import server
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, begun, events, new_item, reserved

both = pytest.mark.parametrize("office", ["folder", "bucket"], indirect=True)
"""The checkpoint that all machines see is on a share, and in a bucket."""

KEYS = ("personal.key", "audit.key", "audit.pub")


@dataclass
class Office:
    """Two machines' state folders, their *share*'s note, and the database whose backup is a second one."""

    folder: Path
    sockets: Path
    database: str
    share: Note

    def open(self, machine: str, *, shared: bool = False) -> Store:
        """Open the ledger on a machine."""
        database = PostgresLedger(server.url(self.sockets, self.database), self.folder / machine, delivers=True)
        share = self.share if shared else None
        return Store.open(self.folder / machine, actor=ROBOT, database=database, shared=share)

    def join(self, *names: str) -> None:
        """Set the second machine up from the first one's files."""
        (self.folder / "B").mkdir()
        for name in names:
            shutil.copy2(self.folder / "A" / name, self.folder / "B")

    def back_up(self) -> None:
        """Copy the database."""
        server.execute(self.sockets, f"CREATE DATABASE old{self.database} TEMPLATE {self.database}")

    def put_back(self) -> None:
        """Put the copy in its place, as administrators do."""
        server.execute(self.sockets, f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        server.execute(self.sockets, f"CREATE DATABASE {self.database} TEMPLATE old{self.database}")


@pytest.fixture
def office(
    tmp_path: Path, postgresql: Path, new_on_postgresql: Path, request: pytest.FixtureRequest
) -> Iterator[Office]:
    """Make a ledger in which the first machine has a claim to enter, and a checkpoint of that."""
    name = f"office{os.getpid()}"
    server.execute(postgresql, f"CREATE DATABASE {name} TEMPLATE new{os.getpid()} STRATEGY FILE_COPY")
    shutil.copytree(new_on_postgresql, tmp_path / "A")
    (tmp_path / "share").mkdir()
    made = Office(tmp_path, postgresql, name, _share(tmp_path / "share", request))
    with made.open("A") as store:
        store.add(store.start_run(BOT, DIGEST, "u-1"), new_item())
        store.log.checkpoint()
    yield made
    for one in (name, f"old{name}"):
        server.execute(postgresql, f"DROP DATABASE IF EXISTS {one} WITH (FORCE)")


def _share(folder: Path, request: pytest.FixtureRequest) -> Note:
    if getattr(request, "param", "folder") == "folder":
        return NoteFile(folder / "checkpoint")
    server: BucketServer = request.getfixturevalue("bucket_server")
    return NoteInBucket(server.bucket())


def enter(store: Store) -> None:
    with store.hold() as owner:
        begun(store, owner, Status.CONFIRMED)
    store.log.checkpoint()


def is_distrusted(store: Store) -> bool:
    """Tell whether what a worker is given next is said to be entered already, perhaps."""
    with store.hold() as owner:
        return reserved(store, owner).transaction.unsure is not None


@both
def test_a_machine_that_did_not_sign_notices_by_the_share(office: Office) -> None:
    office.join(*KEYS, "checkpoint")
    office.back_up()
    with office.open("A", shared=True) as store:
        enter(store)
    office.put_back()

    with office.open("B", shared=True) as store:
        assert is_distrusted(store)
    with office.open("A", shared=True) as store:
        assert events(store).count("ledger.restored") == 1, (
            "what the other machine has noticed is not new to this one"
        )
        assert is_distrusted(store)
        whole = store.start_run(BOT, DIGEST, "u-1")
        store.read_all(whole)
        store.finish_run(whole, {})
        later = store.start_run(BOT, DIGEST, "u-1")
        store.add(later, new_item("CL-2", fingerprint="a" * 64))
    for machine in ("B", "A"):
        with office.open(machine, shared=True) as store:
            assert events(store).count("ledger.restored") == 1
            assert store.transactions(store.find("CL-2")[0].id)[0].unsure is None
            assert not store.log.verify().problems


def test_a_machine_that_has_worked_since_remembers_without_a_share(office: Office) -> None:
    office.join(*KEYS, "checkpoint")
    office.back_up()
    with office.open("A") as store:
        enter(store)
    office.open("B").close()  # all that it does: it looks at the ledger once
    office.put_back()

    with office.open("B") as store:
        assert is_distrusted(store)


def test_a_process_that_runs_for_long_learns_what_others_sign_and_notices_what_is_put_back_under_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.join(*KEYS, "checkpoint")
    office.back_up()
    with office.open("B") as other:
        with office.open("A") as store:
            enter(store)
        keeper = Keeper(other, ())
        monkeypatch.setattr("time.monotonic", lambda began=keeper._noticed: began + NOTICE)
        keeper.tend()
        assert (office.folder / "B" / "checkpoint").read_bytes() == (
            office.folder / "A" / "checkpoint"
        ).read_bytes()
        office.put_back()
        Keeper(other, (), _noticed=0).tend()
        assert is_distrusted(other)


def test_a_machine_that_remembers_nothing_may_not_join_until_it_is_given_the_checkpoint(office: Office) -> None:
    office.join(*KEYS)
    with pytest.raises(SetupError, match=r"has no checkpoint of .*copy the file checkpoint, with personal.key"):
        office.open("B")
    assert not (office.folder / "B" / "checkpoint").exists()

    shutil.copy2(office.folder / "A" / "checkpoint", office.folder / "share")
    with office.open("B", shared=True) as store:
        assert not is_distrusted(store)
    assert (office.folder / "B" / "checkpoint").exists(), "it has a memory of its own from now on"


def test_a_second_backup_that_is_put_back_is_noticed_like_the_first(office: Office) -> None:
    office.join(*KEYS, "checkpoint")
    office.back_up()
    for _ in range(2):
        with office.open("A") as store:
            enter(store)
        office.open("B").close()
        office.put_back()
        with office.open("B") as store:
            assert is_distrusted(store)
        with office.open("A") as store:
            assert events(store).count("ledger.restored") == 1


@both
def test_what_is_remembered_never_goes_back_by_a_machine_that_is_late(office: Office) -> None:
    office.join(*KEYS, "checkpoint")
    early = (office.folder / "A" / "checkpoint").read_bytes()
    with office.open("A", shared=True) as store:
        enter(store)
    newest = office.share.read()
    assert newest != early
    office.back_up()
    with office.open("B", shared=True) as store:
        store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})
        newer = office.share.read()
        (office.folder / "B" / "checkpoint").write_bytes(early)
        (office.folder / "A" / "checkpoint").unlink()
        office.put_back()
        store.log.checkpoint()
        assert office.share.read() == newer
    left = {one.name for one in (office.folder / "share").iterdir()}
    assert left <= {"checkpoint"}, "no draft is left"
