"""Meridian Benefits, driven by hand and asked behind the browser's back."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, FrameLocator, Page, expect

from fixtures.systems.common import RunningSystem, running
from fixtures.systems.sessions import SessionRules, Sessions

SCAN = b"%PDF-1.4 a scan"
SEED = {
    "claim_no": "CL-000090",
    "member_no": "M-7",
    "name": "Ana Seeded",
    "lost_on": "2024-03-07",
    "amount": "1234.50",
}


class Clerk(NamedTuple):
    """A signed-in window of the frameset."""

    page: Page
    menu: FrameLocator
    main: FrameLocator


@pytest.fixture(scope="module")
def meridian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    with running("benefits", tmp_path_factory.mktemp("benefits") / "b.db") as system:
        yield system


def sign_in(window: BrowserContext, system: RunningSystem, user: str) -> Clerk:
    page = window.new_page()
    page.goto(system.url)
    page.fill("[name=f_001]", user)
    page.fill("[name=f_002]", "benefits-pass")
    page.get_by_role("button", name="Sign in").click()
    main = page.frame_locator("frame[name=main]")
    expect(main.get_by_text("Work list")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    return Clerk(page, page.frame_locator("frame[name=menu]"), main)


def fill_claim(clerk: Clerk, number: str, name: str) -> None:
    clerk.menu.get_by_role("link", name="New claim").click()
    for field, value in {"f_017": number, "f_018": "M-100", "f_019": name, "f_026": "1,234.50"}.items():
        clerk.main.locator(f"[name={field}]").fill(value)
    for field, value in {"f_021": "3", "f_022": "07", "f_023": "2024", "f_028": "A tree fell"}.items():
        clerk.main.locator(f"[name={field}]").fill(value)
    clerk.main.locator("[name=f_024]").select_option(label="Theft")
    expect(clerk.main.locator("[name=f_025]")).to_contain_text("Vehicle theft")
    clerk.main.locator("[name=f_025]").select_option(label="Vehicle theft")


def press_save(clerk: Clerk) -> None:
    clerk.main.get_by_role("button", name="Save claim").click()


def entries_of(system: RunningSystem, number: str) -> list[dict[str, str]]:
    return [entry for entry in system.entries() if entry["claim_no"] == number]


def test_a_claim_typed_by_hand_is_in_the_book_with_its_scan(
    window: BrowserContext, meridian: RunningSystem
) -> None:
    clerk = sign_in(window, meridian, "clerk1")
    fill_claim(clerk, "CL-000001", "Łucja O'Brien")
    clerk.main.locator("[name=f_027]").check()
    scan = FilePayload(name="scan é.pdf", mimeType="application/pdf", buffer=SCAN)
    clerk.main.locator("[name=f_029]").set_input_files(scan)
    press_save(clerk)
    expect(clerk.main.get_by_text("Claim recorded.")).to_be_visible()

    (entry,) = entries_of(meridian, "CL-000001")
    assert clerk.main.locator("td:text-is('Reference') + td").inner_text() == entry["reference"]
    assert entry["name"] == "&#321;ucja O'Brien"
    assert (entry["lost_on"], entry["plan"], entry["amount"]) == ("2024-03-07", "Vehicle theft", "1234.50")
    assert (entry["urgent"], entry["form_name"], entry["entered_by"]) == ("Yes", "scan é.pdf", "clerk1")
    assert (entry["form_size"], entry["form_sha256"]) == (str(len(SCAN)), hashlib.sha256(SCAN).hexdigest())
    assert entry["reference"] in meridian.log.read_text("utf-8")


def test_the_search_popup_opens_the_claim_in_the_opener_and_closes(
    window: BrowserContext, meridian: RunningSystem
) -> None:
    clerk = sign_in(window, meridian, "clerk1")
    fill_claim(clerk, "CL-000002", "Bo Search")
    press_save(clerk)
    expect(clerk.main.get_by_text("Claim recorded.")).to_be_visible()
    with clerk.page.expect_popup() as popup:
        clerk.menu.get_by_role("link", name="Find a claim").click()
    search = popup.value
    search.fill("[name=f_031]", "CL-999")
    search.get_by_role("button", name="Search").click()
    expect(search.get_by_text("No claims found")).to_be_visible()
    search.fill("[name=f_031]", "CL-000002")
    search.get_by_role("button", name="Search").click()
    with search.expect_event("close"):
        search.get_by_role("link", name="Open").click()
    expect(clerk.main.locator("td:text-is('Amount') + td")).to_have_text("1,234.50")
    expect(clerk.main.locator("td:text-is('Date of loss') + td")).to_have_text("03/07/2024")


def test_the_same_claim_twice_gives_two_rows(window: BrowserContext, meridian: RunningSystem) -> None:
    clerk = sign_in(window, meridian, "clerk2")
    for _ in range(2):
        fill_claim(clerk, "CL-000003", "Twice Told")
        press_save(clerk)
        expect(clerk.main.get_by_text("Claim recorded.")).to_be_visible()
    assert len(entries_of(meridian, "CL-000003")) == 2


def test_a_mistake_comes_back_as_the_same_form_with_a_red_line(
    window: BrowserContext, meridian: RunningSystem
) -> None:
    clerk = sign_in(window, meridian, "clerk2")
    fill_claim(clerk, "CL-000004", "Mis Take")
    clerk.main.locator("[name=f_026]").fill("12 or so")
    press_save(clerk)
    expect(clerk.main.get_by_text("Amount must be a number")).to_be_visible()
    assert clerk.main.locator("[name=f_025] option:checked").inner_text() == "Vehicle theft"
    assert entries_of(meridian, "CL-000004") == []


def test_a_second_sign_in_throws_the_first_out(browser: Browser, meridian: RunningSystem) -> None:
    with browser.new_context() as here, browser.new_context() as there:
        first = sign_in(here, meridian, "clerk1")
        fill_claim(first, "CL-000005", "Lost Work")
        second = sign_in(there, meridian, "clerk1")
        press_save(first)
        expect(first.main.get_by_text("Please sign in")).to_be_visible()
        second.menu.get_by_role("link", name="New claim").click()
        expect(second.main.locator("[name=f_017]")).to_be_visible()
    assert entries_of(meridian, "CL-000005") == []


def test_nobody_is_thrown_out_before_as_many_are_there_as_may_be() -> None:
    sessions = Sessions(SessionRules("cookie", {"clerk1": "secret"}, requests=0, per_user=4))
    tokens = [sessions.sign_in("clerk1", "secret") for _ in range(5)]

    assert [sessions.spend(token or "") for token in tokens] == [None, *["clerk1"] * 4]


def test_a_session_used_up_shows_the_sign_in_page_in_the_frame(window: BrowserContext, tmp_path: Path) -> None:
    with running("benefits", tmp_path / "b.db", session_requests=4) as system:
        clerk = sign_in(window, system, "clerk1")  # the frameset, the menu and the work list
        clerk.menu.get_by_role("link", name="New claim").click()
        expect(clerk.main.locator("[name=f_017]")).to_be_visible()
        clerk.menu.get_by_role("link", name="Work list").click()
        expect(clerk.main.get_by_text("Please sign in")).to_be_visible()


def test_a_claim_is_on_disk_while_its_answer_is_still_held(window: BrowserContext, tmp_path: Path) -> None:
    with running("benefits", tmp_path / "b.db", frozen_after_commit=60) as system:
        clerk = sign_in(window, system, "clerk1")
        fill_claim(clerk, "CL-000006", "Frozen Stiff")
        clerk.page.evaluate(  # a press by script, because Playwright's own would wait for the answer
            "() => frames.main.setTimeout(() => frames.main.document.querySelector('[name=b_01]').click())"
        )
        wait_for_log(clerk.page, system)
        assert len(entries_of(system, "CL-000006")) == 1
        expect(clerk.main.get_by_text("Claim recorded.")).to_have_count(0)


def wait_for_log(page: Page, system: RunningSystem) -> None:
    for _ in range(100):
        if "CL-000006" in system.log.read_text("utf-8"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("no claim in the log")


def test_a_restart_keeps_everything_and_never_seeds_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("seed.json").write_text(json.dumps([SEED]), "utf-8")
    for _ in range(2):
        with running("benefits", Path("b.db"), seed=Path("seed.json")) as system:
            (entry,) = system.entries()
    assert entry == entry | SEED | {"reference": "B-000001", "entered_by": "seed"}


def test_a_system_that_can_not_start_says_why(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('[{"claim_nr": "CL-000001"}]', "utf-8")
    with (
        pytest.raises(RuntimeError, match="unknown columns: claim_nr"),
        running("benefits", tmp_path / "b.db", seed=seed),
    ):
        pass
