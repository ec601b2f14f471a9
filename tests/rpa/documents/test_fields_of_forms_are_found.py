"""Fields of a form are neither taken for unmarked nor passed over where they stand apart."""

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from rpa.documents.base import Place
from tests.rpa.documents.conftest import Read


def form(path: Path, marked: str = "", *, at: float = 120) -> Path:
    """Write a form with a field for the owner, and two rings of which one is marked."""
    canvas = Canvas(str(path), (612, 792))
    canvas.drawString(72, 700, "Owner")
    canvas.acroForm.textfield(name="owner", value="Ana Diaz", x=at, y=695, width=200, height=16)
    for number, state in enumerate(("Y", "N")):
        canvas.acroForm.radio(
            name="insured", value=state, selected=state == marked, x=72, y=600 - 30 * number, size=14
        )
    canvas.save()
    return path


@pytest.mark.parametrize("marked", ["Y", "N", ""])
def test_a_ring_that_stands_for_no_is_marked_like_any_other(read: Read, tmp_path: Path, marked: str) -> None:
    (row,) = read("pdf-form", form(tmp_path / "form.pdf", marked), {"insured": Place(fields=("insured",))})

    assert row.cells["insured"].text == marked


def test_a_field_far_from_its_label_is_no_blank(read: Read, tmp_path: Path) -> None:
    owner = {"owner": Place(label="Owner")}
    (row,) = read("pdf-form", form(tmp_path / "near.pdf"), owner)
    assert row.cells["owner"].text == "Ana Diaz"

    (row,) = read("pdf-form", form(tmp_path / "far.pdf", at=180), owner)

    assert row.missing == {"owner": 'nothing stands near "Owner"; if owner is meant, give it as `field`'}
