"""Pages that never rest, that wait for other hosts, and screens without a single box."""

import re

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import PageServer
from rpa.actions.base import Stage
from rpa.actions.custom import action
from rpa.errors import NotOnScreen, PressUnanswered, ScreenDiffers
from tests.rpa.browser.small_site import Reply, form, site
from tests.traits.clerk import ENTER, at_work

WAITING = """
timeout: 5s
pages:
  Entry:
    path: /
    see: New claim
    fields: {Claim number: Claim number, Amount: Amount}
    buttons: {Save: {label: Save, to: Received}}
  Received: {see: Your entry was received}
"""


def test_a_part_of_the_page_that_never_comes_holds_no_entry(chromium: Browser) -> None:
    held = "<iframe src=/never></iframe>"
    saved = f"Your entry was received {held}"
    with (
        site({"/": form("/save", more=held), "/save": saved, "/never": Reply(held=True)}) as here,
        at_work(chromium, WAITING, here.url) as clerk,
    ):
        clerk.does(ENTER)

        assert clerk.screen.name == "Received"
        assert len(here.posts) == 1


TERMINAL = """
timeout: 1s
pages:
  Terminal:
    path: /green_screen.html
    see: MAIN MENU
    fields: {Option: OPTION}
    tables: {Claims: {columns: {Claim number: CLAIM NO.}}}
"""


@action("terminal.enter")
def enter(stage: Stage, target: dict[str, str]) -> None:
    """Enter a claim on the green screen by keys, as a bot's own Python action can."""
    keyboard = stage.screen.window.keyboard

    def row(number: int) -> str:
        return stage.screen.window.locator("#screen").inner_text().split("\n")[number - 1].strip()

    def send(text: str, comes: str, at: int) -> None:
        keyboard.type(text)
        keyboard.press("Enter")
        stage.screen.window.wait_for_function(
            "([row, text]) => document.querySelector('#screen').textContent.split('\\n')[row - 1].includes(text)",
            arg=[at, comes],
        )

    send("1", "CLAIM ENTRY", 1)
    for text in target.values():
        keyboard.type(stage.value(text, stage.screen.page.fields["Option"]).text)
        keyboard.press("Tab")
    if "E104" in row(22):
        raise ScreenDiffers
    send("", "ACCEPTED", 22)
    stage.kept["receipt"] = re.sub(r".*CLAIM (\S+) ACCEPTED", r"\1", row(22))


def test_a_green_screen_has_no_box_and_says_so_before_anything_is_typed(
    chromium: Browser, pages: PageServer
) -> None:
    with (
        at_work(chromium, TERMINAL, pages.url) as clerk,
        pytest.raises(NotOnScreen, match="Option: 'OPTION' is not on the screen"),
    ):
        clerk.does("- open: Terminal\n- fill: {Option: '1'}")

    assert pages.posts == []


def test_a_green_screen_is_worked_by_keys_in_a_python_action(chromium: Browser, pages: PageServer) -> None:
    with at_work(chromium, TERMINAL, pages.url) as clerk:
        clerk.does("- open: Terminal\n- terminal.enter: {claim: $claim, member: ANA ORTIZ, amount: '12.50'}")

        assert clerk.stage.kept == {"receipt": "CL-7"}
    assert [post.fields["claim"] for post in pages.posts] == [["CL-7"]]


DRAWN = """
timeout: 1s
pages: {Drawing: {path: /canvas.html, fields: {Claim number: Claim number}}}
"""


def test_a_drawn_form_is_told_as_a_page_that_did_not_come(chromium: Browser, pages: PageServer) -> None:
    with (
        at_work(chromium, DRAWN, pages.url) as clerk,
        pytest.raises(NotOnScreen, match="Drawing did not come within 1 s"),
    ):
        clerk.does("- open: Drawing")


OLD = """
timeout: 1s
pages:
  Entry: {path: /, see: New claim, buttons: {Choose: {label: Choose member, to: Members}}}
  Members: {window: members, see: Members}
"""
MODAL = """<h1>New claim</h1>
<button onclick="showModalDialog('/members', null, 'dialogWidth:20em')">Choose member</button>"""


def test_a_window_that_only_internet_explorer_opens_is_told_as_one_that_did_not_come(chromium: Browser) -> None:
    with (
        site({"/": MODAL, "/members": "Members"}) as here,
        at_work(chromium, OLD, here.url) as clerk,
        pytest.raises(PressUnanswered, match="Members did not come within 1 s"),
    ):
        clerk.does("- open: Entry\n- press: Choose")
