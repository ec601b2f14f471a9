"""Whoever changes how this machine is set up is found in the log, and no password with it."""

from pathlib import Path

import pytest

from rpa.project import Project, person
from rpa.settings.settings import Settings
from tests.rpa.store.ledgers import events

TOKEN = "s3cr3t-t0ken"  # noqa: S105  # it is looked for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bots").mkdir()
    return tmp_path


def settle(folder: Path) -> list[dict[str, dict[str, str]]]:
    """Begin as a run does; return what the log says of settings since the ledger was made."""
    project = Project(folder)
    with project.store() as store:
        project.tell_settings(store)
        return [entry["data"] for entry in store.log.read() if entry["event"] == "settings.changed"]


def test_a_witness_that_is_taken_away_is_told_with_what_was_before(folder: Path) -> None:
    (folder / "rpa.toml").write_text('[audit]\nfile = "kept.txt"\nsyslog = true\n')
    (first,) = settle(folder)
    (folder / "rpa.toml").write_text("[audit]\nsyslog = false\n")
    told = settle(folder)[-1]

    assert (first["before"], first["after"]["audit.file"]) == ({}, "kept.txt")
    assert "version" in first["after"]
    assert told == {
        "before": {"audit.file": "kept.txt", "audit.syslog": "true"},
        "after": {"audit.syslog": "false"},
    }


def test_what_the_environment_says_counts_and_the_same_is_told_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(folder)
    monkeypatch.setenv("RPA_MODE", "production")

    for _ in range(2):
        told = settle(folder)
        assert [one["after"] for one in told[1:]] == [{"mode": "production"}]
    with Project(folder).store() as store:
        assert store.log.read().__next__()["actor"]["id"] == person().id
        assert events(store) == ["settings.changed", "settings.changed"]


def test_no_password_in_an_address_reaches_the_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RPA_CREDENTIAL_DESK_PASSWORD", TOKEN)
    (folder / "rpa.toml").write_text(
        f'[systems.desk]\nurl = "https://clerk:{TOKEN}@desk.example:8443/app?key={TOKEN}#{TOKEN}"\n'
        f'[[audit.witnesses]]\nurl = "http://{TOKEN}@witness.example/w"\nkey = "w+00000000+AA=="\n'
    )

    told = Settings.load(folder).told()
    assert TOKEN not in str(told)
    assert told["systems.desk.url"] == "https://desk.example:8443/app"
    assert '"http://witness.example/w"' in told["audit.witnesses"]
