"""A press is one click, and what comes of it is told by documents."""

import itertools
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Error

from rpa.errors import ApplicationException, NotOnScreen, PressUnanswered, ScreenDiffers
from tests.rpa.browser.small_site import CLAIM, SAVED, Page, Reply, Site, form, said, session, site

CLAIMED = {"Claim number": said("CL-7"), "Amount": said("12.50")}
MAP = {"New claim": CLAIM, "Saved": SAVED}


def save(answer: Page, **more: Page) -> dict[str, Page]:
    return {"/": form("/save"), "/save": answer, **{f"/{name}": page for name, page in more.items()}}


def test_a_press_is_one_trusted_click_and_one_post(chromium: Browser) -> None:
    count = """<input type=hidden name=clicks form=f><script>let n = 0; document.forms[0].id = 'f';
        addEventListener('click', (event) => {
            n += event.isTrusted ? 1 : 100;
            document.forms[0].clicks.value = n;
        }, true)</script>"""
    with (
        site({"/": form("/save", more=count), "/save": "<h1>Saved</h1>"}) as here,
        session(chromium, here.url, MAP) as clerk,
    ):
        screen = clerk.open("New claim")
        screen.fill(CLAIMED)

        assert screen.press("Save").name == "Saved"
        assert clerk.screen.name == "Saved"
        assert here.posts == [("/save", {"claim": "CL-7", "amount": "12.50", "clicks": "1"})]


FRAMES = "<frameset cols='20%,*'><frame name=menu src=/menu><frame name=main src=/new></frameset>"
MENU = "<a href=/new target=main>New claim</a>"
FRAMED: dict[str, Any] = {
    "Menu": {"path": "/menu", "frame": "menu", "buttons": {"New": {"label": "New claim", "to": "New claim"}}},
    "New claim": {**CLAIM, "path": None, "via": "Menu", "frame": "main"},
    "Saved": {"frame": "main", "see": "Saved"},
}


def test_a_link_in_one_frame_that_loads_another_loses_no_record(chromium: Browser) -> None:
    # The old document of the main frame looks just like the new one, which comes late.
    def slowly() -> str:
        time.sleep(0.1)
        return form("/save")

    with site({"/": FRAMES, "/menu": MENU, "/new": slowly, "/save": form("/save", more="Saved")}) as here:
        with session(chromium, here.url, FRAMED) as clerk:
            for number in ("CL-1", "CL-2", "CL-3"):
                clerk.open("New claim").fill({"Claim number": said(number)})
                clerk.screen.press("Save")

        assert [values["claim"] for _, values in here.posts] == ["CL-1", "CL-2", "CL-3"]


def test_the_same_page_has_to_come_anew(chromium: Browser) -> None:
    numbers = itertools.count(1)

    def again() -> str:
        number = next(numbers)
        time.sleep(0.1)
        return form("/", more=f"<b>{number}</b>")

    page = {**CLAIM, "buttons": {"Save": {"label": "Save", "to": "New claim"}}}
    page["fields"] = {**page["fields"], "Number": {"css": "b"}}
    with site({"/": again}) as here, session(chromium, here.url, {"New claim": page}) as clerk:
        clerk.open("New claim")
        seen = [clerk.screen.press("Save").read(["Number"])["Number"] for _ in range(3)]

    assert seen == ["2", "3", "4"]


def test_a_page_that_a_script_puts_in_the_place_of_another_is_taken(chromium: Browser) -> None:
    script = "onsubmit=\"setTimeout(() => { document.body.innerHTML = '<h1>Saved</h1>' }, 80); return false\""
    with (
        site({"/": form("/save").replace('onsubmit=""', script)}) as here,
        session(chromium, here.url, MAP) as clerk,
    ):
        clerk.open("New claim")

        assert clerk.screen.press("Save").name == "Saved"


