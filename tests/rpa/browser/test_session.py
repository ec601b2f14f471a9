"""A session signs in when it has to, and finds its way through framesets, pop-ups and wizards."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import serving
from fixtures.systems.common import RunningSystem, running
from rpa.browser.session import Session
from rpa.definitions.system import System
from rpa.errors import PressUnanswered, SignedOut
from rpa.secrets.base import Credential
from tests.rpa.browser.legacy_maps import MERIDIAN, WIZARD
from tests.rpa.browser.small_site import at, said, session, site

CLERK = Credential("meridian", "clerk1", "benefits-pass")
HOME = {"Home": {"path": "/", "see": "Home"}}
MERIDIAN_MAP = System.model_validate(MERIDIAN)


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
    with Session(chromium, at(MERIDIAN_MAP, meridian.url), CLERK) as clerk:
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
        Session(chromium, at(MERIDIAN_MAP, here.url), CLERK) as clerk,
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
        Session(chromium, at(MERIDIAN_MAP, meridian.url), CLERK) as clerk,
        Session(chromium, at(MERIDIAN_MAP, meridian.url), CLERK) as other,
    ):
        clerk.open("New claim")
        other.open("New claim")
        clerk.screen.fill({"Name": said("Ann Roe")})

        assert clerk.open("New claim").read(["Name"]) == {"Name": ""}
        with pytest.raises(PressUnanswered, match="asks to sign in"):
            other.screen.press("Save claim")
        assert other.open("Claim search").name == "Claim search"


def test_a_step_on_a_page_that_was_signed_out_says_so(chromium: Browser, meridian: RunningSystem) -> None:
    with Session(chromium, at(MERIDIAN_MAP, meridian.url), CLERK) as clerk:
        screen = clerk.open("New claim")
        screen.window.frame(name="main").goto(f"{meridian.url}/mb/signoff.do")  # type: ignore[union-attr]
        with pytest.raises(SignedOut, match="meridian asks to sign in again"):
            screen.fill({"Name": said("Ann Roe")})


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
        with Session(chromium, at(system, here.url), Credential("p", "payuser", "payments-pass")) as clerk:
            screen = clerk.open("Payee")
            refused = screen.press("Next")
            assert (refused.name, bool(refused.refusal())) == ("Payee", True)

            clerk.open("Payee").fill(payee)
            assert clerk.screen.differs(payee) == []
            assert clerk.screen.press("Next").name == "Payment"


def test_a_wait_that_is_over_closes_no_window_later(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    # The driver keeps the frames of whoever waited alive, and the end that was set to the waiting must not stay.
    monkeypatch.setattr("rpa.browser.patience.GRACE", 0.1)
    monkeypatch.setattr("rpa.browser.desk.MARGIN", 0.1)
    with site({"/": "<h1>Home</h1>"}) as here, session(chromium, here.url, HOME, timeout="1s") as clerk:
        for _ in range(30):
            window = clerk.open("Home").window
        window.wait_for_timeout(1500)

        assert clerk.open("Home").window is window
