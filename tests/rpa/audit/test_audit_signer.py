"""A signer of its own: it never gives its key away, and never signs another history."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.audit.call import AwayError, call_socket
from rpa.audit.keys import create_key, private_key, public_key
from rpa.audit.memory import MOST_PROOF, Memory, RefusedError, Request
from rpa.audit.serve import socket_server
from rpa.audit.signer import SigningProcess, SocketSigner
from rpa.errors import SetupError
from rpa.store.store import Store
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, events


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Path]:
    """Give the socket of a running signer."""
    create_key(tmp_path / "signer")
    process = SigningProcess(private_key(tmp_path / "signer"), Memory(tmp_path / "signer/logs"))
    with socket_server(tmp_path / "run/signer.sock", process.answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield tmp_path / "run/signer.sock"
        server.shutdown()
        thread.join()


def test_a_log_is_signed_by_a_key_that_its_folder_does_not_hold(tmp_path: Path, asked: Path) -> None:
    state = tmp_path / "state"
    with Store.open(state, actor=ROBOT, signer=SocketSigner(asked, state)) as store:
        for _ in range(3):
            store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})

        assert store.log.verify().covered_until == 6
    assert not (state / "audit.key").exists()
    assert public_key(state) == public_key(tmp_path / "signer")
    assert asked.stat().st_mode & 0o007 == 0


def test_a_history_that_does_not_go_on_from_the_last_one_is_not_signed(tmp_path: Path, asked: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with Store.open(first, actor=ROBOT, signer=SocketSigner(asked, first)) as store:
        store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})
    with Store.open(second, actor=ROBOT, signer=SocketSigner(asked, second)) as store:
        run = store.start_run(BOT, DIGEST, "u-1")

        with pytest.raises(SetupError, match="does not go on"):
            store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})
        assert store.log.verify().checkpoints == 0
        assert run.finished is None


def test_a_signer_that_is_away_is_told_in_the_log_and_catches_up_later(tmp_path: Path, asked: Path) -> None:
    state, gone = tmp_path / "state", tmp_path / "nobody.sock"
    Store.open(state, actor=ROBOT, signer=SocketSigner(asked, state)).close()
    with Store.open(state, actor=ROBOT, signer=SocketSigner(gone, state)) as store:
        store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})

        assert events(store)[-2:] == ["run.finished", "checkpoint.unsigned"]
        assert store.log.verify().covered_until == 0
    with Store.open(state, actor=ROBOT, signer=SocketSigner(asked, state)) as store:
        store.log.checkpoint()
        assert store.log.verify().covered_until == 3


def test_a_new_log_needs_its_signer_once(tmp_path: Path) -> None:
    state = tmp_path / "state"

    with pytest.raises(SetupError, match="start rpa signer"):
        Store.open(state, actor=ROBOT, signer=SocketSigner(tmp_path / "nobody.sock", state))


def test_a_signer_speaks_for_its_own_log_alone(asked: Path) -> None:
    root = "A" * 43 + "="
    for note in (f"another/log\n1\n{root}\n", "no checkpoint\n", ""):
        with pytest.raises(RefusedError):
            call_socket(asked, "POST", "/sign-checkpoint", Request(0, [], note).text())
    with pytest.raises(RefusedError):
        call_socket(asked, "GET", "/audit.key", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "old 1\n",
        "old 01\n\nnote",
        "old -1\n\nnote",
        "old 1\nno base64!\n\nnote",
        "new 1\n\nnote",
        "old 1\n" + "AAAA\n" * (MOST_PROOF + 1) + "\nnote",
    ],
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as caught:
        Request.parse(text)
    assert caught.value.status == 400


def test_a_request_that_is_too_long_is_not_read(asked: Path) -> None:
    with pytest.raises((RefusedError, AwayError)):
        call_socket(asked, "POST", "/sign-checkpoint", "x" * 100_000)


def test_a_key_of_systemd_goes_before_the_one_beside_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_key(tmp_path / "given")
    (tmp_path / "given/audit.key").chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "given"))
    with Store.open(tmp_path / "state", actor=ROBOT) as store:
        store.finish_run(store.start_run(BOT, DIGEST, "u-1"), {})

        assert store.log.verify().problems == ()
    assert public_key(tmp_path / "state") == public_key(tmp_path / "given")
    assert not (tmp_path / "state/audit.key").exists()


def test_a_key_that_is_not_the_logs_signs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_key(tmp_path / "given")
    with Store.open(tmp_path / "state", actor=ROBOT) as store:
        run = store.start_run(BOT, DIGEST, "u-1")
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "given"))

        with pytest.raises(SetupError, match=r"not that of audit\.pub"):
            store.finish_run(run, {})


def test_a_file_that_lies_where_the_socket_should_be_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")

    with pytest.raises(SetupError, match="no socket"), socket_server(tmp_path / "notes.txt", lambda *_: ""):
        pass
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"
