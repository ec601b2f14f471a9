"""Proves that a program is a browser that Playwright can drive: it has to open a page before it is believed.

The proof is kept in the user's cache until the program's file, Playwright or the account changes; then asking
again costs well under a millisecond instead of a start.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from rpa.browser.environment import cleared_environment
from rpa.errors import SetupError

START_MS = 20_000
"""How long one candidate may take to start; a healthy one needs about a second, many times that under load."""


@dataclass(frozen=True)
class Browser:
    """A browser that was seen to start on this machine.

    `path` is None for Playwright's own build, which Playwright finds by itself. `sandbox` tells whether
    Chromium's own sandbox works here: not for root, nor in many containers; without it Playwright has to be
    told, and adds `--no-sandbox`. Both go to its `launch` as `executable_path` and `chromium_sandbox`.
    """

    name: str
    version: str
    path: Path | None
    sandbox: bool


@dataclass(frozen=True)
class Candidate:
    """A program that may be a browser; `witness` is the file that changes when the program does."""

    name: str
    path: Path | None
    witness: Path


class Proof(TypedDict):
    """What is remembered of one browser that started."""

    key: str
    version: str
    sandbox: bool


def remembered(candidate: Candidate) -> Browser | None:
    """Return the browser if it was proved before and nothing changed since."""
    proof = _proofs().get(str(candidate.witness))
    if proof is None or proof["key"] != _key(candidate):
        return None
    return Browser(candidate.name, proof["version"], candidate.path, proof["sandbox"])


def prove(candidate: Candidate) -> Browser:
    """Start the candidate, with its sandbox if that works here; raise SetupError if it does not start."""
    # In a thread of its own, since Playwright refuses a second start where one is running already.
    with cleared_environment(), ThreadPoolExecutor(1) as thread:
        version, sandbox = thread.submit(_started, candidate).result()
    browser = Browser(candidate.name, version, candidate.path, sandbox)
    _remember(candidate, browser)
    return browser


def check_driver() -> None:
    """Raise SetupError if Playwright's driver does not run: no browser can be started without it.

    Measured on a bare Debian 12: the driver's node needs libatomic, which no other package there asks for.
    """
    node = str(os.environ.get("PLAYWRIGHT_NODEJS_PATH") or driver().with_name("node"))
    try:
        # Playwright's own program, with a fixed argument.
        with cleared_environment():
            done = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
        complaint = done.stderr.strip() if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        complaint = str(error)
    if complaint:
        reason = complaint.splitlines()[0].removeprefix(f"{node}: ")
        raise SetupError(f"Playwright's driver does not run ({reason}): run `apt-get install libatomic1`")


def driver() -> Path:
    """Return the folder of Playwright's driver without importing Playwright, which takes a while."""
    spec = find_spec("playwright")
    if spec is None or spec.origin is None:
        raise SetupError("the package playwright is not installed: run `sh deploy/setup.sh`")
    return Path(spec.origin).parent / "driver" / "package"


def revision() -> str:
    """Return which build of Chromium this Playwright was made for."""
    builds = json.loads((driver() / "browsers.json").read_text("utf-8"))["browsers"]
    return next(str(build["revision"]) for build in builds if build["name"] == "chromium")


def caches() -> Path:
    """Return the folder of this account's caches."""
    home = Path(os.environ.get("HOME", "/"))
    if sys.platform == "darwin":
        return home / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")


def compiled() -> Path:
    """Return the folder in which Playwright's driver keeps its own program compiled.

    Measured: compiling it anew takes a fifth of the processor that a driver's start takes, 0.07 of 0.34 s.
    """
    return caches() / "keyonce" / "driver"


def _started(candidate: Candidate) -> tuple[str, bool]:
    from playwright.sync_api import Error

    try:
        return _version(candidate, sandbox=True), True
    except Error as error:
        if "sandboxing failed" not in error.message:
            raise SetupError(f"{candidate.name}: {_reason(error.message)}") from error
    try:
        return _version(candidate, sandbox=False), False
    except Error as error:
        raise SetupError(f"{candidate.name}: {_reason(error.message)}") from error


def _version(candidate: Candidate, *, sandbox: bool) -> str:
    """Open one page in the candidate and return its version; raises Playwright's Error."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=candidate.path, chromium_sandbox=sandbox, timeout=START_MS
        )
        browser.new_page().goto("data:text/html,<title>ready</title>", timeout=START_MS)
        version = browser.version
        browser.close()
    return version


def _reason(message: str) -> str:
    """Return what the program itself complained about, else Playwright's first line."""
    lines = message.strip().splitlines()
    said = [line.partition("[err] ")[2] for line in lines if "[err] " in line]
    return [*said, lines[0].removeprefix("BrowserType.launch: ")][0]


def _key(candidate: Candidate) -> str:
    """Return what a proof holds for: the file as it is now, this Playwright, this account."""
    return f"{candidate.witness.stat().st_mtime_ns} {revision()} {os.geteuid()}"


def _cache() -> Path:
    return caches() / "keyonce" / "browsers.json"


def _proofs() -> dict[str, Proof]:
    with suppress(OSError, ValueError):
        proofs: dict[str, Proof] = json.loads(_cache().read_text("utf-8"))
        return proofs
    return {}


def _remember(candidate: Candidate, browser: Browser) -> None:
    """Keep the proof; where nothing can be written the browser is simply proved again next time."""
    proof = Proof(key=_key(candidate), version=browser.version, sandbox=browser.sandbox)
    with suppress(OSError):
        _cache().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=_cache().parent, delete=False, encoding="utf-8") as fresh:
            json.dump(_proofs() | {str(candidate.witness): proof}, fresh)
        Path(fresh.name).replace(_cache())
