"""A paper claim in the benefits system: the whole entry by the engine, by hand without and with its checks."""

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from benchmarks.claims import CLAIMS, Claim, claims
from benchmarks.contest import Contender, Result, take_turns
from benchmarks.projects import ROOT, Desk, elapsed, lay_out
from benchmarks.tables import HAND, OURS
from fixtures.systems.common import RunningSystem, running

CLERK = ("clerk1", "benefits-pass")
NOTES = (
    "Claims after one another, each contender in a system of its own; the time of one claim, signing in left out.",
    "Ours searches, creates, reads back, presses, searches again, compares nine fields, keeps masked pictures and",
    "the audit trail. The first script creates and waits for 'Claim recorded'; the second also searches, twice.",
    "Every contender's entries were compared in the system's own database.",
)


@dataclass(frozen=True)
class Clerks:
    """A warm browser, and the project with the claims on its ledger."""

    browser: Browser
    desk: Desk
    claims: Sequence[Claim]
    scratch: Path

    def contenders(self) -> list[Contender]:
        """Return the ways to do it."""
        ours = "ours: the whole entry, pictures, audit trail"
        return [
            Contender(OURS, ours, self._in_a_new_system(self._ours)),
            Contender(HAND, "hand-written Playwright script that creates only", self._scripted(create)),
            Contender(
                "hand_checked", "hand-written, with a search before and after", self._scripted(create_checked)
            ),
        ]

    def _in_a_new_system(self, way: Callable[[RunningSystem, Path], float]) -> Callable[[], float]:
        """Return *way* for one claim, with a look at what the system holds afterwards."""

        def once() -> float:
            with (
                tempfile.TemporaryDirectory(dir=self.scratch) as folder,
                running("benefits", Path(folder) / "benefits.db") as system,
            ):
                took = way(system, Path(folder))
                self._require_entered(system)
            return took / len(self.claims)

        return once

    def _ours(self, system: RunningSystem, folder: Path) -> float:
        desk = self.desk.copy(folder / "project")
        desk.point_to(system.url, CLERK)
        return desk.work(self.browser)

    def _scripted(self, script: Callable[[Page, Claim], None]) -> Callable[[], float]:
        def by_hand(system: RunningSystem, _folder: Path) -> float:
            with self.browser.new_context() as context:
                page = signed_in(context, system.url)
                started = time.perf_counter()
                for claim in self.claims:
                    script(page, claim)
                return elapsed(started)

        return self._in_a_new_system(by_hand)

    def _require_entered(self, system: RunningSystem) -> None:
        columns = self.claims[0].stored()
        held = [{column: entry[column] for column in columns} for entry in system.entries()]
        if held != [claim.stored() for claim in self.claims]:
            raise RuntimeError("the system does not hold what was meant")


def signed_in(context: BrowserContext, url: str) -> Page:
    """Sign in by hand, and answer the system's question before a save."""
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url)
    page.locator("[name=f_001]").fill(CLERK[0])
    page.locator("[name=f_002]").fill(CLERK[1])
    page.get_by_role("button", name="Sign in").click()
    expect(page.frame_locator("frame[name=main]").get_by_text("Work list")).to_be_visible()
    return page


def create(page: Page, claim: Claim) -> None:
    """Enter one claim as a good engineer would write it: the boxes have no labels, so by their names."""
    main = page.frame_locator("frame[name=main]")
    page.frame_locator("frame[name=menu]").get_by_role("link", name="New claim").click()
    main.locator("[name=f_024]").select_option(label=claim.kind)
    expect(main.locator("[name=f_025]")).to_contain_text(claim.plan)  # the page has come again
    for box, text in _texts(claim).items():
        main.locator(f"[name={box}]").fill(text)
    main.locator("[name=f_025]").select_option(label=claim.plan)
    main.locator("[name=f_027]").set_checked(claim.urgent)
    main.locator("[name=f_029]").set_input_files(claim.form)
    main.get_by_role("button", name="Save claim").click()
    expect(main.get_by_text("Claim recorded.")).to_be_visible()


def create_checked(page: Page, claim: Claim) -> None:
    """Enter one claim unless the system holds it, then look it up and see that it shows the amount."""
    search = _searched(page, claim)
    expect(search.get_by_text("No claims found")).to_be_visible()
    search.close()
    create(page, claim)
    search = _searched(page, claim)
    with search.expect_event("close"):
        search.get_by_role("link", name="Open").click()
    main = page.frame_locator("frame[name=main]")
    expect(main.locator("td:text-is('Amount') + td")).to_have_text(f"{claim.amount:,.2f}")


def _searched(page: Page, claim: Claim) -> Page:
    with page.expect_popup() as popup:
        page.frame_locator("frame[name=menu]").get_by_role("link", name="Find a claim").click()
    search = popup.value
    search.locator("[name=f_031]").fill(claim.number)
    search.get_by_role("button", name="Search").click()
    return search


def _texts(claim: Claim) -> dict[str, str]:
    return {
        "f_017": claim.number,
        "f_018": claim.member,
        "f_019": claim.name,
        "f_021": f"{claim.lost_on:%m}",
        "f_022": f"{claim.lost_on:%d}",
        "f_023": f"{claim.lost_on:%Y}",
        "f_026": f"{claim.amount:,.2f}",
        "f_028": claim.story,
    }


def run(browser: Browser, rounds: int) -> Result:
    """Measure it."""
    todo = claims()
    with tempfile.TemporaryDirectory() as scratch:
        desk = desk_of(Path(scratch), todo)
        intake = desk.take_in() / len(todo)
        contenders = Clerks(browser, desk, todo, Path(scratch)).contenders()
        times = take_turns(contenders, rounds)
    return Result(
        key="benefits",
        title="Paper claim in the benefits system",
        unit="one claim",
        contenders=contenders,
        times=times,
        more={"intake_ms": round(intake, 1)},
        notes=(*NOTES, f"Reading the forms and the roster onto the ledger took {intake:.0f} ms a claim."),
    )


def desk_of(scratch: Path, todo: Sequence[Claim]) -> Desk:
    """Lay out the project that has the claims in its inbox."""
    bots = ROOT / "bots"
    desk = Desk(folder=scratch / "template", bot="claims-intake", system="benefits")
    lay_out(
        desk.folder,
        bot=bots / "claims_intake.yaml",
        systems=[bots / "systems" / "benefits.yaml", bots / "systems" / "payments.yaml"],
        inbox=[CLAIMS / "roster.xlsx"],
    )
    (desk.folder / "inbox" / "claims").mkdir()
    for claim in todo:
        shutil.copy2(claim.form, desk.folder / "inbox" / "claims")
    return desk
