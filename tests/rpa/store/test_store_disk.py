"""The disk is full or fails: nothing is acknowledged that is not on it, and nothing is pressed without room."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from rpa.errors import DiskFull, LedgerFailed
from rpa.store import ballast
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import ROBOT, begun, new_item


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let the system refuse every write beyond *size* bytes of a file, as a failing disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signals = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, signals)


def stands(folder: Path, transaction_id: int) -> Status:
    """Return what is on the disk, for somebody who opens the ledger anew."""
    with Store.open(folder, actor=ROBOT) as other:
        return other.transaction(transaction_id).status


def test_without_room_for_the_end_of_the_story_nothing_is_promised(
    store: Store, run: Run, owner: Owner, folder: Path
) -> None:
    store.add(run, new_item())
    started = begun(store, owner)

    with no_file_beyond(ballast.BYTES - 1), pytest.raises(DiskFull, match="nothing was written"):
        store.move(started, Status.SUBMITTING, owner)

    assert stands(folder, started.id) is Status.IN_PROGRESS
    assert not (folder / "ballast").exists()
    assert store.move(started, Status.SUBMITTING, owner).status is Status.SUBMITTING, "with room it goes on"


def test_a_write_that_fails_acknowledges_nothing(store: Store, run: Run, owner: Owner, folder: Path) -> None:
    store.add(run, new_item())
    promised = begun(store, owner, Status.SUBMITTING)
    log = (folder / "ledger.db-wal").stat().st_size

    with no_file_beyond(log), pytest.raises(LedgerFailed, match="nothing was written"):
        store.postpone(promised, owner, promised.changed)

    assert stands(folder, promised.id) is Status.SUBMITTING


@contextmanager
def nobody_special() -> Iterator[None]:
    """Do without the rights of an administrator, whom no rights of a file hold back."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("draft", [True, False], ids=["written but not put in its place", "not written"])
def test_a_folder_that_may_not_be_written_is_not_told_as_a_disk_that_failed(*, draft: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        if draft:
            (folder / "ballast.new").touch()
            (folder / "ballast.new").chmod(0o666)
        folder.chmod(0o555)

        with nobody_special(), pytest.raises(LedgerFailed, match="give this account the right to write it"):
            ballast.keep(folder)

        folder.chmod(0o755)


def pragma(store: Store, words: str) -> None:
    with store._books.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {words}")


def test_what_became_of_a_press_is_written_in_the_room_of_the_ballast(
    store: Store, run: Run, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database may hold no page more, until the ballast is given up."""
    store.add(run, new_item())
    promised = begun(store, owner, Status.SUBMITTING)
    freed = ballast.give_up

    def give_up(folder: Path) -> bool:
        pragma(store, "max_page_count=100000")
        return freed(folder)

    monkeypatch.setattr(ballast, "give_up", give_up)
    with store._books.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    pragma(store, f"max_page_count={pages}")

    confirmed = store.move(promised, Status.CONFIRMED, owner, reason="x" * 50_000)

    assert confirmed.status is Status.CONFIRMED
    assert not (store._books.folder / "ballast").exists()


def may_mount(folder: Path) -> bool:
    return subprocess.run(["unshare", "-m", "true"], cwd=folder, check=False).returncode == 0 and not os.geteuid()


@pytest.mark.skipif(not may_mount(Path("/")), reason="nothing may be mounted here; the test above needs no disk")
def test_on_a_disk_that_is_really_full_the_end_of_the_story_is_written(
    run: Run, store: Store, folder: Path, tmp_path: Path
) -> None:
    del run
    store.close()
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(small)], check=True)
    try:
        told = subprocess.run(
            [sys.executable, "-m", "tests.rpa.store.full_disk", str(folder), str(small / "state")],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=True)

    assert told.stdout.split() == ["confirmed", "refused", "in_progress"], told.stderr
