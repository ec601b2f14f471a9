"""Finds a browser that starts: each candidate is launched before it is believed.

A name on PATH proves little: it may be a stub, a broken package or a shim. Order: the program that `RPA_BROWSER`
names (and then no other), Playwright's own build, then Chromium, Chrome and Edge on PATH. Unattended runs take a
headless shell first: measured, a page costs it half of what the full browser's headless mode takes.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from rpa.browser.proof import Browser, Candidate, caches, check_driver, driver, prove, remembered, revision
from rpa.errors import SetupError

UNATTENDED = ("chromium-headless-shell", "chromium", "google-chrome", "microsoft-edge")
HEADED = UNATTENDED[1:]
ADVICE = "run `apt-get install chromium-headless-shell chromium`, or name a browser's program in RPA_BROWSER"


def find(*, headed: bool = False) -> Browser:
    """Return the first browser that starts; one that can show a window if *headed*.

    Raises SetupError, in one line that says what to do, when there is none.
    """
    named = os.environ.get("RPA_BROWSER")
    failures: list[str] = []
    for candidate in _on_path([named]) if named else _candidates(headed=headed):
        known = remembered(candidate)
        if known:
            return known
        check_driver()
        try:
            return prove(candidate)
        except SetupError as error:
            failures.append(str(error))
    raise SetupError(_nothing(named, failures))


def _nothing(named: str | None, failures: list[str]) -> str:
    reasons = f" ({'; '.join(failures)})" if failures else ""
    if named:
        return f"RPA_BROWSER names {named}, which is not a browser that starts{reasons}: correct or unset it"
    return f"no browser starts on this machine{reasons}: {ADVICE}"


def _candidates(*, headed: bool) -> Iterator[Candidate]:
    yield from _own("chromium" if headed else "chromium-headless-shell")
    yield from _on_path(HEADED if headed else UNATTENDED)


def _on_path(names: Iterable[str]) -> Iterator[Candidate]:
    for name in names:
        found = shutil.which(name)
        if found:
            yield Candidate(Path(found).name, Path(found), Path(found).resolve())


def _own(name: str) -> Iterator[Candidate]:
    """Yield Playwright's build if its marker says that the download was completed."""
    marker = _downloads() / f"{name.replace('-', '_')}-{revision()}" / "INSTALLATION_COMPLETE"
    if marker.is_file():
        yield Candidate(f"playwright-{name}", None, marker)


def _downloads() -> Path:
    """Return where Playwright keeps its builds, by the rules of its own documentation."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen == "0":
        return driver() / ".local-browsers"
    return Path(chosen) if chosen else caches() / "ms-playwright"
