"""Makes sure that a browser is there: the one that is found, else one that is downloaded or installed."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rpa.browser.find import find
from rpa.browser.proof import check_driver
from rpa.errors import SetupError

APT = Path(__file__).with_name("apt.sh")
DOWNLOAD_S = 600
"""A slow line may take minutes for a browser's 100 MB."""
CONNECT_MS = "5000"
"""A closed network must be noticed soon: Playwright itself waits 30 seconds, several times over."""


def driver() -> None:
    """Install the one library that Playwright's driver may lack on a bare machine."""
    try:
        check_driver()
    except SetupError:
        apt("libatomic1")


def download() -> None:
    """Ask Playwright for its own headless build; a closed network is no failure here."""
    print("set-up: no browser found, asking Playwright for its own", file=sys.stderr)
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    settings = os.environ | {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": CONNECT_MS}
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, env=settings, capture_output=True, timeout=DOWNLOAD_S, check=False)


def from_debian() -> None:
    """Install Debian's Chromium with what it needs: its sandbox helper and a font to draw with."""
    apt("chromium-headless-shell", "chromium", "chromium-sandbox", "fonts-liberation")


def apt(*packages: str) -> None:
    """Install Debian packages if this account may."""
    subprocess.run(["sh", APT, *packages], stdout=sys.stderr, check=False)


def ensure(*sources: Callable[[], None]) -> None:
    """Try each source in turn until a browser starts; raise SetupError if none does."""
    for source in sources:
        with suppress(SetupError):
            find()
            return
        source()
    find()


def main() -> int:
    """Return the exit code, with one line on stderr if there is no browser."""
    # Whoever names a browser wants that one: another would hide the mistake.
    sources = () if "RPA_BROWSER" in os.environ else (driver, download, from_debian)
    try:
        ensure(*sources)
    except SetupError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
