"""What is attached to a mail becomes documents of its record, or the mail is put aside with the reason."""

import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from rpa.dispatcher import dispatch
from rpa.project import Project
from rpa.records import Record
from tests.rpa.documents.conftest import FIXTURES

DESK = Path(__file__).resolve().parents[2] / "definitions" / "base" / "bots" / "systems"
CLAIM = FIXTURES / "forms" / "claims" / "claim_01.pdf"
BOT = """\
bot: mailed
about: Enter each claim that comes by mail.
owner: desk@county.example

documents:
  message: {files: inbox/*, reader: mail}
  claim: {attached_to: message, files: 'claim*.pdf', reader: pdf-form}
  photo: {attached_to: message, files: '*.jpg'}

record:
  name: Claim
  each: message
  reference: number
  fields:
    number: {from: claim, label: Claim No.}
    said: {from: message, label: Claim, line: 'CL-\\d+'}
    name: {from: message, label: Name, personal: true}
  agree:
    - [number, said]

enter:
  - system: desk
    create:
      - open: New permit
      - fill: {Number: $number, Owner: $name}
      - attach: {Form: $photo}
    submit:
      - press: Save
    confirm:
      - keep: {receipt: Reference}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "bots").mkdir()
    (tmp_path / "inbox").mkdir()
    (tmp_path / "bots" / "mailed.yaml").write_text(BOT, "utf-8")
    shutil.copytree(DESK, tmp_path / "bots" / "systems")
    project = Project(tmp_path)
    assert [str(problem) for problem in project.library.problems()] == []
    return project


def write(project: Project, **files: bytes) -> None:
    message = EmailMessage()
    message["Subject"] = "A claim"
    message.set_content("Claim: CL-100001\nName: Jo March\n")
    for name, content in files.items():
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name.replace("_", ".")
        )
    (project.folder / "inbox" / "mail.eml").write_bytes(message.as_bytes())


def taken_in(project: Project) -> Iterator[str]:
    """Yield why a mail was put aside, or what became of its record."""
    with project.store() as store:
        dispatch(project.drafts(project.bot("mailed")), store.start_run("mailed", "b" * 64, "test"), store)
        told = [one.reason for one in store.waiting("mailed") if one.kind == "quarantined"]
        yield from told or [row.outcome for row in store.intake(bot="mailed")]


def test_the_files_of_a_mail_are_documents_of_its_record(project: Project) -> None:
    write(project, claim_PDF=CLAIM.read_bytes(), photo_jpg=b"a picture")

    assert list(taken_in(project)) == ["added"]
    with project.store() as store:
        (item,) = store.work_items("mailed")
    record = Record.from_json(item.record)
    assert item.reference == "CL-100001"
    assert {name: value.raw for name, value in record.fields.items()} == {
        "number": "CL-100001",
        "said": "CL-100001",
        "name": "Jo March",
    }
    assert record.documents["photo"].name == "photo.jpg"
    photo = record.documents["photo"]
    with project.files.fetched(photo.sha256, photo.name) as kept:
        assert kept.path.read_bytes() == b"a picture"
    source = record.fields["number"].source
    assert source is not None
    assert source.document == record.documents["claim"].sha256


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"photo_jpg": b"x"}, "missing: claim: none of the mail's 1 files has a name like claim*.pdf"),
        (
            {"claim1_pdf": b"x", "claim2_pdf": b"x", "photo_jpg": b"x"},
            "missing: claim: 2 of the mail's 3 files has a name like claim*.pdf",
        ),
        ({"claim_pdf": b"%PDF-1.7 x", "photo_jpg": b"x"}, "damaged: claim: the PDF is damaged or cut off"),
        ({"claim_pdf": b"", "photo_jpg": b"x"}, "empty: claim: the file is empty"),
    ],
)
def test_a_mail_whose_files_cant_be_read_is_put_aside_whole(
    project: Project, files: dict[str, bytes], reason: str
) -> None:
    write(project, **files)

    (told,) = taken_in(project)

    assert told.startswith(reason)
    with project.store() as store:
        assert store.work_items("mailed") == []
    kept = project.settings.state_folder / "documents"
    assert [path.name for path in kept.rglob("*.*")] == ["mail.eml"], "what no record knows of"


def test_a_file_that_nobody_takes_is_told_and_kept(project: Project) -> None:
    write(project, claim_pdf=CLAIM.read_bytes(), photo_jpg=b"x", notes_txt=b"by the way")
    drafts = project.drafts(project.bot("mailed"))
    (path,) = drafts.paths()

    with drafts.keep(path) as document:
        (draft,) = drafts.of(document)

    assert draft.notices == (
        "attached: no document of the bot takes 1 of its files, which stay in the copy of the mail",
    )
    assert draft.document.path.read_bytes() == path.read_bytes()
