"""A workbook that is filled in like a form: the right one of many labels, lines of its tables, and no guess."""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from rpa.documents.base import Place, Row, TablePlace, Wanted
from rpa.documents.sandbox import Sandbox
from rpa.doubt import State
from rpa.errors import DocumentProblem
from rpa.project import Project
from tests.rpa.documents.conftest import FIXTURES, document_at

ROWS = [
    ["Costs of the month"],
    ["Contact"],
    ["Name", "Ana Diaz"],
    ["Deputy"],
    ["Name", "Please select an option"],
    ["Remarks"],
    ["first line"],
    [None],
    ["second line"],
    ["Signed"],
    ["COSTS-START"],
    [None, "January", None, "February", None],
    ["Account", "Plan", "Paid", "Plan", "Paid"],
    ["000042", 10, 11, 12, 13],
    [None, 0, 0, 0, 0],
    [43, 20, "#N/A", 22, 23],
    ["Total", 30, 11, 34, 36],
    ["COSTS-END"],
    ["Income"],
    ["Account", "Plan"],
    ["000077", 5],
]
RETURN = [
    ["Monthly return", 1],
    ["Office", "North"],
    ["Costs"],
    ["Costs of the month"],
    ["Account", "Asked for"],
    [42, 10.5],
    ["000043", "not yet known"],
    ["000044", "#N/A"],
    ["Total", 10.5],
    ["Notes"],
]
COSTS = TablePlace(
    places={"account": Place(label="Account"), "paid": Place(label="January Paid")},
    between=("COSTS-START", "COSTS-END"),
    row_if="account",
    until="Total",
)
Read = Callable[..., list[Row]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Costs"
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("B12:C12")
    sheet.merge_cells("D12:E12")
    sheet.row_dimensions[14].hidden = True
    hidden = workbook.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    hidden["B2"] = "North Office"
    for name, place in {"office": "Lists!$B$2", "costs_plan": "Costs!$B$14:$B$17", "lost": "#REF!$A$1"}.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=place)
    workbook.save(tmp_path / "costs.xlsx")
    return tmp_path / "costs.xlsx"


@pytest.fixture
def read(sandbox: Sandbox, path: Path) -> Read:
    def reading(table: TablePlace | None = None, **places: Place) -> list[Row]:
        return sandbox.read("excel-form", document_at(path), Wanted(places=places, table=table))

    return reading


def texts(row: Row) -> Mapping[str, str]:
    return {name: cell.text for name, cell in row.cells.items()}


@pytest.mark.parametrize(
    ("place", "value", "cell"),
    [
        (Place(label="Name", nth=1, where="right"), "Ana Diaz", "B3"),
        (Place(label="Name", nth=2, where="right"), "", "B5"),
        (Place(label="Name", under="Deputy", where="right"), "", "B5"),
        (Place(label="Name", between=("Contact", "Deputy"), where="right"), "Ana Diaz", "B3"),
        (Place(label="Remarks", until="Signed"), "first line\nsecond line", "A7"),
        (Place(name="OFFICE"), "North Office", "B2"),
        (Place(name="nowhere", others=(Place(label="Account", under="Income", where="below"),)), "000077", "A21"),
    ],
)
def test_the_one_that_is_meant_is_read(read: Read, place: Place, value: str, cell: str) -> None:
    (row,) = read(value=place)

    assert row.cells["value"].text == value
    assert row.cells["value"].source.cell == cell


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (Place(label="Name"), '"Name" stands in Costs!A3, Costs!A5'),
        (Place(label="Name", nth=3), '"Name" stands there 2 times, not 3'),
        (Place(label="Name", under="Depty"), 'no cell says "Depty"; did you mean "Deputy"?'),
        (Place(label="Office", where="right"), 'no cell says "Office"'),
        (Place(name="ofice"), "the workbook has no name ofice; did you mean office?"),
        (Place(name="lost"), "lost is no name of a cell in this workbook"),
        (Place(name="costs_plan"), "costs_plan is the name of 4 filled cells"),
        (Place(label="Signed", until="Never", where="right"), '"Never" does not stand right of "Signed"'),
        (Place(cell="C16"), "holds the error #N/A"),
    ],
)
def test_what_is_not_sure_is_told_and_not_guessed(read: Read, place: Place, told: str) -> None:
    (row,) = read(value=place)

    assert told in row.missing["value"]


