"""County Payments Wizard, driven by hand and asked behind the browser's back."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from fixtures.systems.common import ROOT, RunningSystem, running


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    with running("payments", tmp_path_factory.mktemp("payments") / "p.db") as system:
        yield system


def sign_in(window: BrowserContext, system: RunningSystem) -> tuple[Page, FrameLocator]:
    page = window.new_page()
    page.goto(system.url)
    page.get_by_label("User").fill("payuser")
    page.get_by_label("Password").fill("payments-pass")
    page.get_by_role("button", name="Sign in").click()
    work = page.frame_locator("iframe[name=work]")
    expect(work.get_by_text("Welcome, payuser")).to_be_visible()
    return page, work


def fill_payee(page: Page, work: FrameLocator, number: str, post: str = "73301") -> None:
    page.get_by_role("link", name="New payment").click()
    work.get_by_label("Benefits reference").fill("B-000001")
    work.get_by_label("Claim number").fill(number)
    work.locator("[name='ctl00$payee_name']").fill("Maximiliana Featherstonehaugh-Cholmondeley")
    work.locator("[name='ctl00$ssn']").press_sequentially("123-45-6789")
    work.get_by_placeholder("ZIP").fill(post)
    work.get_by_role("button", name="Next >").click()


def fill_payment(work: FrameLocator) -> None:
    work.locator("[name='ctl00$amount']").fill("1,234.50")
    work.locator("[name='ctl00$signed_on']").fill("12/31/2024")
    work.locator("[name='ctl00$method']").select_option("Check")
    work.get_by_label("State").select_option(label="Texas")
    work.get_by_label("County").select_option("Travis")
    work.get_by_role("button", name="Next >").click()


def submit(work: FrameLocator) -> str:
    work.get_by_role("button", name="Submit payment").click()
    saved = work.get_by_text("Record saved. Payment number")
    expect(saved).to_be_visible()
    return saved.inner_text().rpartition(" ")[2]


def entries_of(system: RunningSystem, number: str) -> list[dict[str, str]]:
    return [entry for entry in system.entries() if entry["claim_number"] == number]


def test_a_payment_typed_by_hand_is_in_the_book(window: BrowserContext, county: RunningSystem) -> None:
    page, work = sign_in(window, county)
    fill_payee(page, work, "CL-000001")
    fill_payment(work)
    expect(work.locator("td:text-is('SSN') + td")).to_have_text("123-45-6789")
    number = submit(work)
    (entry,) = entries_of(county, "CL-000001")
    assert (entry["reference"], entry["ssn"], entry["zip"]) == (number, "123-45-6789", "73301")
    assert entry["payee_name"] == "Maximiliana Featherstonehaugh-"
    assert (entry["amount"], entry["signed_on"], entry["method"]) == ("1234.50", "2024-12-31", "Check")
    assert (entry["state"], entry["county"], entry["entered_by"]) == ("Texas", "Travis", "payuser")


def test_a_payment_is_not_listed_before_its_time(window: BrowserContext, tmp_path: Path) -> None:
    with running("payments", tmp_path / "p.db", list_delay=3600) as system:
        page, work = sign_in(window, system)
        fill_payee(page, work, "CL-000005")
        fill_payment(work)
        number = submit(work)
        list_payments(page, work, "CL-000005")
        expect(work.get_by_text("No payments found")).to_be_visible()
    with running("payments", tmp_path / "p.db", list_delay=0) as system:
        page, work = sign_in(window, system)
        list_payments(page, work, "CL-000005")
        expect(work.get_by_role("cell", name=number)).to_be_visible()
        work.get_by_role("link", name="View").click()
        expect(work.locator("td:text-is('County') + td")).to_have_text("Travis")


def list_payments(page: Page, work: FrameLocator, number: str) -> None:
    page.get_by_role("link", name="Payments list").click()
    work.get_by_label("Claim number").fill(number)
    work.get_by_role("button", name="Filter").click()


def test_the_same_payment_twice_gives_two_rows(window: BrowserContext, county: RunningSystem) -> None:
    page, work = sign_in(window, county)
    for _ in range(2):
        fill_payee(page, work, "CL-000002")
        fill_payment(work)
        submit(work)
    assert len({entry["reference"] for entry in entries_of(county, "CL-000002")}) == 2


def test_the_mask_takes_real_keys_and_nothing_else(window: BrowserContext, county: RunningSystem) -> None:
    page, work = sign_in(window, county)
    page.get_by_role("link", name="New payment").click()
    ssn = work.locator("[name='ctl00$ssn']")
    ssn.fill("123-45-6789")
    ssn.blur()
    assert ssn.input_value() == ""
    ssn.focus()
    page.keyboard.insert_text("123-45-6789")
    ssn.blur()
    assert ssn.input_value() == ""
    ssn.press_sequentially("123-45-67")
    ssn.press("Backspace")
    ssn.press_sequentially("789")
    ssn.blur()
    assert ssn.input_value() == "123-45-6789"


def test_an_unknown_payee_is_refused_in_the_red_box(window: BrowserContext, county: RunningSystem) -> None:
    page, work = sign_in(window, county)
    fill_payee(page, work, "CL-000003", post="99999")
    expect(work.get_by_text("Payee unknown. Check SSN and ZIP.")).to_be_visible()
    work.get_by_placeholder("ZIP").fill("")
    work.get_by_role("button", name="Next >").click()
    expect(work.get_by_text("ZIP is missing")).to_be_visible()
    assert entries_of(county, "CL-000003") == []


def test_another_state_takes_the_chosen_county_away(window: BrowserContext, county: RunningSystem) -> None:
    page, work = sign_in(window, county)
    fill_payee(page, work, "CL-000004")
    fill_payment(work)
    work.get_by_role("button", name="< Back").click()
    assert work.get_by_label("County").input_value() == "Travis"
    work.get_by_label("State").select_option(label="Iowa")
    assert work.get_by_label("County").input_value() == ""
    work.get_by_role("button", name="Next >").click()
    expect(work.get_by_text("County is missing")).to_be_visible()


def test_a_system_told_to_end_ends_cleanly_from_any_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fixtures.systems.payments", "--database", "p.db"]
    with subprocess.Popen(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("listening on http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""
    assert not (tmp_path / "p.db-wal").exists()
