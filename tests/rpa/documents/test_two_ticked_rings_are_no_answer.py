"""Two rings of one group are ticked: neither is taken for the answer."""

from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from rpa.documents.base import Cell, Place
from tests.rpa.documents.conftest import FIXTURES, Read

GROUP = "Group3"


def widgets(page: Any) -> list[Any]:
    return [one.get_object() for one in page["/Annots"].get_object()]


def is_ring(widget: Any) -> bool:
    return "/Parent" in widget and widget["/Parent"].get_object().get("/T") == GROUP


def ticked(target: Path, *rings: int) -> Path:
    """Write the form with those rings of the group shown as ticked, and no other."""
    writer = PdfWriter(PdfReader(FIXTURES / "forms/spoc/spoc_04.acroform.pdf"))
    kids = [kid for page in writer.pages for kid in widgets(page) if is_ring(kid)]
    for number, kid in enumerate(kids):
        states = [state for state in kid["/AP"]["/N"] if state != "/Off"]
        kid[NameObject("/AS")] = NameObject(states[0] if number in rings else "/Off")
    writer.write(target)
    return target


def answer(read: Read, form: Path) -> Cell:
    (row,) = read("pdf-form", form, {"decision": Place(fields=(GROUP,))})
    cell: Cell = row.cells["decision"]
    return cell


def test_two_ticked_rings_of_a_group_are_never_one_sure_answer(read: Read, tmp_path: Path) -> None:
    one, other = (answer(read, ticked(tmp_path / f"{ring}.pdf", ring)) for ring in (0, 2))
    both = answer(read, ticked(tmp_path / "both.pdf", 0, 2))

    assert (one.unsure, other.unsure) == (None, None)
    assert both.text == f"{one.text}; {other.text}"
    assert str(both.unsure).startswith("two boxes are ticked")
