"""What stands between a press and one entry: questions, scripts, slow answers, double handlers."""

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import PageServer
from rpa.errors import PressUnanswered
from tests.traits.clerk import ENTER, ENTERED, at_work, claim_page


@pytest.mark.parametrize(
    "page",
    [
        "javascript_link.html",
        "double_save.html",
        "overlay.html",
        "polling.html",
    ],
)
def test_one_press_is_one_post_with_what_was_meant(chromium: Browser, pages: PageServer, page: str) -> None:
    with at_work(chromium, claim_page(page), pages.url) as clerk:
        clerk.does(ENTER)

        assert clerk.screen.name == "Received"
    assert [post.fields for post in pages.posts] == [ENTERED]


def test_an_image_is_pressed_by_its_words_and_posts_where_it_was_met(chromium: Browser, pages: PageServer) -> None:
    with at_work(chromium, claim_page("image_button.html"), pages.url) as clerk:
        clerk.does(ENTER)

    (post,) = pages.posts
    assert post.fields == {**ENTERED, "go.x": post.fields["go.x"], "go.y": post.fields["go.y"]}
    assert 0 < int(post.fields["go.x"][0]) < 72


POSTBACK = """
timeout: 5s
pages:
  Entry:
    path: /postback_link.html
    fields: {Claim number: Claim number, Amount: {label: Amount, format: '#,##0.00'}}
    buttons:
      Calculate: {label: Calculate, to: Entry}
      Save: {label: Save, to: Saved}
  Saved: {see: Entry was saved.}
"""


def test_a_postback_keeps_no_old_document_and_the_save_after_it_is_one_post(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, POSTBACK, pages.url) as clerk:
        clerk.does("""
        - open: Entry
        - fill: {Claim number: CL-6}
        - press: Calculate
        - fill: {Claim number: $claim, Amount: $amount}
        - press: Save
        """)

    pressed = [(post.fields["__EVENTTARGET"][0][-4:], post.fields["claim"][0]) for post in pages.posts]
    assert pressed == [("late", "CL-6"), ("Save", "CL-7")]


ASKED = "dialogs: {Save changes?: %s}"


def test_a_question_that_nobody_declared_is_no_save_and_is_told(chromium: Browser, pages: PageServer) -> None:
    with (
        at_work(chromium, claim_page("confirm_submit.html"), pages.url) as clerk,
        pytest.raises(PressUnanswered, match="the page asks 'Save changes\\?' \\(confirm\\)"),
    ):
        clerk.does(ENTER)

    assert pages.posts == []


def test_a_question_that_the_map_accepts_is_one_post(chromium: Browser, pages: PageServer) -> None:
    page = claim_page("confirm_submit.html", more=ASKED % "accept")
    with at_work(chromium, page, pages.url) as clerk:
        clerk.does(ENTER)

    assert [post.fields for post in pages.posts] == [ENTERED]


def test_a_message_that_nobody_declared_leaves_the_press_to_be_settled(
    chromium: Browser, pages: PageServer
) -> None:
    # The form is sent behind the message, so the entry may be there: it is not a press that did not happen.
    with (
        at_work(chromium, claim_page("alert_submit.html"), pages.url) as clerk,
        pytest.raises(PressUnanswered, match="A supervisor will look at it"),
    ):
        clerk.does(ENTER)


def test_a_message_that_the_map_knows_is_one_post(chromium: Browser, pages: PageServer) -> None:
    known = "dialogs: {Amount is over the limit: accept}"
    with at_work(chromium, claim_page("alert_submit.html", more=known), pages.url) as clerk:
        clerk.does(ENTER)

        assert clerk.screen.name == "Received"
    assert len(pages.posts) == 1


UNSAVED = """
timeout: 5s
pages:
  Entry:
    path: /beforeunload.html
    fields: {Claim number: Claim number}
    buttons: {Leave: {label: Leave, to: Other}}
    %s
  Other: {path: /overlay.html, see: Please wait, fields: {Claim number: Claim number}}
"""
LEAVE = """
- open: Entry
- fill: {Claim number: $claim}
- press: Leave
"""


def test_what_was_not_saved_is_not_left_unless_the_map_says_so(chromium: Browser, pages: PageServer) -> None:
    with at_work(chromium, UNSAVED % "", pages.url) as clerk:
        with pytest.raises(PressUnanswered, match="whether to leave the page"):
            clerk.does(LEAVE)

        assert clerk.shows("Claim number") == {"Claim number": "CL-7"}
        clerk.does("- open: Other")  # and nothing hangs afterwards


def test_what_was_not_saved_is_left_where_the_map_says_so(chromium: Browser, pages: PageServer) -> None:
    leaving = "dialogs: {whether to leave the page: accept}"
    with at_work(chromium, UNSAVED % leaving, pages.url) as clerk:
        clerk.does(LEAVE)

        assert clerk.screen.name == "Other"


def test_a_late_answer_is_never_pressed_for_twice(chromium: Browser, pages: PageServer) -> None:
    late = claim_page("slow_postback.html").replace("timeout: 5s", "timeout: 1s")
    with at_work(chromium, late, pages.url) as clerk:
        with pytest.raises(PressUnanswered, match="Received did not come within 1 s"):
            clerk.does(ENTER)
        clerk.does("- open: Entry")

    assert [post.fields for post in pages.posts] == [ENTERED]


def test_an_answer_that_takes_its_time_is_waited_for(chromium: Browser, pages: PageServer) -> None:
    with at_work(chromium, claim_page("slow_postback.html"), pages.url) as clerk:
        clerk.does(ENTER)

        assert clerk.screen.name == "Received"
    assert len(pages.posts) == 1


PRINTED = """
timeout: 5s
pages:
  Receipt:
    path: /print.html
    buttons: {Print: Print receipt}
"""


def test_printing_does_not_hold_the_session(chromium: Browser, pages: PageServer) -> None:
    with at_work(chromium, PRINTED, pages.url) as clerk:
        clerk.does("""
        - open: Receipt
        - press: Print
        - see: Printed
        """)


SILENT = """
timeout: 5s
pages:
  Entry:
    path: /no_confirmation.html
    see: New entry
    fields: {Claim number: Claim number, Amount: Amount}
    buttons: {Save: {label: Save, to: Entry}}
"""


def test_an_empty_form_after_a_save_is_the_answer_and_not_the_old_page(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, SILENT, pages.url) as clerk:
        clerk.does(ENTER)

        assert clerk.shows("Claim number", "Amount") == {"Claim number": "", "Amount": ""}
    assert len(pages.posts) == 1


LATE = """
timeout: 5s
pages:
  Entry: {path: /confirm_submit.html, see: Save with a question}
  Other: {path: /overlay.html, see: Claim number, fields: {Claim number: Claim number}}
"""
SEND_LATER = """ms => {
  document.forms[0].action = `/collect/late?delay_ms=${ms}`;
  setTimeout(() => document.forms[0].submit(), 0);
}"""
ANSWER_MS = 100


def test_a_late_answer_that_breaks_into_the_opening_of_a_page_does_not_stand_in_its_place(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, LATE, pages.url) as clerk:
        for later in range(0, 32, 4):
            clerk.does("- open: Entry")
            window = clerk.screen.window
            window.evaluate(SEND_LATER, ANSWER_MS)
            window.wait_for_timeout(ANSWER_MS - 10 + later)
            clerk.does("- open: Other\n- fill: {Claim number: $claim}")

            assert window.url.endswith("/overlay.html")
