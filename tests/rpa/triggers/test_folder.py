"""A folder: no file is half-read, taken twice or left lying, whatever dies on the way."""

import os
import threading
import time
from pathlib import Path

import pytest

from rpa.definitions.trigger import Trigger
from rpa.errors import SetupError
from rpa.occurrence import State
from rpa.store.store import Store
from rpa.triggers.arrivals import _put
from rpa.triggers.folder import FolderWatch, _take
from tests.rpa.triggers.coming import arrivals, run_all

KEY = "2026-01-01T00:00:00-abc123"


def watch(folder: Path, store: Store, quiet: str = "0s", **said: object) -> FolderWatch:
    source = {"path": "scans", "quiet": quiet, **said}
    trigger = Trigger.model_validate(
        {"trigger": "scans", "bot": "visits", "document": "visits", "files": "*.csv", "folder": source}
    )
    assert trigger.folder is not None
    (folder / "scans").mkdir(exist_ok=True)
    return FolderWatch(trigger.folder, arrivals(folder, store, trigger, "scans"))


def put(folder: Path, name: str, text: str = "Number\n1\n") -> Path:
    path = folder / "scans" / name
    path.write_text(text, "utf-8")
    return path


def looked_at_twice(watching: FolderWatch) -> None:
    for _ in range(2):
        watching.look()


def files(folder: Path, part: str) -> list[str]:
    return sorted(path.name for path in (folder / "scans" / part).glob("**/*") if path.is_file())


def test_a_file_that_still_grows_is_left_until_it_is_quiet(tmp_path: Path, store: Store) -> None:
    watching = watch(tmp_path, store)
    for text in ("Num", "Number\n1", "Number\n1\n2"):
        put(tmp_path, "a.csv", text)
        watching.look()
        assert store.occurrences.newest() == []

    watching.look()

    (one,) = store.occurrences.newest()
    assert (one.name, one.kind, one.bot, one.state) == ("scans", "trigger", "visits", State.WAITING)
    assert [path.read_text("utf-8") for path in tmp_path.glob(one.files["visits"])] == ["Number\n1\n2"]
    assert list((tmp_path / "scans").glob("*.csv")) == []


def test_files_that_come_together_are_one_start_and_none_waits_for_ever(tmp_path: Path, store: Store) -> None:
    watching = watch(tmp_path, store, quiet="50ms")
    growing = put(tmp_path, "b.csv")
    put(tmp_path, "a.csv")
    began = time.monotonic()
    while not store.occurrences.newest():
        growing.write_text(growing.read_text("utf-8") + "2\n", "utf-8")
        watching.look()

    assert files(tmp_path, "taken") == ["a.csv"]
    assert time.monotonic() - began >= 0.5, "it waited for the other one first"


def test_only_files_that_fit_are_taken_and_no_link(tmp_path: Path, store: Store) -> None:
    watching = watch(tmp_path, store)
    for name in ("A.CSV", ".hidden.csv", "b.csv.part"):
        put(tmp_path, name)
    (tmp_path / "secret.csv").write_text("x", "utf-8")
    (tmp_path / "scans/link.csv").symlink_to(tmp_path / "secret.csv")

    looked_at_twice(watching)

    assert files(tmp_path, "taken") == ["A.CSV"]


@pytest.mark.parametrize(("outcome", "to"), [("read", "done"), ("duplicate", "done"), ("quarantined", "refused")])
def test_what_was_read_goes_into_the_folder_of_its_outcome(
    tmp_path: Path, store: Store, outcome: str, to: str
) -> None:
    watching = watch(tmp_path, store)
    for _ in range(2):  # the same name comes twice
        put(tmp_path, "a.csv", f"Number\n{_}\n")
        looked_at_twice(watching)
        run_all(store, tmp_path / ".rpa", outcome)
    watching.look()

    assert files(tmp_path, to) == ["a-2.csv", "a.csv"]
    assert files(tmp_path, "taken") == []


def test_what_no_run_has_read_stays_where_it_is_found(tmp_path: Path, store: Store) -> None:
    watching = watch(tmp_path, store)
    put(tmp_path, "a.csv")
    looked_at_twice(watching)
    run_all(store, tmp_path / ".rpa", None, end=State.FAILED)
    watching.look()

    assert files(tmp_path, "taken") == ["a.csv"]


def test_what_is_no_file_among_those_that_came_holds_nothing_up(tmp_path: Path, store: Store) -> None:
    watching = watch(tmp_path, store)
    put(tmp_path, "b.csv")
    looked_at_twice(watching)
    run_all(store, tmp_path / ".rpa", "read")
    (taken,) = (tmp_path / "scans/taken").iterdir()
    os.mkfifo(taken / "a.csv")
    (taken / "folder.csv").mkdir()

    watching.look()

    assert files(tmp_path, "done") == ["b.csv"]
    assert sorted(path.name for path in (tmp_path / "scans/refused").iterdir()) == ["a.csv", "folder.csv"]


