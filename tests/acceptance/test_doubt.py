"""What could not be read is told as such: never as a blank, never as a value, and nobody enters it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from fixtures.systems.common import ROOT
from rpa.cli.main import run
from rpa.errors import ExitCode


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path)]) == 0
    for folder in ("forms", "systems"):
        shutil.copytree(ROOT / "bots" / folder, tmp_path / "bots" / folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "bots" / "vendor_onboarding.yaml", tmp_path / "bots")
    (tmp_path / "inbox" / "w9").mkdir()
    return tmp_path


def filled(project: Path, **values: str) -> None:
    """Put a W-9 into the inbox, filled in as *values* say, and as in the first fixture elsewhere."""
    writer = PdfWriter(PdfReader(ROOT / "fixtures/forms/w9/w9_00.acroform.pdf"))
    names = writer.get_fields() or {}
    for end, value in values.items():
        name = next(name for name in names if name.endswith(f"{end}[0]"))
        writer.update_page_form_field_values(writer.pages[0], {name: value}, auto_regenerate=False)
    writer.write(project / "inbox/w9/w9_00.pdf")


def told(project: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["read", "vendor-onboarding", "--json", "--project", str(project)]) == ExitCode.NEEDS_PERSON
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def test_a_value_of_the_wrong_kind_and_a_needed_blank_are_two_states(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(project, f1_1="", f1_11="12")

    read = told(project, capsys)

    fields = read["fields"]
    assert (fields["ssn"]["state"], fields["ssn"]["value"], fields["ssn"]["raw"]) == ("error", None, "12")
    assert (fields["name"]["state"], fields["name"]["value"]) == ("blank", None)
    assert fields["name"]["reason"] == "is blank, but it is needed"
    assert (fields["ssn"]["page"], fields["business_name"]["state"]) == (1, "read")
    assert "Social security number (page 1, " in read["problem"]


def test_a_doubtful_field_is_marked_on_the_screen_and_its_guess_is_not_shown(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(project, f1_11="12")
    capsys.readouterr()

    run(["read", "vendor-onboarding", "--project", str(project)])

    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ssn ")]
    assert line.split()[1:3] == ["?", "error"]


def test_a_form_that_nobody_knows_says_what_was_looked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / "fixtures/forms/spoc/spoc_00.flat.pdf", project / "inbox/w9/other.pdf")

    problem = told(project, capsys)["problem"]

    assert problem.startswith("unknown-form: it is no form that is known here: no irs-w9 2018-10, for ")
    assert '"Request for Taxpayer" is not on it' in problem
