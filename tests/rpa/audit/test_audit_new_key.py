"""A new signing key: what the old one signed holds, what it signs from then on counts for nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rpa.audit import verifier
from rpa.audit.chain import KeyChange, Keys, read_change
from rpa.audit.checkpoint import Checkpoint
from rpa.audit.keys import create_key, private_key, public_key
from rpa.audit.memory import Memory
from rpa.audit.newkey import NEXT_FILE, follow, last_change
from rpa.audit.note import COSIGNATURE, NotGenuineError, PrivateKey
from rpa.audit.places import WitnessPlace
from rpa.audit.serve import http_server, socket_server
from rpa.audit.signer import SigningProcess, SocketSigner
from rpa.audit.verify import Kept, Watch
from rpa.audit.witness import Witness
from rpa.cli.main import run as rpa
from rpa.errors import LogRewritten, SetupError
from rpa.store.store import Store
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, events, tamper

OLD, NEW, THIRD, OTHER = (PrivateKey.generate(name) for name in ("log", "log", "log", "other"))


def a_run(store: Store) -> None:
    store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Make a log whose key was changed in its middle; the old one is in `old.key`, as a thief may have it."""
    with Store.open(tmp_path / "state", actor=ROBOT) as store:
        a_run(store)
        (tmp_path / "old.key").write_bytes((tmp_path / "state/audit.key").read_bytes())
        (tmp_path / "old.pub").write_bytes((tmp_path / "state/audit.pub").read_bytes())
        store.log.change_signing_key()
        a_run(store)
    return tmp_path / "state"


def stolen(state: Path) -> PrivateKey:
    return PrivateKey.parse((state.parent / "old.key").read_text("ascii"))


def change(size: int, old: PrivateKey, new: PrivateKey) -> str:
    return KeyChange(size, b"r" * 32, old.public, new.public, "2026-01-01T00:00:00.000000Z").sign(old, new)


def test_a_log_holds_over_a_change_of_its_key_and_says_so(state: Path) -> None:
    with Store.open(state, actor=ROBOT) as store:
        verdict = store.log.verify()
        (told,) = [entry["data"] for entry in store.log.read() if entry["event"] == "key.changed"]

        assert (verdict.problems, verdict.covered_until, verdict.checkpoints) == ((), 5, 3)
    assert (told["key"], told["size"], told["new"]) == ("signing", 2, str(public_key(state)))
    assert told["old"] == (state.parent / "old.pub").read_text("ascii").strip()
    assert private_key(state).public == public_key(state)
    assert not (state / NEXT_FILE).exists()


@pytest.mark.parametrize("given", ["state/audit.pub", "old.pub"])
def test_an_export_is_verified_by_whichever_key_an_auditor_was_given(
    state: Path, tmp_path: Path, given: str
) -> None:
    with Store.open(state, actor=ROBOT) as store:
        store.log.export(tmp_path / "all")

    assert verifier.main([str(tmp_path / "all"), "--key", str(tmp_path / given)]) == 0
    assert verifier.main([str(tmp_path / "all"), "--key", str(NEW.public)]) == 1
    (tmp_path / "all/keys.txt").unlink()
    assert verifier.main([str(tmp_path / "all"), "--key", str(tmp_path / given)]) == 1


def test_what_the_old_key_signs_after_its_change_counts_for_nothing(state: Path, tmp_path: Path) -> None:
    with Store.open(state, actor=ROBOT) as store:
        newest = (state / "checkpoint").read_text("utf-8")
        note = stolen(state).sign(f"{newest.partition(chr(10) * 2)[0]}\n")
        (tmp_path / "held.txt").write_text(note, "utf-8")
        store.log.export(tmp_path / "all")

        assert "not of this log" in store.log.verify(Watch(kept=[Kept("held", note)])).problems[0]
    assert verifier.main([str(tmp_path / "all"), "--checkpoint", str(tmp_path / "held.txt")]) == 1


def test_a_change_that_only_the_stolen_key_made_is_broken(state: Path, tmp_path: Path) -> None:
    tamper(state, "DROP TRIGGER key_changes_no_update")
    evil = PrivateKey.generate(public_key(state).name)
    tamper(state, "UPDATE key_changes SET note = CAST(? AS BLOB)", change(2, stolen(state), evil))

    with Store.examine(state, actor=ROBOT) as store:
        store.log.export(tmp_path / "all")
        assert "changes of the log's key is not genuine" in store.log.verify().problems[0]
        store.start_run(BOT, DIGEST, "u-1")
        with pytest.raises(LogRewritten):
            store.log.checkpoint()
    assert verifier.main([str(tmp_path / "all"), "--key", str(public_key(state))]) == 1


