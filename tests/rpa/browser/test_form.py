"""Every kind of input: what is entered is what the screen shows and what the page's own scripts believe."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Frame, Page

from fixtures.pages.server import PageServer, serving
from fixtures.pages.widgets import FILLABLE, Widget
from rpa.browser import form
from rpa.definitions.system import ScreenField
from rpa.errors import BusinessException
from rpa.fields.base import ScreenValue
from tests.rpa.browser.form_pages import entry, laid_out, value

KEYS = {"keypress filter", "beforeinput filter"}
"""Scripts that only a key reaches; the page map says `keys: true`."""

SHOWN = {"State": "Iowa", "Contact by": "Telephone", "Topics": "Housing; Income"}
"""A choice shows the text that a person reads, not the value that is posted."""


@dataclass(frozen=True)
class Zoo:
    """The zoo in a window, and the server that takes its posts."""

    page: Page
    server: PageServer


@pytest.fixture(scope="module")
def zoo(chromium: Browser) -> Iterator[Zoo]:
    with serving() as server:
        page = chromium.new_page()
        page.goto(f"{server.url}/widgets.html")
        yield Zoo(page, server)


def field_of(widget: Widget) -> ScreenField:
    nth = 2 if widget.model else 1 if widget.label == "Remarks" else None
    shelf = "#topics_tags" if widget.kind == "tags" else None
    return ScreenField(label=widget.label, nth=nth, keys=widget.kind in KEYS, chosen=shelf)


def meant(widget: Widget) -> ScreenValue:
    texts = widget.entered.split("; ") if widget.kind == "tags" else [widget.entered]
    return value(*texts, shown=SHOWN.get(widget.label, widget.shown))


def frame_of(page: Page, widget: Widget) -> Frame:
    frame = page.main_frame
    for css in widget.frames:
        inner = frame.locator(css).element_handle().content_frame()
        assert inner is not None
        frame = inner
    return frame


TAKING = [widget for widget in FILLABLE if widget.kind != "maxlength"]


@pytest.mark.parametrize("widget", TAKING, ids=[f"{one.kind}: {one.label}" for one in TAKING])
def test_the_screen_shows_it_and_the_page_believes_it(zoo: Zoo, widget: Widget) -> None:
    frame = frame_of(zoo.page, widget)
    one = {widget.label: (field_of(widget), meant(widget))}
    form.fill(frame, one, timeout=5)
    assert form.read(frame, {"it": field_of(widget)}) == {"it": SHOWN.get(widget.label, widget.shown)}
    assert zoo.page.locator(widget.model_css).evaluate("output => output.value") == widget.believed
    assert form.matches(frame, one)[0] == []


def test_the_whole_zoo_in_one_go_is_posted_as_believed(zoo: Zoo) -> None:
    zoo.page.goto(f"{zoo.server.url}/widgets.html")
    outside = [widget for widget in TAKING if not widget.frames]
    values = {widget.model or widget.label: (field_of(widget), meant(widget)) for widget in outside}
    form.fill(zoo.page.main_frame, values, timeout=10)
    zoo.server.posts.clear()
    with zoo.page.expect_navigation():
        zoo.page.get_by_role("button", name="Submit").click()
    posted = zoo.server.wait_for_posts(1)[-1].fields
    got = {one.posted_as: posted[one.posted_as][0].replace("\r\n", "\n") for one in outside}
    assert got == {one.posted_as: one.believed for one in outside}
    zoo.page.goto(f"{zoo.server.url}/widgets.html")


def test_a_text_longer_than_the_field_is_refused_before_anything_is_typed(zoo: Zoo) -> None:
    zoo.page.goto(f"{zoo.server.url}/widgets.html")
    with pytest.raises(BusinessException, match="Account code: the text is longer than the 5 characters") as met:
        form.fill(zoo.page.main_frame, entry("Full name", "Ana") | entry("Account code", "ACC-123"), timeout=1)
    assert met.value.field == "Account code"
    assert "ACC-123" not in str(met.value)
    assert zoo.page.locator("#full_name").input_value() == ""


FORMS = """
<label>Many <select multiple id=many><option>Rail<option>Road<option>Water</select></label>
<fieldset><legend>Services</legend>
  <label><input type=checkbox name=s>Meals</label><label><input type=checkbox name=s checked>Rent</label>
