"""A button is found by what a person reads on it, and the place given is where the mouse reaches it."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, Route

from fixtures.pages.server import PageServer, serving
from rpa.browser import form
from rpa.browser.sight import look
from rpa.definitions.system import Button, Table
from rpa.errors import NotOnScreen
from tests.rpa.browser.form_pages import laid_out, rows_of

BUTTONS = {
    "a button": "<button id=x>Save claim</button><button>Save</button>",
    "spaces and letter case": "<button id=x> SAVE&nbsp; <b>claim</b></button>",
    "a submit input": "<input type=submit id=x value='Save claim'>",
    "an image input": "<input type=image id=x alt='Save claim' width=50 height=20>",
    "a link around a picture": "<a href=# id=x><img alt='Save claim' width=50 height=20></a>",
    "a title": "<a href=# id=x title='Save claim'><svg width=20 height=20></svg></a>",
    "an aria-label": "<button id=x aria-label='Save claim'>+</button>",
    "a script's link": "<a id=x href='javascript:void(0)'>Save claim</a>",
    "a cell with a handler around a link": "<table><tr><td onclick=''><a id=x href=#>Save claim</a></table>",
    "a division with a pointing hand": "<div><div id=x style='cursor:pointer'><span>Save claim</span></div></div>",
    "a role": "<span role=button id=x>Save claim</span>",
    "a hidden twin": "<button hidden>Save claim</button><button id=x>Save claim</button>",
    "a shadow root": "<a-box id=x><template shadowrootmode=open><button>Save claim</button></template></a-box>",
    "below the window": "<div style='height:4000px'></div><button id=x>Save claim</button>",
    "in a scrolled part": (
        "<div style='height:99px;overflow:auto'><p style='height:900px'></p><button id=x>Save claim</button></div>"
    ),
    "half under a banner": (
        "<div style='position:fixed;top:0;left:0;width:60%;height:40px'></div>"
        "<button id=x style='width:100%;height:40px'>Save claim</button>"
    ),
    "a form that is sent unchecked": "<form novalidate><input required><button id=x>Save claim</button></form>",
    "a button that sends nothing": "<form><input required><button id=x type=button>Save claim</button></form>",
    "a form beside an unfinished one": (
        "<form><input required></form><form onsubmit='return false'><button id=x>Save claim</button></form>"
    ),
    "a link over two lines": (
        "<p style='width:140px'>If you are done now you may <a id=x href=#>Save claim</a></p>"
    ),
    "a submit input without a text": "<form><input type=submit id=x></form>",
}


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Page:
    return chromium.new_page()


@pytest.fixture(scope="module")
def pages() -> Iterator[PageServer]:
    with serving() as server:
        yield server


WATCH = """addEventListener('click', event => {
  event.preventDefault();
  window.hit = event.target;
}, { once: true, capture: true })"""
HIT = "x.contains(window.hit) && window.hit !== document.body"


@pytest.mark.parametrize("kind", BUTTONS, ids=list(BUTTONS))
def test_the_mouse_meets_what_was_named(window: Page, kind: str) -> None:
    window.goto("about:blank")
    window.evaluate("body => document.body.setHTMLUnsafe(body)", BUTTONS[kind])
    window.evaluate(WATCH)
    label = "Submit" if "without" in kind else "save claim"
    window.mouse.click(*form.aim(window.main_frame, Button(label=label)).place)
    assert window.evaluate(HIT)


REFUSED = {
    "not there": ("<button>Search</button>", "is not on the screen \\(seen: Search\\)"),
    "only its hidden value": ("<button value='Save claim'>Go</button>", "is not on the screen \\(seen: Go\\)"),
    "only part of its text": ("<button>Save claim and close</button>", "is not on the screen"),
    "twice": ("<button>Save claim</button><a href=#>Save claim</a>", "on the screen 2 times .*add `nth`"),
    "disabled": ("<button disabled>Save claim</button>", "is disabled"),
    "hidden": ("<button hidden>Save claim</button>", "hidden"),
    "a form that lacks what it requires": (
        "<form><label>Policy year <input required></label><button>Save claim</button></form>",
        "would not be sent: the browser wants Policy year filled in",
    ),
    "a form that holds what it does not take": (
        "<form><input name=year pattern='[0-9]{4}' value=19><input type=submit value='Save claim'></form>",
        "would not be sent: the browser wants year filled in or corrected",
    ),
    "covered": (
        "<button>Save claim</button><div id=wait style='position:fixed;inset:0'></div>",
        "covered by <div id=wait>",
    ),
}


@pytest.mark.parametrize("danger", REFUSED, ids=list(REFUSED))
def test_what_a_person_could_not_press_is_refused(window: Page, danger: str) -> None:
    body, reason = REFUSED[danger]
    with pytest.raises(NotOnScreen, match=reason):
        form.aim(laid_out(window, body), Button(label="Save claim"))


def test_a_cover_that_goes_away_is_waited_for(window: Page) -> None:
    frame = laid_out(
        window,
        "<button>Save</button><div id=wait style='position:fixed;inset:0'></div>"
        "<script>setTimeout(() => document.getElementById('wait').remove(), 100)</script>",
    )
    form.aim(frame, Button(label="Save"), timeout=5)


def test_a_button_that_slides_in_is_waited_for(window: Page) -> None:
    window.goto("about:blank")
    style = "@keyframes in { from { transform: translateX(400px) } } button { animation: in 200ms linear }"
    turning = "<i style='display:block;animation:in 1s infinite'>wheel</i>"
    window.evaluate(
        "body => document.body.setHTMLUnsafe(body)", f"<style>{style}</style>{turning}<button id=x>Save</button>"
    )
    with pytest.raises(NotOnScreen, match="'Save' is still moving"):
        form.aim(window.main_frame, Button(label="Save"))
    window.evaluate(WATCH)
    window.mouse.click(*form.aim(window.main_frame, Button(label="Save"), timeout=5).place)
    assert window.evaluate(HIT)


ROWS = """<table><tr><th>Claim No<th>Name<th></tr>
<tr><td>CL-1<td>Ana<td><a id=a href=#>Open</a><tr id=second><td>CL-2<td>Eva<td><a id=x href=#>Open</a></table>"""