def test_an_error_is_not_passed_over_for_the_value_of_a_further_way(read: Read) -> None:
    (row,) = read(value=Place(name="nowhere", others=(Place(cell="C16"), Place(cell="B3"))))

    assert "value" not in row.cells
    assert row.missing["value"] == "holds the error #N/A: correct the cell"
    assert row.errors["value"].cell == "C16"


Reading = Callable[[list[list[object]], Place], Row]


@pytest.fixture
def reading(sandbox: Sandbox, tmp_path: Path) -> Reading:
    """Return what reads one value of a workbook with the lines given, whose name `area` is that of B1 to B3."""

    def read_one(lines: list[list[object]], place: Place) -> Row:
        workbook = Workbook()
        for line in lines:
            workbook.active.append(line)
        workbook.defined_names["area"] = DefinedName("area", attr_text="Sheet!$B$1:$B$3")
        workbook.save(tmp_path / "one.xlsx")
        (row,) = sandbox.read("excel-form", document_at(tmp_path / "one.xlsx"), Wanted(places={"value": place}))
        return row

    return read_one


CHOICE = Place(choose={one: Place(label=one, where="right") for one in ("Agreed", "Refused", "Maybe")})


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("#REF!", "holds the error #REF!"),
        ("=1+1", "holds a formula whose result is not stored"),
        ("X (see note)", "is neither marked nor left blank"),
        ("Jo March", "is neither marked nor left blank"),
    ],
)
def test_a_mark_that_nobody_can_read_is_not_taken_for_not_chosen(reading: Reading, mark: str, told: str) -> None:
    row = reading([["Agreed", mark], ["Refused", "no"], ["Maybe", "x"]], CHOICE)

    assert "value" not in row.cells
    assert told in row.missing["value"]
    assert mark not in row.missing["value"] or mark == "#REF!"
    assert row.errors["value"].cell == "B1"


@pytest.mark.parametrize("blank", [None, "No", "n", 0, False, "-", "☐", "Select one"])
def test_what_says_no_is_not_chosen(reading: Reading, blank: object) -> None:
    row = reading([["Agreed", blank], ["Refused", blank], ["Maybe", "X"]], CHOICE)

    assert row.cells["value"].text == "Maybe"


@pytest.mark.parametrize("lines", [[["a", None], ["b", "#REF!"]], [["a", "filled"], ["b", None], ["c", "=1+1"]]])
def test_an_error_in_a_named_area_is_not_taken_for_blank(reading: Reading, lines: list[list[object]]) -> None:
    row = reading(lines, Place(name="area"))

    assert "value" not in row.cells
    assert row.errors["value"].cell == f"B{len(lines)}"


@pytest.mark.parametrize("name", ["Pick", "Select", "Choose", "PICK", "Pick.", "Pick, Ana", "Pick A"])
def test_a_person_called_as_the_hint_of_a_list_is_not_left_out(reading: Reading, name: str) -> None:
    assert reading([["Name", name]], Place(cell="B1")).cells["value"].text == name


@pytest.mark.parametrize(
    "hint",
    [
        "Select one",
        "Choose...",
        "Choose…",
        "-- pick --",
        "< Select >",
        "Please select",
        "Choose an item.",
        "Pick from list",
    ],
)
def test_the_hint_of_a_list_is_no_value(reading: Reading, hint: str) -> None:
    assert not reading([["Name", hint]], Place(cell="B1")).cells["value"].text


@pytest.mark.parametrize("place", [Place(label="Name", where=way) for way in ("left", "above")])
@pytest.mark.parametrize("until", [None, "End"])
def test_a_label_at_the_edge_is_not_its_own_value(reading: Reading, place: Place, until: str | None) -> None:
    row = reading([["Name", "Ana Diaz"]], replace(place, until=until))

    assert "value" not in row.cells
    assert "Sheet!A1: it is at the edge of its sheet" in row.missing["value"]