</fieldset>
<table><tr><td>Sex<td><input type=radio name=sex> Male<td><input type=radio name=sex> Female</table>
<p>Married: <input type=radio name=m> Yes <input type=radio name=m> No</p>
<label>At <input type=time></label> <label>Seen <input type=datetime-local></label>
<label>Month <input type=month></label> <label>Colour <input type=color></label>
<label>Sure <input type=range min=0 max=10></label>
<p>Active <button type=button role=switch aria-label=Active aria-checked=false
  onclick="this.ariaChecked = this.ariaChecked !== 'true'">x</button></p>
<table><tr><td>Phone<td><input size=3>-<input size=4></table>
<label>Notes<div id=notes contenteditable></div></label><div aria-label=Letter contenteditable>old</div>
<label>Old <input value=before></label>
"""

KINDS: dict[str, tuple[list[str], str]] = {
    "Many": (["Road", "Water"], "Road; Water"),
    "Services": (["Meals"], "Meals"),
    "Sex": (["Female"], "Female"),
    "Married": (["yes"], "Yes"),
    "At": (["10:30"], "10:30"),
    "Seen": (["2024-02-29T10:30"], "2024-02-29T10:30"),
    "Month": (["2024-02"], "2024-02"),
    "Colour": (["#00ff00"], "#00ff00"),
    "Sure": (["7"], "7"),
    "Active": (["yes"], "yes"),
    "Letter": (["Dear Ana,\nthank you."], "Dear Ana,\nthank you."),
    "Old": ([""], ""),
}


@pytest.mark.parametrize("label", KINDS, ids=list(KINDS))
def test_other_kinds_show_what_was_entered(chromium: Browser, label: str) -> None:
    texts, shown = KINDS[label]
    with chromium.new_page() as page:
        frame = laid_out(page, FORMS)
        form.fill(frame, {label: (ScreenField(label=label), value(*texts, shown=shown))}, timeout=1)
        assert form.read(frame, {"it": ScreenField(label=label)}) == {"it": shown}


def test_a_value_that_the_screen_splits_goes_into_its_boxes_and_is_read_as_one(chromium: Browser) -> None:
    phone = ScreenField.model_validate({"parts": [{"label": "Phone", "nth": 1}, {"label": "Phone", "nth": 2}]})
    with chromium.new_page() as page:
        frame = laid_out(page, FORMS)
        form.fill(frame, {"Phone": (phone, value("217", "5550", shown="217 5550"))}, timeout=1)
        assert form.read(frame, {"Phone": phone}) == {"Phone": "217 5550"}


TWO_PANES = """
<select multiple id=from><option>Clerk<option>Auditor<option>Manager</select>
<button type=button id=move>Choose</button>
<select multiple id=to></select>
<script>
const from = document.getElementById('from'), to = document.getElementById('to');
document.getElementById('move').onclick = () => {
  for (const option of [...from.selectedOptions]) setTimeout(() => to.append(option), 20);
};
</script>
"""


@pytest.mark.parametrize("add", ["Choose", "#move"])
def test_a_two_pane_list_is_moved_and_checked_on_the_chosen_side(chromium: Browser, add: str) -> None:
    groups = ScreenField(css="#from", add=add, chosen="#to")
    with chromium.new_page() as page:
        frame = laid_out(page, TWO_PANES)
        for _ in range(2):
            form.fill(frame, {"Groups": (groups, value("Clerk", "Manager"))}, timeout=2)
        assert form.read(frame, {"Groups": groups}) == {"Groups": "Clerk; Manager"}
        assert page.locator("#from option").all_inner_texts() == ["Auditor"]


def test_a_field_that_shows_the_value_already_is_left_alone(chromium: Browser) -> None:
    with chromium.new_page() as page:
        frame = laid_out(page, "<label>Name <input value=Ana readonly onfocus='document.title = 1'></label>")
        form.fill(frame, entry("Name", "Ana"), timeout=0)
        assert page.title() == "Test"


def test_a_password_is_typed_and_stays_in_the_page(chromium: Browser) -> None:
    with chromium.new_page() as page:
        frame = laid_out(page, "<label>Password <input type=password></label><label>PIN <input></label>")
        secret = {
            name: (ScreenField(label=name), value("s3cret", shown="?", secret=True))
            for name in ("Password", "PIN")
        }
        form.fill(frame, secret, timeout=1)
        assert form.matches(frame, secret)[0] == []
        assert form.read(frame, {"Password": ScreenField(label="Password")}) == {"Password": ""}
        wrong = {"PIN": (ScreenField(label="PIN"), value("s3cre", shown="s3cret", secret=True))}
        assert form.matches(frame, wrong)[0] == ["PIN"]
