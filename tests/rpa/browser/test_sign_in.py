"""A refused credential is told from a slow system, and never tried again by itself."""

import time
from typing import Any

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import serving
from fixtures.systems.common import RunningSystem
from rpa.browser.session import Session
from rpa.definitions.system import System
from rpa.errors import ApplicationException, DefinitionError, SetupError, SignedOut, SignInRefused
from rpa.secrets.base import Credential
from tests.rpa.browser.legacy_maps import MERIDIAN
from tests.rpa.browser.small_site import Page, Reply, Site, at, form, session, site

SIGN_IN: dict[str, Any] = {
    "Sign in": {"path": "/", "see": "Please sign in", "buttons": {"Save": "Save"}},
    "Work": {"path": "/work", "see": "Work"},
}
SIGN_IN_STEPS = [{"open": "Sign in"}, {"press": "Save"}, {"see": "Work"}]


def test_a_wrong_password_is_refused_within_seconds_and_tried_once(
    chromium: Browser, meridian: RunningSystem
) -> None:
    wrong = Credential("meridian", "clerk1", "hunter2-secret")
    system = System.model_validate({**MERIDIAN, "timeout": "20s"})
    with Session(chromium, at(system, meridian.url), wrong) as clerk:
        begun = time.monotonic()
        with pytest.raises(SignInRefused, match="meridian refused the credential meridian: correct it") as told:
            clerk.open("New claim")

        assert time.monotonic() - begun < 8
    assert "hunter2" not in f"{told.value!r}{told.value.__cause__!r}{told.value.__context__!r}"
    assert meridian.log.read_text("utf-8").count("hunter2") == 0


def test_a_credential_is_typed_only_where_its_owner_allows_it(chromium: Browser, meridian: RunningSystem) -> None:
    """A bot's author may change a system's address, but not what the secret store says."""
    elsewhere = Credential("meridian", "clerk1", "hunter2-secret", ("https://meridian.example",))
    system = at(System.model_validate(MERIDIAN), meridian.url)
    with Session(chromium, system, elsewhere) as clerk:
        with pytest.raises(SetupError, match="the credential meridian may not be typed at http://127"):
            clerk.open("New claim")
        shown = clerk.screen.window.evaluate(
            "[...document.querySelectorAll('input')].map(one => one.value).join()"
        )
    assert "hunter2" not in shown
    with pytest.raises(SetupError, match="may not be typed"):
        Session(chromium, system.model_copy(update={"login": None}), elsewhere)


def test_a_credential_without_a_username_is_named_and_not_tried(
    chromium: Browser, meridian: RunningSystem
) -> None:
    with Session(
        chromium, at(System.model_validate(MERIDIAN), meridian.url), Credential("meridian", "", "secret")
    ) as clerk:
        with pytest.raises(SetupError, match="credential meridian has no username"):
            clerk.open("New claim")

        assert clerk.screen.window.url.endswith(
            "/mb/signon.do"
        )  # the form was not sent: its answer is another page


def test_a_refusal_that_is_shown_is_told_at_once(chromium: Browser, meridian: RunningSystem) -> None:
    refused = {"timeout": "20s", "sign_in_refused": ["font[color='#CC0000']"]}
    system = System.model_validate({**MERIDIAN, **refused})
    with Session(chromium, at(system, meridian.url), Credential("m", "clerk1", "no")) as clerk:
        begun = time.monotonic()
        with pytest.raises(SignInRefused):
            clerk.open("New claim")

        assert time.monotonic() - begun < 3


def test_the_old_message_of_an_expired_session_is_no_refusal(chromium: Browser) -> None:
    ask = form("/in", title="Please sign in", more="<p class=error>Your session is over</p>")
    pages = {
        "Sign in": {"path": "/", "see": "Please sign in", "buttons": {"Save": "Save"}},
        "Work": {"path": "/work", "see": "Work"},
    }
    more: dict[str, Any] = {
        "login": [{"open": "Sign in"}, {"press": "Save"}, {"see": "Work"}],
        "sign_in_refused": [".error"],
    }
    with (
        site({"/": ask, "/in": "<h1>Work</h1>", "/work": "<h1>Work</h1>"}) as here,
        session(chromium, here.url, pages, **more) as clerk,
    ):
        assert clerk.open("Work").name == "Work"


