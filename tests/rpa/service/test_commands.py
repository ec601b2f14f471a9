"""What the commands of the service's side say, and what they leave in the log."""

import io
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

from rpa.audit.entry import Actor
from rpa.audit.keys import create_key, private_key
from rpa.cli.main import run
from rpa.console.serving import _keeping
from rpa.errors import LogRewritten
from rpa.occurrence import Occurrence
from rpa.project import Project
from rpa.store import keeper
from tests.rpa.store.ledgers import tamper
from tests.waiting import wait_for

AT = datetime(2026, 11, 30, 18, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bots").mkdir()
    return tmp_path


def test_a_run_is_on_behalf_of_a_person_or_a_schedule_that_exists() -> None:
    wanted = Occurrence.now("evening", "ann", "claims", AT, {})
    fired = Occurrence(name="evening", nominal="2026-11-30T18:00", kind="schedule", bot="claims", due=AT)

    assert wanted.nominal == "by ann 2026-11-30T18:00:00.000000Z"
    assert Actor.called(wanted.by) == Actor(kind="person", id="ann", name="ann")
    assert Actor.called(fired.by) == Actor(kind="schedule", id="evening", name="evening")


def test_a_port_that_is_taken_is_told_in_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_key(folder / "other")
    log = str(private_key(folder / "other").public)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        witness = run(["witness", "--log", log, "--folder", str(folder / "witness"), "--port", port])
        console = run(["console", "--project", str(folder), "--port", port])

    said = f"rpa: port {port} can't be had (Address already in use): give another one by --port"
    assert (witness, console) == (1, 1)
    assert capsys.readouterr().err.splitlines() == [said, said]


def test_an_export_into_no_folder_is_not_signed_as_done(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = folder / "missing" / "x.csv"

    assert run(["audit", "export", str(target), "--format", "csv", "--project", str(folder)]) == 1

    assert "missing is no folder: make it" in capsys.readouterr().err
    with Project(folder).store() as store:
        assert "data.exported" not in [entry["event"] for entry in store.log.read()]


def test_a_new_account_is_under_a_checkpoint_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("seven green lamps at noon\n"))

    command = ["user", "add", "olive", "--name", "Olive Reyes", "--role", "operator", "--project", str(folder)]
    assert run(command) == 0

    with Project(folder).store() as store:
        assert store.log.unsigned() == 0


def test_a_console_over_a_rewritten_log_ends_with_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "MOST", 1)
    with Project(folder).store() as store:
        store.pause_system("desk", "to have an entry")
        store.log.checkpoint()
        tamper(folder / ".rpa", "DROP TRIGGER checkpoints_no_update")
        tamper(folder / ".rpa", "UPDATE checkpoints SET note = zeroblob(9)")
        store.pause_system("office", "to have another")

    with pytest.raises(LogRewritten):
        keep(folder)


def keep(folder: Path) -> None:
    server = uvicorn.Server(uvicorn.Config("none"))
    with _keeping(Project(folder), server):
        wait_for(lambda: server.should_exit)
