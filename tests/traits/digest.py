"""A server that asks for HTTP Digest, as RFC 7616 has it, and keeps what it was sent."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

REALM, NONCE = "Back office", "a nonce"


class DigestServer(ThreadingHTTPServer):
    """Lets *user* in with *password*; `heard` are the Authorization headers that came."""

    daemon_threads = True

    def __init__(self, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Asking)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.secret = _md5(user, REALM, password)
        self.heard: list[str] = []

    def lets_in(self, method: str, header: str) -> bool:
        """Tell whether the header proves the password."""
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', header))
        said = [given.get(name, "") for name in ("nc", "cnonce", "qop")]
        return given.get("response") == _md5(self.secret, NONCE, *said, _md5(method, given.get("uri", "")))


class _Asking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: DigestServer

    def do_GET(self) -> None:
        header = self.headers.get("Authorization", "")
        self.server.heard.append(header)
        let_in = self.server.lets_in("GET", header)
        body = b"<h1>Work list</h1>" if let_in else b"Sign-in needed"
        self.send_response(200 if let_in else 401)
        if not let_in:
            self.send_header("WWW-Authenticate", f'Digest realm="{REALM}", nonce="{NONCE}", qop="auth"')
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def digest_server(user: str, password: str) -> Iterator[DigestServer]:
    """Serve on 127.0.0.1 until the block ends."""
    with DigestServer(user, password) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()
