"""A record of 25 fields over two pages, entered record after record."""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.applications import Application, applications, write_workbook
from benchmarks.contest import Contender, Result, take_turns
from benchmarks.projects import ROOT, Desk, elapsed, lay_out
from benchmarks.tables import FLOOR, HAND, OURS
from fixtures.pages.server import PageServer, serving

RECORDS = 4
PAGE = "/record25.html"
DEFINITIONS = ROOT / "benchmarks" / "definitions"
NOTES = (
    f"{RECORDS} records in turn in one window; the time of one, from asking for page one to 'Record saved'.",
    "Every contender's 25 posted values a record were compared with what was meant.",
)

CHOSEN = frozenset({"Marital status", "State", "Pay period", "Benefit"})
ONE_OF = frozenset({"Contact by", "Urgency"})
TICKED = frozenset({"Interpreter needed", "Consent on file"})

FILL_PAGE = """values => {
  const boxes = new Map([...document.querySelectorAll('label')].map(label => [label.textContent, label.control]));
  for (const [label, value] of Object.entries(values)) {
    const box = boxes.get(label) ?? boxes.get(value);
    if (box.type === 'radio' || box.type === 'checkbox') box.checked = value !== 'no';
    else if (box.tagName === 'SELECT') box.value = [...box.options].find(one => one.text === value).value;
    else box.value = value;
    box.dispatchEvent(new Event('input', {bubbles: true}));
    box.dispatchEvent(new Event('change', {bubbles: true}));
  }
  document.querySelector('button').click();
}"""

Script = Callable[[Page, str, Application], None]


@dataclass(frozen=True)
class Applications:
    """The pages on their server, a warm browser, and the project with the applications on its ledger."""

    browser: Browser
    server: PageServer
    desk: Desk
    scratch: Path

    def contenders(self) -> list[Contender]:
        """Return the ways to do it."""
        return [
            Contender(OURS, "ours: ledger, promise, read-back, audit trail", self._checked(self._ours)),
            Contender(HAND, "hand-written Playwright script", self._checked(self._scripted(by_hand))),
            Contender(FLOOR, "floor: one in-page script a page", self._checked(self._scripted(in_page))),
        ]

    def _ours(self) -> float:
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            return self.desk.copy(Path(folder) / "project").work(self.browser)

    def _scripted(self, script: Script) -> Callable[[], float]:
        def once() -> float:
            with self.browser.new_context() as context:
                page = context.new_page()
                started = time.perf_counter()
                for application in applications(RECORDS):
                    script(page, self.server.url + PAGE, application)
                return elapsed(started)

        return once

    def _checked(self, once: Callable[[], float]) -> Callable[[], float]:
        """Return *once* for one record, with a look at what the pages posted."""
        meant = [post for application in applications(RECORDS) for post in application.posts()]

        def checked() -> float:
            self.server.posts.clear()
            took = once()
            posts = self.server.wait_for_posts(len(meant))
            if [list(chain.from_iterable(post.fields.values())) for post in posts] != meant:
                raise RuntimeError("what was posted is not what was meant")
            return took / RECORDS

        return checked


def by_hand(page: Page, url: str, application: Application) -> None:
    """Enter one record as a good engineer would write it."""
    page.goto(url)
    _fill_by_hand(page, application.first)
    page.get_by_role("button", name="Next").click()
    _fill_by_hand(page, application.second)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Record saved").wait_for()


def in_page(page: Page, url: str, application: Application) -> None:
    """Set values from inside the page, one call a page: no label is checked and nothing is read back."""
    page.goto(url)
    page.evaluate(FILL_PAGE, dict(application.first))
    page.wait_for_url("**/record25_2.html")
    page.evaluate(FILL_PAGE, dict(application.second))
    page.get_by_text("Record saved").wait_for()


def _fill_by_hand(page: Page, values: Mapping[str, str]) -> None:
    for label, value in values.items():
        if label in CHOSEN:
            page.get_by_label(label, exact=True).select_option(value)
        elif label in ONE_OF:
            page.get_by_label(value, exact=True).check()
        elif label in TICKED:
            page.get_by_label(label, exact=True).set_checked(value == "yes")
        else:
            page.get_by_label(label, exact=True).fill(value)


def run(browser: Browser, rounds: int) -> Result:
    """Measure it."""
    with serving() as server, tempfile.TemporaryDirectory() as scratch:
        desk = _desk(Path(scratch), server.url)
        intake = desk.take_in() / RECORDS
        contenders = Applications(browser, server, desk, Path(scratch)).contenders()
        times = take_turns(contenders, rounds)
    return Result(
        key="record25",
        title="Record of 25 fields over two pages",
        unit="one record",
        contenders=contenders,
        times=times,
        more={"intake_ms": round(intake, 1)},
        notes=(*NOTES, f"Reading the workbook onto the ledger took {intake:.0f} ms a record."),
    )


def _desk(scratch: Path, url: str) -> Desk:
    workbook = scratch / "applications.xlsx"
    write_workbook(workbook, applications(RECORDS))
    desk = Desk(folder=scratch / "template", bot="record25", system="record25")
    lay_out(
        desk.folder,
        bot=DEFINITIONS / "record25.yaml",
        systems=[DEFINITIONS / "systems" / "record25.yaml"],
        inbox=[workbook],
    )
    desk.point_to(url)
    return desk
