"""What is large is read whole, and shown on a page that a browser and a person can still take."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdf
import pytest
from playwright.sync_api import Page, expect

from rpa.browser.launch import browser
from rpa.project import Project
from tests.console.stage import CLAIMS, CLERK, add_people, make_project, served
from tests.console.test_start import bring, sign_in
from tests.rpa.triggers.coming import VISITS
from tests.rpa.triggers.coming import project as of_visits

PAGES, ROWS, WRONG = 200, 5000, 4321
PATIENCE = 60_000


@pytest.fixture
def page() -> Iterator[Page]:
    with browser() as started:
        yield started.new_page()


def test_the_form_on_one_of_two_hundred_pages_is_read(tmp_path: Path, page: Page) -> None:
    project, paper = make_project(tmp_path / "project", claims=0), tmp_path / "scan.pdf"
    book = pypdf.PdfWriter(clone_from=CLAIMS / "claim_06.pdf")
    for _ in range(PAGES - len(book.pages)):
        book.add_blank_page(612, 792)
    book.write(paper)
    with served(project.folder) as base:
        sign_in(page, base)
        bring(page, paper)

        expect(page.get_by_text("1 document, 1 record: 1 ready")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("row", name="Amount claimed")).to_contain_text("-45.10")


def test_of_five_thousand_rows_all_are_counted_and_the_bad_one_is_shown_first(tmp_path: Path, page: Page) -> None:
    folder, listed = of_visits(tmp_path / "project"), tmp_path / "visits.xlsx"
    excel = VISITS.replace("*.csv, reader: csv", "*.xlsx, reader: excel").replace("number ==", "number !=")
    (folder / "bots" / "visits.yaml").write_text(excel, "utf-8")
    with Project(folder).store(CLERK) as store:
        add_people(store)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Number"])
    for number in range(ROWS):
        sheet.append(["none" if number == WRONG else f"V-{number:05}"])
    book.save(listed)
    with served(folder) as base:
        sign_in(page, base)
        page.locator("label", has_text="visits").click()
        bring(page, listed)

        counted = f"1 document, {ROWS:,} records: {ROWS - 1:,} ready, 1 with a problem"
        expect(page.get_by_text(counted)).to_be_visible(timeout=PATIENCE)
        expect(page.locator("details").first).to_contain_text("No visit is entered here")
        assert page.locator("details").count() == 100
