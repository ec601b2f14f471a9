"""What pages do to a value between the record and the post: it arrives as meant, or nothing is sent."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import PageServer
from rpa.errors import BusinessException, ScreenDiffers
from tests.traits.clerk import ENTER, ENTERED, at_work, claim_page

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
ENTER_PERSON = f"""
- open: Entry
- fill: {{{", ".join(f"{name}: {text}" for name, text in PERSON.items())}}}
- press: Save
"""
THIEF = f"""
timeout: 5s
pages:
  Entry:
    path: /focus_thief.html?%s
    see: Focus thief
    fields: {{{", ".join(f"{name}: {name}" for name in PERSON)}}}
    buttons: {{Save: {{label: Save, to: Received}}}}
  Received: {{see: Your entry was received}}
"""


@pytest.mark.parametrize("steals", ["after_ms=0", "after_ms=3", "after_ms=20", "every_ms=150"])
def test_a_dialog_that_takes_the_focus_puts_no_value_into_another_field(
    chromium: Browser, pages: PageServer, steals: str
) -> None:
    with at_work(chromium, THIEF % steals, pages.url) as clerk:
        clerk.does(ENTER_PERSON)

    (post,) = pages.posts
    ids = {name: name.lower().replace(" ", "_") for name in PERSON}
    assert {name: post.fields[key][0] for name, key in ids.items()} == PERSON
    assert {name: post.fields[f"model:{name}"][0] for name in PERSON} == PERSON


def test_a_page_that_reloads_itself_after_the_fill_is_not_saved_empty(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, claim_page("meta_refresh.html"), pages.url) as clerk:
        clerk.does("- open: Entry\n- fill: {Claim number: $claim, Amount: $amount}")
        with clerk.screen.window.expect_event("domcontentloaded"):
            pass
        with pytest.raises(ScreenDiffers, match="Claim number, Amount did not keep what was entered"):
            clerk.does("- press: Save")
        assert pages.posts == []

        clerk.does(ENTER)
    assert [post.fields for post in pages.posts] == [ENTERED]


def test_a_letter_that_windows_1252_lacks_is_refused_before_anything_is_typed(
    chromium: Browser, pages: PageServer
) -> None:
    city = claim_page("windows1252.html").replace("Claim number: Claim number", "Name: Prénom, City: Città")
    with at_work(chromium, city, pages.url, facts={"city": ("text", "Łódź")}) as clerk:
        with pytest.raises(BusinessException, match=r"City: .*character set \(windows-1252\)"):
            clerk.does("- open: Entry\n- fill: {Name: Ana, City: $city}\n- press: Save")
        assert clerk.shows("Name", "City") == {"Name": "", "City": ""}
        clerk.does("- fill: {Name: Zoë, City: 5 €}\n- press: Save")

    assert [post.fields for post in pages.posts] == [{"name": ["Zoë"], "city": ["5 €"]}]


OFFICES = """
timeout: 2s
pages:
  Entry:
    path: /duplicate_options.html
    fields: {Office: {label: Office, options: {Mill: Mill Road, Court: Court Street}}}
    buttons: {Save: {label: Save, to: Received}}
  Received: {see: Your entry was received}
"""


def test_two_choices_that_read_alike_are_not_guessed_between(chromium: Browser, pages: PageServer) -> None:
    with (
        at_work(chromium, OFFICES, pages.url) as clerk,
        pytest.raises(BusinessException, match=r"Office: .*more than once \(as options 2 and 3\)"),
    ):
        clerk.does("- open: Entry\n- choose: {Office: Springfield}\n- press: Save")

    assert pages.posts == []


@pytest.mark.parametrize(("meant", "sent"), [("Mill", "13"), ("Court", "14")])
def test_hard_and_double_spaces_in_a_choice_are_those_that_a_person_reads(
    chromium: Browser, pages: PageServer, meant: str, sent: str
) -> None:
    with at_work(chromium, OFFICES, pages.url, facts={"office": ("text", meant)}) as clerk:
        clerk.does("- open: Entry\n- choose: {Office: $office}\n- press: Save")

    assert [post.fields for post in pages.posts] == [{"office": [sent]}]


LABELS = """
timeout: 5s
pages:
  Entry:
    path: /nbsp_labels.html
    fields:
      Claim number: Claim number
      Lost on: {label: Date of loss, format: MM/DD/YYYY}
      Amount: {label: Amount claimed, format: '#,##0.00'}
    buttons: {Save: {label: Save, to: Received}}
  Received: {see: Your entry was received}
"""


def test_labels_with_hard_spaces_colons_stars_and_in_the_left_cell_are_found(
    chromium: Browser, pages: PageServer
) -> None:
    with at_work(chromium, LABELS, pages.url, facts={"lost_on": ("date", "1969-02-03")}) as clerk:
        clerk.does("""
        - open: Entry
        - fill: {Claim number: $claim, Lost on: $lost_on, Amount: $amount}
        - press: Save
        """)

    assert [post.fields for post in pages.posts] == [{**ENTERED, "lost_on": ["02/03/1969"]}]


DATES = """
timeout: 2s
pages:
  Entry:
    path: /date_parts.html
    fields:
      Born on:
        parts:
          - {label: Month, format: MMMM}
          - {label: Day, format: D}
          - {label: Year, format: YYYY}
      Lost on: {label: Date of loss, format: MM/DD/YYYY}
    buttons: {Save: {label: Save, to: Received}}
  Received: {see: Your entry was received}
"""


def test_a_date_in_three_lists_and_one_in_hidden_parts_are_posted_whole(
    chromium: Browser, pages: PageServer
) -> None:
    facts = {"born": ("date", "1961-04-30"), "lost": ("date", "2026-11-02")}
    with at_work(chromium, DATES, pages.url, facts=facts) as clerk:
        clerk.does("- open: Entry\n- fill: {Born on: $born, Lost on: $lost}\n- press: Save")

    (post,) = pages.posts
    parts = ("born_month", "born_day", "born_year", "lost_month", "lost_day", "lost_year")
    assert [post.fields[name] for name in parts] == [["4"], ["30"], ["1961"], ["11"], ["02"], ["2026"]]


def test_a_year_that_the_list_does_not_offer_goes_to_a_person(chromium: Browser, pages: PageServer) -> None:
    with (
        at_work(chromium, DATES, pages.url, facts={"born": ("date", "1969-04-30")}) as clerk,
        pytest.raises(BusinessException, match="Born on: 'Year' does not offer this choice"),
    ):
        clerk.does("- open: Entry\n- fill: {Born on: $born}\n- press: Save")

    assert pages.posts == []


UPLOAD = claim_page("upload.html").replace(
    "Amount: {label: Amount, format: '#,##0.00'}", "Scan: Scanned form, Photo: Photo"
)


def test_a_file_arrives_with_its_content_also_through_a_box_that_is_not_shown(
    chromium: Browser, pages: PageServer, tmp_path: Path
) -> None:
    scan = tmp_path / "claim CL-7 é.pdf"
    scan.write_bytes(b"%PDF-" + bytes(10_518))
    with at_work(chromium, UPLOAD, pages.url, document=scan) as clerk:
        clerk.does("""
        - open: Entry
        - fill: {Claim number: $claim}
        - attach: {Scan: $form, Photo: $form}
        - press: Save
        """)

    (post,) = pages.posts
    sent = [(name, file.name, file.size) for name, files in post.files.items() for file in files]
    assert sent == [("scan", scan.name, 10_523), ("photo", scan.name, 10_523)]
