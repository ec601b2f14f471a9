"""A scan is read several times over, and what the readings do not agree on is for a person: never guessed."""

import json
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from rpa.documents.base import Place, Row, Wanted
from rpa.documents.pdf import ocr
from rpa.documents.sandbox import Sandbox
from rpa.errors import DocumentProblem
from rpa.intake.places import editions_of
from rpa.project import Project
from tests.rpa.documents.conftest import FIXTURES, Read, document_at

ROOT = FIXTURES.parent
DOTS = 200 / 72
WITH_OCR = pytest.mark.skipif(ocr.lacking() is not None, reason=str(ocr.lacking()))
WITHOUT = pytest.mark.skipif(ocr.lacking() is None, reason="text recognition is installed")


def scan_of(paper: Path, target: Path, *, askew: float = 0.5) -> Path:
    """Write the first page of a PDF as a copier gives it back: a picture, a little askew."""
    page = pypdfium2.PdfDocument(paper)[0]
    picture: Image.Image = page.render(scale=DOTS, grayscale=True).to_pil()
    turned = picture.rotate(askew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    turned.save(target, "PDF", resolution=200)
    return target


def read_scan(sandbox: Sandbox, scan: Path, form: str) -> Row:
    library = Project(ROOT).library
    known = library.form(form)
    editions = editions_of(known, library.forms_folder, known.fields)
    (row,) = sandbox.read("pdf-form", document_at(scan), Wanted(places={}, editions=editions))
    return row


@pytest.fixture(scope="module")
def scanned(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[Row, Mapping[str, object]]:
    """Return what is read of a scanned form, and the truth of it."""
    forms = FIXTURES / "forms/spoc"
    scan = scan_of(forms / "spoc_04.flat.pdf", tmp_path_factory.mktemp("scan") / "spoc.pdf")
    truth: Mapping[str, object] = json.loads((forms / "spoc_04.truth.json").read_text("utf-8"))
    return read_scan(sandbox, scan, "nevada-spoc"), truth


@WITH_OCR
def test_every_value_of_a_scan_is_right_or_goes_to_a_person(scanned: tuple[Row, Mapping[str, object]]) -> None:
    row, truth = scanned
    written = {name: {True: "yes", False: "no"}.get(value, value) for name, value in truth.items()}  # type: ignore[call-overload]

    sure = {name: cell.text for name, cell in row.cells.items() if cell.unsure is None}

    assert row.missing == {}
    assert sure == {name: written[name] for name in sure}
    assert len(sure) > len(written) / 2


@WITH_OCR
def test_what_is_sure_says_which_readings_agreed_and_what_is_not_says_why(
    scanned: tuple[Row, Mapping[str, object]],
) -> None:
    row, _ = scanned

    assert row.cells["program_title"].agreed == ("page", "box spa", "box fra")
    assert row.cells["state_agency"].agreed == ("ink",)
    assert {cell.source.how for cell in row.cells.values()} == {"ocr"}
    assert all("look at the cut-out picture" in cell.unsure for cell in row.cells.values() if cell.unsure)


@WITH_OCR
def test_no_answer_is_invented_on_an_empty_form(sandbox: Sandbox, tmp_path: Path) -> None:
    blank = scan_of(ROOT / "bots/forms/nevada_spoc_088_gp_04.pdf", tmp_path / "blank.pdf", askew=-0.3)

    row = read_scan(sandbox, blank, "nevada-spoc")

    sure = {cell.text for name, cell in row.cells.items() if cell.unsure is None}
    assert sure <= {"", "no"}


@WITH_OCR
def test_a_scan_read_by_labels_alone_is_never_sure(read: Read) -> None:
    places = {"claim": Place(label="Claim number"), "mail": Place(label="E-mail")}

    (row,) = read("pdf-text", "documents/letter_then_scan.pdf", places)

    claim, mail = row.cells["claim"], row.cells["mail"]
    assert (claim.text, claim.unsure, claim.source.page) == ("CL-100010", None, 1)
    assert (mail.source.page, mail.source.how) == (2, "ocr")
    assert "without the empty form" in str(mail.unsure)


@WITHOUT
def test_without_text_recognition_a_scan_is_refused_and_says_what_to_install(read: Read) -> None:
    with pytest.raises(DocumentProblem, match="to have scans read, install") as problem:
        read("pdf-form", "documents/scan.pdf", {})

    assert problem.value.kind == "no-text-needs-ocr"


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "LANGUAGES", ("eng", "nowhere"))
    monkeypatch.setattr(ocr, "find_spec", lambda _name: True)
    ocr.data_folder.cache_clear()

    told = ocr.lacking()
    ocr.data_folder.cache_clear()

    assert told is not None
    assert told.endswith("apt-get install tesseract-ocr-eng tesseract-ocr-nowhere")
