"""Starts the browser: the one that was found, quiet towards all but the systems, with no secret in its reach."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from rpa.browser.environment import cleared_environment
from rpa.browser.find import find
from rpa.browser.processes import Process, own_children, remember
from rpa.browser.proof import compiled
from rpa.errors import SetupError

NOWHERE = "MAP * ^NOTFOUND, EXCLUDE 127.0.0.1"
"""The browser itself knows no host: the proxy resolves names for its pages, and its own background calls (updates,
autofill, sign-in: measured, 7 to 8 times a session of a full browser) end here."""

SAFE = (
    "--disable-quic",  # the egress proxy carries TCP alone
    "--disable-http2",  # and tells answered requests from others where each has the connection to itself
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-save-password-bubble",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-pings",
    f"--host-resolver-rules={NOWHERE}",
)


Started = Browser
"""A browser that runs; the room above may name its kind without knowing Playwright."""


Record = Callable[[Iterable[Process]], None]
"""Told which processes a browser is made of, as soon as they are there: first the driver, then the browser too."""


@contextmanager
def browser(*, headed: bool = False, record: Record = lambda _: None) -> Iterator[Browser]:
    """Run a browser until the block ends; with a window to look at if *headed*.

    Raises `SetupError` where none starts.
    """
    found = find(headed=headed)
    with ExitStack() as stack:
        others = own_children()
        # The driver and the browser inherit what the environment holds while the driver starts.
        with cleared_environment(NODE_COMPILE_CACHE=str(compiled())):
            playwright = stack.enter_context(sync_playwright())
        drivers = own_children() - others
        record(drivers)
        try:
            launched = _launched(playwright, found.path, headed=headed, sandbox=found.sandbox)
        except Error:
            raise SetupError(f"{found.name} {found.version} did not start; `rpa doctor` tells more") from None
        # The browser first: it is what may still press.
        processes = (*(child for one in drivers for child in one.children()), *drivers)
        record(processes)
        remember(launched, processes)
        yield stack.enter_context(launched)


def _launched(playwright: Playwright, path: Path | None, *, headed: bool, sandbox: bool) -> Browser:
    # Who is told to stop still needs the browser for what is in hand, so that it must not end by itself.
    return playwright.chromium.launch(
        executable_path=path,
        headless=not headed,
        chromium_sandbox=sandbox,
        args=SAFE,
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
    )
