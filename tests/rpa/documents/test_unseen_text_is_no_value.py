"""What nobody sees on a page is no value: a scanner's guess behind a picture, a word that is not drawn."""

from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from rpa.documents.base import Place
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import Read

PLACES = {"number": Place(label="Claim No."), "owner": Place(label="Owner")}
UNSEEN, FILLED = 3, 0


def write(canvas: Canvas, x: float, y: float, words: str, mode: int = FILLED) -> None:
    text = canvas.beginText(x, y)
    text.setTextRenderMode(mode)
    text.textOut(words)
    canvas.drawText(text)


def scan(path: Path, stamp: str) -> Path:
    """Write an empty picture of a page, with what a scanner took it for behind it and a stamp upon it."""
    canvas = Canvas(str(path), (612, 792))
    picture = path.with_suffix(".png")
    Image.new("L", (1224, 1584), 255).save(picture)
    canvas.drawImage(picture, 0, 0, 612, 792)
    write(canvas, 72, 705, "Claim No.: CL-100001", UNSEEN)
    write(canvas, 72, 675, "Owner: Ana Diaz", UNSEEN)
    if stamp:
        write(canvas, 72, 20, stamp)
    canvas.save()
    return path


@pytest.mark.parametrize("stamp", ["", "BATES-000123"])
def test_a_stamp_on_a_scan_makes_nobody_believe_the_scanners_guess(read: Read, tmp_path: Path, stamp: str) -> None:
    with pytest.raises(DocumentProblem) as problem:
        read("pdf-text", scan(tmp_path / "scan.pdf", stamp), PLACES)

    assert problem.value.kind == "no-text-needs-ocr"


def test_a_word_that_is_not_drawn_is_no_value(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    canvas = Canvas(str(path), (612, 792))
    write(canvas, 72, 705, "Claim No.: CL-100001")
    write(canvas, 72, 675, "Owner:")
    write(canvas, 120, 675, "Ghost", UNSEEN)
    canvas.save()

    (row,) = read("pdf-text", path, PLACES)

    assert {name: cell.text for name, cell in row.cells.items()} == {"number": "CL-100001", "owner": ""}
