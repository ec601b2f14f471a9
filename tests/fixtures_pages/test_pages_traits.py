"""Each small page must really have the trait it is there for."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Dialog, Error, FilePayload, Locator, Page, expect

from fixtures.pages.server import PageServer
from fixtures.pages.watching import Watched

FIELDS = {"Claim number": "CL-000123", "Amount": "1250.00"}


def fill(page: Page) -> None:
    for label, value in FIELDS.items():
        page.get_by_label(label).press_sequentially(value)


def opened(page: Page, name: str) -> Page:
    page.goto(f"/{name}.html")
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


@pytest.fixture
def dialogs(page: Page) -> list[str]:
    seen: list[str] = []

    def accept(dialog: Dialog) -> None:
        seen.append(f"{dialog.type}: {dialog.message}")
        dialog.accept()

    page.on("dialog", accept)
    return seen


@pytest.mark.parametrize("enter", [Locator.fill, Locator.press_sequentially])
def test_focus_thief_makes_plain_entry_go_astray(page: Page, enter: Callable[[Locator, str], None]) -> None:
    opened(page, "focus_thief")
    labels = page.locator("#entry label").all_text_contents()
    for label in labels:
        enter(page.get_by_label(label), label)
    wrong = [label for label in labels if page.get_by_label(label).input_value() != label]
    assert len(wrong) >= 4


def test_focus_thief_leaves_a_field_alone_the_second_time(page: Page) -> None:
    opened(page, "focus_thief")
    labels = page.locator("#entry label").all_text_contents()
    for label in labels:
        page.get_by_label(label).focus()
    page.wait_for_function("entered.size === fields.length && pending === 0")
    for label in labels:
        page.get_by_label(label).fill(label)
    assert [label for label in labels if page.get_by_label(label).input_value() != label] == []


def test_focus_thief_by_the_clock_keeps_moving_the_focus(page: Page) -> None:
    page.goto("/focus_thief.html?every_ms=50")
    for field in ("last_name", "street", "last_name"):
        page.wait_for_function("id => document.activeElement.id === id", arg=field)


def test_meta_refresh_wipes_what_was_typed(page: Page) -> None:
    opened(page, "meta_refresh")
    fill(page)
    expect(page.get_by_label("Claim number")).to_have_value("", timeout=4_000)


def test_overlay_covers_the_button_after_a_change_and_goes(page: Page, server: PageServer) -> None:
    opened(page, "overlay")
    met = page.evaluate("""() => {
        const box = document.querySelector('button').getBoundingClientRect();
        document.forms[0].dispatchEvent(new Event('change'));
        return document.elementFromPoint(box.x + 5, box.y + 5).id;
    }""")
    assert met == "wait"
    save(page)
    assert len(server.wait_for_posts(1)) == 1


def test_confirm_unanswered_means_no_and_nothing_is_sent(page: Page, server: PageServer) -> None:
    opened(page, "confirm_submit")
    save(page)
    expect(page.get_by_role("heading")).to_have_text("Save with a question")
    assert server.posts == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("confirm_submit", "confirm: Save changes?"),
        ("alert_submit", "alert: Amount is over the limit. A supervisor will look at it."),
    ],
)
def test_dialog_on_submit_is_answered_and_the_form_sent(
    page: Page, server: PageServer, dialogs: list[str], name: str, said: str
) -> None:
    opened(page, name)
    fill(page)
    save(page)
    assert server.wait_for_posts(1)[0].fields == {"claim": ["CL-000123"], "amount": ["1250.00"]}
    assert dialogs == [said]


def test_leaving_with_unsaved_changes_asks(page: Page, dialogs: list[str]) -> None:
    opened(page, "beforeunload")
    fill(page)
    page.get_by_role("link", name="Leave").click()
    expect(page.get_by_role("heading")).to_have_text("Please wait")
    assert dialogs == ["beforeunload: "]


def test_popup_sets_the_openers_field_and_closes_itself(page: Page) -> None:
    opened(page, "popup_picker")
    with page.expect_popup() as picker:
        page.get_by_role("button", name="Find provider").click()
    # The window may be gone before the click that closed it has returned: Playwright then raises.
    with picker.value.expect_event("close"), suppress(Error):
        picker.value.get_by_role("link", name="Lakeview Hospital").click()
    assert page.get_by_label("Provider").input_value() == "Lakeview Hospital"


def test_second_picker_uses_the_window_that_is_still_open(page: Page) -> None:
    opened(page, "popup_picker")
    with page.expect_popup() as picker:
        page.get_by_role("button", name="Find provider").click()
    picker.value.get_by_label("Keep this window open").check()
    picker.value.get_by_role("link", name="Northside Clinic").click()
    page.get_by_role("button", name="Find office").click()
    picker.value.get_by_role("link", name="Mill Road").wait_for()
    assert len(page.context.pages) == 2


def test_result_of_a_blank_target_stands_in_a_new_window(page: Page, server: PageServer) -> None:
    opened(page, "blank_post")
    with page.expect_popup() as result:
        save(page)
    expect(result.value.get_by_role("status")).to_have_text("Your entry was received.")
    assert len(server.posts) == 1


def test_attachment_is_a_download(page: Page) -> None:
    opened(page, "download")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download receipt").click()
    assert download.value.suggested_filename == "receipt.csv"
    assert "R-0001" in download.value.path().read_text()


def test_inline_pdf_is_a_real_pdf_without_attachment_header(page: Page) -> None:
    answer = page.request.get("/receipt.pdf")
    assert answer.body().startswith(b"%PDF")
    assert answer.headers["content-type"] == "application/pdf"
    assert "content-disposition" not in answer.headers


def test_basic_auth_refuses_who_has_no_password(browser: Browser, server: PageServer) -> None:
    with browser.new_context() as context:
        answer = context.request.get(f"{server.url}/basic_auth.html")
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == 'Basic realm="Back office"'


def test_save_bound_twice_posts_once_and_disables_itself(page: Page, server: PageServer) -> None:
    opened(page, "double_save")
    save(page)
    expect(page.get_by_role("heading")).to_have_text("Received")
    assert len(server.posts) == 1


def test_image_button_is_found_by_its_alt_text_and_sends_where_it_was_pressed(
    page: Page, server: PageServer
) -> None:
    opened(page, "image_button")
    save(page)
    assert {"go.x", "go.y"} <= set(server.wait_for_posts(1)[0].fields)


@pytest.mark.parametrize("name", ["javascript_link", "postback_link"])
def test_script_link_sends_the_form_once(page: Page, server: PageServer, name: str) -> None:
    opened(page, name)
    fill(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Save").click()
    assert len(server.posts) == 1
    assert server.posts[0].fields["claim"] == ["CL-000123"]


def test_postback_keeps_the_values_and_says_which_link_was_pressed(page: Page) -> None:
    opened(page, "postback_link")
    fill(page)
    page.get_by_role("link", name="Calculate").click()
    expect(page.get_by_role("status")).to_have_text("Amount was calculated.")
    assert page.get_by_label("Claim number").input_value() == "CL-000123"


def test_printing_does_not_stop_the_page(page: Page) -> None:
    opened(page, "print")
    page.get_by_role("button", name="Print receipt").click()
    expect(page.get_by_role("status")).to_have_text("Printed")


def test_letters_outside_windows_1252_arrive_as_character_references(page: Page, server: PageServer) -> None:
    opened(page, "windows1252")
    assert page.evaluate("document.characterSet") == "windows-1252"
    page.get_by_label("Prénom").fill("Łukasz")
    page.get_by_label("Città").fill("Genève")
    save(page)
    assert server.wait_for_posts(1)[0].fields == {"name": ["&#321;ukasz"], "city": ["Genève"]}


def test_session_ends_after_three_pages_and_the_entry_is_not_taken(page: Page, server: PageServer) -> None:
    opened(page, "session")
    page.get_by_label("User ID").fill("clerk")
    page.get_by_label("Password").fill("pencil")
    page.get_by_role("button", name="Sign in").click()
    fill(page)
    save(page)
    expect(page.get_by_role("status")).to_have_text("Record saved")
    opened(page, "session")
    fill(page)
    save(page)
    expect(page.get_by_role("heading")).to_have_text("Please sign in")
    assert [post.path for post in server.posts] == ["/session.html", "/collect/session"]


def test_wrong_password_shows_the_sign_in_page_again(page: Page, server: PageServer) -> None:
    opened(page, "sign_in")
    page.get_by_label("User ID").fill("clerk")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading")).to_have_text("Please sign in")
    assert server.posts == []


def test_slow_answer_comes_after_the_entry_was_taken(page: Page, server: PageServer) -> None:
    page.goto("/slow_postback.html?delay_ms=600")
    save(page)
    server.wait_for_posts(1)
    expect(page.get_by_role("heading")).to_have_text("Received")


def test_two_clicks_on_a_slow_save_are_two_entries(page: Page, server: PageServer) -> None:
    page.goto("/slow_postback.html?delay_ms=1000")
    box = page.get_by_role("button", name="Save").bounding_box()
    assert box is not None
    for clicks in (1, 2):
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        server.wait_for_posts(clicks)
    assert len(server.wait_for_posts(2)) == 2


def test_menu_frame_loads_the_main_frame_later_than_the_click(page: Page, server: PageServer) -> None:
    opened(page, "frameset")
    main = page.frame("main")
    assert main is not None
    link = page.frame_locator("frame[name=menu]").get_by_role("link", name="New claim")
    assert "delay_ms=150" in (link.get_attribute("href") or "")
    link.click()
    main.get_by_label("Claim number").fill("CL-000123")
    main.get_by_role("button", name="Save").click()
    assert server.wait_for_posts(1)[0].path == "/collect/frameset"


def test_no_confirmation_is_just_an_empty_form(page: Page, server: PageServer) -> None:
    opened(page, "no_confirmation")
    fill(page)
    with page.expect_navigation():
        save(page)
    assert page.get_by_label("Claim number").input_value() == ""
    assert len(server.posts) == 1


def test_two_options_read_the_same_and_mean_different_things(page: Page) -> None:
    options = opened(page, "duplicate_options").get_by_role("option", name="Springfield").all()
    assert [option.get_attribute("value") for option in options] == ["11", "12"]


def test_labels_hold_hard_spaces(page: Page) -> None:
    label = opened(page, "nbsp_labels").locator("label[for=claim]")
    assert label.evaluate("it => it.textContent") == "Claim\u00a0number\u00a0*"
    assert page.locator("td").first.evaluate("it => it.textContent") == "\u00a0Date\u00a0of\u00a0loss\u00a0:\u00a0"


def test_polling_page_keeps_asking(watched: Watched) -> None:
    opened(watched.page, "polling")
    watched.page.wait_for_function("Number(document.querySelector('#count').textContent) >= 3")
    assert watched.faults == []


def test_upload_tells_name_and_size_even_for_a_hidden_input(page: Page, server: PageServer) -> None:
    opened(page, "upload")
    scan = FilePayload(name="scan.pdf", mimeType="application/pdf", buffer=b"x" * 10_523)
    photo = FilePayload(name="photo.png", mimeType="image/png", buffer=b"y" * 7)
    page.get_by_label("Scanned form").set_input_files(scan)
    page.locator("#photo").set_input_files([photo, photo])
    save(page)
    files = server.wait_for_posts(1)[0].files
    assert [(file.name, file.size) for file in files["scan"]] == [("scan.pdf", 10_523)]
    assert [file.size for file in files["photo"]] == [7, 7]


def test_date_in_parts_is_sent_from_its_hidden_parts(page: Page, server: PageServer) -> None:
    opened(page, "date_parts")
    page.get_by_label("Month").select_option("April")
    page.get_by_label("Date of loss").press_sequentially("04/30/2026")
    save(page)
    sent = server.wait_for_posts(1)[0].fields
    assert [sent[name] for name in ("born_month", "lost_month", "lost_day", "lost_year")] == [
        ["4"], ["04"], ["30"], ["2026"]
    ]  # fmt: skip


def test_green_screen_is_driven_by_keys_and_read_by_row_and_column(page: Page, server: PageServer) -> None:
    opened(page, "green_screen")
    screen = page.locator("#screen")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(screen).to_contain_text("CLAIM NO")
    for value in ("CL-000123", "ANA ORTIZ", "1250.00"):
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(screen).to_contain_text("I001 CLAIM CL-000123 ACCEPTED")
    rows = (screen.text_content() or "").split("\n")
    assert {len(row) for row in rows} == {80}
    assert rows[21][1:].startswith("I001")
    page.keyboard.press("F3")
    expect(screen).to_contain_text("MAIN MENU")
    assert server.posts[0].fields == {"claim": ["CL-000123"], "member": ["ANA ORTIZ"], "amount": ["1250.00"]}


def test_canvas_page_has_no_field_and_still_takes_keys(page: Page, server: PageServer) -> None:
    opened(page, "canvas")
    assert page.locator("input, label, button").count() == 0
    page.keyboard.type("CL-000123")
    page.keyboard.press("Enter")
    assert server.wait_for_posts(1)[0].fields == {"claim": ["CL-000123"]}
