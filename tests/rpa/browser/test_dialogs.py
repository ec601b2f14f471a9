"""A dialog gets the declared answer, and any other ends the step."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from rpa.errors import ApplicationException, PressUnanswered
from tests.rpa.browser.small_site import CLAIM, SAVED, Site, form, said, session, site

ASKING = "return confirm('Save   changes to CL-7?')"


def mapped(**dialogs: str) -> dict[str, Any]:
    return {"New claim": {**CLAIM, "dialogs": dialogs}, "Saved": SAVED}


def asking(onsubmit: str, more: str = "") -> dict[str, str]:
    return {"/": form("/save", onsubmit=onsubmit, more=more), "/save": "<h1>Saved</h1>"}


@pytest.mark.parametrize("declared", ["Save changes to CL-7?", "Save changes"])
def test_a_declared_dialog_is_accepted_and_the_click_goes_on(chromium: Browser, declared: str) -> None:
    with site(asking(ASKING)) as here:
        with session(chromium, here.url, mapped(**{declared: "accept"})) as clerk:
            clerk.open("New claim")

            assert clerk.screen.press("Save").name == "Saved"
        assert len(here.posts) == 1


def test_the_longest_declared_part_decides(chromium: Browser) -> None:
    with site(asking(ASKING)) as here:
        declared = {"Save": "dismiss", "Save changes": "accept"}
        with session(chromium, here.url, mapped(**declared)) as clerk:
            clerk.open("New claim")

            assert clerk.screen.press("Save").name == "Saved"


def test_a_dialog_that_is_to_be_dismissed_saves_nothing(chromium: Browser) -> None:
    with site(asking(ASKING)) as here:
        with session(chromium, here.url, mapped(**{"Save changes": "dismiss"}), timeout="1s") as clerk:
            clerk.open("New claim")
            with pytest.raises(PressUnanswered, match="Saved did not come within 1 s"):
                clerk.screen.press("Save")

        assert here.posts == []


def test_an_undeclared_dialog_is_dismissed_and_ends_the_press_at_once(chromium: Browser) -> None:
    with (
        site(asking("return confirm('Overwrite the claim?')")) as here,
        session(chromium, here.url, mapped(**{"Save changes": "accept"}), timeout="20s") as clerk,
    ):
        clerk.open("New claim")
        with pytest.raises(PressUnanswered, match=r"the page asks 'Overwrite the claim\?' \(confirm\)"):
            clerk.screen.press("Save")

        assert here.posts == []
        clerk.open("New claim")  # what has been told is not told again
        clerk.screen.fill({"Amount": said("1")})


def test_a_declared_message_after_the_press_is_answered(chromium: Browser) -> None:
    pages = asking("alert('A supervisor will look at it')")
    pages["/save"] = "<h1>Saved</h1><script>alert('Reference B-1')</script>"
    target = {**SAVED, "dialogs": {"Reference": "accept"}}
    with site(pages) as here:
        map_ = {**mapped(**{"A supervisor": "accept"}), "Saved": target}
        with session(chromium, here.url, map_) as clerk:
            clerk.open("New claim")

            assert clerk.screen.press("Save").name == "Saved"


def test_a_dialog_while_fields_are_filled_ends_the_fill(chromium: Browser) -> None:
    more = "<script>document.forms[0].amount.onchange = () => alert('Over the limit')</script>"
    with site(asking("", more)) as here, session(chromium, here.url, mapped()) as clerk:
        clerk.open("New claim")
        with pytest.raises(ApplicationException, match="the page asks 'Over the limit'"):
            clerk.screen.fill({"Amount": said("9000")})


GUARDED = "<a href=/other>Other</a><script>onbeforeunload = (event) => { event.preventDefault(); }</script>"


@pytest.fixture
def guarded() -> dict[str, Any]:
    pages = mapped()
    pages["New claim"]["buttons"] = {**CLAIM["buttons"], "Other": {"label": "Other", "to": "Other"}}
    return {**pages, "Other": {"path": "/other", "see": "Elsewhere"}}


def test_open_leaves_a_page_that_holds_what_was_not_saved(chromium: Browser, guarded: dict[str, Any]) -> None:
    with (
        site({**asking("", GUARDED), "/other": "<h1>Elsewhere</h1>"}) as here,
        session(chromium, here.url, guarded) as clerk,
    ):
        for _ in range(2):
            clerk.open("New claim").fill({"Amount": said("1")})
            clerk.screen.window.mouse.click(1, 1)

        assert clerk.open("Other").name == "Other"


def test_a_press_does_not_leave_what_was_not_saved(chromium: Browser, guarded: dict[str, Any]) -> None:
    with (
        site({**asking("", GUARDED), "/other": "<h1>Elsewhere</h1>"}) as here,
        session(chromium, here.url, guarded) as clerk,
    ):
        clerk.open("New claim").fill({"Amount": said("1")})
        with pytest.raises(PressUnanswered, match="whether to leave the page"):
            clerk.screen.press("Other")

        assert clerk.open("New claim").name == "New claim"


def test_a_dialog_between_two_steps_ends_the_next(chromium: Browser) -> None:
    more = "<script>setTimeout(() => alert('Session ends soon'), 200)</script>"
    with site(asking("", more)) as here, session(chromium, here.url, mapped()) as clerk:
        screen = clerk.open("New claim")
        screen.window.wait_for_event("dialog")
        with pytest.raises(ApplicationException, match="Session ends soon"):
            screen.fill({"Amount": said("1")})


def test_every_dialog_can_be_answered_in_every_window(chromium: Browser) -> None:
    opener = "<button onclick=\"window.open('/pop', 'pop')\">Look</button>"
    pages = {
        "Start": {"path": "/", "buttons": {"Look": {"label": "Look", "to": "Pop"}}},
        "Pop": {"window": "pop", "see": "Hello", "dialogs": {"Hello": "accept"}},
    }
    with site({"/": opener, "/pop": "<script>alert('Hello')</script><h1>Hello</h1>"}) as here:
        _opens(chromium, here, pages)


def _opens(chromium: Browser, here: Site, pages: dict[str, Any]) -> None:
    with session(chromium, here.url, pages) as clerk:
        clerk.open("Start")

        assert clerk.screen.press("Look").name == "Pop"
