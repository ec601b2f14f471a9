"""Real keys, one widget at a time: what the page shows and what it believes must both be right."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from fixtures.pages.server import PageServer, serving
from fixtures.pages.watching import Watched
from fixtures.pages.widgets import FILLABLE, UNTOUCHABLE, Widget

SELECTS = {"select", "dependent select", "postback select", "React select"}
CHECKBOXES = {"checkbox", "React checkbox"}
EDITORS = {"contenteditable", "rich text in a frame"}


def control(page: Page, widget: Widget) -> Locator:
    scope: Page | FrameLocator = page
    for frame in widget.frames:
        scope = scope.frame_locator(frame)
    return scope.locator(widget.css)


def choose(page: Page, widget: Widget) -> None:
    if widget.kind == "dependent select" and page.locator("#county").input_value() != "Bond":
        page.locator("#county").select_option("Bond")
    if widget.kind == "dependent select":
        page.wait_for_function("document.querySelector('#township').options.length === 4")
    if widget.kind != "postback select":
        control(page, widget).select_option(widget.entered)
        return
    with page.expect_navigation():
        control(page, widget).select_option(widget.entered)


def add_tags(page: Page, widget: Widget) -> None:
    for tag in widget.entered.split("; "):
        control(page, widget).press_sequentially(tag)
        page.get_by_role("option", name=tag).wait_for()
        control(page, widget).press("Enter")
        page.locator("p:has(#topics):not([data-locked])").wait_for()


def type_date(page: Page, widget: Widget) -> None:
    year, month, day = widget.entered.split("-")
    control(page, widget).press_sequentially(month + day + year)


def type_mask(page: Page, widget: Widget) -> None:
    """Wait for the mask: the plugin draws it 10 ms after the focus and keys before that land elsewhere."""
    control(page, widget).focus()
    expect(control(page, widget)).to_have_value("___-__-____")
    page.keyboard.type(widget.entered)


def drive(page: Page, widget: Widget) -> None:
    if widget.kind in SELECTS:
        choose(page, widget)
    elif widget.kind in CHECKBOXES:
        control(page, widget).check()
    elif widget.kind == "radio":
        page.get_by_label(widget.entered, exact=True).check()
    elif widget.kind == "tags":
        add_tags(page, widget)
    elif widget.kind == "jQuery mask":
        type_mask(page, widget)
    elif widget.kind == "date":
        type_date(page, widget)
    else:
        control(page, widget).press_sequentially(widget.entered)
    if widget.kind == "autocomplete":
        page.get_by_role("option", name=widget.entered).click()
    page.keyboard.press("Tab")


def shown(page: Page, widget: Widget) -> str:
    if widget.kind in EDITORS:
        return control(page, widget).inner_text().strip()
    if widget.kind == "radio":
        return control(page, widget).and_(page.locator(":checked")).input_value()
    if widget.kind in CHECKBOXES:
        return "yes" if control(page, widget).is_checked() else "no"
    if widget.kind == "tags":
        return "; ".join(page.locator("#topics_tags .tag").all_text_contents())
    return control(page, widget).input_value()


def opened(page: Page) -> Page:
    page.goto("/widgets.html")
    page.locator("#grant").wait_for()
    page.locator("#union_member").wait_for()
    return page


@pytest.fixture(scope="module")
def zoo(browser: Browser) -> Iterator[Page]:
    with serving() as server, browser.new_context(base_url=server.url) as context:
        yield opened(context.new_page())


@pytest.mark.parametrize("widget", FILLABLE, ids=lambda widget: f"{widget.kind}: {widget.label}")
def test_real_keys_reach_the_screen_and_the_pages_own_scripts(zoo: Page, widget: Widget) -> None:
    drive(zoo, widget)
    expect(zoo.locator(widget.model_css)).to_have_text(widget.believed)
    assert shown(zoo, widget) == widget.shown


def test_whole_form_is_posted_with_screen_and_beliefs_and_survives_the_postback(
    watched: Watched, server: PageServer
) -> None:
    page = opened(watched.page)
    for widget in FILLABLE:
        drive(page, widget)
    page.get_by_role("button", name="Submit").click()
    post = server.wait_for_posts(2)[-1]
    believed = {name: values[0].replace("\r\n", "\n") for name, values in post.fields.items()}
    wrong = [w.label for w in FILLABLE + UNTOUCHABLE if believed[w.posted_as] != w.believed]
    assert post.path == "/collect/widgets"
    assert wrong == []
    assert watched.faults == []


def test_a_value_set_behind_the_pages_back_is_not_believed(zoo: Page) -> None:
    page = opened(zoo)
    texts = [w for w in FILLABLE if w.kind not in SELECTS | CHECKBOXES | EDITORS | {"radio", "tags"}]
    for widget in texts:
        control(page, widget).evaluate("(field, value) => { field.value = value }", widget.entered)
    assert [w.label for w in texts if page.locator(w.model_css).text_content() == w.believed] == []


def test_events_made_by_a_script_do_not_pass_for_a_persons(zoo: Page) -> None:
    page = opened(zoo)
    field = page.locator("#signature")
    field.evaluate("field => { field.value = 'A. Ortiz'; field.dispatchEvent(new Event('input')) }")
    assert page.locator('output[data-model="Signature"]').text_content() == ""


def test_a_township_chosen_before_the_list_is_refilled_is_lost(zoo: Page) -> None:
    page = opened(zoo)
    chosen = page.evaluate("""() => {
        const [county, township] = ['county', 'township'].map((id) => document.getElementById(id));
        county.value = 'Bond';
        county.dispatchEvent(new Event('change'));
        township.value = 'Springfield';
        return township.value;
    }""")
    assert chosen == "Springfield"
    expect(page.locator("#township")).to_have_value("")


def test_keys_that_come_while_the_tag_box_is_locked_are_swallowed(zoo: Page) -> None:
    page = opened(zoo)
    page.locator("#topics").press_sequentially("Housing")
    page.get_by_role("option", name="Housing").wait_for()
    page.evaluate("""() => {
        const press = (key) => document.getElementById('topics').dispatchEvent(
            new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        press('Enter');
        window.taken = press('I');
    }""")
    assert page.evaluate("window.taken") is False


def test_nobody_may_type_into_readonly_disabled_and_hidden_fields(zoo: Page) -> None:
    page = opened(zoo)
    states = [(w.label, control(page, w).is_editable() and control(page, w).is_visible()) for w in UNTOUCHABLE]
    assert [label for label, open_ in states if open_] == []
