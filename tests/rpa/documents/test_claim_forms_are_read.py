"""The claim form: as it was filled in, as a flat copy, turned, locked, and contradicting itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw
import pytest
from pypdf import PdfReader

from rpa.documents.base import Place, Row, Wanted
from rpa.documents.sandbox import Sandbox
from rpa.errors import DefinitionError, DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, Read, document_at

FORM: list[dict[str, Any]] = json.loads((FIXTURES / "forms/claims/form.json").read_text("utf-8"))
TRUTH: dict[str, Any] = json.loads((FIXTURES / "forms/claims/truth.json").read_text("utf-8"))
LOSSES = {shown: Place(label=shown) for shown in ("Fire", "Flood", "Storm", "Theft")}
BY_LABEL = {field["key"]: Place(label=field["label"]) for field in FORM}
BY_FIELD = {field["key"]: Place(fields=(field["field"],)) for field in FORM}
BY_SHORT_FIELD = {field["key"]: Place(fields=(field["field"].rpartition(".")[2],)) for field in FORM}
BLANK = str(FIXTURES / "forms/claims/blank.pdf")
ODD = ("flat_claim", "rotated_claim", "rotated_form", "contradicting_form")


def on_form(field: dict[str, Any], written: str) -> str:
    """Return what the reader makes of an answer: ticks are yes or no, lists as displayed, rings as exported."""
    if field["kind"] == "tick":
        return "no" if written == "Off" else "yes"
    shown = {option["export"]: option["shown"] for option in field["options"]}
    return shown.get(written, "") if field["kind"] == "choice" else str(written)


def texts(row: Row) -> dict[str, str]:
    assert row.missing == {}
    return {name: " ".join(cell.text.split()) for name, cell in row.cells.items()}


def expected(name: str) -> dict[str, str]:
    answers = TRUTH[name]["written"]
    return {field["key"]: " ".join(on_form(field, answers[field["key"]]).split()) for field in FORM}


@pytest.mark.parametrize("name", sorted(TRUTH))
@pytest.mark.parametrize("places", [BY_LABEL, BY_FIELD, BY_SHORT_FIELD], ids=["label", "field", "short"])
def test_every_answer_is_read_as_it_was_written(read: Read, name: str, places: dict[str, Place]) -> None:
    (row,) = read("pdf-form", f"forms/claims/{name}", places)

    assert texts(row) == expected(name)
    assert row.place == "page 1"


def test_lines_of_an_answer_stay_lines(read: Read) -> None:
    (row,) = read("pdf-form", "forms/claims/claim_03.pdf", {"story": Place(label="What happened")})

    assert row.cells["story"].text == TRUTH["claim_03.pdf"]["written"]["what_happened"]


def test_an_empty_form_is_blank_and_not_its_own_words(read: Read) -> None:
    (row,) = read("pdf-form", "forms/claims/blank.pdf", BY_LABEL | {"loss_type": Place(choose=LOSSES)})

    assert texts(row) == dict.fromkeys(BY_LABEL, "") | {"urgent": "no"}


@pytest.mark.parametrize("name", ["claim_01.pdf", "claim_06.pdf", "claim_13.pdf"])
def test_each_box_holds_the_value_that_was_read_there(read: Read, tmp_path: Path, name: str) -> None:
    (row,) = read("pdf-form", f"forms/claims/{name}", BY_FIELD)

    printed = flattened(FIXTURES / "forms/claims" / name, tmp_path)
    for field in FORM:
        cell = row.cells[field["key"]]
        assert cell.source.box is not None
        if field["kind"] in {"text", "lines", "choice"}:
            assert words_in(printed, cell.source.box) == " ".join(cell.text.split())
        assert cell.source.page == 1
        assert cell.source.how == "form"
        assert cell.source.field == field["field"]


def test_a_box_on_a_turned_page_is_where_a_viewer_shows_it(read: Read, tmp_path: Path) -> None:
    (row,) = read("pdf-form", "documents/rotated_claim.pdf", {"claim": Place(label="Claim No.")})

    box = row.cells["claim"].source.box
    assert box is not None
    printed = flattened(FIXTURES / "documents/rotated_claim.pdf", tmp_path)
    assert words_in(printed, box) == "CL-100005"


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("reader", ["pdf-form", "pdf-text"])
def test_a_flat_or_turned_copy_is_read_by_its_labels(
    read: Read, truth: Callable[[str], Any], name: str, reader: str
) -> None:
    shown = truth(f"documents/{name}.json")["fields"]
    places = {label: Place(label=label) for label in shown} | {"Type of loss": Place(choose=LOSSES)}

    (row,) = read(reader, f"documents/{name}.pdf", places)

    folded = {label: " ".join(text.split()) for label, text in shown.items()}
    assert texts(row) == folded | {"Urgent": shown["Urgent"].lower()}


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_a_flat_copy_is_read_by_the_fields_of_the_empty_form(read: Read, tmp_path: Path, name: str) -> None:
    copy = flattened(FIXTURES / "forms/claims" / name, tmp_path)

    (row,) = read("pdf-form", copy, BY_FIELD, blank=BLANK)

    assert texts(row) == expected(name)


def test_another_form_is_not_read_by_the_wrong_empty_form(read: Read) -> None:
    with pytest.raises(DocumentProblem, match="no copy of the empty form") as problem:
        read("pdf-form", "forms/w9/w9_00.flat.pdf", BY_FIELD, blank=BLANK)

    assert problem.value.kind == "unknown-form"


@pytest.mark.parametrize("name", ["gone.pdf", "documents/empty.pdf", "documents/two_column_letter.pdf"])
def test_an_empty_form_that_is_none_is_the_author_s_mistake(read: Read, name: str) -> None:
    with pytest.raises(DefinitionError, match="the empty form"):
        read("pdf-form", "documents/flat_claim.pdf", BY_FIELD, blank=str(FIXTURES / name))


def test_a_ring_is_found_by_its_place_in_its_group(read: Read) -> None:
    name = "topmostSubform[0].Page1[0].c1_01[0]"
    rings = {shown: Place(fields=(f"{name}[{number}]",)) for number, shown in enumerate(LOSSES)}

    (row,) = read("pdf-form", "forms/claims/claim_02.pdf", {"loss": Place(choose=rings)})

    assert row.cells["loss"].text == TRUTH["claim_02.pdf"]["fields"]["loss_type"]


def test_what_is_shown_counts_and_not_what_is_stored(read: Read, truth: Callable[[str], Any]) -> None:
    (row,) = read("pdf-form", "documents/contradicting_form.pdf", BY_FIELD | {"loss": Place(choose=LOSSES)})

    stored = PdfReader(FIXTURES / "documents/contradicting_form.pdf").get_fields() or {}
    assert stored["topmostSubform[0].Page1[0].c1_02[0]"]["/V"] == "/U"
    assert row.cells["urgent"].text == "no"
    (warning,) = row.cells["urgent"].warnings
    assert warning == "the form shows no mark here and stores something else; what is shown was read"
    assert row.cells["loss"].text == truth("documents/contradicting_form.json")["fields"]["Type of loss"]


def test_a_locked_form_is_read_with_its_password(read: Read, truth: Callable[[str], Any]) -> None:
    told = truth("documents/locked_claim.json")

    (row,) = read("pdf-form", "documents/locked_claim.pdf", BY_LABEL, password=told["password"])

    assert row.cells["claim_no"].text == told["fields"]["Claim No."]


def test_a_form_that_is_not_locked_is_read_beside_locked_ones(read: Read) -> None:
    (row,) = read("pdf-form", "forms/claims/claim_02.pdf", BY_LABEL, password="others")  # noqa: S106

    assert texts(row) == expected("claim_02.pdf")


@pytest.mark.parametrize(("options", "kind"), [({}, "needs-password"), ({"password": "no"}, "wrong-password")])
def test_a_locked_form_says_what_it_needs(read: Read, options: dict[str, str], kind: str) -> None:
    with pytest.raises(DocumentProblem) as problem:
        read("pdf-form", "documents/locked_claim.pdf", BY_LABEL, **options)

    assert problem.value.kind == kind


def test_a_misspelled_label_is_told_with_the_one_that_was_meant(read: Read) -> None:
    (row,) = read("pdf-form", "forms/claims/claim_01.pdf", {"claim": Place(label="Clam No.")})

    assert row.missing == {"claim": '"Clam No." is not printed on it; did you mean "Claim No."?'}


def test_a_misspelled_field_is_told_with_the_one_that_was_meant(read: Read) -> None:
    (row,) = read("pdf-form", "forms/claims/claim_01.pdf", {"ssn": Place(fields=("Page1[0].f1_3[0]",))})

    assert row.missing == {"ssn": "the form has no field Page1[0].f1_3[0]; did you mean Page1[0].f1_03[0]?"}


def test_a_field_that_is_gone_is_found_by_its_label(read: Read) -> None:
    places = {"claim": Place(fields=("old_name",), label="Claim No.")}

    (row,) = read("pdf-form", "forms/claims/claim_01.pdf", places)

    assert row.cells["claim"].text == "CL-100001"
    assert row.cells["claim"].source.how == "label"


def test_several_fields_are_joined_in_their_order_without_the_blank_ones(read: Read) -> None:
    places = {"both": Place(fields=("f1_02[0]", "f1_06[0]", "f1_01[0]"))}

    (row,) = read("pdf-form", "forms/claims/claim_06.pdf", places)

    assert TRUTH["claim_06.pdf"]["written"]["email"] == ""
    assert row.cells["both"].text == "0000071 CL-100006"


def test_a_value_of_a_person_is_in_no_message(sandbox: Sandbox) -> None:
    wanted = Wanted(places={label: Place(label=label) for label in ("Claimants", "Claim Number", "SS Number")})

    (row,) = sandbox.read("pdf-form", document_at(FIXTURES / "documents/flat_claim.pdf"), wanted)

    told = " ".join(row.missing.values())
    assert len(row.missing) == 3
    assert not any(word in told for word in ("Zoë", "CL-100003", "899"))


def flattened(path: Path, folder: Path) -> Path:
    """Return a copy of a form as print: PDFium draws what the fields show onto the page."""
    pdf = pypdfium2.PdfDocument(path)
    page = pdf[0]
    pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_PRINT)
    page.close()
    copy = folder / path.name
    pdf.save(copy)
    pdf.close()
    return copy


def words_in(path: Path, box: tuple[float, float, float, float]) -> str:
    """Return the words in a box as another library sees them."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return " ".join((pdf.pages[0].crop(box).extract_text() or "").split())
