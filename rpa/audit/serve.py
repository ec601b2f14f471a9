"""Serves a witness or a signer over HTTP: few requests, small ones, and nothing kept between them."""

import os
import socket
import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rpa.audit.memory import RefusedError
from rpa.errors import SetupError
from rpa.words import whole_number

HOST = "127.0.0.1"

MOST_BODY = 64 * 1024
"""Bytes of a request. The largest proof has 63 hashes."""

SECONDS = 10.0
"""How long a caller may take over its request."""

LEAST_ERROR = 400

SIZE_TYPE = "text/x.tlog.size"
"""The type of an answer that is the size of the last tree (c2sp.org/tlog-witness)."""

Answer = Callable[[str, str, str], str]
"""Answers a method, a path and a body; raises `RefusedError`."""


class _Handler(BaseHTTPRequestHandler):
    timeout = SECONDS
    protocol_version = "HTTP/1.1"
    answer: Answer

    def do_GET(self) -> None:  # the library's name
        self._answer("GET", "")

    def do_POST(self) -> None:
        length = whole_number(self.headers.get("Content-Length", ""))
        if length is None or length > MOST_BODY:
            self.close_connection = True
            self._send(413, "the request is too long\n", "text/plain")
            return
        self._answer("POST", self.rfile.read(length).decode("utf-8", errors="replace"))

    def _answer(self, method: str, body: str) -> None:
        try:
            self._send(200, type(self).answer(method, self.path, body), "text/plain")
        except RefusedError as refused:
            kind = "text/plain" if refused.size is None else SIZE_TYPE
            words = str(refused) if refused.size is None else str(refused.size)
            self._send(refused.status, f"{words}\n", kind)

    def _send(self, status: int, words: str, kind: str) -> None:
        content = words.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind == "text/plain" else kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say on standard error what was refused; what was answered as usual is no news."""
        if int(code) >= LEAST_ERROR:
            super().log_request(code, size)

    def address_string(self) -> str:
        """Return who asks; a socket in the file system has no address."""
        return str(self.client_address[0]) if self.client_address else "local"


class _SocketServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def http_server(host: str, port: int, answer: Answer) -> ThreadingHTTPServer:
    """Return a server on *host* and *port*, 0 for any that is free; `serve_forever` runs it.

    Raises `SetupError` where the port can't be had.
    """
    try:
        return ThreadingHTTPServer((host, port), _handler(answer))
    except OSError as error:
        raise _taken(port, error) from None


def listening(port: int) -> socket.socket:
    """Listen on this machine's own address, 0 for any free port. Raises `SetupError` where it can't be had."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise _taken(port, error) from None


def _taken(port: int, error: OSError) -> SetupError:
    why = str(error.strerror).partition(" (")[0]  # Python adds the address in brackets
    return SetupError(f"port {port} can't be had ({why}): give another one by --port")


@contextmanager
def socket_server(path: Path, answer: Answer) -> Iterator[socketserver.BaseServer]:
    """Give a server at the socket *path*, which its owner and group alone may use.

    One that a dead process left is replaced. Raises `SetupError` where something else is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_socket():
        raise SetupError(f"{path} is there already, and no socket: name another place")
    path.unlink(missing_ok=True)
    before = os.umask(0o117)
    try:
        server = _SocketServer(str(path), _handler(answer))
    finally:
        os.umask(before)
    try:
        with server:
            yield server
    finally:
        path.unlink(missing_ok=True)


def _handler(answer: Answer) -> type[_Handler]:
    return type("Handler", (_Handler,), {"answer": staticmethod(answer)})