def test_what_a_failed_start_left_is_not_read_at_every_look_and_can_be_moved_back(
    tmp_path: Path, store: Store
) -> None:
    watching = watch(tmp_path, store)
    put(tmp_path, "a.csv", "x" * 5_000_000)
    looked_at_twice(watching)
    run_all(store, tmp_path / ".rpa", None, end=State.FAILED)
    watching.look()
    before = bytes_read()
    looked_at_twice(watching)
    assert bytes_read() - before < 1_000_000

    (left,) = (tmp_path / "scans/taken").glob("*/*")
    left.rename(tmp_path / "scans/a.csv")
    looked_at_twice(watching)

    (now,) = (tmp_path / "scans/taken").iterdir()
    assert now.name != left.parent.name
    assert len(store.occurrences.newest()) == 2


def bytes_read() -> int:
    """Return how much this process has read so far."""
    (line,) = (line for line in Path("/proc/self/io").read_text("ascii").splitlines() if line.startswith("rchar"))
    return int(line.split()[1])


@pytest.mark.parametrize("name", [f".{KEY}", KEY])
def test_what_a_dead_process_had_taken_is_written_down_once(tmp_path: Path, store: Store, name: str) -> None:
    watching = watch(tmp_path, store)
    left = tmp_path / "scans" / "taken" / name
    left.mkdir(parents=True)
    (left / "a.csv").write_text("Number\n1\n", "utf-8")

    looked_at_twice(watching)

    assert [one.nominal for one in store.occurrences.newest()] == [KEY]
    assert len(list(tmp_path.glob(store.occurrences.newest()[0].files["visits"]))) == 1


@pytest.mark.parametrize("part", ["", "taken", "done", "refused"])
def test_a_link_instead_of_a_folder_moves_nothing_that_is_behind_it(
    tmp_path: Path, store: Store, part: str
) -> None:
    watching = watch(tmp_path, store)
    (tmp_path / ".important").mkdir()
    (tmp_path / ".important/a.csv").write_text("Number\n1\n", "utf-8")
    if not part:
        (tmp_path / "scans").rename(tmp_path / "elsewhere")
    (tmp_path / "scans" / part).symlink_to(tmp_path)

    with pytest.raises(SetupError, match="is a link"):
        watching.look()

    assert (tmp_path / ".important/a.csv").is_file()
    assert store.occurrences.newest() == []


@pytest.mark.parametrize("name", [".rpa", "batch", ".2026"])
def test_a_folder_that_somebody_else_put_into_taken_starts_nothing(
    tmp_path: Path, store: Store, name: str
) -> None:
    watching = watch(tmp_path, store)
    planted = tmp_path / "scans/taken" / name
    planted.mkdir(parents=True)
    (planted / "a.csv").write_text("Number\n1\n", "utf-8")
    (tmp_path / "scans/taken" / KEY).symlink_to(planted)

    looked_at_twice(watching)

    assert store.occurrences.newest() == []
    assert (planted / "a.csv").is_file()


@pytest.mark.parametrize("polling", [False, True])
def test_the_folder_is_watched_and_also_where_the_system_tells_nothing(
    tmp_path: Path,
    store: Store,
    polling: bool,  # noqa: FBT001  # pytest's own way
) -> None:
    stopping = threading.Event()
    for _ in watch(tmp_path, store, polling=polling).watch(stopping):
        if store.occurrences.newest():
            stopping.set()
        elif not files(tmp_path, ""):
            put(tmp_path, "a.csv")

    assert len(store.occurrences.newest()) == 1


@pytest.mark.parametrize("part", ["taken", "done"])
def test_a_link_that_takes_a_folders_place_after_it_was_looked_at_has_nothing_moved_behind_it(
    tmp_path: Path, part: str
) -> None:
    home, elsewhere = tmp_path / "scans", tmp_path / "elsewhere"
    (elsewhere / KEY).mkdir(parents=True)
    (home / "taken" / KEY).mkdir(parents=True)
    came = home / "a.csv" if part == "taken" else home / "taken" / KEY / "a.csv"
    came.write_text("Number\n1\n", "utf-8")
    if part == "taken":
        (home / part).rename(home / "aside")
    (home / part).symlink_to(elsewhere)

    with pytest.raises(OSError, match=r"symbolic|directory"):
        list(_take([came], home / "taken" / KEY)) if part == "taken" else _put(came, home / "done")
    assert came.is_file()
    assert [path for path in elsewhere.rglob("*") if path.is_file()] == []
