"""`make console-audit`: every page and state in every visit, judged by axe; and how long the server takes.

The last line is JSON: pages, states, axe_violations, overflow, slowest_ms (at the server, of 100,000 work items).
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page

from rpa.browser.launch import browser
from rpa.console.passwords import hashed
from rpa.people import Role
from tests.console.crowd import ITEMS, crowd, slowest
from tests.console.forger import forging, known_by
from tests.console.more import more
from tests.console.stage import CLERK, PASSWORD, ROOT, make_project, open_to_public, served, served_to_public
from tests.console.states import NOBODY, State, press, states
from tests.console.tongue import said

AXE = ROOT / "build" / "node" / "node_modules" / "axe-core" / "axe.min.js"
VISITS = ((1280, "en", "otto"), (390, "en", "otis"), (390, "es", "osma"))
"""The width, the language that the browser asks for, and who sets up a second factor: in each visit another one,
since who has done so is signed out by it."""

NARROWEST = 320
"""1280 points at a zoom of 400 %: WCAG 2.2, 1.4.10."""

COLOURS = 64
"""Of a picture that is kept."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "section508", "best-practice"]
ASK = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def main(pictures: Path | None) -> int:
    """Look at everything; return 1 where anything is wrong."""
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder) / "project")
        more(project)
        with project.store(CLERK) as store:
            for name in ("otis", "osma"):
                store.accounts.add(name, f"{name.title()} Lind", {Role.OPERATOR}, hashed(PASSWORD, "somebody"))
        with forging() as provider, served(project.folder) as base, browser() as started:
            known_by(provider.issuer, project.folder)
            open_to_public(project.folder)
            with served_to_public(project.folder) as page:
                violations, overflow = look(started, base, page, pictures)
        crowd(project)
        with served(project.folder) as base:
            slow = slowest(base)
    seen = list(states())
    summary = {
        "pages": len({one.page for one in seen}),
        "states": len(seen),
        "languages": len({code for _, code, _ in VISITS}),
        "axe_violations": violations,
        "overflow": overflow,
        "slowest_ms": slow,
        "work_items": ITEMS,
    }
    sys.stdout.write(f"{json.dumps(summary)}\n")
    return 1 if violations or overflow or slow >= 300 else 0  # milliseconds, as promised


def look(started: Browser, base: str, public: str, pictures: Path | None) -> tuple[int, int]:
    """Return how many violations axe found, and how many states have a sideways scroll, on both sites."""
    violations = overflow = 0
    names = ("olive", "otto", "vic", "ada", "amy", "pia")
    for width, code, otto in VISITS:
        who = {name: otto if name == "otto" else name for name in names}
        pages = {name: desk(started, base, who[name], width, code) for name in names}
        pages[NOBODY] = opened_at(started, width, code)
        for one in states():
            page = pages[one.who]
            one.way(page, public if one.who == NOBODY else base)
            violations += judged(page, one, width)
            overflow += wider(page, one, width)
            if pictures is not None:
                path = pictures / f"{one.page}, {one.state}, {width}, {code}.png".replace(" ", "_")
                keep(page.screenshot(full_page=True), path)
    return violations, overflow


def keep(picture: bytes, path: Path) -> None:
    """Keep a picture with as many colours as a page needs: it takes a quarter of the room."""
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def desk(started: Browser, base: str, name: str, width: int, code: str) -> Page:
    """Sign somebody in."""
    page = opened_at(started, width, code)
    page.goto(f"{base}/sign-in")
    page.get_by_label(said(page, "User name")).fill(name)
    page.get_by_label(said(page, "Password")).fill(PASSWORD)
    press(page, "Sign in")
    return page


def opened_at(started: Browser, width: int, code: str) -> Page:
    """Return a page of a browser of its own."""
    page = started.new_context(viewport={"width": width, "height": 900}, locale=f"{code}-US").new_page()
    page.on("console", complain)
    return page


def complain(message: ConsoleMessage) -> None:
    """Say what a page did that its policy forbids."""
    if "Policy" in message.text:
        sys.stderr.write(f"{message.text}\n")


def judged(page: Page, one: State, width: int) -> int:
    """Return how many places axe objects to; say which."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(ASK, RULES)["violations"]
    for violation in found:
        nodes = ", ".join(str(node["target"][0]) for node in violation["nodes"])
        say(one, width, f"{violation['impact']} {violation['id']}: {nodes}")
    return sum(len(violation["nodes"]) for violation in found)


def wider(page: Page, one: State, width: int) -> int:
    """Return 1 where the page scrolls sideways at its width, or zoomed in to 400 %."""
    found = [edge for edge in widths(width) if too_wide(page, edge)]
    for edge in found:
        say(one, edge, "scrolls sideways")
    page.set_viewport_size({"width": width, "height": 900})
    return bool(found)


def widths(width: int) -> Iterator[int]:
    yield width
    if width == VISITS[0][0]:
        yield NARROWEST


def too_wide(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate(WIDER) > 0)


def say(one: State, width: int, words: str) -> None:
    sys.stdout.write(f"{one.page}, {one.state}, {width}: {words}\n")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
