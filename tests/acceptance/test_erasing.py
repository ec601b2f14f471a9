"""What is held of somebody is erased from every file that Keyonce keeps, and what is left is told."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet import _writer

from fixtures.systems.common import ROOT
from rpa.audit.entry import Actor
from rpa.cli.main import run
from rpa.dispatcher import dispatch
from rpa.project import Project
from rpa.records import Record
from rpa.results.workbook import write_results
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Receipt, Status
from tests.rpa.store.ledgers import tamper

BOT = "claims-intake"
CLAIMS = ROOT / "fixtures/forms/claims"
FORMS = [CLAIMS / f"claim_{number:02}.pdf" for number in (1, 2)]
ROBOT = Actor(kind="bot", id=BOT, name=BOT)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project that has entered two claims; no system was needed for what is tested here."""
    tmp_path = tmp_path_factory.mktemp("office")
    (tmp_path / "inbox/claims").mkdir(parents=True)
    shutil.copytree(ROOT / "bots", tmp_path / "bots", ignore=shutil.ignore_patterns("w9*", "actions.py"))
    shutil.copy(CLAIMS / "roster.xlsx", tmp_path / "inbox")
    for form in FORMS:
        shutil.copy(form, tmp_path / "inbox/claims")
    project = Project(tmp_path)
    with project.store(ROBOT) as store, Owner.hold(project.settings.state_folder) as owner:
        started = store.start_run(BOT, project.library.digest(BOT), "test")
        dispatch(project.drafts(project.bot(BOT)), started, store)
        for name in ("benefits", "payments"):
            _enter(project, store, owner, name)
    write_results(project, BOT)
    return tmp_path


@pytest.fixture
def project(office: Path, tmp_path: Path) -> Project:
    return Project(shutil.copytree(office, tmp_path / "office"))


def pictures_of(project: Project) -> Path:
    return project.settings.state_folder / "evidence"


def _enter(project: Project, store: Store, owner: Owner, system: str) -> None:
    pictures_of(project).mkdir(exist_ok=True)
    while (taken := store.reserve(owner, [system])) is not None:
        picture = f"{taken.transaction.id:064x}"
        (pictures_of(project) / picture).write_bytes(b"a picture")
        transaction = store.move(taken.transaction, Status.IN_PROGRESS, owner)
        transaction = store.move(transaction, Status.SUBMITTING, owner)
        receipt = Receipt(kept={"receipt": f"{system}-{picture[-4:]}"}, evidence=(picture,))
        store.move(transaction, Status.CONFIRMED, owner, receipt=receipt)


def members(project: Project) -> list[tuple[str, str, str]]:
    """Return reference, member and SSN of each claim."""
    with project.store() as store:
        records = [(item.reference, Record.from_json(item.record)) for item in store.work_items(BOT)]
    return [(name, one.fields["member_id"].text, one.fields["ssn"].text) for name, one in records]


