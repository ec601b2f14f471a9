"""Little ink on a scan is still an answer: a digit in a wide box, pencil, a thin tick is never a sure blank."""

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.colors import lightgrey, silver
from reportlab.pdfgen.canvas import Canvas

from rpa.documents.base import Cell, Place, Wanted
from rpa.documents.pdf import ocr
from rpa.documents.sandbox import Sandbox
from tests.rpa.documents.conftest import document_at

pytestmark = pytest.mark.skipif(ocr.lacking() is not None, reason=str(ocr.lacking()))

DOTS = 300 / 72
HEIGHT = 792
BLACK, PENCIL = 0, 135
FONT = "LiberationSans-Regular.ttf"
WORDS = """Application Reference Household Members Children Property Vehicles Remarks Signature Township
County Office Payment Employer Telephone Insurance Decision Received Approved Department"""

WIDE = {f"wide{number}": (60.0, 150.0 + 40 * number, 560.0, 170.0 + 40 * number) for number in range(5)}
WRITTEN = dict(zip(WIDE, "17049", strict=True))
HIGH = (60.0, 360.0, 560.0, 480.0)
SHADED = (60.0, 500.0, 560.0, 520.0)
TICKS = {f"tick{number}": (60.0 + 40 * number, 560.0, 74.0 + 40 * number, 574.0) for number in range(3)}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty form with wide boxes, a high one, a shaded one and some to tick."""
    path = tmp_path_factory.mktemp("blank") / "blank.pdf"
    canvas = Canvas(str(path), (612, HEIGHT))
    canvas.setFont("Helvetica", 12)
    for number, word in enumerate(WORDS.split()):
        canvas.drawString(60 + 130 * (number % 4), HEIGHT - (50, 90, 620, 670, 720)[number // 4], word)
    canvas.setFillColor(silver)
    canvas.rect(SHADED[0], HEIGHT - SHADED[3], 500, 20, stroke=0, fill=1)
    for name, (left, top, right, bottom) in {**WIDE, "high": HIGH, "shaded": SHADED}.items():
        look = {"borderWidth": 0, "fillColor": None, "borderColor": None}
        canvas.acroForm.textfield(
            name=name, x=left, y=HEIGHT - bottom, width=right - left, height=bottom - top, **look
        )
        canvas.rect(left, HEIGHT - bottom, right - left, bottom - top)
    for name, (left, _, _, bottom) in TICKS.items():
        canvas.acroForm.checkbox(
            name=name, x=left, y=HEIGHT - bottom, size=14, fillColor=None, borderColor=lightgrey
        )
    canvas.save()
    return path


def write(pen: ImageDraw.ImageDraw, text: str, at: tuple[float, float], grey: int) -> None:
    """Write in ten points, so that the text ends at *at*."""
    font = ImageFont.truetype(FONT, round(10 * DOTS))
    pen.text((at[0] * DOTS, at[1] * DOTS), text, fill=grey, font=font, anchor="rm")


def fill(picture: Image.Image, grey: int) -> None:
    pen = ImageDraw.Draw(picture)
    for name, digit in WRITTEN.items():
        write(pen, digit, (WIDE[name][2] - 3, (WIDE[name][1] + WIDE[name][3]) / 2), grey)
    write(pen, "No", (90, 380), grey)
    write(pen, "7", (300, 510), grey)
    left, top, right, bottom = (edge * DOTS for edge in TICKS["tick1"])
    pen.line(((left + 14, bottom - 28), (left + 24, bottom - 14), (right - 14, top + 14)), fill=grey, width=3)


def scanned(sandbox: Sandbox, blank: Path, grey: int | None) -> dict[str, Cell]:
    """Return what is read of a scan of the form, which is filled in with ink of *grey*, or not at all."""
    picture: Image.Image = pypdfium2.PdfDocument(blank)[0].render(scale=DOTS, grayscale=True).to_pil()
    if grey is not None:
        fill(picture, grey)
    scan = blank.parent / f"{grey}.pdf"
    picture.save(scan, "PDF", resolution=300)
    places = {name: Place(fields=(name,)) for name in (*WIDE, *TICKS, "high", "shaded")}
    (row,) = sandbox.read("pdf-form", document_at(scan), Wanted(places=places, options={"blank": str(blank)}))
    assert row.missing == {}
    return dict(row.cells)


@pytest.fixture(scope="module", params=[BLACK, PENCIL])
def filled(sandbox: Sandbox, blank: Path, request: pytest.FixtureRequest) -> dict[str, Cell]:
    """Return what is read of the filled form."""
    return scanned(sandbox, blank, request.param)


def sure(cells: dict[str, Cell]) -> dict[str, str]:
    return {name: cell.text for name, cell in cells.items() if cell.unsure is None}


def test_a_box_without_any_ink_is_a_sure_blank(sandbox: Sandbox, blank: Path) -> None:
    cells = scanned(sandbox, blank, None)

    assert sure(cells) == {**dict.fromkeys(WIDE, ""), "high": "", **dict.fromkeys(TICKS, "no")}
    assert cells["wide0"].agreed == ("page", "ink")


def test_one_digit_in_a_wide_box_is_never_a_sure_blank(filled: dict[str, Cell]) -> None:
    read = {name: text for name, text in sure(filled).items() if name in WIDE}

    assert read == {name: WRITTEN[name] for name in read}


def test_a_short_word_in_a_high_box_is_never_a_sure_blank(filled: dict[str, Cell]) -> None:
    assert sure(filled).get("high", "No") == "No"


def test_a_digit_in_a_box_that_the_form_shades_is_never_a_sure_blank(filled: dict[str, Cell]) -> None:
    assert sure(filled).get("shaded", "7") == "7"


def test_a_thin_tick_of_ink_or_pencil_is_never_a_sure_no(filled: dict[str, Cell]) -> None:
    assert sure(filled).get("tick1", "yes") == "yes"
    assert (filled["tick0"].text, filled["tick0"].unsure) == ("no", None)
