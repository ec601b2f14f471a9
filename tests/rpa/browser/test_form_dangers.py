"""What pages do to a form while it is filled: the values end where they belong, or an error names the field."""

import re
import traceback
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route

from fixtures.pages.server import PageServer, serving
from rpa.browser import form
from rpa.definitions.system import ScreenField
from rpa.errors import (
    ApplicationException,
    BusinessException,
    DefinitionError,
    RpaError,
    ScreenDiffers,
)
from tests.rpa.browser.form_pages import entry, laid_out, value

PERSON = {
    "First name": "Ana",
    "Last name": "Ortiz",
    "Street": "12 Canal Street",
    "City": "Springfield",
    "ZIP code": "62701",
    "Phone": "217 555 0142",
    "Employer": "Glen Hardware",
    "Occupation": "Roofer",
}


@pytest.fixture(scope="module")
def pages() -> Iterator[PageServer]:
    with serving() as server:
        yield server


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    with chromium.new_page() as page:
        yield page


def person(**options: object) -> form.Values:
    return {label: one for name, text in PERSON.items() for label, one in entry(name, text, **options).items()}


@pytest.mark.parametrize("steals", ["after_ms=0", "after_ms=3", "every_ms=20"])
def test_a_page_that_steals_the_focus_gets_no_text_into_the_wrong_field(
    window: Page, pages: PageServer, steals: str
) -> None:
    window.goto(f"{pages.url}/focus_thief.html?{steals}")
    form.fill(window.main_frame, person(), timeout=5)
    assert form.matches(window.main_frame, person())[0] == []


def test_keys_typed_while_the_focus_is_stolen_reach_no_other_field(window: Page, pages: PageServer) -> None:
    window.goto(f"{pages.url}/focus_thief.html?every_ms=15")
    with pytest.raises(ScreenDiffers):
        form.fill(
            window.main_frame,
            entry("Street", "12 Canal Street, rear entrance, second floor", keys=True),
            timeout=3,
        )
    left = window.eval_on_selector_all("input:not(#street)", "inputs => inputs.map(input => input.value).join('')")
    assert left == ""


def test_keys_press_no_button_that_the_focus_was_moved_to(window: Page) -> None:
    frame = laid_out(
        window,
        """<label>Name <input oninput="document.querySelector('button').focus()"></label>
        <button onclick="document.title = 'pressed'">Submit</button>""",
    )
    with pytest.raises(ScreenDiffers):
        form.fill(frame, entry("Name", "a b c", keys=True), timeout=1)
    assert window.title() == "Test"


def test_a_choice_shown_elsewhere_is_no_suggestion(window: Page) -> None:
    frame = laid_out(
        window,
        """<label>City <input oninput="if (value.length > 9) value = 'Springfield'"></label>
        <ul role=listbox><li role=option onclick="document.title = 'pressed'">Springfield</li></ul>""",
    )
    form.fill(frame, entry("City", "Springfield"), timeout=1)
    assert window.title() == "Test"


def test_a_page_that_leaves_and_does_not_come_back_is_told(window: Page) -> None:
    body = "<label>A <input onchange='location.href = `/never`'></label>"
    window.route("**/never", lambda _: None)
    window.route("**/form", lambda route: route.fulfill(body=body, content_type="text/html"))
    window.goto("http://form.example/form")
    with pytest.raises(ApplicationException, match="A: the page went away"):
        form.fill(window.main_frame, entry("A", "x"), timeout=0.2)


def test_a_blank_is_entered_as_a_blank(window: Page) -> None:
    frame = laid_out(
        window,
        """<label>Name <input value=x></label><label>Urgent <input type=checkbox checked></label>
        <label>Plan <select><option value="">Choose<option selected>Gold</select></label>
        <label>Needs <select multiple><option selected>Food<option>Rent</select></label>""",
    )
    values = {name: one for label in ("Name", "Urgent", "Plan", "Needs") for name, one in entry(label, "").items()}
    form.fill(frame, values, timeout=1)
    assert form.matches(frame, values)[0] == []
    assert window.evaluate("[...document.querySelectorAll('select')].map(list => list.value)") == ["", ""]


def test_a_page_that_reloads_itself_is_noticed_and_filled_again(window: Page, pages: PageServer) -> None:
    window.goto(f"{pages.url}/meta_refresh.html")
    values = entry("Claim number", "CL-7") | entry("Amount", "12.50")
    form.fill(window.main_frame, values, timeout=5)
    with window.expect_navigation():
        pass
    assert form.matches(window.main_frame, values)[0] == ["Claim number", "Amount"]
    form.fill(window.main_frame, values, timeout=5)
    assert form.matches(window.main_frame, values)[0] == []


