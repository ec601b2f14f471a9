"""Frames, pop-ups, new windows, files: what a press brings is looked for where it comes, and nothing is lost."""

import time

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import PageServer
from rpa.errors import ApplicationException, NotOnScreen, PressUnanswered
from tests.rpa.browser.small_site import site
from tests.traits.clerk import ENTER, ENTERED, at_work, claim_page

FRAMES = """
timeout: 5s
pages:
  Menu:
    path: /frameset.html
    frame: menu
    see: Menu
    buttons: {New claim: {label: New claim, to: Entry}}
  Entry:
    via: Menu
    frame: main
    see: New claim
    fields: {Claim number: Claim number, Amount: {label: Amount, format: '#,##0.00'}}
    buttons: {Save: {label: Save, to: Received}}
  Received: {frame: main, see: Your entry was received}
"""


def test_a_link_in_the_menu_frame_loads_the_main_frame_late_and_the_old_form_is_not_filled(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, FRAMES, pages.url) as clerk:
        clerk.does("""
        - open: Entry
        - open: Entry
        - fill: {Claim number: $claim, Amount: $amount}
        - press: Save
        """)

    assert [post.fields for post in pages.posts] == [ENTERED]


SET = "<frameset cols='20%,*'><frame name=menu src=/menu><frame name=main src=/new></frameset>"
FORM = """<h1>New claim</h1><form method=post action=/new><label>Claim number <input name=claim></label>
<label>Amount <input name=amount></label><button>Save</button></form>"""
SILENT = """
timeout: 5s
pages:
  Menu: {path: /menu, frame: menu, buttons: {New claim: {label: New claim, to: Entry}}}
  Entry:
    via: Menu
    frame: main
    see: New claim
    fields: {Claim number: Claim number, Amount: Amount}
    buttons: {Save: {label: Save, to: Entry}}
"""
ROUNDS = 20


def test_twenty_records_over_a_menu_frame_and_a_form_that_always_looks_the_same_are_all_there(
    chromium: Browser,
) -> None:
    def late() -> str:
        time.sleep(0.04)
        return FORM

    with (
        site({"/": SET, "/menu": "<a href=/new target=main>New claim</a>", "/new": late}) as here,
        at_work(chromium, SILENT, here.url) as clerk,
    ):
        for number in range(ROUNDS):
            clerk.does(f"""
            - open: Entry
            - fill: {{Claim number: CL-{number}, Amount: $amount}}
            - press: Save
            """)

        assert [values["claim"] for _, values in here.posts] == [f"CL-{number}" for number in range(ROUNDS)]


PICKING = """
timeout: 5s
pages:
  Entry:
    path: /popup_picker.html
    see: Pick from a window
    fields: {Provider: Provider, Office: Office}
    buttons:
      Find provider: {label: Find provider, to: Providers}
      Find office: {label: Find office, to: Offices}
      Save: {label: Save, to: Received}
  Providers:
    window: picker
    see: Lakeview Hospital
    fields: {Stay: Keep this window open}
    buttons: {Lakeview: {label: Lakeview Hospital, to: Entry}, Northside: Northside Clinic}
  Offices: {window: picker, see: Mill Road, buttons: {Mill Road: {label: Mill Road, to: Entry}}}
  Received: {see: Your entry was received}
"""


def test_one_window_name_for_two_pickers_gives_both_fields_their_value(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, PICKING, pages.url) as clerk:
        clerk.does("""
        - open: Entry
        - press: Find provider
        - press: Lakeview
        - press: Find office
        - press: Mill Road
        - press: Save
        """)

    assert [post.fields for post in pages.posts] == [{"provider": ["Lakeview Hospital"], "office": ["Mill Road"]}]


def test_a_picker_that_stays_open_is_used_again_although_no_new_window_comes(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, PICKING, pages.url) as clerk:
        clerk.does("""
        - open: Entry
        - press: Find provider
        - tick: {Stay: yes}
        - press: Northside
        - see: Entry
        - press: Find office
        - press: Mill Road
        - press: Save
        """)

    assert [post.fields for post in pages.posts] == [{"provider": ["Northside Clinic"], "office": ["Mill Road"]}]


def test_a_value_that_only_a_picker_may_set_is_told_as_read_only(chromium: Browser, pages: PageServer) -> None:
    with (
        at_work(chromium, PICKING.replace("5s", "2s"), pages.url) as clerk,
        pytest.raises(NotOnScreen, match="'Provider' is read-only; find out which field or picker sets it"),
    ):
        clerk.does("- open: Entry\n- fill: {Provider: Lakeview Hospital}")


def test_the_result_in_a_window_without_a_name_is_found_after_one_post(
    chromium: Browser, pages: PageServer
) -> None:
    apart = claim_page("blank_post.html").replace("Received: {see", "Received: {window: result, see")
    with at_work(chromium, apart, pages.url) as clerk:
        for _ in range(2):
            clerk.does(ENTER)
            assert clerk.screen.name == "Received"
            assert len(clerk.screen.window.context.pages) == 2

    assert [post.fields for post in pages.posts] == [ENTERED, ENTERED]


def test_a_result_in_a_window_that_the_map_does_not_expect_is_told_and_not_pressed_for_again(
    chromium: Browser, pages: PageServer
) -> None:
    page = claim_page("blank_post.html").replace("timeout: 5s", "timeout: 1s")
    with (
        at_work(chromium, page, pages.url) as clerk,
        pytest.raises(PressUnanswered, match="Received did not come within 1 s; a window opened"),
    ):
        clerk.does(ENTER)

    assert len(pages.posts) == 1


FILES = """
timeout: 2s
pages:
  Receipt:
    path: /%s
    see: Receipt to
    buttons:
      Fetch: %s
      Fetch and go on: {label: %s, to: Next}
  Next: {path: /overlay.html, see: Claim number}
"""


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("inline_pdf.html", "Show receipt"),
        ("inline_pdf.html", "Show receipt in a new window"),
    ],
)
def test_a_pdf_as_the_answer_neither_holds_nor_breaks_the_session(
    chromium: Browser, pages: PageServer, page: str, link: str
) -> None:
    with at_work(chromium, FILES % (page, link, link), pages.url) as clerk:
        clerk.does("- open: Receipt\n- press: Fetch\n- open: Next\n- open: Receipt")

        with pytest.raises(PressUnanswered, match="Next did not come within 2 s"):
            clerk.does("- press: Fetch and go on")


def test_a_download_where_a_page_should_come_is_told(chromium: Browser, pages: PageServer) -> None:
    link = "Download receipt"
    with (
        at_work(chromium, FILES % ("download.html", link, link), pages.url) as clerk,
        pytest.raises(PressUnanswered, match="a download began"),
    ):
        clerk.does("- open: Receipt\n- press: Fetch and go on")


def test_a_frame_that_the_map_misnames_is_told(chromium: Browser, pages: PageServer) -> None:
    with (
        at_work(chromium, FRAMES.replace("frame: menu", "frame: left").replace("5s", "1s"), pages.url) as clerk,
        pytest.raises(ApplicationException, match="Menu: there is no frame left"),
    ):
        clerk.does("- open: Menu")
