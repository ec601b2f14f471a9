"""A clerk's first job, from the paper to both systems, in a real browser with the pages' own script."""

import re
import threading
from pathlib import Path

import psutil
from playwright.sync_api import Page, expect

from rpa.browser.launch import browser
from rpa.cli.demo import both_systems
from tests.console.stage import BOT, CLAIMS, CLERK, PASSWORD, make_project, served
from tests.waiting import wait_for

PATIENCE = 60_000


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/sign-in")
    page.get_by_label("User name").fill("olive")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Start a job").click()


def bring(page: Page, *papers: Path) -> None:
    """Bring papers for the bot."""
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Documents").set_input_files(papers)
    page.get_by_role("button", name="Read them").click()


def kill_run(number: int) -> None:
    """Kill the process of a run in the middle, and nothing else."""
    words = ["rpa.console.child", str(number)]
    (run,) = (one for one in psutil.Process().children() if {*words} <= {*one.cmdline()})
    run.kill()


def test_a_paper_is_entered_once_and_the_page_follows_the_run_to_its_end_or_its_death(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", claims=0)
    paper = tmp_path / "scan.pdf"
    paper.write_bytes((CLAIMS / "claim_06.pdf").read_bytes())
    (project.folder / "inbox" / "claims" / "scan.pdf").write_bytes((CLAIMS / "claim_02.pdf").read_bytes())
    with both_systems(tmp_path) as systems, served(project.folder) as base, browser() as started:
        page = started.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        sign_in(page, base)
        bring(page, paper)
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_text("The run is under way")).to_be_visible()
        expect(page.get_by_text("The run has ended.").first).to_be_visible(timeout=PATIENCE)

        assert re.search(r"The run has ended\. 2 entered, 0 for a person", page.locator("#announce").inner_text())
        entered = [entry["claim_no"] for entry in systems["benefits"].entries()]
        assert [entered.count(claim) for claim in ("CL-100002", "CL-100006")] == [1, 1]
        assert systems["payments"].entries() == []  # it is paused
        wait_for(lambda: not any(thread.name == "run 2" for thread in threading.enumerate()))
        assert complaints == []  # the policy of the pages forbids nothing that they do themselves

        page.get_by_role("link", name="Start a job").click()
        bring(page, CLAIMS / "claim_05.pdf")
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_text("The run is under way")).to_be_visible()
        kill_run(3)
        expect(page.get_by_text("The run was cut off. Nothing is lost")).to_be_visible(timeout=PATIENCE)
    inbox = sorted(path.name for path in (project.folder / "inbox" / "claims").iterdir())
    assert inbox == ["claim_05.pdf", "scan (2).pdf", "scan.pdf", "torn.pdf"]
    with project.store(CLERK) as store:
        (begun,) = (entry for entry in store.log.read() if entry["event"] == "run.started" and entry["run"] == 2)
    assert begun["actor"]["name"] == "Olive Reyes"
    assert begun["bot"] == BOT
