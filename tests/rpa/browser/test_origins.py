"""Credentials and personal texts are given to the system alone, not to wherever a page leads."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from rpa.browser.origin import origin
from rpa.errors import ApplicationException
from rpa.secrets.base import Credential
from tests.rpa.browser.small_site import CLAIM, Reply, Site, form, said, session, site

HEARING = "<script>addEventListener('input', event => fetch('/heard?' + event.target.value))</script>"
FILE = "<p><label>Scan <input type=file></label></p>"
ENTRY: dict[str, Any] = {**CLAIM, "fields": {**CLAIM["fields"], "Scan": "Scan"}}
CANARY = Credential("small", "canary-name", "canary-word")
LOGIN = [
    {"open": "Claim"},
    {"fill": {"Claim number": "$credential.username", "Amount": "$credential.password"}},
    {"press": "Save"},
]


def strange(here: Site) -> str:
    """Return the same server under another name: another origin."""
    return here.url.replace("127.0.0.1", "localhost")


def declared(here: Site) -> list[dict[str, Any]]:
    """Return the declaration of that other name, so that pages get there at all."""
    return [{"url": strange(here), "private": True}]


def test_a_credential_is_not_typed_where_another_site_asks_for_it(chromium: Browser) -> None:
    with site({"/ask": form("/in") + HEARING, "/work": "<h1>Work</h1>"}) as here:
        here.pages["/"] = Reply(status=302, headers=(("Location", f"{strange(here)}/ask"),))
        pages = {"Claim": CLAIM, "Work": {"path": "/work", "see": "Work"}}
        with (
            session(chromium, here.url, pages, CANARY, login=LOGIN, hosts=declared(here)) as clerk,
            pytest.raises(ApplicationException, match=r"it comes from http://localhost:[0-9]+, and the system is"),
        ):
            clerk.open("Work")

        assert not here.posts


def test_what_is_personal_stays_in_the_system_and_what_is_not_may_go(chromium: Browser, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF")
    with site({"/ask": form("/in", more=FILE)}) as here:
        here.pages["/"] = Reply(status=302, headers=(("Location", f"{strange(here)}/ask"),))
        with session(chromium, here.url, {"Claim": ENTRY}, hosts=declared(here)) as clerk:
            screen = clerk.open("Claim")
            for act in (
                lambda: screen.fill({"Claim number": said("canary", personal=True)}),
                lambda: screen.differs({"Claim number": said("canary", personal=True)}),
                lambda: screen.attach("Scan", scan),
            ):
                with pytest.raises(ApplicationException, match="nothing was given to this page"):
                    act()
            assert screen.read(["Claim number", "Scan"]) == {"Claim number": "", "Scan": ""}
            screen.fill({"Claim number": said("CL-1")})


def test_a_page_that_is_replaced_while_it_is_filled_does_not_get_the_rest(chromium: Browser) -> None:
    leading = "<script>claim.addEventListener('change', () => {{ location.href = '{}/ask' }})</script>"
    with site({"/ask": form("/in") + HEARING}) as here:
        first = form("/in").replace("name=claim", "name=claim id=claim")
        here.pages["/"] = first + leading.format(strange(here))
        heard: list[str] = []

        def hear() -> Reply:
            heard.append("heard")
            return Reply()

        here.pages["/heard"] = hear
        with session(chromium, here.url, {"Claim": CLAIM}) as clerk:
            screen = clerk.open("Claim")
            with pytest.raises(ApplicationException, match="nothing was given to this page") as told:
                screen.fill({"Claim number": said("CL-1"), "Amount": said("canary", personal=True)})

        assert "canary" not in str(told.value)
        assert not heard


def test_a_frame_that_the_page_around_it_has_written_is_the_systems(chromium: Browser) -> None:
    inner = form("/in").replace('"', "&quot;")
    pages = {"Claim": {**CLAIM, "path": None, "frame": "inner"}, "Outer": {"path": "/", "see": "Outer"}}
    with (
        site({"/": f'<h1>Outer</h1><iframe name=inner srcdoc="{inner}" height=300></iframe>'}) as here,
        session(chromium, here.url, pages) as clerk,
    ):
        clerk.open("Outer")
        screen = clerk.arrive("Claim")
        screen.fill({"Claim number": said("CL-1", personal=True)})
        assert screen.read(["Claim number"]) == {"Claim number": "CL-1"}


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("https://Claims.example/a?b") == origin("https://claims.example:443")
    assert origin("http://claims.example") != origin("https://claims.example")
    assert origin("http://claims.example:81") != origin("http://claims.example")
    assert origin("http://claims.example@evil.example/") == "http://evil.example:80"
    assert origin("data:text/html,x") == "data:"
