"""In production no bot runs that its author alone has seen."""

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rpa.approval import NotApproved
from rpa.audit.entry import Actor, Kind
from rpa.audit.note import PrivateKey
from rpa.cli.doctor import _production
from rpa.cli.main import run
from rpa.errors import SetupError
from rpa.production import Start, require
from rpa.project import Project, person

BASE = Path(__file__).parents[1] / "definitions/base"
BOT = "permits"
ANA, BEN, EVE = (PrivateKey.generate(name) for name in ("ana", "ben", "eve"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project in production that belongs to no administrator; Ana and Ben may approve."""
    shutil.copytree(BASE, tmp_path / "office")
    keys = json.dumps([str(ANA.public), str(BEN.public)])
    settings = f'mode = "production"\napprovers = {keys}\n[secrets]\nstore = "file"\n'
    (tmp_path / "office/rpa.toml").write_text(settings)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "office"


def approve(folder: Path, key: PrivateKey, author: str = "carla") -> Path:
    project = Project(folder)
    return project.approvals.approve(BOT, project.unrun_library.digest(BOT), author, key)


def override(folder: Path, *keys: PrivateKey, hours: int = 4) -> None:
    project = Project(folder)
    for key in keys:
        project.approvals.override(BOT, project.unrun_library.digest(BOT), "the vendor changed it", hours, key)


def may_run(folder: Path) -> Any:
    return require(Project(folder), BOT)


def test_a_bot_runs_once_somebody_else_than_its_author_has_signed_it(folder: Path) -> None:
    with pytest.raises(NotApproved, match="nobody has approved it"):
        may_run(folder)
    with pytest.raises(SetupError, match="ana wrote it: somebody else has to approve it"):
        approve(folder, ANA, author="ana")
    approve(folder, ANA)

    approval = may_run(folder)
    assert (approval.by, approval.author, approval.is_override) == (("ana",), "carla", False)


@pytest.mark.parametrize("changed", ["permits.yaml", "systems/desk.yaml", "actions.py"])
def test_a_change_of_one_byte_ends_an_approval(folder: Path, changed: str) -> None:
    approve(folder, ANA)
    with (folder / "bots" / changed).open("a") as file:
        file.write("# looks harmless\n")

    with pytest.raises(NotApproved):
        may_run(folder)


def test_python_actions_are_not_even_loaded_before_somebody_has_looked_at_them(folder: Path) -> None:
    approve(folder, ANA)
    with (folder / "bots/actions.py").open("a") as file:
        file.write(f"open({str(folder / 'ran')!r}, 'w')\n")

    with pytest.raises(NotApproved, match=r"actions\.py is not run in production"):
        Project(folder).vocabulary.actions()
    with pytest.raises(NotApproved):
        may_run(folder)
    Project(folder).unrun_library.bot(BOT)
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("boxes", ["empty.pdf", "bots/forms/permit.pdf"])
def test_another_box_on_an_empty_form_ends_an_approval_too(folder: Path, boxes: str) -> None:
    bot, form = folder / "bots/permits.yaml", folder / "bots/forms/permit.yaml"
    said = bot.read_text()
    if boxes == "empty.pdf":
        bot.write_text(said.replace("reader: pdf-form", f"reader: pdf-form, blank: {boxes}"))
    else:
        form.write_text(form.read_text().replace("  2024:", "  2024:\n    blank: permit.pdf"))
        said = re.sub(r"\{from: form, .*}", "{from: form}", said)
        bot.write_text(said.replace("reader: pdf-form", "form: permit"))
    (folder / boxes).write_bytes(b"%PDF-1.7 boxes")
    approve(folder, ANA)
    may_run(folder)

    (folder / boxes).write_bytes(b"%PDF-1.7 boxes that have changed places")
    with pytest.raises(NotApproved, match="of another version"):
        may_run(folder)


def test_a_note_that_holds_no_more_stops_no_other_bot(folder: Path) -> None:
    note = approve(folder, ANA)
    shutil.copy(approve(folder, EVE), note.with_name("a-bot-of-before.note"))
    with pytest.raises(NotApproved, match=r"actions\.py is not run .*: permits: .*other than the author"):
        Project(folder).vocabulary.actions()

    approve(folder, ANA)
    Project(folder).vocabulary.actions()
    may_run(folder)


def test_what_nobody_may_sign_or_is_signed_for_another_bot_counts_for_nothing(folder: Path) -> None:
    note = approve(folder, EVE)
    with pytest.raises(NotApproved, match="not signed by an approver other than the author"):
        may_run(folder)

    project = Project(folder)
    project.approvals.approve("other", project.unrun_library.digest(BOT), "carla", ANA)
    shutil.copy(note.with_name("other.note"), note)
    with pytest.raises(NotApproved, match="of another version"):
        may_run(folder)

    approve(folder, ANA)
    note.write_text(note.read_text().replace("author: carla", "author: nobody"))
    with pytest.raises(NotApproved, match="not signed"):
        may_run(folder)


def test_an_emergency_needs_two_and_is_over_when_they_said(folder: Path) -> None:
    override(folder, ANA)
    with pytest.raises(NotApproved, match="1 of 2 signatures"):
        may_run(folder)
    override(folder, ANA)
    with pytest.raises(NotApproved, match="1 of 2 signatures"):
        may_run(folder)
    override(folder, EVE)
    with pytest.raises(NotApproved, match="1 of 2 signatures"):
        may_run(folder)
    override(folder, ANA, BEN)

    approval = may_run(folder)
    assert (approval.by, approval.is_override, approval.reason) == (("ana", "ben"), True, "the vendor changed it")
    project = Project(folder)
    later = datetime.now(UTC) + timedelta(hours=5)
    with pytest.raises(NotApproved, match="the emergency override is over"):
        project.approvals.of(BOT, project.unrun_library.digest(BOT), later)
    with pytest.raises(SetupError, match="1 to 72 hours"):
        override(folder, ANA, hours=73)


def test_an_override_is_no_approval_whatever_its_file_is_called(folder: Path) -> None:
    override(folder, ANA, BEN)
    notes = folder / "bots/approvals"
    shutil.move(notes / f"{BOT}.override.note", notes / f"{BOT}.note")

    with pytest.raises(NotApproved):
        may_run(folder)


def test_a_refused_run_is_in_the_log_and_reads_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", BOT, "--project", str(folder)]) == 1

    assert "nobody has approved it" in capsys.readouterr().err
    with Project(folder).store() as store:
        assert [entry["event"] for entry in store.log.read()] == ["settings.changed", "bot.refused"]


def test_who_approves_by_command_gets_a_key_and_learns_where_it_has_to_be(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    me, where = person().name, ["--project", str(folder)]
    assert run(["approve", BOT, *where]) == 1  # the files are this account's
    assert f"{me} wrote it: somebody else has to approve it" in capsys.readouterr().err
    assert run(["approve", BOT, "--author", "carla", *where]) == 0
    key = capsys.readouterr().err.split('"')[1]
    with pytest.raises(NotApproved):
        may_run(folder)

    settings = folder / "rpa.toml"
    settings.write_text(settings.read_text().replace("approvers = [", f"approvers = [{json.dumps(key)}, "))
    assert may_run(folder).by == (me,)
    assert run(["approve", BOT, "--emergency", "2", *where]) == 1
    assert "an emergency needs a reason" in capsys.readouterr().err


def test_production_refuses_root_and_stores_that_anybody_reads(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(folder, ANA)
    monkeypatch.setenv("RPA_SECRETS__STORE", "environment")
    with pytest.raises(SetupError, match="don't come from `environment`"):
        may_run(folder)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SetupError, match="nothing runs as root"):
        may_run(folder)


def test_nobody_serves_the_console_as_root_in_production(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert run(["console", "--port", "0", "--project", str(folder)]) == 1
    assert "nothing runs as root" in capsys.readouterr().err


def test_in_production_a_credential_says_where_it_may_be_typed(folder: Path) -> None:
    approve(folder, ANA)
    secrets = folder / "credentials.toml"
    secrets.touch(0o600)
    secrets.write_text('[desk]\nusername = "u"\npassword = "x"\n')
    project = Project(folder)
    system = project.system("desk").model_copy(update={"credential": "desk"})

    with pytest.raises(SetupError, match="credential desk: in production the secret store says its `origins`"):
        project.credential(system)


SCHEDULE = "schedule: nightly\nbot: permits\ncron: 0 18 * * mon-fri\ntimezone: America/Chicago\n"
TRIGGER = "trigger: scans\nbot: permits\ndocument: form\nfolder: {path: inbox/scans}\n"


def started(folder: Path, name: str, kind: Kind = "schedule", **files: str) -> Any:
    return require(Project(folder), BOT, Start(Actor(kind=kind, id=name, name=name), files))


@pytest.fixture
def starting(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the project with a schedule and a trigger that were approved with the bot."""
    for kind, text in (("schedules", SCHEDULE), ("triggers", TRIGGER)):
        (folder / kind).mkdir()
        (folder / kind / "one.yaml").write_text(text)
    assert run(["approve", BOT, "--author", "carla", "--project", str(folder)]) == 0
    told = capsys.readouterr()
    assert "started by: nightly, scans" in told.out
    settings = folder / "rpa.toml"
    settings.write_text(
        settings.read_text().replace("approvers = [", f'approvers = ["{told.err.split(chr(34))[1]}", ')
    )
    return folder


def test_what_was_approved_with_a_bot_starts_it(starting: Path) -> None:
    assert started(starting, "nightly").starts.keys() == {"nightly", "scans"}
    assert started(starting, "scans", "trigger", form="inbox/scans/taken/2026-01-01T00:00:00-abcdef/*")
    assert may_run(starting)


@pytest.mark.parametrize("added", ["files: {form: 'elsewhere/*.pdf'}\n", "# looks harmless\n"])
def test_a_changed_schedule_starts_nothing_that_people_still_may(starting: Path, added: str) -> None:
    with (starting / "schedules/one.yaml").open("a") as file:
        file.write(added)

    with pytest.raises(NotApproved, match="may not be started by nightly in production"):
        started(starting, "nightly", form="elsewhere/*.pdf") if "files" in added else started(starting, "nightly")
    assert may_run(starting)


def test_a_new_trigger_of_an_approved_bot_starts_nothing(starting: Path) -> None:
    (starting / "triggers/two.yaml").write_text(TRIGGER.replace("scans", "mine"))

    with pytest.raises(NotApproved, match="may not be started by mine in production"):
        started(starting, "mine", "trigger", form="inbox/mine/taken/2026-01-01T00:00:00-abcdef/*")
    with pytest.raises(SetupError, match="not approved with their bots: mine; rpa approve does it"):
        _production(starting)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("nightly", {"form": "elsewhere/*.pdf"}),
        ("scans", {"form": "elsewhere/*.pdf"}),
        ("scans", {"form": "inbox/scans/taken/../../../elsewhere/*"}),
        ("scans", {"roster": "inbox/scans/taken/2026-01-01T00:00:00-abcdef/*"}),
        ("scans", {}),
    ],
)
def test_a_start_that_was_written_down_for_other_files_is_refused(
    starting: Path, name: str, files: dict[str, str]
) -> None:
    with pytest.raises(NotApproved, match="other files than were approved"):
        started(starting, name, "trigger", **files)
