"""A system that lets nobody in twice gets its session back; one that doesn't answer keeps nobody waiting."""

import threading
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from fixtures.systems.common import running
from rpa.browser.session import Session
from rpa.definitions.system import System
from rpa.errors import ApplicationException, PressUnanswered, SignInRefused, Stopped
from rpa.secrets.base import Credential
from tests.rpa.browser.legacy_maps import MERIDIAN
from tests.rpa.browser.small_site import Page, Reply, at, session, site

CLERK = Credential("meridian", "clerk1", "benefits-pass")
MAP = System.model_validate(MERIDIAN)
MUTE = MAP.model_copy(update={"logout": None})
DOORS: dict[str, Any] = {
    "pages": {
        "In": {"path": "/", "see": "Come in", "buttons": {"In": {"label": "In", "to": "Home"}}},
        "Home": {"path": "/home", "see": "Home", "buttons": {"Out": "Out", "Save": "Save"}},
    },
    "login": [{"open": "In"}, {"press": "In"}, {"see": "Home"}],
    "logout": [{"open": "Home"}, {"press": "Out"}, {"see": "Good bye"}],
}


def test_the_next_sign_in_is_let_in_where_the_one_before_has_signed_out(chromium: Browser, tmp_path: Path) -> None:
    with running("benefits", tmp_path / "b.db", one_too_many="refused") as here:
        for _ in range(2):
            with Session(chromium, at(MAP, here.url), CLERK) as clerk:
                clerk.open("New claim")  # a form half filled in, in a frame
                clerk.open("Claim search")  # and a pop-up
                clerk.sign_out()

        with Session(chromium, at(MUTE, here.url), CLERK) as clerk:
            clerk.open("New claim")
            clerk.sign_out()  # its map doesn't say how
        with Session(chromium, at(MAP, here.url), CLERK) as clerk, pytest.raises(SignInRefused):
            clerk.open("New claim")


def test_whoever_is_told_to_stop_signs_out_all_the_same(chromium: Browser, tmp_path: Path) -> None:
    def stop() -> None:
        raise Stopped

    with running("benefits", tmp_path / "b.db", one_too_many="refused") as here:
        with Session(chromium, at(MAP, here.url), CLERK) as clerk:
            clerk.open("New claim")
            clerk.wait_while(stop)
            clerk.sign_out()
        with Session(chromium, at(MAP, here.url), CLERK) as clerk:
            assert clerk.open("New claim").name == "New claim"


@pytest.mark.parametrize("answer", ["still here", Reply("an error", 500), Reply(reset=True)])
def test_a_system_that_does_not_let_go_is_told(chromium: Browser, answer: str | Reply) -> None:
    pages: dict[str, Page] = {
        "/": "Come in <a href=/home>In</a>",
        "/home": "Home <a href=/out>Out</a>",
        "/out": answer,
    }
    with site(pages) as here, session(chromium, here.url, timeout="1s", **DOORS) as clerk:
        clerk.open("Home")

        with pytest.raises(ApplicationException):
            clerk.sign_out()


def test_a_page_that_hangs_is_left_by_a_new_window(chromium: Browser) -> None:
    left = threading.Event()

    def out() -> str:
        left.set()
        return "Good bye"

    pages: dict[str, Page] = {
        "/": "Come in <a href=/home>In</a>",
        "/home": "Home <a href=/out>Out</a> <button onclick='for (;;) ;'>Save</button>",
        "/out": out,
    }
    with site(pages) as here, session(chromium, here.url, timeout="1s", **DOORS) as clerk:
        clerk.open("Home")
        with pytest.raises(PressUnanswered):
            clerk.screen.press("Save")

        clerk.sign_out(afresh=True)

        assert left.is_set()


def test_nobody_signs_out_who_never_signed_in(chromium: Browser) -> None:
    with site({}) as here, session(chromium, here.url, **DOORS) as clerk:
        clerk.sign_out()