def files(project: Project) -> Iterator[Path]:
    return (path for path in project.settings.state_folder.rglob("*") if path.is_file())


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    code = run([*arguments, "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_is_held_of_a_member_is_gone_and_what_holds_others_is_told(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (reference, member, _), (other, *_) = members(project)
    where = ["--project", str(project.folder)]
    before = {path.name for path in files(project)}

    code, (said,) = told(["audit", "erase", member, "--authority", "GRS 3.2, item 030", *where], capsys)

    after = {path.name for path in files(project)}
    assert (said["references"], said["documents"], said["pictures"]) == ([reference], 1, 2)
    assert code == 3  # the roster holds others too
    assert [len(one) for one in said["left"]] == [64]
    assert before - after >= {FORMS[0].name, f"{BOT}.xlsx"}
    assert FORMS[1].name in after
    assert sum(len(path.name) == 64 for path in pictures_of(project).iterdir()) == 2
    assert told(["audit", "verify", *where], capsys)[0] == 0
    code, (shown, *_) = told(["show", reference, *where], capsys)
    assert (code, shown["fields"]) == (0, {})
    assert "work_item.erased" in [entry["event"] for entry in shown["trail"]]
    with project.store() as store:
        assert store.find(other)[0].record["fields"]
    write_results(project, BOT)


def test_a_document_that_could_not_be_read_is_erased_with_its_name(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "inbox/claims/Jane Roe.pdf").write_bytes(b"%PDF-1.7 no more than this")
    with project.store(ROBOT) as store:
        dispatch(project.drafts(project.bot(BOT)), store.start_run(BOT, "d" * 64, "test"), store)
        (waits,) = store.waiting()
    where = ["--project", str(project.folder)]

    assert run(["audit", "erase", waits.id, "--authority", "GRS 3.2", *where]) == 0
    assert run(["audit", "erase", "document-1", "--authority", "GRS 3.2", *where]) == 3

    assert "document-1 is no document that could not be read" in capsys.readouterr().err
    assert [path for path in files(project) if b"Jane Roe" in path.read_bytes() or "Roe" in path.name] == []
    with project.store(ROBOT) as store:
        assert store.waiting() == []


def test_what_the_retention_says_is_erased_once_its_time_is_over_and_nothing_before(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (reference, *_), (other, *_) = members(project)
    where = ["--project", str(project.folder)]
    assert run(["audit", "prune", *where]) == 1
    assert "authority" in capsys.readouterr().err
    monkeypatch.setenv("RPA_RETENTION__AUTHORITY", "GRS 3.2, item 030")
    monkeypatch.setenv("RPA_RETENTION__RECORDS", "365")
    assert told(["audit", "prune", *where], capsys) == (
        0,
        [{"records": 0, "documents": 0, "pictures": 0, "entries": 0}],
    )
    with project.store(ROBOT) as store:
        (item,) = store.find(reference)
    aged = "UPDATE transactions SET changed = '2020-01-01 00:00:00.000000' WHERE work_item_id = ?"
    tamper(project.settings.state_folder, aged, str(item.id))

    assert told(["audit", "prune", *where], capsys) == (
        0,
        [{"records": 1, "documents": 1, "pictures": 2, "entries": 0}],
    )

    with project.store(ROBOT) as store:
        assert (store.find(reference)[0].erased is None, store.find(other)[0].erased is None) == (False, True)
        assert store.log.verify().problems == ()


def test_a_picture_that_can_not_be_deleted_is_not_told_as_gone_and_keeps_nothing_erased_in_the_files(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, *_), (second, *_) = members(project)
    monkeypatch.setenv("RPA_RETENTION__AUTHORITY", "GRS 3.2, item 030")
    monkeypatch.setenv("RPA_RETENTION__RECORDS", "365")
    tamper(project.settings.state_folder, "UPDATE transactions SET changed = '2020-01-01 00:00:00.000000'")
    with project.store(ROBOT) as store:
        (item,) = store.find(second)
        (stuck,) = store.transactions(item.id)[0].receipt.evidence
    with closing(connect(project.settings.state_folder / "ledger.db")) as ledger:
        (held,) = ledger.execute("SELECT key FROM subjects ORDER BY id").fetchone()
    (pictures_of(project) / stuck).unlink()
    (pictures_of(project) / stuck).mkdir()

    assert run(["audit", "prune", "--project", str(project.folder)]) == 1

    assert f"{stuck} can't be deleted" in capsys.readouterr().err
    with project.store(ROBOT) as store:
        assert (store.find(first)[0].erased is None, store.find(second)[0].erased is None) == (False, True)
    assert all(held not in path.read_bytes() for path in project.settings.state_folder.glob("ledger.db*"))


def test_an_erasure_without_an_authority_or_of_nobody_changes_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (_, member, ssn), *_ = members(project)
    before = sorted(path.name for path in files(project))
    where = ["--project", str(project.folder)]

    assert run(["audit", "erase", member, "--authority", " ", *where]) == 3
    assert run(["audit", "erase", ssn, "--authority", "GRS 3.2", *where]) == 3

    said = capsys.readouterr().err
    assert "by what authority" in said
    assert ssn not in said
    assert sorted(path.name for path in files(project)) == before


def test_a_result_workbook_is_masked_where_the_settings_say_so_and_leaves_nothing_in_the_temporary_folder(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, _, ssn), *_ = members(project)
    made: list[str] = []
    make = _writer.create_temporary_file

    def seen() -> str:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(_writer, "create_temporary_file", seen)
    monkeypatch.setenv("RPA_PRIVACY__RESULTS", "masked")

    workbook = load_workbook(write_results(Project(project.folder), BOT))

    texts = [str(cell.value) for row in workbook.active.iter_rows() for cell in row]
    assert ssn not in texts
    assert texts.count("(personal)") == 4
    assert FORMS[0].name not in texts
    assert [Path(name).parent for name in made] == [project.settings.state_folder / "results"]
