"""`rpa forms learn`: an empty form becomes a form by which its filled and its flat copies are read."""

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from fixtures.systems.common import ROOT
from rpa.cli.main import run
from rpa.documents.base import Wanted
from rpa.documents.sandbox import read_rows
from rpa.intake.places import editions_of
from rpa.project import Project
from tests.rpa.documents.conftest import document_at

BLANKS = {"w9/w9_00": "irs_w9_2018_10.pdf", "spoc/spoc_00": "nevada_spoc_088_gp_04.pdf"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path)]) == 0
    return tmp_path


@pytest.mark.parametrize("kind", ["acroform", "flat"])
@pytest.mark.parametrize("name", BLANKS)
def test_what_was_learned_reads_every_value(project: Path, name: str, kind: str) -> None:
    blank = str(ROOT / "bots" / "forms" / BLANKS[name])
    assert run(["forms", "learn", blank, "--name", "learned", "--project", str(project)]) == 0

    assert run(["check", "--project", str(project)]) == 0
    library = Project(project).library
    form = library.form("learned")
    wanted = Wanted(places={}, editions=editions_of(form, library.forms_folder, form.fields))
    (row,) = read_rows("pdf-form", document_at(ROOT / "fixtures" / "forms" / f"{name}.{kind}.pdf"), wanted)

    read = {cell.text.replace("-", "") for cell in row.cells.values()}
    truth = json.loads((ROOT / "fixtures" / "forms" / f"{name}.truth.json").read_text("utf-8"))
    written = {str(value).replace("-", "") for key, value in truth.items() if isinstance(value, str)}
    chosen = {truth.get(key, "") for key in ("classification", "grant", "decision")}
    assert row.missing == {}
    assert written - chosen <= read
    assert all(any(text and text in choice for text in read) for choice in chosen if choice)


def empty_workbook(path: Path) -> None:
    """Write an empty workbook: a named cell, boxes to the right and below, a label twice, and a table."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Claim"
    box = PatternFill("solid", fgColor="FFFFCC")
    texts = {"A1": "Claim for travel costs", "A3": "Claim No.", "A4": "Date of travel", "D3": "Purpose of travel"}
    texts |= {"A6": "Name", "C6": "Name", "A9": "Stop", "B9": "Miles", "C9": "Amount ($)"}
    for cell, text in texts.items():
        sheet[cell] = text
    for cell in ("B3", "B4", "D4", "B6", "D6"):
        sheet[cell].fill = box
    book.defined_names["claim_no"] = DefinedName("claim_no", attr_text="Claim!$B$3")
    book.save(path)


def test_an_empty_workbook_becomes_a_form_by_which_filled_ones_are_read(project: Path, tmp_path: Path) -> None:
    blank, filled = tmp_path / "travel.xlsx", tmp_path / "filled.xlsx"
    empty_workbook(blank)
    assert run(["forms", "learn", str(blank), "--project", str(project)]) == 0
    assert run(["check", "--project", str(project)]) == 0
    book = load_workbook(blank)
    answers = {"B3": "TR-0007", "B4": "11/02/2026", "D4": "Audit", "B6": "Jo", "D6": "Amy"}
    for cell, text in answers.items() | {("A10", "Concord"), ("B10", "12"), ("A11", "Boston"), ("C11", "8.50")}:
        book["Claim"][cell] = text
    book.save(filled)

    library = Project(project).library
    form = library.form("travel")
    names = [*form.fields, *form.tables["claim"].fields]
    wanted = Wanted(places={}, editions=editions_of(form, library.forms_folder, names, "claim"))
    first, second = read_rows("excel-form", document_at(filled), wanted)

    assert {name: cell.text for name, cell in first.cells.items()} == {
        "claim_no": "TR-0007",
        "date_of_travel": "11/02/2026",
        "purpose_of_travel": "Audit",
        "claim_b6": "Jo",
        "claim_d6": "Amy",
        "stop": "Concord",
        "miles": "12",
        "amount": "",
    }
    assert second.cells["amount"].text == "8.50"
    assert (form.fields["date_of_travel"].type, form.tables["claim"].fields["amount"].type) == ("date", "money")


def test_of_a_real_workbook_the_names_are_taken(project: Path) -> None:
    blank = ROOT / "fixtures" / "workbooks" / "fac" / "notes-to-sefa-workbook.xlsx"

    assert run(["forms", "learn", str(blank), "--name", "notes", "--project", str(project)]) == 0

    form = Project(project).library.form("notes")
    assert {spec.name for spec in form.fields.values()} >= {"auditee_uei", "accounting_policies"}
    assert {spec.name for spec in form.tables["form"].fields.values()} >= {"note_title", "note_content"}


def test_a_workbook_that_asks_for_nothing_is_refused_in_words(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Workbook().save(tmp_path / "nothing.xlsx")

    assert run(["forms", "learn", str(tmp_path / "nothing.xlsx"), "--project", str(project)]) != 0

    assert "write the form by hand" in capsys.readouterr().err


def test_a_form_that_is_there_is_not_written_over(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blank = str(ROOT / "bots" / "forms" / "irs_w9_2018_10.pdf")
    (project / "bots/forms/mine.yaml").write_text("form: mine\n", "utf-8")

    assert run(["forms", "learn", blank, "--name", "mine", "--project", str(project)]) != 0

    assert "is there already" in capsys.readouterr().err
    assert (project / "bots/forms/mine.yaml").read_text("utf-8") == "form: mine\n"


def test_a_pdf_without_fields_is_refused_in_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flat = str(ROOT / "fixtures/forms/spoc/spoc_00.flat.pdf")

    assert run(["forms", "learn", flat, "--project", str(project)]) != 0

    assert "no form fields to learn from" in capsys.readouterr().err
    assert not (project / "bots/forms/spoc_00_flat.yaml").exists()


def test_what_is_read_says_how_and_where_on_the_page_and_what_is_blank(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("forms", "systems"):
        shutil.copytree(ROOT / "bots" / folder, project / "bots" / folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "bots" / "vendor_onboarding.yaml", project / "bots")
    (project / "inbox" / "w9").mkdir()
    shutil.copy(ROOT / "fixtures" / "forms" / "w9" / "w9_00.flat.pdf", project / "inbox" / "w9")
    capsys.readouterr()

    assert run(["read", "vendor-onboarding", "--json", "--project", str(project)]) == 0

    fields = json.loads(capsys.readouterr().out)["fields"]
    assert (fields["address"]["state"], fields["ssn"]["state"]) == ("read", "blank")
    assert (fields["address"]["how"], fields["address"]["page"]) == ("form", 1)
    assert fields["address"]["box"] == pytest.approx([59, 250, 389, 264], abs=2)
    assert fields["supplier"]["how"] == "file name"
