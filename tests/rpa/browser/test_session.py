"""A session signs in when it has to, and finds its way through framesets, pop-ups and wizards."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import serving
from fixtures.systems.common import RunningSystem, running
from rpa.browser.press import PressUnanswered
from rpa.browser.session import Session
from rpa.definitions.system import System
from rpa.errors import DefinitionError, SignedOut, SignInRefused
from rpa.secrets.base import Credential
from tests.rpa.browser.small_site import Reply, Site, form, said, session, site

CLERK = Credential("meridian", "clerk1", "benefits-pass")
MERIDIAN: dict[str, Any] = {
    "system": "meridian",
    "url": "http://meridian.example",
    "credential": "meridian",
    "timeout": "5s",
    "login": [
        {"open": "Sign in"},
        {"fill": {"User ID": "$credential.username", "Password": "$credential.password"}},
        {"press": "Sign in"},
        {"see": "Work list"},
    ],
    "signed_out": {"see": "Please sign in"},
    "pages": {
        "Sign in": {
            "path": "/",
            "see": "Please sign in",
            "fields": {"User ID": "User ID", "Password": "Password"},
            "buttons": {"Sign in": "Sign in"},
        },
        "Menu": {
            "path": "/mb/menu.do",
            "frame": "menu",
            "see": "Find a claim",
            "buttons": {
                "New claim": {"label": "New claim", "to": "New claim"},
                "Find a claim": {"label": "Find a claim", "to": "Claim search"},
            },
        },
        "New claim": {
            "via": "Menu",
            "frame": "main",
            "see": "MB-210",
            "fields": {
                "Claim number": "Claim No",
                "Member number": "Member No",
                "Name": "Name",
                "Lost on": {"parts": [{"label": "MM"}, {"label": "DD"}, {"label": "YYYY"}]},
                "Type of loss": "Type of loss",
                "Plan": "Plan",
                "Amount": "Amount",
                "What happened": "What happened",
            },
            "buttons": {"Save claim": {"label": "Save claim", "to": "Recorded"}},
            "dialogs": {"Save this claim?": "accept"},
            "refused": ["font[color='#CC0000']"],
        },
        "Recorded": {"frame": "main", "see": "Claim recorded", "fields": {"Reference": "Reference"}},
        "Claim search": {
            "via": "Menu",
            "window": "search",
            "see": "MB-300",
            "fields": {"Claim number": "Claim No"},
            "buttons": {"Search": {"label": "Search", "to": "Claim search"}},
            "tables": {
                "Results": {
                    "columns": {"Claim number": "Claim No", "Reference": "Reference"},
                    "empty": "No claims found",
                    "buttons": {"Open": {"label": "Open", "to": "Claim"}},
                }
            },
        },
        "Claim": {"frame": "main", "see": "MB-310", "fields": {"Claim number": "Claim No", "Name": "Name"}},
    },
}
MERIDIAN_MAP = System.model_validate(MERIDIAN)


@pytest.fixture
def meridian(tmp_path: Path) -> Iterator[RunningSystem]:
    with running("benefits", tmp_path / "benefits.db") as system:
        yield system


def claim(number: str, name: str) -> dict[str, Any]:
    return {
        "Claim number": said(number),
        "Member number": said("M-1"),
        "Name": said(name),
        "What happened": said("Water came in"),
        "Amount": said("12.00"),
    }


def find(clerk: Session, number: str) -> list[str]:
    clerk.open("Claim search").fill({"Claim number": said(number)})
    clerk.screen.press("Search")
    for rows in clerk.screen.looks("Results"):
        if rows or clerk.screen.absent("Results"):
            return [row.texts["Reference"] for row in rows]
    raise AssertionError("no evidence")


def test_the_first_open_signs_in_and_the_session_stays_warm(chromium: Browser, meridian: RunningSystem) -> None:
    with Session(chromium, MERIDIAN_MAP, CLERK, url=meridian.url) as clerk:
        assert [clerk.open(name).name for name in ("New claim", "Claim search", "New claim")] == [
            "New claim",
            "Claim search",
            "New claim",
        ]
        assert clerk.screen.refusal() is None
        assert find(clerk, "CL-1") == []


def test_a_claim_that_the_search_window_opens_is_read_in_the_main_frame(chromium: Browser, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(
        '[{"claim_no": "CL-1", "name": "Ann Roe", "amount": "1.00", "lost_on": "2024-03-07"},'
        ' {"claim_no": "CL-2", "name": "Bo Lund", "amount": "2.00", "lost_on": "2024-03-08"}]'
    )
    with (
        running("benefits", tmp_path / "b.db", seed=seed) as here,
        Session(chromium, MERIDIAN_MAP, CLERK, url=here.url) as clerk,
    ):
        names = []
        for number in ("CL-1", "CL-2"):
            find(clerk, number)
            (row,) = clerk.screen.rows("Results") or []
            opened = clerk.screen.press("Open", row=row)
            names.append(opened.read(["Name"])["Name"])

        assert clerk.screen.name == "Claim"
    assert names == ["Ann Roe", "Bo Lund"]


def test_a_second_sign_in_elsewhere_throws_out_and_the_next_open_signs_in_again(
    chromium: Browser, meridian: RunningSystem
) -> None:
    with (
        Session(chromium, MERIDIAN_MAP, CLERK, url=meridian.url) as clerk,
        Session(chromium, MERIDIAN_MAP, CLERK, url=meridian.url) as other,
    ):
        clerk.open("New claim")
        other.open("New claim")
        clerk.screen.fill({"Name": said("Ann Roe")})

        assert clerk.open("New claim").read(["Name"]) == {"Name": ""}
        with pytest.raises(PressUnanswered, match="asks to sign in"):
            other.screen.press("Save claim")
        assert other.open("Claim search").name == "Claim search"


def test_a_step_on_a_page_that_was_signed_out_says_so(chromium: Browser, meridian: RunningSystem) -> None:
    with Session(chromium, MERIDIAN_MAP, CLERK, url=meridian.url) as clerk:
        screen = clerk.open("New claim")
        screen.window.frame(name="main").goto(f"{meridian.url}/mb/signoff.do")  # type: ignore[union-attr]
        with pytest.raises(SignedOut, match="meridian asks to sign in again"):
            screen.fill({"Name": said("Ann Roe")})


def test_a_wrong_password_is_refused_within_seconds_and_tried_once(
    chromium: Browser, meridian: RunningSystem
) -> None:
    wrong = Credential("meridian", "clerk1", "hunter2-secret")
    system = System.model_validate({**MERIDIAN, "timeout": "20s"})
    with Session(chromium, system, wrong, url=meridian.url) as clerk:
        begun = time.monotonic()
        with pytest.raises(SignInRefused, match="meridian refused the credential meridian: correct it") as told:
            clerk.open("New claim")

        assert time.monotonic() - begun < 8
    assert "hunter2" not in f"{told.value!r}{told.value.__cause__!r}{told.value.__context__!r}"
    assert meridian.log.read_text("utf-8").count("hunter2") == 0


def test_a_refusal_that_is_shown_is_told_at_once(chromium: Browser, meridian: RunningSystem) -> None:
    refused = {"timeout": "20s", "sign_in_refused": ["font[color='#CC0000']"]}
    system = System.model_validate({**MERIDIAN, **refused})
    with Session(chromium, system, Credential("m", "clerk1", "no"), url=meridian.url) as clerk:
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


def test_a_session_that_ends_between_two_pages_is_renewed_once(chromium: Browser) -> None:
    with serving() as pages:
        system: dict[str, Any] = {
            "login": [
                {"open": "Sign in"},
                {"fill": {"User": "$credential.username", "Password": "$credential.password"}},
                {"press": "Sign in"},
                {"see": "New claim"},
            ],
            "signed_out": {"see": "Please sign in"},
        }
        map_ = {
            "Sign in": {
                "path": "/session.html",
                "see": "Please sign in",
                "fields": {"User": "User ID", "Password": "Password"},
                "buttons": {"Sign in": "Sign in"},
            },
            "New claim": {"path": "/session.html", "see": "New claim", "fields": {"Amount": "Amount"}},
        }
        clerk_of_pages = Credential("pages", "clerk", "pencil")
        with session(chromium, pages.url, map_, clerk_of_pages, **system) as clerk:
            for _ in range(8):
                assert clerk.open("New claim").name == "New claim"


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


WIZARD: dict[str, Any] = {
    "system": "payments",
    "url": "http://payments.example",
    "credential": "payments",
    "timeout": "5s",
    "login": [
        {"open": "Sign in"},
        {"fill": {"User": "$credential.username", "Password": "$credential.password"}},
        {"press": "Sign in"},
        {"see": "Welcome"},
    ],
    "signed_out": {"see": "Please sign in"},
    "sign_in_refused": [".err"],
    "pages": {
        "Sign in": {
            "path": "/",
            "see": "Please sign in",
            "fields": {"User": "User", "Password": "Password"},
            "buttons": {"Sign in": {"label": "Sign in", "to": "Welcome"}},
        },
        "Welcome": {"frame": "work", "see": "Welcome"},
        "Payee": {
            "path": "/cpw/payment.aspx",
            "frame": "work",
            "see": "New payment - Payee",
            "fields": {
                "Benefits reference": "Benefits reference",
                "Claim number": "Claim number",
                "Payee name": "Payee name",
                "SSN": {"label": "SSN", "keys": "yes"},
                "ZIP": "ZIP",
            },
            "buttons": {"Next": {"label": "Next >", "to": "Payment"}},
            "refused": [".err"],
        },
        "Payment": {"frame": "work", "see": "New payment - Payment"},
    },
}


def test_a_wizard_in_a_frame_under_one_address_is_told_apart_by_its_pages(
    chromium: Browser, tmp_path: Path
) -> None:
    payee = {
        "Benefits reference": said("MB-000001"),
        "Claim number": said("CL-1"),
        "Payee name": said("Ann Roe"),
        "SSN": said("123-45-6789"),
        "ZIP": said("62701"),
    }
    with running("payments", tmp_path / "payments.db") as here:
        system = System.model_validate(WIZARD)
        with Session(chromium, system, Credential("p", "payuser", "payments-pass"), url=here.url) as clerk:
            screen = clerk.open("Payee")
            refused = screen.press("Next")
            assert (refused.name, bool(refused.refusal())) == ("Payee", True)

            clerk.open("Payee").fill(payee)
            assert clerk.screen.differs(payee) == []
            assert clerk.screen.press("Next").name == "Payment"


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


def _later(here: Site) -> Reply:
    here.let_go.wait(2.5)
    return Reply("<h1>Work</h1>")
