"""The commands of the audit trail, as an auditor and a clerk type them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

import rpa.cli.audit
from rpa.audit.keys import public_key
from rpa.cli.main import run
from rpa.documents.base import Source
from rpa.project import Project
from rpa.records import Attached, FieldValue, Record
from rpa.results.page import page
from rpa.results.story import story
from rpa.store.owner import Owner
from rpa.work import Receipt, Status
from tests.attacks.scene import witness
from tests.rpa.store.ledgers import BOT, DIGEST, SSN, new_item, reserved

NAME = "<b>Ann</b>"
SOURCE = Source(document="d" * 64, how="form", page=1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path / "project")]) == 0
    return tmp_path / "project"


@pytest.fixture
def entered(project: Path) -> Path:
    """Give a project with a record that was entered."""

    def value(kind: str, text: str, *, personal: bool) -> FieldValue:
        return FieldValue(type=kind, value=text, raw=text, source=SOURCE, personal=personal)

    fields = {"name": value("text", NAME, personal=False), "ssn": value("us-ssn", SSN, personal=True)}
    record = Record(fields, {"claim": Attached("d" * 64, "claim.pdf")})
    sources = record.provenance(b"s" * 32, {"name": "text"})
    state = Project(project).settings.state_folder
    with Project(project).store() as store, Owner.hold(state) as owner:
        started = store.start_run(BOT, DIGEST, "person:u-1")
        store.add(started, new_item("CL-1", record=record.to_json(), sources=sources, salt=b"s" * 32))
        one = store.move(reserved(store, owner).transaction, Status.IN_PROGRESS, owner)
        told = {"entered": {"New claim": {"Claimant": "name", "SSN": "ssn"}}}
        one = store.move(one, Status.SUBMITTING, owner, told=told)
        receipt = Receipt(kept={"receipt": "B-1"}, verdicts={"Claimant": "same"})
        store.move(
            one, Status.CONFIRMED, owner, receipt=receipt, told={"compared": {"Claim": {"Claimant": "name"}}}
        )
        store.finish_run(started, {})
    return project


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    said: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return said


def test_a_log_is_as_good_as_its_witness(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["audit", "checkpoint", "--project", str(project)]) == 0
    with witness(tmp_path, "w.example/1", public_key(project / ".rpa")) as there:
        settings = f'[[audit.witnesses]]\nurl = "{there.url}"\nkey = "{there.key}"\n'
        (project / "rpa.toml").write_text(settings, "utf-8")
        assert run(["audit", "checkpoint", "--project", str(project)]) == 0
        assert run(["audit", "verify", "--json", "--project", str(project)]) == 0
        seen = told(capsys)
    assert (seen["witnessed_until"], seen["silent_witnesses"]) == (2, [])

    assert run(["audit", "checkpoint", "--project", str(project)]) == 1
    assert "not taken by w.example/1" in capsys.readouterr().err
    monkeypatch.setattr(rpa.cli.audit, "LATE", timedelta())
    assert run(["audit", "verify", "--json", "--project", str(project)]) == 4
    seen = told(capsys)
    assert (seen["audit"], seen["witnessed_until"]) == ("not covered", 2)
    assert "w.example/1" in str(seen["silent_witnesses"])


def test_a_checkpoint_that_somebody_kept_shows_that_the_log_was_cut(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "rpa.toml").write_text('[audit]\nfile = "heads.txt"\n', "utf-8")
    for _ in range(2):
        assert run(["audit", "checkpoint", "--project", str(project)]) == 0
    heads = project / "heads.txt"
    assert run(["audit", "verify", "--checkpoint", str(heads), "--project", str(project)]) == 0

    later = tmp_path / "later.txt"
    later.write_text(heads.read_text("utf-8").replace("\n2\n", "\n9\n"), "utf-8")
    assert run(["audit", "verify", "--checkpoint", str(later), "--project", str(project)]) == 1
    assert "not of this log" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["csv", "xlsx", "ocsf", "ocel", "prov", "page", "bundle"])
def test_every_form_is_written_once_and_said_in_the_log(
    entered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    command = ["audit", "export", str(tmp_path / "out"), "--format", form, "--reference", "CL-1"]

    assert run([*command, "--project", str(entered)]) == 0
    assert (tmp_path / "out").exists()
    assert run([*command, "--project", str(entered)]) == 1
    with Project(entered).store() as store:
        (said,) = [entry for entry in store.log.read() if entry["event"] == "data.exported"]
        assert said["data"] == {"format": form, "of": "CL-1"}
        assert store.log.unsigned() == 0
    capsys.readouterr()


def test_what_tells_of_one_record_needs_its_reference(entered: Path, tmp_path: Path) -> None:
    for words, code in ((["--format", "prov"], 2), (["--reference", "CL-9"], 1)):
        assert run(["audit", "export", str(tmp_path / "out"), *words, "--project", str(entered)]) == code
    assert not (tmp_path / "out").exists()


def test_a_page_tells_the_story_without_personal_values_or_markup_of_the_document(entered: Path) -> None:
    with Project(entered).store() as store:
        (item,) = store.find("CL-1")
        html = page([story(store, item)], "Audit trail verified")

    assert "&lt;b&gt;Ann&lt;/b&gt;" in html
    assert NAME not in html
    assert SSN not in html
    assert "New claim / Claimant; shown back in Claim / Claimant: same" in html


def test_a_record_that_was_shown_is_known_to_have_been(entered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "CL-1", "--json", "--project", str(entered)]) == 0

    shown = told(capsys)
    trail = shown["trail"]
    assert isinstance(trail, list)
    assert trail[-1]["event"] == "data.viewed"
    assert trail[-1]["actor"]["role"] == "command-line"
