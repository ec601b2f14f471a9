"""A system that lets nobody in twice gets its session back; one that doesn't answer keeps nobody waiting."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from fixtures.systems.common import ROOT, running
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


def test_a_sign_in_that_was_broken_off_is_signed_out_of_too(chromium: Browser, tmp_path: Path) -> None:
    with running("benefits", tmp_path / "b.db", one_too_many="refused") as here:
        with Session(chromium, at(MAP, here.url), CLERK) as clerk:

            def stop() -> None:
                if any("worklist" in frame.url for frame in clerk._desk.windows.frames()):
                    raise Stopped

            clerk.wait_while(stop)
            with pytest.raises(Stopped):
                clerk.open("New claim")
            clerk.sign_out()
        with Session(chromium, at(MAP, here.url), CLERK) as clerk:
            assert clerk.open("New claim").name == "New claim"


def test_a_form_that_asks_whether_to_leave_it_is_left(chromium: Browser) -> None:
    form = (
        "Form <input name=a><button type=button onclick='onbeforeunload = (e) => e.preventDefault()'>Save</button>"
    )
    pages: dict[str, Page] = {
        "/": "Come in <a href=/frames>In</a>",
        "/frames": "<frameset cols='50%,*'><frame name=menu src=/home><frame name=main src=/form></frameset>",
        "/home": "Home <a href=/out target=_top>Out</a>",
        "/form": form,
        "/out": "Good bye",
    }
    frames = {
        "In": {"path": "/", "see": "Come in", "buttons": {"In": {"label": "In", "to": "Home"}}},
        "Home": {
            "path": "/home",
            "frame": "menu",
            "see": "Home",
            "buttons": {"Out": {"label": "Out", "to": "Bye"}},
        },
        "Form": {"path": "/form", "frame": "main", "see": "Form", "buttons": {"Save": "Save"}},
        "Bye": {"see": "Good bye"},
    }
    with site(pages) as here, session(chromium, here.url, timeout="2s", **DOORS | {"pages": frames}) as clerk:
        clerk.open("Form").press("Save")  # a page asks only after somebody has used it

        clerk.sign_out()


def test_a_session_that_has_ended_by_itself_needs_no_way_out(chromium: Browser, tmp_path: Path) -> None:
    with running("benefits", tmp_path / "b.db") as here, Session(chromium, at(MAP, here.url), CLERK) as clerk:
        clerk.open("New claim")
        with Session(chromium, at(MAP, here.url), CLERK) as other:
            other.open("New claim")  # the system ends the session of the first
        begun = time.monotonic()

        clerk.sign_out()

        assert time.monotonic() - begun < MAP.timeout.total_seconds()


def test_nothing_is_waited_for_once_browser_and_driver_were_ended() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rpa.browser.ended"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.stdout == "sign out of small: the browser's driver is gone\n", done.stderr


def test_nobody_signs_out_who_never_signed_in(chromium: Browser) -> None:
    with site({}) as here, session(chromium, here.url, **DOORS) as clerk:
        clerk.sign_out()