def test_a_press_that_is_never_answered_ends_and_is_not_repeated(chromium: Browser) -> None:
    with site(save(Reply("<h1>Saved</h1>", held=True))) as here:
        with session(chromium, here.url, MAP, timeout="1s") as clerk:
            clerk.open("New claim")
            begun = time.monotonic()
            with pytest.raises(PressUnanswered, match="New claim: press Save: Saved did not come within 1 s"):
                clerk.screen.press("Save")

            assert time.monotonic() - begun < 4
            assert clerk.open("New claim").name == "New claim"
        assert len(here.posts) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Reply("<h1>Bad gateway</h1>", 502), "the answer was HTTP 502"),
        (Reply(reset=True), "the answer was HTTP 502"),
    ],
)
def test_an_answer_that_is_none_is_told_at_once(chromium: Browser, answer: Reply, told: str) -> None:
    with site(save(answer)) as here, session(chromium, here.url, MAP, timeout="20s") as clerk:
        clerk.open("New claim")
        begun = time.monotonic()
        with pytest.raises(PressUnanswered, match=told):
            clerk.screen.press("Save")

        assert time.monotonic() - begun < 5


def test_an_answer_that_breaks_off_is_none(chromium: Browser) -> None:
    with (
        site(save(Reply("<h1>Saved</h1><table><tr><th>Claim</th></tr>", cut=True))) as here,
        session(chromium, here.url, MAP, timeout="1s") as clerk,
    ):
        clerk.open("New claim")
        with pytest.raises(PressUnanswered, match="did not come within"):
            clerk.screen.press("Save")


REFUSING = {"New claim": {**CLAIM, "refused": [".error"]}, "Saved": SAVED}


def test_what_stood_in_the_place_for_a_refusal_before_the_press_says_nothing_of_it(chromium: Browser) -> None:
    notice = form("/save", more="<p class=error>Fields with a star are required</p>")
    with (
        site({"/": notice, "/save": Reply(held=True)}) as here,
        session(chromium, here.url, REFUSING, timeout="2s") as clerk,
    ):
        clerk.open("New claim")
        with pytest.raises(PressUnanswered):
            clerk.screen.press("Save")

        assert clerk.refusal() is None


def test_a_refusal_ends_the_waiting_and_is_the_page_that_says_it(chromium: Browser) -> None:
    refusal = form("/save", more="<p class=error>Amount  is missing</p><p class=error hidden>other</p>")
    with site(save(refusal)) as here, session(chromium, here.url, REFUSING, timeout="20s") as clerk:
        before = clerk.open("New claim").refusal()
        begun = time.monotonic()
        after = clerk.screen.press("Save")

        assert (before, after.name, after.refusal()) == (None, "New claim", "Amount is missing")
        assert clerk.refusal() == "Amount is missing"
        assert time.monotonic() - begun < 5


def test_a_refusal_that_was_there_before_is_no_answer(chromium: Browser) -> None:
    old = form("/save", more="<p class=error>Amount is missing</p>")
    with (
        site({"/": old, "/save": Reply("<h1>Saved</h1>", held=True)}) as here,
        session(chromium, here.url, REFUSING, timeout="1s") as clerk,
    ):
        clerk.open("New claim")
        with pytest.raises(PressUnanswered):
            clerk.screen.press("Save")


@pytest.fixture(params=["while (true);", "x = new XMLHttpRequest(); x.open('POST', '/never', false); x.send()"])
def stuck(request: pytest.FixtureRequest) -> Iterator[Site]:
    page = form("/save").replace("<button>", f'<button onclick="{request.param}">')
    with site({"/": page, "/never": Reply(held=True)}) as here:
        yield here


def test_a_page_that_hangs_in_a_click_does_not_hold_the_worker(chromium: Browser, stuck: Site) -> None:
    with session(chromium, stuck.url, MAP, timeout="1s") as clerk:
        clerk.open("New claim")
        begun = time.monotonic()
        with pytest.raises(PressUnanswered, match="the window or the browser was closed"):
            clerk.screen.press("Save")

        assert time.monotonic() - begun < 8
        assert clerk.open("New claim").name == "New claim"


