"""`rpa read FILE --show`: a clerk sees on the page what was read, where, and what is doubtful."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fixtures.systems.common import ROOT
from rpa.cli.main import run
from rpa.documents.pdf.drawing import COLOURS, SCALE

W9 = ROOT / "fixtures/forms/w9/w9_00.acroform.pdf"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path)]) == 0
    shutil.copytree(ROOT / "bots/forms", tmp_path / "bots/forms", dirs_exist_ok=True)
    return tmp_path


def told(project: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    run(["read", str(file), "--show", "--json", "--project", str(project)])
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def edge(picture: Path, box: list[float]) -> tuple[int, ...]:
    """Return the colour at the middle of a box's left edge."""
    with Image.open(picture) as drawn:
        pixel = drawn.getpixel((int(box[0] * SCALE), int((box[1] + box[3]) / 2 * SCALE)))
    assert isinstance(pixel, tuple)
    return tuple(int(part) for part in pixel)


def test_a_file_is_read_by_the_form_that_it_is_and_drawn_with_its_boxes(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = told(project, W9, capsys)

    (picture,) = map(Path, read["pictures"])
    assert read["reference"] == "irs-w9 2018-10"
    assert picture.parent.stat().st_mode & 0o077 == 0
    assert edge(picture, read["fields"]["address"]["box"]) == COLOURS["read"]
    assert edge(picture, read["fields"]["business_name"]["box"]) == COLOURS["read"]
    assert edge(picture, read["fields"]["llc_code"]["box"]) == COLOURS["blank"]


def test_a_file_that_is_no_form_of_the_project_is_told_with_what_was_looked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = told(project, ROOT / "fixtures/documents/two_column_letter.pdf", capsys)

    assert read["problem"].startswith("unknown-form: ")
    assert '"Request for Taxpayer" is not on it' in read["problem"]
    assert "pictures" not in read
