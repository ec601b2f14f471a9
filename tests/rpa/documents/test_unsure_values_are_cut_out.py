"""A clerk who has to decide finds the picture of what is unsure, and nobody else does."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from PIL import Image

from rpa.cli.main import run
from rpa.dispatcher import dispatch
from rpa.project import Project
from tests.rpa.documents.test_tables_of_pdfs_are_read import LINES, first, pages

DESK = Path(__file__).resolve().parents[2] / "definitions" / "base" / "bots" / "systems"
FORM = """\
form: payments
about: Schedule of payments.
reader: pdf-text
editions:
  first: {recognise: {text: Schedule of payments}}
fields:
  title: {line: '(Schedule.*)'}
tables:
  payments:
    fields:
      number: {label: No.}
      payee: {label: Payee, personal: true}
"""
BOT = """\
bot: payments
about: Enter each payment.
owner: desk@county.example
documents:
  schedule: {files: inbox/*.pdf, form: payments, table: payments}
record:
  name: Payment
  each: schedule
  reference: number
  fields:
    number: {from: schedule}
    payee: {from: schedule}
enter:
  - system: desk
    create:
      - open: New permit
      - fill: {Number: $number, Owner: $payee}
    submit:
      - press: Save
    confirm:
      - keep: {receipt: Reference}
"""


def test_queue_and_show_lead_to_the_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bots" / "forms").mkdir(parents=True)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "bots" / "payments.yaml").write_text(BOT, "utf-8")
    (tmp_path / "bots" / "forms" / "payments.yaml").write_text(FORM, "utf-8")
    shutil.copytree(DESK, tmp_path / "bots" / "systems")
    long = ("A-009", "The Honourable Josephine Maria March of Concord, Esq.", "5.00", "01/01/2026", "")
    pages(tmp_path / "inbox" / "a.pdf", lambda canvas: first(canvas, ruled=False, records=[LINES[0], long]))
    project = Project(tmp_path)
    with project.store() as store:
        dispatch(
            project.drafts(project.bot("payments")),
            store.start_run("payments", "b" * 64, "test"),
            store,
            project.cut_outs,
        )

    capsys.readouterr()
    run(["queue", "--json", "--project", str(tmp_path)])
    queued = {told["reference"]: told["unsure"] for told in map(json.loads, capsys.readouterr().out.splitlines())}
    assert run(["show", "A-009", "--json", "--project", str(tmp_path)]) == 0
    shown = json.loads(capsys.readouterr().out)

    assert queued["A-001"] == {}
    assert queued["A-009"] == shown["unsure"]
    picture = Path(shown["unsure"]["payee"])
    with Image.open(picture) as image:
        assert image.size[0] > 100
    assert "Josephine" not in json.dumps(shown)
    assert stat.S_IMODE(picture.parent.stat().st_mode) == 0o700
    assert picture.is_relative_to(project.settings.state_folder / "shown"), "which goes with an erasure"
    run(["queue", "--project", str(tmp_path)])
    assert str(picture) in capsys.readouterr().out
