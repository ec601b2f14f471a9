"""A record that the system holds is never taken for absent because its row is late, folded away or on page two."""

import time
from typing import Any

import pytest
from playwright.sync_api import Browser

from rpa.browser.screen import Screen
from rpa.browser.session import Session
from rpa.errors import ApplicationException
from tests.rpa.browser.small_site import Page, Reply, session, site

HEAD = "<tr><th>Claim</th></tr>"
OTHER, ROW = "<tr><td>CL-90</td></tr>", "<tr><td>CL-7</td></tr>"
TABLE: dict[str, Any] = {"columns": {"Claim": "Claim"}}
SEARCH: dict[str, Any] = {
    "path": "/",
    "see": "Claims",
    "tables": {
        "Claims": {**TABLE, "empty": "No claims found", "more": ["Next page"]},
        "Plain": TABLE,
    },
}
LATE = """<script>addEventListener('load', () => fetch('/rows').then(answer => answer.text()).then(rows => {
    setTimeout(() => { document.querySelector('table').innerHTML = rows }, 100) }))</script>"""


def listed(rows: str, more: str = "") -> str:
    return f"<h1>Claims</h1><table>{HEAD}{rows}</table>{more}"


def slowly() -> str:
    time.sleep(0.3)
    return HEAD + ROW


def found(clerk: Session, table: str) -> list[str] | None:
    """Search as `find` does: the row, none where the table is believed to hold no more, None without an answer."""
    screen: Screen = clerk.open("Claims")
    for rows in screen.looks(table):
        hits = [row.texts["Claim"] for row in rows if row.texts["Claim"] == "CL-7"]
        if hits or screen.absent(table):
            return hits
    return None


@pytest.mark.parametrize("table", ["Claims", "Plain"])
@pytest.mark.parametrize("shown", [listed(""), listed(OTHER), listed("", "<p>No claims found</p>")])
def test_rows_that_a_script_brings_later_are_waited_for(chromium: Browser, shown: str, table: str) -> None:
    pages: dict[str, Page] = {"/": shown + LATE, "/rows": slowly}
    with site(pages) as here, session(chromium, here.url, {"Claims": SEARCH}) as clerk:
        assert found(clerk, table) == ["CL-7"]


def test_rows_that_come_long_after_the_head_of_their_answer_are_waited_for(chromium: Browser) -> None:
    pages: dict[str, Page] = {
        "/": listed("", "<p>No claims found</p>") + LATE,
        "/rows": Reply(HEAD + ROW, pause=2.5),
    }
    with site(pages) as here, session(chromium, here.url, {"Claims": SEARCH}, timeout="8s") as clerk:
        assert found(clerk, "Claims") == ["CL-7"]


def test_a_page_that_asks_nothing_is_not_waited_for(chromium: Browser) -> None:
    with site({"/": listed(OTHER)}) as here, session(chromium, here.url, {"Claims": SEARCH}) as clerk:
        screen = clerk.open("Claims")
        assert screen.rows("Claims")
        assert screen.absent("Claims")


@pytest.mark.parametrize("address", ["'/news'", "'/news?_=' + Date.now()"])
def test_a_page_that_asks_for_news_for_ever_can_be_searched(chromium: Browser, address: str) -> None:
    asking = f"<script>(async () => {{ for (;;) await (await fetch({address})).text(); }})()</script>"
    pages: dict[str, Page] = {"/": listed(OTHER, asking), "/news": "none"}
    with site(pages) as here, session(chromium, here.url, {"Claims": SEARCH}) as clerk:
        assert found(clerk, "Claims") == []


def test_an_answer_that_no_script_reads_does_not_end_all_searching(chromium: Browser) -> None:
    pages: dict[str, Page] = {"/": listed(OTHER, "<script>fetch('/news')</script>"), "/news": "none"}
    with site(pages) as here, session(chromium, here.url, {"Claims": SEARCH}, timeout="5s") as clerk:
        assert found(clerk, "Claims") == []


def test_a_page_that_sends_what_nobody_reads_again_and_again_can_be_searched(chromium: Browser) -> None:
    telling = """<script>
        let n = 0; const tell = () => fetch(`/told?n=${n += 1}`); tell(); setInterval(tell, 3500)</script>"""
    pages: dict[str, Page] = {"/": listed(OTHER, telling), "/told": "thanks"}
    with site(pages) as here, session(chromium, here.url, {"Claims": SEARCH}, timeout="12s") as clerk:
        assert [found(clerk, "Claims") for _ in range(2)] == [[], []]


def test_requests_that_differ_are_no_clock(chromium: Browser) -> None:
    asking = """<script>(async () => {
        for (let n = 0; ; n += 1) await (await fetch('/news?page=' + n)).text(); })()</script>"""
    pages: dict[str, Page] = {"/": listed(OTHER, asking), "/news": "none"}
    with (
        site(pages) as here,
        session(chromium, here.url, {"Claims": SEARCH}, timeout="1s") as clerk,
        pytest.raises(ApplicationException, match="its page is still asking the system"),
    ):
        found(clerk, "Claims")


@pytest.mark.parametrize(
    "hidden",
    [
        listed(OTHER + ROW.replace("<tr>", "<tr style=display:none>")),
        listed(f"{OTHER}<tbody hidden>{ROW}</tbody>"),
        listed(f"{OTHER}<tr style=visibility:collapse><td><b>CL-7</b></td></tr>"),
        listed(OTHER, f"<details><summary>Closed</summary><table>{HEAD}{ROW}</table></details>"),
        listed("", f"<p>No claims found</p><div hidden><table>{HEAD}{ROW}</table></div>"),
    ],
)
def test_a_row_that_is_folded_away_is_no_absence(chromium: Browser, hidden: str) -> None:
    with (
        site({"/": hidden}) as here,
        session(chromium, here.url, {"Claims": SEARCH}, timeout="2s") as clerk,
        pytest.raises(ApplicationException, match=r"Claims: Claims: rows of it are hidden \(1\)"),
    ):
        found(clerk, "Claims")


def test_the_empty_row_that_a_script_copies_is_no_row(chromium: Browser) -> None:
    shown = listed(OTHER + "<tr hidden><td><input> </td></tr>")
    with site({"/": shown}) as here, session(chromium, here.url, {"Claims": SEARCH}) as clerk:
        assert found(clerk, "Claims") == []


def test_a_list_that_goes_on_on_another_page_is_no_absence(chromium: Browser) -> None:
    with (
        site({"/": listed(OTHER, "<a href=/2>Next page</a>")}) as here,
        session(chromium, here.url, {"Claims": SEARCH}, timeout="2s") as clerk,
        pytest.raises(ApplicationException, match="further rows on another page: make the search narrower"),
    ):
        found(clerk, "Claims")


def test_a_row_that_is_there_is_found_although_the_list_goes_on(chromium: Browser) -> None:
    shown = listed(OTHER + ROW, "<a href=/2>Next page</a>")
    with site({"/": shown}) as here, session(chromium, here.url, {"Claims": SEARCH}) as clerk:
        assert found(clerk, "Claims") == ["CL-7"]


def test_a_look_that_fails_forgets_the_rows_of_the_one_before(chromium: Browser) -> None:
    with site({"/": listed(OTHER)}) as here, session(chromium, here.url, {"Claims": SEARCH}) as clerk:
        screen = clerk.open("Claims")
        assert screen.rows("Claims")
        twice = "document.body.append(document.querySelector('table').cloneNode(true))"
        screen.window.evaluate(twice)
        with pytest.raises(ApplicationException, match="2 tables have these headings"):
            screen.rows("Claims")

        assert not screen.absent("Claims")