def test_a_button_of_a_row_is_pressed_on_that_row_or_not_at_all(window: Page) -> None:
    frame = laid_out(window, ROWS)
    rows = rows_of(frame, Table(columns={"Claim": "Claim No", "Name": "Name"}))
    assert rows is not None
    window.evaluate(WATCH)
    window.mouse.click(*form.aim(frame, Button(label="Open"), rows[1]).place)
    assert window.evaluate(HIT)
    window.evaluate("second.cells[0].textContent = 'CL-3'")
    with pytest.raises(NotOnScreen, match="the row that was found is not there any more"):
        form.aim(frame, Button(label="Open"), rows[1])


def test_a_button_in_a_frame_of_a_frameset_is_met(window: Page, pages: PageServer) -> None:
    window.goto(f"{pages.url}/frameset.html")
    main = window.frame(name="main")
    assert main is not None
    main.goto(f"{pages.url}/frameset_entry.html")
    with main.expect_navigation():
        window.mouse.click(*form.aim(main, Button(label="Save")).place)
    sight = look(main, ["Your entry was received."])
    assert sight is not None
    assert sight.texts


OUTER = """<script>addEventListener('message', () => {{ window.met = true; }})</script>
<div style='height:1500px'></div><iframe style='margin-left:99px;border:3px solid' height=300 src='{}'></iframe>"""
MIDDLE = "<iframe style='border:9px solid;padding:5px' height=200 src='/inner'></iframe>"
INNER = "<p style='height:300px'>x</p><button onclick='top.postMessage(1, `*`)'>Save</button>"


@pytest.mark.parametrize("host", ["a.example", "b.example"])
def test_a_button_deep_in_frames_is_met_whatever_host_they_are_from(window: Page, host: str) -> None:
    for address, body in {
        "http://a.example/": OUTER.format(f"http://{host}/middle"),
        "**/middle": MIDDLE,
        "**/inner": INNER,
    }.items():
        window.route(address, partial(_html, body))
    window.goto("http://a.example/")
    frame = next(one for one in window.frames if one.url.endswith("/inner"))
    window.mouse.click(*form.aim(frame, Button(label="Save"), timeout=2).place)
    window.wait_for_function("window.met", timeout=2000)
    window.unroute_all()


def _html(body: str, route: Route) -> None:
    route.fulfill(body=body, content_type="text/html")