def test_a_cover_that_goes_away_is_waited_for(window: Page, pages: PageServer) -> None:
    window.goto(f"{pages.url}/overlay.html")
    values = entry("Claim number", "CL-7") | entry("Amount", "12.50")
    form.fill(window.main_frame, values, timeout=5)
    assert form.matches(window.main_frame, values)[0] == []


REFUSED = {
    "readonly": ("<label>Name <input readonly value=x></label>", "read-only"),
    "disabled": ("<fieldset disabled><label>Name <input></label></fieldset>", "disabled"),
    "hidden": ("<label hidden>Name <input></label>", "hidden"),
    "covered": (
        "<label>Name <input></label><div id=wait style='position:fixed;inset:0'></div>",
        "covered by <div id=wait>",
    ),
    "no such option": (
        "<label>Name <select><option>Choose<option>B</select></label>",
        "does not offer this choice, among 2",
    ),
    "twin options": (
        "<label>Name <select><option>Choose<option>Private&nbsp;text<option> Private  text</select></label>",
        "more than once (as options 2 and 3)",
    ),
    "a date as people write it": ("<label>Name <input type=date></label>", "leave `format` out"),
    "several lines into one": ("<label>Name <input></label>", "several lines"),
    "a check box": ("<label>Name <input type=checkbox></label>", "takes yes or no"),
    "a file": ("<label>Name <input type=file></label>", "use `attach`"),
    "a script that undoes it": (
        "<label>Name <input oninput='value = 1'></label>",
        "does not show what was entered",
    ),
    "a focus that does not stay": ("<label>Name <input onfocus='blur()'></label>", "does not keep the focus"),
}


@pytest.mark.parametrize("danger", REFUSED, ids=list(REFUSED))
def test_the_error_names_the_field_and_the_reason_but_no_value(window: Page, danger: str) -> None:
    body, reason = REFUSED[danger]
    text = "Private\ntext" if danger == "several lines into one" else "Private text"
    with pytest.raises(RpaError, match=re.escape(reason)) as met:
        form.fill(laid_out(window, body), entry("Name", text), timeout=0.05)
    assert str(met.value).startswith("Name: ")
    told = "".join(traceback.format_exception(met.value))
    assert "Private text" not in told


def test_what_waiting_cannot_mend_goes_to_a_person_or_the_author_at_once(window: Page) -> None:
    frame = laid_out(
        window, "<label>Plan <select><option>A</select></label><label>Name <input maxlength=3></label>"
    )
    with pytest.raises(BusinessException, match="longer than the 3 characters"):
        form.fill(frame, entry("Name", "Anastasia"), timeout=60)
    with pytest.raises(DefinitionError, match="takes one text, and 2"):
        form.fill(frame, entry("Name", "A", "B"), timeout=60)
    with pytest.raises(DefinitionError, match="no CSS selector"):
        form.fill(frame, {"Name": (ScreenField(css="a["), value("x"))}, timeout=60)


CHARSETS = [
    ("windows-1252", "Straße, 5 €", "Łódź"),
    ("iso-8859-2", "Łódź", "Straße, 5 €"),
    ("shift_jis", "東京都", "서울"),
    ("big5", "臺北", "ひらがなß"),
    ("euc-kr", "서울", "ß…ŵ"),
]


@pytest.mark.parametrize(("charset", "fits", "lacks"), CHARSETS, ids=[one[0] for one in CHARSETS])
def test_a_letter_that_the_page_would_garble_is_refused_before_anything_is_typed(
    window: Page, charset: str, fits: str, lacks: str
) -> None:
    form_html = f"<form accept-charset={charset}><label>Street <input></label><label>City <input></label></form>"
    frame = laid_out(window, form_html)
    with pytest.raises(BusinessException, match=f"City: .*character set \\({charset}\\)"):
        form.fill(frame, entry("Street", "plain") | entry("City", lacks), timeout=1)
    assert form.matches(frame, entry("Street", "plain"))[0] == ["Street"]
    form.fill(frame, entry("City", fits), timeout=1)


def test_the_character_set_of_the_page_counts(window: Page, pages: PageServer) -> None:
    window.goto(f"{pages.url}/windows1252.html")
    with pytest.raises(BusinessException, match="windows-1252"):
        form.fill(window.main_frame, entry("Città", "Łódź"), timeout=1)
    form.fill(window.main_frame, entry("Prénom", "Zoë, 5 €"), timeout=1)


