"""That a table holds nothing is believed only on fresh evidence: a wrong "nothing" enters a record twice."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from rpa.browser.screen import Screen
from rpa.browser.session import Session
from tests.rpa.browser.small_site import Page, Reply, Site, said, session, site

SEARCH = """<h1>Search</h1><form method=post action=/found>
    <label>Number <input name=n></label><button>Find</button></form>"""
HEAD = "<tr><th>Claim</th><th>Name</th></tr>"
ROW = "<tr><td>CL-1</td><td>Roe</td></tr>"
NOTHING = "<p>Nothing found</p>"

TABLE: dict[str, Any] = {"columns": {"Claim": "Claim"}, "empty": "Nothing found"}
FIND: dict[str, Any] = {
    "path": "/",
    "see": "Search",
    "fields": {"Number": "Number"},
    "buttons": {"Find": {"label": "Find", "to": "Search"}, "Find here": "Find"},
    "tables": {"Results": TABLE, "Plain": {"columns": {"Claim": "Claim"}}},
}


def found(rows: str = "", more: str = "") -> str:
    return f"{SEARCH}<table>{HEAD}{rows}</table>{more}"


def last_of(screen: Screen, table: str = "Results") -> tuple[list[str], bool]:
    """Look as `find` does until there is a row or word that there is none."""
    for rows in screen.looks(table):
        absent = screen.absent(table)
        if rows or absent:
            return [row.texts["Claim"] for row in rows], absent
    return [], False


Searching = Callable[[dict[str, Page]], tuple[Session, Site]]


@pytest.fixture
def searching(chromium: Browser) -> Iterator[Searching]:
    """Open the search page of a site whose answers are given."""
    with ExitStack() as stack:

        def start(pages: dict[str, Page]) -> tuple[Session, Site]:
            here = stack.enter_context(site({"/": SEARCH, **pages}))
            clerk = stack.enter_context(session(chromium, here.url, {"Search": FIND}, timeout="1s"))
            clerk.open("Search").fill({"Number": said("CL-1")})
            return clerk, here

        yield start


def test_the_empty_text_in_a_new_document_is_evidence(searching: Searching) -> None:
    clerk, _ = searching({"/found": found(more=NOTHING)})

    assert last_of(clerk.screen.press("Find")) == ([], True)


def test_a_row_that_was_found_is_given(searching: Searching) -> None:
    clerk, _ = searching({"/found": found(ROW)})

    assert last_of(clerk.screen.press("Find"))[0] == ["CL-1"]


def test_a_whole_table_without_the_row_is_evidence(searching: Searching) -> None:
    clerk, _ = searching({"/found": found(ROW.replace("CL-1", "CL-10"))})
    screen = clerk.screen.press("Find")

    assert next(iter(screen.looks("Results")))[0].texts == {"Claim": "CL-10"}
    assert screen.absent("Results")


def test_a_table_without_rows_is_evidence_only_where_no_text_for_it_is_declared(searching: Searching) -> None:
    clerk, _ = searching({"/found": found()})
    screen = clerk.screen.press("Find")

    assert last_of(screen, "Plain") == ([], True)
    assert last_of(screen, "Results") == ([], False)


def test_no_table_and_no_text_is_no_evidence(searching: Searching) -> None:
    clerk, _ = searching({"/found": SEARCH})

    assert last_of(clerk.screen.press("Find")) == ([], False)


def test_a_text_that_was_there_before_the_press_is_no_evidence(searching: Searching) -> None:
    script = """<script>document.forms[0].onsubmit = () => {
        setTimeout(() => { document.querySelector('p').outerHTML = '<table>%s%s</table>' }, 300);
        return false }</script>"""
    clerk, _ = searching({"/": SEARCH + NOTHING + script % (HEAD, ROW)})
    screen = clerk.screen.press("Find here")

    assert not screen.rows("Results")
    assert not screen.absent("Results")
    assert last_of(screen)[0] == ["CL-1"]


def test_a_text_that_a_script_brings_after_the_press_is_evidence(searching: Searching) -> None:
    script = """<script>document.forms[0].onsubmit = () => {
        setTimeout(() => { document.body.insertAdjacentHTML('beforeend', '%s') }, 100); return false }</script>"""
    clerk, _ = searching({"/": SEARCH + script % NOTHING})

    assert last_of(clerk.screen.press("Find here")) == ([], True)


def test_a_page_that_broke_off_is_no_evidence(searching: Searching) -> None:
    clerk, server = searching({})
    server.pages["/"] = Reply(f"{SEARCH}<table>{HEAD}", cut=True)
    clerk.screen.window.goto(server.url, wait_until="commit")

    assert last_of(clerk.screen, "Plain") == ([], False)


def test_rows_of_one_document_and_the_end_of_another_are_no_evidence(searching: Searching) -> None:
    clerk, server = searching({"/found": found(ROW.replace("1", "2"))})
    screen = clerk.screen.press("Find")
    rows = screen.rows("Results")
    server.pages["/"] = found(ROW)
    screen.window.goto(server.url)

    assert rows is not None
    assert not screen.absent("Results")


def test_a_table_in_another_frame_left_from_before_the_press_is_no_evidence(chromium: Browser) -> None:
    frames = "<frameset rows='*,*'><frame name=top src=/ask><frame name=low src=/none></frameset>"

    def slowly() -> str:
        time.sleep(0.3)
        return f"<h1>Results</h1><table>{HEAD}{ROW}</table>"

    ask = SEARCH.replace("action=/found", "action=/found target=low")
    pages = {
        "Search": {**FIND, "path": "/ask", "frame": "top", "tables": {}},
        "Results": {"frame": "low", "see": "Results", "tables": {"Plain": FIND["tables"]["Plain"]}},
    }
    none = f"<h1>Results</h1><table>{HEAD}</table>"
    with (
        site({"/": frames, "/ask": ask, "/none": none, "/found": slowly}) as here,
        session(chromium, here.url, pages) as clerk,
    ):
        desk = clerk.open("Search").press("Find here").desk
        screen = Screen(desk, desk.put_in_front("Results"))

        assert (screen.rows("Plain"), screen.absent("Plain")) == ([], False)
        assert last_of(clerk.arrive("Results"), "Plain")[0] == ["CL-1"]
