"""The challenge and the two-page record: what the page says and what the server got must agree."""

import json
import re

from playwright.sync_api import Page, expect

from fixtures.pages.answers import PAGES
from fixtures.pages.server import PageServer

PEOPLE: list[dict[str, str]] = json.loads((PAGES / "challenge_people.json").read_text())
RESULT = re.compile(r"success rate is (\d+)% \( (\d+) out of (\d+) fields\) in (\d+) milliseconds")
PAGE_ONE = {
    "Case number": "C-2001", "First name": "Ana", "Last name": "Ortiz", "Street": "12 Canal Street",
    "City": "Springfield", "ZIP code": "62701", "Phone": "312-555-0142", "E-mail": "ana@ortiz.example",
}  # fmt: skip


def enter(page: Page, person: dict[str, str]) -> None:
    for label, value in person.items():
        page.locator(f"//label[text()='{label}']/following-sibling::input").fill(value)
    page.get_by_role("button", name="Submit").click()


def test_challenge_scores_all_fields_and_the_server_got_the_same(page: Page, server: PageServer) -> None:
    page.goto("/challenge.html")
    page.get_by_role("button", name="START").click()
    for number, person in enumerate(PEOPLE, start=1):
        expect(page.locator("#start")).to_have_text(f"ROUND {number}")
        enter(page, person)
    expect(page.locator(".message1")).to_have_text("Congratulations!")
    score = RESULT.search(page.locator(".message2").text_content() or "")
    assert score is not None
    assert score.groups()[:3] == ("100", "70", "70")
    got = server.wait_for_posts(1)[0].fields
    assert {label: got[label] for label in PEOPLE[0]} == {
        label: [person[label] for person in PEOPLE] for label in PEOPLE[0]
    }
    assert page.evaluate("window.rounds") == PEOPLE
    assert page.locator("#start").text_content() == "RESET"


def test_challenge_counts_a_wrong_field_as_wrong(page: Page, server: PageServer) -> None:
    page.goto("/challenge.html")
    page.get_by_role("button", name="START").click()
    for person in PEOPLE:
        enter(page, {**person, "Email": "nobody@nowhere.example"})
    expect(page.locator(".message2")).to_contain_text("86% ( 60 out of 70 fields)")
    assert server.wait_for_posts(1)[0].fields["right"] == ["60"]


def test_challenge_deals_the_fields_anew_and_gives_labels_no_for(page: Page) -> None:
    page.goto("/challenge.html")
    seen = set()
    for _ in range(4):
        seen.add(tuple(page.locator("#fields input").evaluate_all("all => all.map((it) => it.id)")))
        seen.add(tuple(page.locator("#fields label").all_text_contents()))
        page.get_by_role("button", name="Submit").click()
    assert len(seen) > 4
    assert page.locator("label[for]").count() == 0


def test_record_of_25_fields_goes_over_two_pages_and_says_saved(page: Page, server: PageServer) -> None:
    page.goto("/record25.html")
    for label, value in PAGE_ONE.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Date of birth").fill("1961-04-30")
    page.get_by_label("Marital status").select_option("Widowed")
    page.get_by_label("State").select_option("Illinois")
    page.get_by_label("Telephone").check()
    page.get_by_label("Interpreter needed").check()
    page.get_by_role("button", name="Next").click()
    for label in ("Employer", "Occupation", "Gross income", "Case worker", "Remarks"):
        page.get_by_label(label).fill(label)
    for label in ("Hired on", "Received on"):
        page.get_by_label(label).fill("2026-01-15")
    page.get_by_label("Household size").fill("3")
    page.get_by_label("Pay period").select_option("Weekly")
    page.get_by_label("Benefit").select_option("Housing")
    page.get_by_label("Urgent").check()
    page.get_by_label("Consent on file").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Record saved")
    first, second = server.posts
    assert (len(first.fields), len(second.fields)) == (13, 12)
    assert all(values != [""] for post in (first, second) for values in post.fields.values())
