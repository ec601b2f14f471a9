"""A site for one test: a few pages by address, answers that never come, break off or fail, and what was posted."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Browser

from rpa.browser.session import Session
from rpa.definitions.system import System
from rpa.fields.base import ScreenValue
from rpa.secrets.base import Credential


@dataclass(frozen=True)
class Reply:
    """An answer that is no plain page. *held* comes when the test lets it, *cut* breaks off, *reset* is none.

    *pause* is for how many seconds nothing follows its head.
    """

    body: str = ""
    status: int = 200
    held: bool = False
    cut: bool = False
    reset: bool = False
    pause: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()


Page = str | Reply | Callable[[], str | Reply]


class Site(ThreadingHTTPServer):
    """Serves *pages*; a page may be called for, once a request. *posts* are the forms that came, by address."""

    daemon_threads = True

    def __init__(self, pages: Mapping[str, Page]) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.pages = dict(pages)
        self.posts: list[tuple[str, dict[str, str]]] = []
        self.let_go = threading.Event()

    def reply(self, path: str) -> Reply:
        """Return the answer for an address."""
        page = self.pages.get(path, Reply("nothing here", 404))
        page = page() if callable(page) else page
        return Reply(page) if isinstance(page, str) else page

    def handle_error(self, *_: object) -> None:
        """Say nothing: a browser may leave at any time."""


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Site

    def do_GET(self) -> None:
        reply = self.server.reply(self.path.partition("?")[0])
        if reply.held:
            self.server.let_go.wait(30)
        if reply.reset:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self._send(reply, reply.body.encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        values = {name: texts[-1] for name, texts in parse_qs(body, keep_blank_values=True).items()}
        self.server.posts.append((self.path.partition("?")[0], values))
        self.do_GET()

    def _send(self, reply: Reply, body: bytes) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body) + 1000 * reply.cut))
        self.send_header("Cache-Control", "no-store")
        for name, text in reply.headers:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.flush()
        self.server.let_go.wait(reply.pause)
        self.wfile.write(body)
        self.close_connection = reply.cut

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def site(pages: Mapping[str, Page]) -> Iterator[Site]:
    """Serve *pages* on 127.0.0.1 until the block ends."""
    with Site({"/favicon.ico": Reply(status=204), **pages}) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.let_go.set()
            server.shutdown()


@contextmanager
def session(
    browser: Browser,
    url: str,
    pages: Mapping[str, Any],
    credential: Credential | None = None,
    timeout: str = "3s",
    **more: Any,
) -> Iterator[Session]:
    """Open a session with a system whose map is *pages*."""
    system = System.model_validate({"system": "small", "url": url, "timeout": timeout, "pages": pages, **more})
    with Session(browser, system, credential) as opened:
        yield opened


def at(system: System, url: str) -> System:
    """Return the system as it is reached at *url*."""
    return system.model_copy(update={"url": url})


def said(text: str, *, personal: bool = False) -> ScreenValue:
    """Return a value that a screen shows as it is typed."""
    return ScreenValue((text,), lambda shown: shown.strip() == text, personal=personal)


def form(action: str, *, title: str = "New claim", onsubmit: str = "", more: str = "") -> str:
    """Return a page with a form of two fields and a button."""
    return f"""<!doctype html><title>{title}</title><h1>{title}</h1>
        <form method=post action="{action}" onsubmit="{onsubmit}">
        <p><label>Claim number <input name=claim></label></p><p><label>Amount <input name=amount></label></p>
        <p><button>Save</button></p></form>{more}"""


CLAIM: dict[str, Any] = {
    "path": "/",
    "see": "New claim",
    "fields": {"Claim number": "Claim number", "Amount": "Amount"},
    "buttons": {"Save": {"label": "Save", "to": "Saved"}},
}
SAVED: dict[str, Any] = {"see": "Saved"}