def test_the_lines_of_a_table_are_read_between_its_tags_with_what_stands_once(read: Read) -> None:
    first, second = read(COSTS, contact=Place(label="Name", nth=1, where="right"))

    assert texts(first) == {"contact": "Ana Diaz", "account": "000042", "paid": "11"}
    assert first.cells["paid"].source.cell == "C14", "also on a hidden row, below a heading that is merged"
    assert texts(second) == {"contact": "Ana Diaz", "account": "43"}
    assert "#N/A" in second.missing["paid"]
    assert (first.line, second.line) == (14, 16), "the line without an account is none, and so is the total"


def test_of_several_tables_with_the_same_headings_the_one_below_its_title_is_read(read: Read) -> None:
    columns = {"account": Place(label="Account"), "plan": Place(label="Plan")}

    (row,) = read(TablePlace(places=columns, under="Income"))

    assert texts(row) == {"account": "000077", "plan": "5"}


def test_a_column_is_found_by_the_workbook_s_own_name(read: Read) -> None:
    rows = read(TablePlace(places={"plan": Place(name="costs_plan")}))

    assert [row.cells["plan"].text for row in rows] == ["10", "0", "20", "30"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"between": ("COSTS-BEGIN", "COSTS-END")}, 'no cell says "COSTS-BEGIN"'),
        ({"row_if": "paid", "until": "0000"}, "has no line that is filled in"),
        ({"places": {"account": Place(label="Account"), "x": Place(label="Paid for")}}, 'no column "Paid for"'),
    ],
)
def test_a_table_that_is_not_there_or_empty_is_refused(read: Read, change: dict[str, Any], told: str) -> None:
    with pytest.raises(DocumentProblem, match=told) as refused:
        read(TablePlace(**{**vars(COSTS), **change}))

    assert refused.value.kind == "missing"


def test_a_value_that_a_merge_hides_is_no_value(sandbox: Sandbox, tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["Office", "North", "an older office"])
    sheet.merged_cells.add("B1:C1")  # as a program does that leaves the cell's value in the file
    workbook.save(tmp_path / "merged.xlsx")
    wanted = Wanted(places={"hidden": Place(cell="C1"), "shown": Place(label="Office", where="right")})

    (row,) = sandbox.read("excel-form", document_at(tmp_path / "merged.xlsx"), wanted)

    assert texts(row) == {"hidden": "North", "shown": "North"}


def test_a_bot_takes_each_line_for_a_record_with_its_zeros_and_without_placeholders(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES.parent / "tests/definitions/good", tmp_path, dirs_exist_ok=True)
    (tmp_path / "inbox/returns").mkdir(parents=True)
    bot = tmp_path / "bots/monthly_returns.yaml"
    bot.write_text(re.sub(r" +totals:.*\n( +- .*\n)+", "", bot.read_text("utf-8")), "utf-8")  # they hold errors
    workbook = Workbook()
    workbook.active.title = "Return"
    for row in RETURN:
        workbook.active.append(row)
    workbook.create_sheet("Totals").append(["Grand total"])
    workbook.save(tmp_path / "inbox/returns/north.xlsx")
    project = Project(tmp_path)
    drafts = project.drafts(project.bot("monthly-returns"))

    (path,) = drafts.paths()
    with drafts.keep(path) as document:
        first, second, third = drafts.of(document)

    assert (first.reference, first.problem) == ("000042", None)
    assert {name: value.text for name, value in first.record.fields.items()} == {
        "account": "000042",
        "office": "North",
        "asked": "10.50",
    }
    assert second.reference == "000043"
    assert second.problem == "Asked for (Return!B7): is blank, but it is needed"
    assert third.problem == "Asked for (Return!B8): holds the error #N/A: correct the cell"
    assert (third.doubts["asked"].state, str(third.doubts["asked"].source)) == (State.ERROR, "Return!B8")


def test_the_real_workbooks_are_read_by_their_forms_without_a_miss() -> None:
    from click.testing import CliRunner

    from benchmarks.forms import main

    result = CliRunner().invoke(main, [str(FIXTURES / "workbooks")], catch_exceptions=False)

    (line,) = result.stdout.splitlines()
    assert '"workbook": {"fields": 17, "exact": 17, "flagged": 0, "wrong_unflagged": 0}' in line