def test_choices_that_the_server_sends_are_waited_for(window: Page, pages: PageServer) -> None:
    window.goto(f"{pages.url}/focus_thief.html")
    frame = laid_out(
        window,
        """<label>State <select onchange="load()"><option>Choose<option>Iowa</select></label>
        <label>County <select id=county><option>Choose<option>Adams</select></label>
        <script>
        const load = () => fetch('/ping?delay_ms=150').then(() => {
          county.innerHTML = '<option>Choose<option>Adams<option>Polk';
        });
        const county = document.getElementById('county');
        </script>""",
    )
    values = entry("State", "Iowa") | entry("County", "Adams")
    form.fill(frame, values, timeout=5)
    window.wait_for_function("county.options.length === 3")
    assert form.matches(frame, values)[0] == []


def test_a_lookup_that_overwrites_a_later_field_is_noticed(window: Page) -> None:
    frame = laid_out(
        window,
        """<label>ZIP <input onchange="setTimeout(lookUp, 80)"></label>
        <label>City <input id=city></label><script>
        const lookUp = () => { city.value = document.title = 'Looked up'; };
        const city = document.getElementById('city');
        </script>""",
    )
    values = entry("ZIP", "62701") | entry("City", "Springfield")
    form.fill(frame, values, timeout=5)
    assert window.title() == "Looked up"
    assert form.matches(frame, values)[0] == []


POSTBACK = """<!doctype html><form method=post>{fields}</form>"""


def test_a_form_that_every_change_posts_back_is_filled_to_the_end(window: Page) -> None:
    posts = []

    def answer(route: Route) -> None:
        sent = parse_qs(route.request.post_data or "", keep_blank_values=True)
        posts.append(sent)
        shown = {
            name: f"{float(text[0]):,.2f}" if name == "b" and text[0] else text[0] for name, text in sent.items()
        }
        change = "onchange='setTimeout(() => form.submit())'"
        boxes = "".join(f"<p>{name} <input name={name} value='{shown.get(name, '')}' {change}>" for name in "abc")
        route.fulfill(body=POSTBACK.format(fields=boxes), content_type="text/html")

    window.route("**/postback", answer)
    window.goto("http://form.example/postback")
    money = (ScreenField(label="b"), value("1234.5", shown="1,234.50"))
    values = entry("a", "first") | {"b": money} | entry("c", "last")
    form.fill(window.main_frame, values, timeout=5)
    assert form.matches(window.main_frame, values)[0] == []
    assert len(posts) <= 4


DAMAGE = """<script>
Array.prototype.toJSON = function () { return '[' + this.join() + ']'; };
String.prototype.toJSON = Object.prototype.toJSON = function () { return 'damaged'; };
Array.prototype.filter = Array.prototype.map = Array.prototype.find = Array.prototype.reduce = () => 'damaged';
Array.from = (one) => [one];
window.Map = window.Set = function () { this.elements = {}; };
window.scheduler = window.navigation = window.event = {};
Array.prototype.last = function () { return this[this.length - 1]; };
Object.prototype.extend = function () { return this; };
</script>"""


def test_libraries_that_damage_the_language_do_no_harm(window: Page) -> None:
    window.goto("about:blank")
    frame = laid_out(
        window, f"{DAMAGE}<label>Name <input></label><label>Plan <select><option>A<option>B</select></label>"
    )
    values = entry("Name", "Ana") | entry("Plan", "B")
    form.fill(frame, values, timeout=1)
    assert form.read(frame, {"n": values["Name"][0], "p": values["Plan"][0]}) == {"n": "Ana", "p": "B"}


def test_the_browsers_own_words_never_come_out(chromium: Browser) -> None:
    page = chromium.new_page()
    frame = laid_out(page, "<label>Name <input></label>")
    page.close()
    with pytest.raises(ApplicationException) as met:
        form.fill(frame, entry("Name", "Private text"), timeout=1)
    assert met.value.__cause__ is None
    assert met.value.__suppress_context__


def test_the_page_gets_back_what_was_watched(window: Page) -> None:
    frame = laid_out(window, "<label>Name <input></label>")
    kept = "[setTimeout, clearTimeout, fetch, XMLHttpRequest.prototype.send].map(one => /native code/.test(one))"
    form.fill(frame, entry("Name", "Ana"), timeout=1)
    form.fill(frame, entry("Name", "Eva", keys=True), timeout=1)
    assert window.evaluate(kept) == [True] * 4
    assert window.evaluate("Object.keys(globalThis).filter(key => key.includes('keyonce'))") == []
