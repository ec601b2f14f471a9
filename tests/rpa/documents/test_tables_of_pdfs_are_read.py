"""Each line of a table that a PDF form declares is a record, over pages, and none is lost or made up."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from rpa.documents.base import Edition, Place, Row, TablePlace, Wanted
from rpa.documents.sandbox import Sandbox
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import FIXTURES, document_at

HEIGHT, WIDTH, STEP = 792.0, 612.0, 20.0
EDGES = (40.0, 110.0, 260.0, 350.0, 440.0, 560.0)
LINES = [
    ("A-001", "Jo March", "1,250.00", "01/14/2026", ""),
    ("A-002", "José Núñez", "80.00", "", "late"),
    ("A-003", "Alma Whitfield", "(45.10)", "02/01/2026", ""),
    ("A-004", "Jürgen Weiß", "980", "02/02/2026", "see file"),
]
PLACES = {
    "number": Place(label="No."),
    "payee": Place(label="Payee"),
    "amount": Place(label="Payment Amount"),
    "paid": Place(label="Payment Date"),
}
TOTAL = ("Total", "", "2,264.90", "", "")
Lines = Callable[..., list[Row]]
Draw = Callable[[Canvas], object]


def row(
    canvas: Canvas, top: float, texts: Sequence[str], edges: Sequence[float] = EDGES, *, ruled: bool = True
) -> float:
    """Draw a line of cells and return where the next one begins."""
    for left, right, text in zip(edges, edges[1:], texts, strict=False):
        if ruled:
            canvas.rect(left, HEIGHT - top - STEP, right - left, STEP)
        canvas.drawString(left + 4, HEIGHT - top - STEP + 6, text)
    return top + STEP


def headings(canvas: Canvas, top: float, *, ruled: bool = True) -> float:
    if ruled:
        row(canvas, top, ["", "", "Payment", ""], (*EDGES[:3], EDGES[4], EDGES[5]))
        for column, text in ((0, "No."), (1, "Payee"), (4, "Remarks")):
            canvas.setFillGray(1)
            canvas.rect(
                EDGES[column], HEIGHT - top - 2 * STEP, EDGES[column + 1] - EDGES[column], 2 * STEP, fill=1
            )
            canvas.setFillGray(0)
            canvas.drawString(EDGES[column] + 4, HEIGHT - top - 1.5 * STEP, text)
        return row(canvas, top + STEP, ["Amount", "Date"], EDGES[2:5])
    row(canvas, top, ["", "", "Payment", "Payment", ""], ruled=False)
    return row(canvas, top + 12, ["No.", "Payee", "Amount", "Date", "Remarks"], ruled=False)


def pages(path: Path, *drawn: Draw) -> Path:
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)
    for draw in drawn:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(40, HEIGHT - 40, "Schedule of payments")
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def lines(sandbox: Sandbox) -> Lines:
    def reading(path: Path, **table: object) -> list[Row]:
        places: Mapping[str, Place] = {"title": Place(line="(Schedule.*)")}
        place = TablePlace(places=PLACES, **table)  # type: ignore[arg-type]  # one of its keys
        wanted = Wanted(places={}, editions={"x 1": Edition(places=places, texts=["Schedule"], table=place)})
        return sandbox.read("pdf-text", document_at(path), wanted)

    return reading


def told(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    for one in rows:
        assert one.cells["title"].text == "Schedule of payments"
        yield tuple(one.cells[name].text for name in PLACES)


def first(canvas: Canvas, *, ruled: bool = True, records: Sequence[Sequence[str]] = LINES[:2]) -> float:
    top = headings(canvas, 80, ruled=ruled)
    for texts in records:
        top = row(canvas, top, texts, ruled=ruled)
    return top


def second(canvas: Canvas, *, ruled: bool = True, again: bool = True) -> None:
    top = headings(canvas, 80, ruled=ruled) if again else 80
    for texts in (LINES[2], ("", "carried over", "", "", ""), LINES[3], TOTAL):
        top = row(canvas, top, texts, ruled=ruled)
    canvas.drawString(40, HEIGHT - top - 80, "Signed by the treasurer")


@pytest.mark.parametrize("again", [True, False], ids=["headings again", "no headings again"])
def test_a_drawn_table_goes_on_over_pages(tmp_path: Path, lines: Lines, *, again: bool) -> None:
    path = pages(tmp_path / "a.pdf", first, lambda c: second(c, again=again))

    rows = lines(path, row_if="number", until="Total")

    assert list(told(rows)) == [line[:4] for line in LINES]
    amount = rows[2].cells["amount"].source
    assert (amount.page, amount.how) == (2, "column")
    assert amount.box is not None
    assert amount.box[0] == pytest.approx(EDGES[2], abs=1)
    assert [one.place for one in rows[:2]] == ["page 1, line 1", "page 1, line 2"]


def test_a_table_without_drawn_lines_is_cut_at_its_headings(tmp_path: Path, lines: Lines) -> None:
    path = pages(tmp_path / "a.pdf", lambda c: first(c, ruled=False), lambda c: second(c, ruled=False))

    rows = lines(path, row_if="number", until="Total")

    assert [texts[0] for texts in told(rows)] == ["A-001", "A-002", "A-003", "A-004"]
    assert list(told(rows))[1] == LINES[1][:4]
    assert rows[2].cells["payee"].text == "Alma Whitfield\ncarried over"


def test_a_text_over_the_edge_of_its_column_is_not_believed(tmp_path: Path, lines: Lines) -> None:
    long = ("A-009", "The Honourable Josephine Maria March of Concord, Esq.", "5.00", "01/01/2026", "")
    path = pages(tmp_path / "a.pdf", lambda c: first(c, ruled=False, records=[long]))

    (one,) = lines(path)

    assert one.cells["payee"].unsure is not None


@pytest.mark.parametrize(("near", "sure"), [("above", True), ("below", False)])
def test_a_text_that_may_be_the_next_line_s_is_not_believed(
    tmp_path: Path, lines: Lines, near: str, *, sure: bool
) -> None:
    def wrapped(canvas: Canvas) -> None:
        top = first(canvas, ruled=False, records=LINES[:1])
        row(canvas, top - (8 if near == "above" else 2), ("", "and Sons", "", "", ""), ruled=False)
        row(canvas, top + 8, LINES[1], ruled=False)

    one, two = lines(pages(tmp_path / "a.pdf", wrapped), row_if="number")

    assert one.cells["payee"].text == "Jo March\nand Sons"
    assert [row.cells["payee"].unsure is None for row in (one, two)] == [sure, sure]
    assert all(row.cells["amount"].unsure is None for row in (one, two))


def test_a_table_that_goes_on_elsewhere_is_not_taken_for_whole(tmp_path: Path, lines: Lines) -> None:
    path = pages(tmp_path / "a.pdf", first)

    with pytest.raises(DocumentProblem, match='"Total" begins no line below it') as problem:
        lines(path, until="Total")

    assert problem.value.kind == "missing"


def test_of_two_tables_alike_the_declared_one_is_read(tmp_path: Path, lines: Lines) -> None:
    def both(canvas: Canvas) -> None:
        top = first(canvas, records=LINES[:1])
        canvas.drawString(40, HEIGHT - top - 40, "Part B")
        top = headings(canvas, top + 60)
        row(canvas, top, LINES[3])

    path = pages(tmp_path / "a.pdf", both)

    assert [texts[0] for texts in told(lines(path))] == ["A-001"]
    assert [texts[0] for texts in told(lines(path, under="Part B"))] == ["A-004"]
    assert [texts[0] for texts in told(lines(path, between=["Schedule of payments", "Part B"]))] == ["A-001"]


def test_without_such_headings_there_is_no_table(tmp_path: Path, lines: Lines) -> None:
    path = pages(tmp_path / "a.pdf", lambda c: c.drawString(40, 700, "No. Payee Payment Amount Date"))

    with pytest.raises(DocumentProblem, match="no table on it has the headings") as problem:
        lines(path)

    assert problem.value.kind == "missing"


def test_a_printed_table_of_a_real_form_is_read_to_its_end(sandbox: Sandbox) -> None:
    places = {"account": Place(label="For this type of account:"), "whose": Place(label="Give name and SSN of:")}
    table = TablePlace(places=places, row_if="whose", until="For this type of account:")
    wanted = Wanted(places={}, editions={"w9 1": Edition(places={}, texts=["Request for Taxpayer"], table=table)})

    rows = sandbox.read("pdf-text", document_at(FIXTURES / "forms/w9/w9_00.flat.pdf"), wanted)

    read = [(one.cells["account"].text, one.cells["whose"].text) for one in rows]
    assert read[0] == ("1. Individual", "The individual")
    assert ("4. Custodial account of a minor\n(Uniform Gift to Minors Act)", "The minor2") in read
    numbered = [account.split(".")[0] for account, _ in read if account[0].isdigit()]
    assert numbered == ["1", "2", "3", "4", "5", "6", "7"]
    assert {one.cells["account"].source.page for one in rows} == {5}
