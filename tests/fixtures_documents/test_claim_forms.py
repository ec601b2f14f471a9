import json
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from pypdf import PdfReader
from pypdfium2 import raw
from reportlab.pdfbase.pdfmetrics import stringWidth
from stdnum.us import ssn

from fixtures.forms import make_claims
from fixtures.forms.claim_form import FIELDS, Field, Kind
from fixtures.forms.claim_ink import INDENT, LEADING, SIZE, lines
from fixtures.forms.claim_widgets import LINE_END
from tests.fixtures_documents.unpacked import unpacked

FOLDER = make_claims.FOLDER
TRUTH: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text("utf-8"))
CLAIMS = sorted(TRUTH)
COMMITTED = {path.name for path in FOLDER.iterdir()} - {"README.md"}


@cache
def generated() -> dict[str, bytes]:
    return make_claims.files()


@pytest.mark.parametrize("name", sorted(COMMITTED))
def test_the_generator_makes_the_committed_file_again(name: str) -> None:
    assert unpacked(name, generated()[name]) == unpacked(name, (FOLDER / name).read_bytes())


def test_nothing_else_lies_in_the_folder() -> None:
    assert generated().keys() == COMMITTED


def test_two_generations_have_the_same_bytes() -> None:
    assert make_claims.files() == generated()


@pytest.mark.parametrize("name", CLAIMS)
def test_the_form_holds_what_the_truth_says(name: str) -> None:
    assert stored(FOLDER / name) == TRUTH[name]["written"]


def stored(path: Path) -> dict[str, str]:
    fields = PdfReader(path).get_fields() or {}
    return {field.key: _plain(field, str(fields[field.full_name].get("/V", ""))) for field in FIELDS}


def _plain(field: Field, stored_value: str) -> str:
    is_button = field.kind in {Kind.RADIO, Kind.TICK}
    return stored_value.removeprefix("/") if is_button else stored_value.replace(LINE_END, "\n")


@pytest.mark.parametrize("name", CLAIMS)
def test_a_viewer_shows_what_the_form_holds(name: str) -> None:
    words = " ".join(flattened_text(FOLDER / name).split())
    for field in FIELDS:
        if field.kind not in {Kind.RADIO, Kind.TICK}:
            assert " ".join(field.shown(TRUTH[name]["written"][field.key]).split()) in words


def flattened_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    document.init_forms()
    page = document[0]
    assert raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
    again = BytesIO()
    document.save(again)
    return str(pypdfium2.PdfDocument(again.getvalue())[0].get_textpage().get_text_bounded())


@pytest.mark.parametrize("name", CLAIMS)
def test_the_marks_shown_are_the_values_stored(name: str) -> None:
    shown = [
        str(widget.get("/AS"))
        for widget in (entry.get_object() for entry in PdfReader(FOLDER / name).pages[0]["/Annots"])  # type: ignore[attr-defined]
        if "/AS" in widget
    ]
    written = TRUTH[name]["written"]
    rings = [f"/{number}" if str(number) == written["loss_type"] else "/Off" for number in range(1, 5)]
    assert shown == [*rings, f"/{written['urgent']}"]


def test_the_blank_form_holds_nothing() -> None:
    assert {value for value in stored(FOLDER / "blank.pdf").values() if value} == {"Off"}


@pytest.mark.parametrize("name", CLAIMS)
def test_no_answer_runs_out_of_its_box(name: str) -> None:
    for field in FIELDS:
        answer = lines(field, TRUTH[name]["written"][field.key])
        width, height = field.box.right - field.box.left, field.box.top - field.box.bottom
        if field.kind not in {Kind.RADIO, Kind.TICK}:
            assert all(stringWidth(line, "Helvetica", SIZE) <= width - 2 * INDENT for line in answer)
            assert len(answer) * LEADING <= height


def test_no_box_lies_upon_another() -> None:
    boxes = [field.box for field in FIELDS]
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one.right < other.left or other.right < one.left
            assert apart or one.top < other.bottom or other.top < one.bottom


def test_twenty_five_forms_hold_twenty_four_claims_with_every_outcome() -> None:
    assert len({told["fields"]["claim_no"] for told in TRUTH.values()}) == 24
    assert Counter(told["expected"] for told in TRUTH.values()) == {
        "entered": 21,
        "already in benefits": 1,
        "rule broken": 1,
        "no roster row": 1,
        "duplicate of claim_11.pdf": 1,
    }


def test_the_copy_has_the_same_answers_and_other_bytes() -> None:
    assert stored(FOLDER / "claim_25.pdf") == stored(FOLDER / "claim_11.pdf")
    assert (FOLDER / "claim_25.pdf").read_bytes() != (FOLDER / "claim_11.pdf").read_bytes()


def test_each_member_stands_once_on_the_roster_but_the_one_who_is_missing() -> None:
    roster = roster_as_shown()
    for told in TRUTH.values():
        rows = [row for row in roster if row["member_id"] == told["fields"]["member_id"]]
        assert rows == ([told["member"]] if told["member"] else [])
    assert [name for name in CLAIMS if TRUTH[name]["member"] is None] == ["claim_13.pdf"]


def roster_as_shown() -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(FOLDER / "roster.xlsx")["Members"]
    assert [cell.value for cell in sheet[3]][:2] == ["Member ID", "Full name "]
    keys = json.loads((FOLDER / "roster.json").read_text("utf-8"))[0]
    rows = [dict(zip(keys, map(_shown, row), strict=True)) for row in sheet.iter_rows(min_row=4)]
    return [row for row in rows if row["member_id"]]


def _shown(cell: Any) -> str:
    if cell.number_format == "00000":
        return f"{cell.value:05}"
    return cell.value or ""


def test_the_roster_is_told_as_it_is_shown() -> None:
    assert roster_as_shown() == json.loads((FOLDER / "roster.json").read_text("utf-8"))


def test_the_seed_agrees_with_the_claim_that_is_already_entered() -> None:
    [seed] = json.loads((FOLDER / "seed_benefits.json").read_text("utf-8"))
    told = TRUTH["claim_04.pdf"]
    assert told["expected"] == "already in benefits"
    assert seed.pop("member_no") == told["fields"]["member_id"]
    assert seed.pop("name") == told["member"]["full_name"]
    assert seed.items() <= told["fields"].items()


def test_every_ssn_is_well_formed_and_plainly_made_up() -> None:
    numbers = {told["fields"]["ssn"] for told in TRUTH.values()}
    assert all(ssn.is_valid(number) and number.startswith("899-") for number in numbers)
    assert len(numbers) == 24


def test_every_text_can_be_typed_into_a_windows_1252_system() -> None:
    json.dumps(TRUTH, ensure_ascii=False).encode("cp1252")


def test_the_files_stay_small() -> None:
    assert max(path.stat().st_size for path in FOLDER.glob("*.pdf")) < 20_000
