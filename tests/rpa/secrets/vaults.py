"""A small server that keeps Vault's documented contract: KV version 2 and AppRole, over HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class VaultServer(ThreadingHTTPServer):
    """Answers for *secrets* by their path to whoever has the *token*; *asked* are the requests."""

    daemon_threads = True

    def __init__(self, secrets: dict[str, dict[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.secrets = secrets
        self.token, self.role = "hvs.test-token", ("role-1", "hunter2-secret-id")
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.elsewhere: str | None = None
        self.broken = False


class _Answering(BaseHTTPRequestHandler):
    server: VaultServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        if self.server.elsewhere is not None:
            self._answer(307, {}, [("Location", self.server.elsewhere + self.path)])
        elif self.headers.get("X-Vault-Token") != self.server.token:
            self._answer(403, {"errors": ["permission denied"]})
        elif self.path not in self.server.secrets:
            self._answer(404, {"errors": []})
        else:
            metadata = {"created_time": "2026-11-28T12:00:00Z", "destroyed": False, "version": 2}
            self._answer(200, {"data": {"data": self.server.secrets[self.path], "metadata": metadata}})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = (body.get("role_id"), body.get("secret_id")) == self.server.role
        if self.path == "/v1/auth/approle/login" and known:
            self._answer(200, {"auth": {"client_token": self.server.token, "lease_duration": 60}})
        else:
            self._answer(400, {"errors": ["invalid role or secret ID"]})

    def _answer(self, status: int, content: dict[str, Any], headers: list[tuple[str, str]] | None = None) -> None:
        body = b"<html>" if self.server.broken else json.dumps(content).encode()
        self.send_response(status)
        for name, text in headers or ():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def vault(secrets: dict[str, dict[str, Any]]) -> Iterator[VaultServer]:
    """Serve while the block lasts."""
    server = VaultServer(secrets)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
