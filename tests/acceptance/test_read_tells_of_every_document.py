"""`rpa read` tells of every document: none that can't be drawn ends it, and none gets another's doubts."""

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from fixtures.systems.common import ROOT
from rpa.cli.main import run
from rpa.documents.base import Document, Source
from rpa.documents.pdf.drawing import COLOURS, SCALE
from rpa.doubt import Doubt, State
from rpa.errors import ExitCode
from rpa.intake.drafts import Draft
from rpa.intake.pictures import pictures_of
from rpa.keeping.files import Files
from rpa.records import Record

W9 = ROOT / "fixtures/forms/w9/w9_00.acroform.pdf"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path)]) == 0
    for folder in ("forms", "systems"):
        shutil.copytree(ROOT / "bots" / folder, tmp_path / "bots" / folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "bots" / "vendor_onboarding.yaml", tmp_path / "bots")
    (tmp_path / "inbox" / "w9").mkdir()
    return tmp_path


def told(project: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    code = run(["read", *arguments, "--json", "--project", str(project)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_page_that_is_too_large_to_be_drawn_ends_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    writer = PdfWriter(PdfReader(W9))
    for page in writer.pages:
        page.mediabox = page.cropbox = RectangleObject((0, 0, 14_400, 14_400))
    writer.write(project / "inbox/w9/a_huge.pdf")
    shutil.copy(ROOT / "fixtures/forms/w9/w9_02.acroform.pdf", project / "inbox/w9/b.pdf")

    code, (huge, fine) = told(project, capsys, "vendor-onboarding", "--show")

    assert code == ExitCode.NEEDS_PERSON
    assert (huge["document"], huge["pictures"], fine["document"]) == ("a_huge.pdf", [], "b.pdf")
    assert "it can't be shown" in huge["problem"]
    assert len(fine["pictures"]) == 1


def draft_with(document: Document, source: Source | None) -> Draft:
    return Draft(
        record=Record({}),
        reference="1",
        document=document,
        place="page 1",
        logged="page 1",
        problem="owner is doubtful",
        doubts={"owner": Doubt(state=State.UNSURE, reason="is doubtful", source=source)},
        notices=(),
    )


def kept(folder: Path) -> Document:
    with Files(folder).keep(W9) as document:
        return document


def test_a_doubt_about_another_document_is_never_drawn_on_this_one(tmp_path: Path) -> None:
    document = kept(tmp_path)
    box = (60.0, 100.0, 200.0, 120.0)
    own = Source(document=document.sha256, how="ocr", page=1, box=box)
    foreign = Source(document="0" * 64, how="ocr", page=1, box=box)

    bare, wrong, right = (dict(pictures_of([draft_with(document, source)])) for source in (None, foreign, own))

    assert (set(wrong), set(right)) == ({"page-1"}, {"page-1", "unsure-owner"})
    assert wrong["page-1"] not in (bare["page-1"], right["page-1"])


def test_every_line_of_a_table_is_on_the_picture_of_its_page(tmp_path: Path) -> None:
    document = kept(tmp_path)
    tops = (100, 200)
    boxes = [(60.0, top, 200.0, top + 20.0) for top in tops]
    sources = [Source(document=document.sha256, how="column", page=1, box=box) for box in boxes]

    drawn = dict(pictures_of([draft_with(document, source) for source in sources]))

    assert set(drawn) == {"page-1", "unsure-owner-1", "unsure-owner-2"}
    with Image.open(BytesIO(drawn["page-1"])) as picture:
        edges = [picture.getpixel((int(60 * SCALE), int((top + 10) * SCALE))) for top in tops]
    assert edges == [COLOURS["unsure"]] * len(tops)


@pytest.mark.parametrize(
    ("said", "with_placeholder"),
    [
        ("reader: pdf-form\n", "reader: pdf-form\nplaceholders: [Tortillería la Ñ]\n"),
        ("where: below, required: false}", "where: below, required: false, placeholders: [Tortillería la Ñ]}"),
    ],
    ids=["of the form", "of the field"],
)
def test_a_placeholder_is_never_shown_as_a_value_of_a_file(
    project: Path, capsys: pytest.CaptureFixture[str], said: str, with_placeholder: str
) -> None:
    form = project / "bots/forms/irs_w9.yaml"
    form.write_text(form.read_text("utf-8").replace(said, with_placeholder, 1), "utf-8")

    _, (read,) = told(project, capsys, str(W9))

    assert (read["fields"]["business_name"]["state"], read["fields"]["business_name"]["value"]) == ("blank", "")
    assert read["fields"]["address"]["state"] == "read"