def test_a_page_that_crashes_is_told_at_once(chromium: Browser) -> None:
    with site(save("")) as here, session(chromium, here.url, MAP, timeout="20s") as clerk:
        screen = clerk.open("New claim")
        begun = time.monotonic()
        with suppress(Error):
            screen.window.goto("chrome://crash")
        with pytest.raises(ApplicationException, match="New claim: the page could not be used: the page crashed"):
            screen.fill(CLAIMED)

        assert time.monotonic() - begun < 5
        assert clerk.open("New claim").name == "New claim"


def test_a_page_that_came_anew_after_the_read_back_is_not_pressed(chromium: Browser) -> None:
    with site(save("<h1>Saved</h1>")) as here, session(chromium, here.url, MAP) as clerk:
        screen = clerk.open("New claim")
        screen.fill(CLAIMED)
        assert screen.differs(CLAIMED) == []
        screen.window.goto(here.url + "/")
        with pytest.raises(ScreenDiffers, match="came anew after it was read back; nothing was pressed"):
            screen.press("Save")

        assert here.posts == []


def test_after_a_button_that_only_posts_back_a_fill_goes_to_the_new_document(chromium: Browser) -> None:
    def slowly() -> str:
        time.sleep(0.15)
        return form("/save", more="<form action=/new><button>Add line</button></form>")

    page = {**FRAMED["New claim"], "buttons": {**CLAIM["buttons"], "Add line": "Add line"}}
    with site({"/": FRAMES, "/menu": MENU, "/new": slowly, "/save": "<h1>Saved</h1>"}) as here:
        with session(chromium, here.url, {**FRAMED, "New claim": page}) as clerk:
            clerk.open("New claim").press("Add line").fill(CLAIMED)

            assert clerk.screen.differs(CLAIMED) == []
            assert clerk.screen.press("Save").name == "Saved"
        assert here.posts == [("/save", {"claim": "CL-7", "amount": "12.50"})]


def test_a_button_that_does_nothing_but_a_download_stays(chromium: Browser) -> None:
    attachment = Reply("a,b", headers=(("Content-Disposition", "attachment; filename=a.csv"),))
    page = {**CLAIM, "buttons": {"Receipt": "Receipt", "Save": {"label": "Receipt", "to": "Saved"}}}
    with (
        site({"/": form("/save", more="<a href=/receipt>Receipt</a>"), "/receipt": attachment}) as here,
        session(chromium, here.url, {"New claim": page, "Saved": SAVED}, timeout="1s") as clerk,
    ):
        clerk.open("New claim")

        assert clerk.screen.press("Receipt").name == "New claim"
        with pytest.raises(PressUnanswered, match="a download began"):
            clerk.screen.press("Save")


def test_a_window_that_opens_unasked_is_told(chromium: Browser) -> None:
    page = form("/save", onsubmit="window.open('/notice'); return false")
    with (
        site({"/": page, "/notice": "Notice"}) as here,
        session(chromium, here.url, MAP, timeout="1s") as clerk,
    ):
        clerk.open("New claim")
        with pytest.raises(PressUnanswered, match="did not come within 1 s; a window opened"):
            clerk.screen.press("Save")

        clerk.open("New claim")
        assert len(clerk.screen.window.context.pages) == 1


def test_what_cannot_be_pressed_is_told_before_anything_is_pressed(chromium: Browser) -> None:
    with site({"/": form("/save").replace("<button>", "<button disabled>")}) as here:
        with session(chromium, here.url, MAP, timeout="2s") as clerk:
            clerk.open("New claim")
            with pytest.raises(NotOnScreen) as told:
                clerk.screen.press("Save")
            with pytest.raises(NotOnScreen):
                clerk.screen.aim("Save")

        assert not isinstance(told.value, PressUnanswered)
        assert here.posts == []


def test_a_fill_that_fails_names_the_field_and_no_value(chromium: Browser) -> None:
    page = form("/save").replace("name=amount", "name=amount readonly")
    with site({"/": page}) as here, session(chromium, here.url, MAP, timeout="2s") as clerk:
        clerk.open("New claim")
        with pytest.raises(ApplicationException, match="Amount") as told:
            clerk.screen.fill({"Amount": said("9876.54", personal=True)})

    assert "9876" not in f"{told.value} {told.value.__cause__}"
