"""A flat copy that was printed smaller, shifted or a little turned is read by the empty form like any other."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter, Transformation

from rpa.documents.base import Wanted
from rpa.documents.sandbox import Sandbox
from rpa.errors import DocumentProblem
from rpa.intake.places import editions_of
from rpa.project import Project
from tests.rpa.documents.conftest import FIXTURES, document_at

Reprint = Callable[[str, Transformation], Path]
HOW = {
    "fitted to the page": Transformation().scale(0.97).translate(9, 12),
    "smaller and turned": Transformation().scale(0.94).rotate(0.4).translate(20, 14),
    "larger": Transformation().scale(1.03).translate(-9, -12),
    "shifted": Transformation().translate(7, -5),
}


@pytest.fixture
def reprint(tmp_path: Path) -> Reprint:
    """Return what prints a flat copy anew."""

    def printed(name: str, how: Transformation) -> Path:
        writer = PdfWriter(clone_from=PdfReader(FIXTURES / "forms" / f"{name}.flat.pdf"))
        for page in writer.pages:
            page.add_transformation(how)
        path = tmp_path / "copy.pdf"
        writer.write(path)
        return path

    return printed


def read(sandbox: Sandbox, path: Path, form: str) -> dict[str, str]:
    library = Project(FIXTURES.parent).library
    known = library.form(form)
    wanted = Wanted(places={}, editions=editions_of(known, library.forms_folder, known.fields))
    (row,) = sandbox.read("pdf-form", document_at(path), wanted)
    return {name: cell.text for name, cell in row.cells.items()}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(("name", "form"), [("w9/w9_00", "irs-w9"), ("spoc/spoc_00", "nevada-spoc")])
def test_a_copy_is_read_whatever_its_size(
    sandbox: Sandbox, reprint: Reprint, name: str, form: str, how: str
) -> None:
    told = json.loads((FIXTURES / "forms" / f"{name}.truth.json").read_text("utf-8"))
    words = {True: "yes", False: "no"}
    truth = {key: words[value] if isinstance(value, bool) else value for key, value in told.items()}
    plain = {**truth, **{key: truth[key].replace("-", "") for key in ("ssn", "ein") if key in truth}}

    assert read(sandbox, reprint(name, HOW[how]), form) == plain


def test_a_value_s_box_is_where_it_stands_on_the_copy(sandbox: Sandbox, reprint: Reprint) -> None:
    library = Project(FIXTURES.parent).library
    known = library.form("irs-w9")
    wanted = Wanted(places={}, editions=editions_of(known, library.forms_folder, ["name"]))
    (row,) = sandbox.read("pdf-form", document_at(reprint("w9/w9_00", HOW["fitted to the page"])), wanted)

    box = row.cells["name"].source.box
    assert box is not None
    assert box == pytest.approx((60 * 0.97 + 9, 792 - 0.97 * (792 - 94) - 12, 576 * 0.97 + 9, 0), abs=2) or box[
        :3
    ] == pytest.approx((67.2, 102.9, 567.7), abs=2)


def test_a_copy_of_another_form_is_refused_and_not_read_by_these_boxes(sandbox: Sandbox) -> None:
    blank = str(FIXTURES.parent / "bots/forms/irs_w9_2018_10.pdf")

    with pytest.raises(DocumentProblem, match="no copy of the empty form"):
        sandbox.read(
            "pdf-form",
            document_at(FIXTURES / "forms/spoc/spoc_00.flat.pdf"),
            Wanted(places={}, options={"blank": blank}),
        )
