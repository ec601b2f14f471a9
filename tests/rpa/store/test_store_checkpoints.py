"""Checkpoints are made in time and shown to others; who does not take them is told."""

from pathlib import Path

import pytest

from rpa.audit.entry import Actor, Event
from rpa.audit.keys import public_key
from rpa.audit.note import COSIGNATURE, PrivateKey
from rpa.audit.places import FilePlace, WitnessPlace, places_of
from rpa.errors import SetupError
from rpa.settings.audit import AuditSettings, WitnessSettings
from rpa.store import keeper as keeping
from rpa.store.keeper import Keeper
from rpa.store.store import Store
from rpa.work import Run
from tests.attacks.scene import witness
from tests.rpa.store.ledgers import BOT, ROBOT, both, events


@pytest.fixture
def impatient(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    monkeypatch.setattr(keeping, "LOOK", 0.0)
    monkeypatch.setattr(keeping, "MOST", 5)
    return Keeper(store, [FilePlace(folder / "heads.txt")])


@both
def test_many_entries_do_not_wait_for_the_end_of_the_run(store: Store, run: Run, impatient: Keeper) -> None:
    for _ in range(4):
        impatient.tend()
        assert store.log.verify().checkpoints == 0
        store.log.append(Event.SECRET_USED, run=run)
    impatient.tend()

    assert store.log.verify().covered_until == 5
    assert store.log.unsigned() == 0


def test_a_log_in_which_nothing_happens_still_shows_that_it_lives(
    store: Store, folder: Path, impatient: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "OFTEN", 0.0)
    impatient.tend()
    impatient.tend()

    assert events(store) == ["checkpoint.idle", "checkpoint.idle"]
    assert store.log.verify().covered_until == 2
    assert (folder / "heads.txt").read_text("utf-8").count(public_key(folder).name) == 4


def test_a_witness_that_is_away_is_told_and_catches_up_when_it_is_back(
    store: Store, run: Run, tmp_path: Path, folder: Path
) -> None:
    store.finish_run(run, {})
    nobody = WitnessPlace("http://127.0.0.1:9", PrivateKey.generate("w.example/1", COSIGNATURE).public)

    assert store.log.publish([nobody]) == ["w.example/1: it can't be reached: Connection refused"]
    told = list(store.log.read())[-1]
    assert (told["event"], told["data"]) == ("checkpoint.unpublished", {"place": "w.example/1", "size": 2})
    with witness(tmp_path, "w.example/1", public_key(folder)) as there:
        for _ in range(3):
            store.log.checkpoint()
            store.log.idle()
            assert store.log.publish([there]) == []
        assert store.log.publish([there]) == []


def test_a_log_that_was_rolled_back_is_not_cosigned(store: Store, run: Run, tmp_path: Path, folder: Path) -> None:
    with witness(tmp_path, "w.example/1", public_key(folder)) as there:
        store.finish_run(run, {})
        store.log.publish([there])
        with Store.open(tmp_path / "other", actor=ROBOT) as other:
            (tmp_path / "other/audit.key").write_bytes((folder / "audit.key").read_bytes())
            (tmp_path / "other/audit.pub").write_bytes((folder / "audit.pub").read_bytes())
            other.finish_run(other.start_run(BOT, "c" * 64, "u-2"), {})

            assert other.log.publish([there]) == ["w.example/1: it has seen another log: one of 2 entries"]


def test_a_file_that_can_not_be_written_is_told(store: Store, run: Run, folder: Path) -> None:
    store.finish_run(run, {})

    assert store.log.publish([FilePlace(folder)]) == ["file: Is a directory"]


def test_a_witness_with_a_mistyped_key_is_refused_before_anything_runs(tmp_path: Path) -> None:
    log = PrivateKey.generate("a/log").public
    for key in ("", "w+00000000+AAAA", str(log)):
        settings = AuditSettings(witnesses=(WitnessSettings(url="http://127.0.0.1:9", key=key),))
        with pytest.raises(SetupError, match="a witness's key"):
            places_of(settings, tmp_path)


@both
def test_what_was_said_of_a_checkpoint_can_not_be_changed(store: Store, run: Run, tmp_path: Path) -> None:
    store.finish_run(run, {})
    with witness(tmp_path, "w.example/1", public_key(store._books.folder)) as there:
        store.log.publish([there])
    for statement in ("UPDATE cosignatures SET line = ''", "DELETE FROM cosignatures"):
        with pytest.raises(Exception, match="only added to"), store._books.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_an_entry_says_for_whom_it_was_done_and_as_what(folder: Path, store: Store) -> None:
    clerk = Actor(kind="person", id="u-1", name="R. Diaz", role="clerk")
    with Store.open(folder, actor=ROBOT, on_behalf_of=clerk) as worker:
        worker.log.append(Event.SECRET_USED)
    (entry,) = store.log.read()

    assert entry["on_behalf_of"] == {"id": "u-1", "kind": "person", "name": "R. Diaz", "role": "clerk"}
    assert entry["actor"] == {"id": "claims", "kind": "bot", "name": "claims"}
    assert set(entry["clock"]) == {"boot", "up", "source"}


def test_a_changed_bot_is_told_when_it_first_runs(store: Store) -> None:
    for digest in ("a" * 64, "a" * 64, "b" * 64, "b" * 64):
        store.start_run(BOT, digest, "u-1")

    changed = [entry for entry in store.log.read() if entry["event"] == "bot.changed"]
    assert [(one["digest"], one["data"]["before"]) for one in changed] == [("b" * 64, "a" * 64)]


@pytest.mark.parametrize(
    ("by", "kind", "name"),
    [
        ("person:ann", "person", "ann"),
        ("schedule:nightly", "schedule", "nightly"),
        ("ann", "person", "ann"),
        ("x:ann", "person", "x:ann"),
    ],
)
def test_on_whose_behalf_a_run_is_made_is_understood(by: str, kind: str, name: str) -> None:
    assert (Actor.called(by).kind, Actor.called(by).name) == (kind, name)
