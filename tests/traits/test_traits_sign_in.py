"""Signing in, and a session that ends in the middle: never taken for success, never a reason to enter twice."""

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import PageServer
from rpa.definitions.bot import Entry
from rpa.errors import PressUnanswered, SignedOut, SignInRefused
from rpa.performer import prepare
from rpa.secrets.base import Credential
from tests.traits.clerk import ENTER, ENTERED, at_work, claim_page, definition
from tests.traits.digest import digest_server

CLERK = Credential("small", "clerk", "pencil")
STRANGER = Credential("small", "clerk", "pen")
BASIC = "credential: small" + claim_page("basic_auth.html")


def test_http_basic_lets_the_credential_in(chromium: Browser, pages: PageServer) -> None:
    with at_work(chromium, BASIC, pages.url, credential=CLERK) as clerk:
        clerk.does(ENTER)

    assert [post.fields for post in pages.posts] == [ENTERED]


@pytest.mark.parametrize("credential", [STRANGER, None], ids=["a wrong one", "none"])
def test_http_basic_without_the_right_credential_is_a_refusal_and_no_page(
    chromium: Browser, pages: PageServer, credential: Credential | None
) -> None:
    with (
        at_work(chromium, BASIC, pages.url, credential=credential) as clerk,
        pytest.raises(SignInRefused, match="HTTP 401"),
    ):
        clerk.does(ENTER)

    assert pages.posts == []


DIGEST = """
credential: small
timeout: 5s
pages: {Start: {path: /, see: Work list}}
"""


def test_http_digest_lets_the_credential_in_and_carries_no_password(chromium: Browser) -> None:
    with digest_server(CLERK.username, CLERK.password) as server:
        with at_work(chromium, DIGEST, server.url, credential=CLERK) as clerk:
            clerk.does("- open: Start")

        assert server.heard[-1].startswith("Digest ")
        assert not any(header.startswith("Basic") for header in server.heard)


def test_http_digest_refuses_a_wrong_credential(chromium: Browser) -> None:
    with (
        digest_server(CLERK.username, CLERK.password) as server,
        at_work(chromium, DIGEST, server.url, credential=STRANGER) as clerk,
        pytest.raises(SignInRefused, match="HTTP 401"),
    ):
        clerk.does("- open: Start")


SHORT = """
credential: small
timeout: 5s
login:
  - open: Sign in
  - fill: {User ID: $credential.username, Password: $credential.password}
  - press: Sign in
signed_out: {see: Please sign in}
pages:
  Sign in:
    path: /sign_in.html
    see: Please sign in
    fields: {User ID: User ID, Password: Password}
    buttons: {Sign in: {label: Sign in, to: Entry}}
  Entry:
    path: /session.html
    see: New claim
    fields: {Claim number: Claim number, Amount: {label: Amount, format: '#,##0.00'}}
    buttons: {Save: {label: Save, to: Saved}}
  Saved: {see: Record saved}
"""


def test_a_session_of_three_pages_is_renewed_between_records_and_none_is_lost_or_doubled(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, SHORT, pages.url, credential=CLERK) as clerk:
        for number in range(4):
            clerk.does(f"- open: Entry\n- fill: {{Claim number: CL-{number}, Amount: $amount}}\n- press: Save")

    saved = [post.fields["claim"][0] for post in pages.posts if post.path == "/collect/session"]
    assert saved == [f"CL-{number}" for number in range(4)]


def test_a_session_that_ends_at_the_press_is_no_save_although_the_answer_is_200(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, SHORT, pages.url, credential=CLERK) as clerk:
        clerk.does("- open: Entry\n- open: Entry\n- fill: {Claim number: $claim}")
        with pytest.raises(PressUnanswered, match="asks to sign in again") as met:
            clerk.does("- press: Save")
        assert isinstance(met.value.reason, SignedOut)
        assert not [post for post in pages.posts if post.path == "/collect/session"]

        clerk.does(ENTER)
    assert [post.fields for post in pages.posts if post.path == "/collect/session"] == [ENTERED]


TWO_PAGES = """
system: small
create:
  - open: Entry
  - press: Next
  - fill: {Claim number: $claim}
submit:
  - press: Save
confirm:
  - expect: {Claim number: $claim}
"""


def test_a_session_that_ends_between_two_pages_is_begun_again_from_the_record_once(
    chromium: Browser, pages: PageServer
) -> None:
    linked = SHORT.replace("buttons: {Save:", "buttons: {Next: Next claim, Save:")
    before = set(pages.sessions._left)
    with at_work(chromium, linked, pages.url, credential=CLERK) as clerk:
        clerk.does("- open: Entry")  # the first two pages of the session, so that Next is one too many
        assert prepare(clerk.stage, definition(TWO_PAGES, Entry))

        assert clerk.shows("Claim number") == {"Claim number": "CL-7"}
    assert len(pages.sessions._left.keys() - before - {""}) == 2, "signed in twice"


def test_a_session_that_ends_before_a_fill_is_told_as_that_and_nothing_is_typed_elsewhere(
    chromium: Browser, pages: PageServer
) -> None:
    # A link of the page asks for the third page; the one after it is the sign-in page.
    linked = SHORT.replace("buttons: {Save:", "buttons: {Next: Next claim, Save:")
    with at_work(chromium, linked.replace("5s", "2s"), pages.url, credential=CLERK) as clerk:
        clerk.does("- open: Entry\n- press: Next\n- press: Next")
        with pytest.raises(SignedOut):
            clerk.does("- fill: {Claim number: $claim}")