def test_a_system_that_always_signs_out_does_not_turn_in_circles(chromium: Browser) -> None:
    asked = []

    def sign_in() -> str:
        asked.append(1)
        return form("/in", title="Please sign in")

    pages = {
        "Sign in": {"path": "/", "see": "Please sign in", "buttons": {"Save": "Save"}},
        "Work": {"path": "/work", "see": "Nowhere"},
    }
    login = [{"open": "Sign in"}, {"press": "Save"}, {"see": "Welcome"}]
    more: dict[str, Any] = {"login": login, "signed_out": {"see": "Please sign in"}}
    with (
        site({"/": sign_in, "/in": "<h1>Welcome</h1>", "/work": "<p>Please sign in</p>"}) as here,
        session(chromium, here.url, pages, timeout="1s", **more) as clerk,
        pytest.raises(SignedOut),
    ):
        clerk.open("Work")

    assert len(asked) == 2


@pytest.mark.parametrize(("password", "opens"), [("pencil", True), ("chalk", False)])
def test_http_authentication_takes_the_credential_where_there_is_no_login(
    chromium: Browser, *, password: str, opens: bool
) -> None:
    entry = {"Entry": {"path": "/basic_auth.html", "see": "Behind HTTP Basic"}}
    with (
        serving() as pages,
        session(chromium, pages.url, entry, Credential("basic", "clerk", password)) as clerk,
    ):
        if opens:
            assert clerk.open("Entry").name == "Entry"
        else:
            with pytest.raises(SignInRefused, match="HTTP 401"):
                clerk.open("Entry")


def test_a_sign_in_takes_the_credential_alone(chromium: Browser) -> None:
    pages = {"Sign in": {"path": "/", "fields": {"Claim number": "Claim number"}}}
    login = [{"open": "Sign in"}, {"fill": {"Claim number": "$record.name"}}]
    with (
        site({"/": form("/in")}) as here,
        session(chromium, here.url, pages, login=login) as clerk,
        pytest.raises(DefinitionError, match=r"\$record.name means nothing in a sign-in"),
    ):
        clerk.open("Sign in")


def test_a_slow_sign_in_is_not_taken_for_a_refused_one(chromium: Browser) -> None:
    pages = {
        "Sign in": {"path": "/", "see": "Please sign in", "buttons": {"Save": "Save"}},
        "Work": {"path": "/work", "see": "Work"},
    }
    login = [{"open": "Sign in"}, {"press": "Save"}, {"see": "Work"}]
    with site({"/": form("/in", title="Please sign in"), "/work": "<h1>Work</h1>"}) as here:
        here.pages["/in"] = lambda: _later(here)
        with session(chromium, here.url, pages, login=login, timeout="6s") as clerk:
            assert clerk.open("Work").name == "Work"


def test_a_sign_in_that_is_never_answered_is_no_refusal(chromium: Browser) -> None:
    pages: dict[str, Page] = {"/": form("/in", title="Please sign in"), "/in": Reply(held=True)}
    with (
        site(pages) as here,
        session(chromium, here.url, SIGN_IN, login=SIGN_IN_STEPS, timeout="1s") as clerk,
        pytest.raises(ApplicationException, match="did not come") as told,
    ):
        clerk.open("Work")

    assert not isinstance(told.value, SignInRefused)


def test_a_script_that_does_not_let_in_is_a_refusal(chromium: Browser) -> None:
    pages = {"/": form("/in", title="Please sign in", onsubmit="return false")}
    with (
        site(pages) as here,
        session(chromium, here.url, SIGN_IN, login=SIGN_IN_STEPS, timeout="2s") as clerk,
        pytest.raises(SignInRefused),
    ):
        clerk.open("Work")


def _later(here: Site) -> Reply:
    here.let_go.wait(2.5)
    return Reply("<h1>Work</h1>")
