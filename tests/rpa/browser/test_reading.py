"""What a page shows is read as a person reads it: beside a label, below a heading, in a table."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from fixtures.pages.server import PageServer, serving
from rpa.browser import form
from rpa.browser.sight import look
from rpa.definitions.system import Page as PageMap
from rpa.definitions.system import ScreenField, Table
from rpa.errors import DefinitionError, NotOnScreen
from tests.rpa.browser.form_pages import laid_out, rows_of

PLAIN = {
    "the next cell": ("<table><tr><td>Name:<td>Ana Ortiz<td>City<td>Peoria</table>", "Ana Ortiz"),
    "a row heading": ("<table><tr><th>Name<td>Ana Ortiz<tr><th>City<td>Peoria</table>", "Ana Ortiz"),
    "a bold label cell": ("<table><tr><td><b>Name</b><td>Ana Ortiz<tr><td><b>City</b><td>x</table>", "Ana Ortiz"),
    "below a heading": ("<table><tr><th>Name<th>City<tr><td>Ana Ortiz<td>Peoria</table>", "Ana Ortiz"),
    "below a bold cell": ("<table><tr><td><b>Name</b><td><b>City</b><tr><td>Ana Ortiz<td>x</table>", "Ana Ortiz"),
    "a definition": ("<dl><dt>City<dd>Peoria<dt>Name<dd>Ana Ortiz</dl>", "Ana Ortiz"),
    "a bold label on the line": ("<p><b>Name:</b> Ana Ortiz<br><b>City:</b> Peoria</p>", "Ana Ortiz"),
    "the colon outside": ("<p><b>Name</b>: Ana Ortiz <b>City</b>: Peoria</p>", "Ana Ortiz"),
    "one text": ("<p>City: Peoria</p><p>Name: Ana Ortiz</p>", "Ana Ortiz"),
    "one text, the value marked": ("<p>Name: <b>Ana Ortiz</b></p>", "Ana Ortiz"),
    "blocks side by side": (
        "<div><div>Name</div><div>Ana Ortiz</div></div><div><div>City</div></div>",
        "Ana Ortiz",
    ),
    "a wrapped label": ("<div><div><span>Name</span></div><div><span>Ana Ortiz</span></div></div>", "Ana Ortiz"),
    "label and output": ("<label for=o>Name</label> <output id=o>Ana Ortiz</output>", "Ana Ortiz"),
    "a link": ("<table><tr><td>Name<td><a href=#>Ana Ortiz</a></table>", "Ana Ortiz"),
    "a button in the cell": ("<table><tr><td>Name<td>Ana Ortiz <button>Change</button></table>", "Ana Ortiz"),
    "hidden parts": ("<table><tr><td>Name<td>Ana <span hidden>Maria </span>Ortiz</table>", "Ana Ortiz"),
    "a hidden twin": ("<div hidden>Name: Eva</div><div>Name: Ana Ortiz</div>", "Ana Ortiz"),
    "the same said twice": ("<p>Name: Ana Ortiz</p><table><tr><td>Name<td>Ana Ortiz</table>", "Ana Ortiz"),
    "a picture": ("<table><tr><td>Name<td><img alt='Ana Ortiz'></table>", "Ana Ortiz"),
    "capitals by style": (
        "<style>td {text-transform: uppercase}</style><table><tr><td>Name<td>Ana Ortiz</table>",
        "Ana Ortiz",
    ),
    "an empty cell": ("<table><tr><td>Name<td><tr><td>City<td>Peoria</table>", ""),
    "a read-only input": ("<label>Name <input readonly value='Ana Ortiz'></label>", "Ana Ortiz"),
    "a disabled list": ("<label>Name <select disabled><option>Ana  Ortiz</select></label>", "Ana Ortiz"),
    "cells that wrap lines": ("<table><tr><td>Name<td>Ana<br>Ortiz</table>", "Ana Ortiz"),
}


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Page:
    return chromium.new_page()


@pytest.fixture(scope="module")
def pages() -> Iterator[PageServer]:
    with serving() as server:
        yield server


@pytest.mark.parametrize("layout", PLAIN, ids=list(PLAIN))
def test_a_value_without_an_input_is_read_beside_or_below_its_label(window: Page, layout: str) -> None:
    body, shown = PLAIN[layout]
    assert form.read(laid_out(window, body), {"it": ScreenField(label="Name")}) == {"it": shown}


def test_two_values_at_one_label_are_refused(window: Page) -> None:
    frame = laid_out(window, "<table><tr><th>Name<th>City<tr><td>Ana<td>a<tr><td>Eva<td>b</table>")
    with pytest.raises(NotOnScreen, match="it: 'Name' is on the screen 2 times"):
        form.read(frame, {"it": ScreenField(label="Name")})
    assert form.read(frame, {"it": ScreenField(label="Name", nth=2)}) == {"it": "Eva"}


def test_a_pattern_cuts_the_value_out_of_what_a_selector_finds(window: Page) -> None:
    frame = laid_out(window, "<p>Record saved.</p><p>Payment number P-0042, thank you.</p>")
    number = ScreenField(css="p", pattern=r"Payment number (P-\d+)")
    assert form.read(frame, {"Payment number": number}) == {"Payment number": "P-0042"}
    with pytest.raises(NotOnScreen, match="Receipt: the selector p shows nothing that fits its `pattern`"):
        form.read(frame, {"Receipt": ScreenField(css="p", pattern=r"R-\d+")})


def test_what_is_not_there_is_not_read_as_empty(window: Page) -> None:
    with pytest.raises(NotOnScreen, match="Reference: 'Reference' is not on the screen"):
        form.read(laid_out(window, "<p>Please sign in</p>"), {"Reference": ScreenField(label="Reference")})


CLAIMS = """
<table><tr><td><h1>Claims</h1>
<table id=results><caption>Found</caption>
<tr><th><a href=#>Claim No &#9650;</a><th>Name<th>Amount<th></tr>
<tr><td>CL-1<td><a href=#>Ana Ortiz</a><td>1,200.00<td><a href=#a>Open</a>
<tr style='display:none'><td>CL-9<td>Hidden<td>0<td>
<tr><td>CL-2<td>Eva <span hidden>x</span>Lund<td><input value=80.00><td><a href=#b>Open</a>
<tr><td colspan=4>Page 1 of 1
<tfoot><tr><td>Total<td><td>1,280.00<td></tfoot>
</table></table>
"""
RESULTS = Table(columns={"Claim": "Claim No", "Amount": "Amount:", "Who": "name"})


def test_a_table_is_known_by_its_headings(window: Page) -> None:
    rows = rows_of(laid_out(window, CLAIMS), RESULTS)
    assert rows is not None
    assert [(row.index, row.texts) for row in rows] == [
        (0, {"Claim": "CL-1", "Amount": "1,200.00", "Who": "Ana Ortiz"}),
        (1, {"Claim": "CL-2", "Amount": "80.00", "Who": "Eva Lund"}),
    ]


def test_no_table_is_something_else_than_an_empty_one(window: Page) -> None:
    assert rows_of(laid_out(window, "<p>Please wait</p>"), RESULTS) is None
    headings = "<table><tr><th>Claim No<th>Name<th>Amount"
    assert rows_of(laid_out(window, f"{headings}</table>"), RESULTS) == []
    assert rows_of(laid_out(window, f"{headings}<tr><td colspan=3>No claims found</table>"), RESULTS) == []


def test_spans_and_row_headings_keep_the_columns_apart(window: Page) -> None:
    body = """<table><tr><th rowspan=2>Claim No<th colspan=2>Person<tr><th>Name<th>City
      <tr><th>CL-1<td rowspan=2>Ana<td>Peoria<tr><th>CL-2<td>Alton</table>"""
    rows = rows_of(laid_out(window, body), Table(columns={"c": "Claim No", "n": "Name", "t": "City"}))
    assert [row.texts for row in rows or []] == [
        {"c": "CL-1", "n": "Ana", "t": "Peoria"},
        {"c": "CL-2", "n": "Ana", "t": "Alton"},
    ]


def test_a_grid_of_roles_and_a_table_with_its_headings_apart_are_tables_too(window: Page) -> None:
    grid = """<div role=grid>
      <div role=row><span role=columnheader>No</span><span role=columnheader>Name</span></div>
      <div role=row><span role=gridcell>1</span><span role=gridcell>Ana</span></div></div>"""
    named = Table(columns={"no": "No", "name": "Name"})
    rows = rows_of(laid_out(window, grid), named)
    assert [row.texts for row in rows or []] == [{"no": "1", "name": "Ana"}]
    scrolling = """<table><tr><th>No<th>Name</table>
      <table><thead><tr style='visibility:collapse'><th>No<th>Name<tbody><tr><td>1<td>Ana</table>"""
    rows = rows_of(laid_out(window, scrolling), named)
    assert [row.texts for row in rows or []] == [{"no": "1", "name": "Ana"}]


def test_tables_that_cannot_be_told_apart_are_refused(window: Page) -> None:
    one = "<table id={}><tr><th>No<th>Name<tr><td>1<td>{}</table>"
    frame = laid_out(window, one.format("a", "Ana") + one.format("b", "Eva"))
    with pytest.raises(NotOnScreen, match="No, Name: 2 tables have these headings; add `css`"):
        rows_of(frame, Table(columns={"no": "No", "name": "Name"}))
    rows = rows_of(frame, Table(columns={"no": "No", "name": "Name"}, css="#b"))
    assert [row.texts["name"] for row in rows or []] == ["Eva"]
    named = Table(columns={"n": "Name"})
    with pytest.raises(NotOnScreen, match="two columns are headed Name"):
        rows_of(laid_out(window, "<table><tr><th>Name<th>Name<tr><td>a<td>b</table>"), named)


def test_a_text_is_seen_where_a_person_sees_it(window: Page) -> None:
    body = """<h1 style='text-transform:uppercase'>Work&nbsp;list</h1>
      <p hidden>Please sign in</p><p>Claim<br>recorded.</p>
      <input type=submit value='Sign out'><input value='typed'>
      <a-box><template shadowrootmode=open><p>In a component</p></template></a-box>"""
    window.evaluate("body => document.body.setHTMLUnsafe(body)", body)
    seen = ["work list", "Work  list", "Claim recorded.", "Sign out", "In a component"]
    sight = look(window.main_frame, [*seen, "Please sign in", "typed"])
    assert sight is not None
    assert sight.texts == frozenset(seen)


def test_a_page_is_recognised_by_what_its_map_names(window: Page) -> None:
    page = PageMap.model_validate(
        {
            "fields": {"Claim number": "Claim No", "Amount": "Amount", "Reference": "Reference"},
            "buttons": {"Save": "Save claim"},
            "tables": {"Claims": {"columns": {"No": "No"}, "empty": "No claims found"}},
        }
    )
    body = "<label>Claim No <input></label><label>Amount <input></label><p>No claims found</p>"
    assert form.recognises(laid_out(window, body), page)
    assert not form.recognises(laid_out(window, "<label>Claim No <input></label><button>Search</button>"), page)


def test_a_file_is_given_and_named(window: Page, pages: PageServer, tmp_path: Path) -> None:
    scan = tmp_path / "claim 7.pdf"
    scan.write_bytes(b"%PDF-1.7")
    window.goto(f"{pages.url}/upload.html")
    for label in ("Scanned form", "Photo"):
        form.attach(window.main_frame, ScreenField(label=label), scan)
        assert form.read(window.main_frame, {"it": ScreenField(label=label)}) == {"it": "claim 7.pdf"}
    with pytest.raises(DefinitionError, match="takes no file"):
        form.attach(window.main_frame, ScreenField(label="Claim number"), scan)
    with pytest.raises(NotOnScreen, match="'Contract' is not on the screen"):
        form.attach(window.main_frame, ScreenField(label="Contract"), scan)
