"""Ten rounds of seven fields that change places, filled from the public workbook."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page

from benchmarks.contest import Contender, Result, take_turns
from benchmarks.projects import ROOT, Desk, elapsed, lay_out
from benchmarks.tables import FLOOR, HAND, OURS
from fixtures.pages.answers import RULES, Answer
from fixtures.pages.server import PageServer, serving
from rpa.browser.session import Session
from rpa.fields.show import plain
from rpa.project import Project

Person = Mapping[str, str]

WORKBOOK = ROOT / "fixtures" / "challenge" / "challenge.xlsx"
ANSWERS = "/challenge_people.json"
PAGE = "/challenge.html"
NOTES = (
    "From asking for the page to its result, so START and the page load are in; reading the workbook is not.",
    "Every contender's ten rounds of seven values were compared with the workbook, as the page posted them.",
)

FILL_ROUND = """person => {
  for (const label of document.querySelectorAll('#fields label')) {
    const input = label.nextElementSibling;
    input.value = person[label.textContent];
    input.dispatchEvent(new Event('input', {bubbles: true}));
    input.dispatchEvent(new Event('change', {bubbles: true}));
  }
  document.querySelector('input[type=submit]').click();
}"""


@dataclass(frozen=True)
class Challenge:
    """The page on its server, a warm browser, and the project with the ten people on its ledger."""

    browser: Browser
    server: PageServer
    people: Sequence[Person]
    desk: Desk
    scratch: Path

    def contenders(self) -> list[Contender]:
        """Return the ways to do it."""
        return [
            Contender(OURS, "ours: ledger, promise, read-back, audit trail", self._checked(self._ours)),
            Contender("screen", "ours without ledger: Screen.fill and press", self._checked(self._screen)),
            Contender(HAND, "hand-written Playwright script", self._checked(self._scripted(by_hand))),
            Contender(FLOOR, "floor: one in-page script a round", self._checked(self._scripted(in_page))),
        ]

    def _ours(self) -> float:
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            return self.desk.copy(Path(folder) / "project").work(self.browser)

    def _screen(self) -> float:
        system = Project(self.desk.folder).system(self.desk.system)
        with Session(self.browser, system, None) as session:
            started = time.perf_counter()
            screen = session.open("Round")
            for person in self.people:
                screen.fill({label: plain(text) for label, text in person.items()})
                screen = screen.press("Submit")
            screen.read(["Answer"])
            return elapsed(started)

    def _scripted(self, script: Callable[[Page, str, Sequence[Person]], None]) -> Callable[[], float]:
        def once() -> float:
            with self.browser.new_context() as context:
                page = context.new_page()
                started = time.perf_counter()
                script(page, self.server.url + PAGE, self.people)
                return elapsed(started)

        return once

    def _checked(self, once: Callable[[], float]) -> Callable[[], float]:
        """Return *once* with a look at what the page posted: all seventy values, in order."""

        def checked() -> float:
            self.server.posts.clear()
            took = once()
            posted = self.server.wait_for_posts(1)[0].fields
            for label in self.people[0]:
                if posted[label] != [person[label] for person in self.people]:
                    raise RuntimeError(f"{label} was not entered as the workbook has it")
            return took

        return checked


def by_hand(page: Page, url: str, people: Sequence[Person]) -> None:
    """Do it as a good engineer would write it: the labels have no `for`, so the input is the label's sibling."""
    page.goto(url)
    page.get_by_role("button", name="START").click()
    for person in people:
        for label, value in person.items():
            page.locator(f"//label[text()='{label}']/following-sibling::input").fill(value)
        page.get_by_role("button", name="Submit").click()
    page.locator(".message2").wait_for()


def in_page(page: Page, url: str, people: Sequence[Person]) -> None:
    """Set values from inside the page, one call a round: no label is checked and nothing is read back."""
    page.goto(url)
    page.evaluate("document.getElementById('start').click()")
    for person in people:
        page.evaluate(FILL_ROUND, dict(person))
    page.locator(".message2").wait_for()


def run(browser: Browser, rounds: int) -> Result:
    """Measure it."""
    with _challenge(browser) as (challenge, intake):
        contenders = challenge.contenders()
        times = take_turns(contenders, rounds)
    return Result(
        key="challenge",
        title="RPA Challenge: 70 fields in ten rounds",
        unit="70 fields",
        contenders=contenders,
        times=times,
        more={"intake_ms": round(intake, 1)},
        notes=(*NOTES, f"Reading the workbook onto the ledger took {intake:.0f} ms, once."),
    )


@contextmanager
def _challenge(browser: Browser) -> Iterator[tuple[Challenge, float]]:
    people = _people()
    with serving() as server, tempfile.TemporaryDirectory() as scratch, _right_answers(people):
        desk = Desk(folder=Path(scratch) / "template", bot="rpa-challenge", system="rpa_challenge")
        bots = ROOT / "bots"
        lay_out(
            desk.folder,
            bot=bots / "rpa_challenge.yaml",
            systems=[bots / "systems" / "rpa_challenge.yaml"],
            inbox=[WORKBOOK],
        )
        desk.point_to(server.url)
        intake = desk.take_in()
        yield Challenge(browser, server, people, desk, Path(scratch)), intake


def _people() -> list[Person]:
    """Read the public workbook without our reader: trimmed headings, blank rows left out, numbers as text."""
    heading, *rows = load_workbook(WORKBOOK, read_only=True).worksheets[0].iter_rows(values_only=True)
    labels = [str(label).strip() for label in heading if label is not None]
    return [dict(zip(labels, map(str, row), strict=False)) for row in rows if row[0] is not None]


@contextmanager
def _right_answers(people: Sequence[Person]) -> Iterator[None]:
    """Let the page judge by the public workbook instead of by its own people."""
    RULES[ANSWERS] = lambda _: Answer(json.dumps(people).encode(), "application/json")
    try:
        yield
    finally:
        del RULES[ANSWERS]