def test_a_change_over_another_log_is_seen(state: Path, tmp_path: Path) -> None:
    tamper(state, "DROP TRIGGER key_changes_no_update")
    tamper(state, "UPDATE key_changes SET note = CAST(? AS BLOB)", change(2, stolen(state), private_key(state)))

    with Store.examine(state, actor=ROBOT) as store:
        store.log.export(tmp_path / "all")
        assert "the change of the key holds one at 2 over other entries" in store.log.verify().problems[0]
    assert verifier.main([str(tmp_path / "all")]) == 1


def test_a_change_that_broke_off_is_brought_to_its_end(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(state, actor=ROBOT) as store:
        with monkeypatch.context() as broken:
            broken.setattr("rpa.audit.signer.adopt_key", lambda *_: (_ for _ in ()).throw(SetupError("no power")))
            with pytest.raises(SetupError, match="no power"):
                store.log.change_signing_key()
        before = public_key(state)
        assert store.log.verify().problems == ()
        a_run(store)

        assert store.log.verify().problems == ()
        assert public_key(state) != before
        assert events(store).count("key.changed") == 2


@pytest.mark.parametrize(
    "notes",
    [
        [change(1, OLD, THIRD)],
        [change(1, OLD, NEW), change(2, THIRD, NEW)],
        [change(2, OLD, THIRD), change(2, THIRD, NEW)],
        [change(1, OTHER, NEW)],
        [change(1, NEW, NEW)],
        [change(1, OLD, NEW).replace("size: 1", "size: 9")],
        [change(1, OLD, NEW).rpartition("\u2014")[0]],
        ["no note"],
    ],
)
def test_keys_are_not_believed_that_nothing_leads_to(notes: list[str]) -> None:
    with pytest.raises(NotGenuineError):
        Keys.of(NEW.public, notes)


def test_each_key_signs_its_part_of_the_log_alone() -> None:
    keys = Keys.of(OLD.public, [change(9, NEW, THIRD), change(5, OLD, NEW)])

    assert [keys.at(size) for size in (5, 6, 9, 10)] == [one.public for one in (OLD, NEW, NEW, THIRD)]
    assert keys.read(Checkpoint("log", 5, b"r" * 32).sign(OLD)).size == 5
    with pytest.raises(NotGenuineError):
        keys.read(Checkpoint("log", 6, b"r" * 32).sign(OLD))


def test_a_signing_process_gets_its_new_key_from_its_own_administrator(tmp_path: Path) -> None:
    folder, state, path = tmp_path / "signer", tmp_path / "state", tmp_path / "signer.sock"
    create_key(folder)
    memory = Memory(folder / "logs")
    for turn in range(2):
        process = SigningProcess(private_key(folder), memory, last_change(folder))
        with socket_server(path, process.answer) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                with Store.open(state, actor=ROBOT, signer=SocketSigner(path, state)) as store:
                    if turn:
                        store.log.change_signing_key()
                    else:
                        a_run(store)
                        with pytest.raises(SetupError, match="has its first key"):
                            store.log.change_signing_key()
                    a_run(store)
                    assert store.log.verify().problems == ()
            finally:
                server.shutdown()
                thread.join()
        if not turn:
            follow(folder, memory)
            assert read_change(last_change(folder) or "").new == private_key(folder).public
    assert public_key(state) == public_key(folder)


def test_the_command_changes_the_key_and_says_the_new_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(tmp_path / "project")
    assert rpa(["init", project]) == 0
    for words in (["checkpoint"], ["new-key", "signing"], ["new-key", "project"], ["verify"]):
        assert rpa(["audit", *words, "--project", project]) == 0
    told = capsys.readouterr().out
    assert f"signs from now on: {public_key(tmp_path / 'project/.rpa')}" in told
    assert "sealed anew: the keys of 0 subjects" in told


def test_a_witness_goes_on_from_what_it_saw_once_it_is_given_the_new_key(tmp_path: Path) -> None:
    state, key = tmp_path / "state", PrivateKey.generate("w.example/1", COSIGNATURE)
    with Store.open(state, actor=ROBOT) as store:
        for turn in range(2):
            log = public_key(state)
            watching = Witness(key, {log.name: log}, Memory(tmp_path / "witness"))
            with listening(watching) as there:
                a_run(store)
                assert store.log.publish([there]) == []
                held = Kept(there.name, there.newest(log.name))
                verdict = store.log.verify(Watch(witnesses=[key.public], kept=[held]))
                assert (verdict.problems, verdict.witnessed_until) == ((), verdict.entries)
                if not turn:
                    store.log.change_signing_key()
                    assert ["it refused, 403" in one for one in store.log.publish([there])] == [True]


@contextmanager
def listening(one: Witness) -> Iterator[WitnessPlace]:
    with http_server("127.0.0.1", 0, one.answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield WitnessPlace(f"http://127.0.0.1:{server.server_address[1]}", one.key.public)
        finally:
            server.shutdown()
            thread.join()
