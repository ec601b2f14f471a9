"""Asks a witness or a signer: one request of HTTP, straight to it, and no other place that it may point to."""

import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from rpa.audit.memory import RefusedError

SECONDS = 5.0
"""How long an answer may take: a run waits for it."""

MOST_ANSWER = 64 * 1024
OK = 200


class AwayError(Exception):
    """Nobody answers there, or not in this language."""


class _SocketConnection(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(str(self._path))


def call_url(url: str, method: str, path: str, body: str) -> str:
    """Return what the service at *url* answers.

    Raises `RefusedError` for another answer than 200, `AwayError` where none comes.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return _call(kind(parts.netloc, timeout=SECONDS), method, parts.path.rstrip("/") + path, body)


def call_bytes(url: str, content: bytes, kind: str) -> bytes:
    """Return what the service at *url* answers to *content* of that type; raise as `call_url` does."""
    parts = urlsplit(url)
    connection = (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(parts.netloc, timeout=SECONDS)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    status, answer = _asked(connection, "POST", path, content, {"Content-Type": kind})
    if status != OK:
        raise RefusedError(status, "")
    return answer


def call_socket(socket_path: Path, method: str, path: str, body: str) -> str:
    """Return what the service at a socket answers; raise as `call_url` does."""
    return _call(_SocketConnection(socket_path), method, path, body)


def _call(connection: HTTPConnection, method: str, path: str, body: str) -> str:
    status, answer = _asked(connection, method, path, body.encode() if method == "POST" else None, {})
    words = answer.decode("utf-8", errors="replace")
    if status != OK:
        size = words.strip()
        raise RefusedError(status, size, int(size) if size.isdecimal() else None)
    return words


def _asked(
    connection: HTTPConnection, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return response.status, response.read(MOST_ANSWER)
    except (OSError, HTTPException) as error:
        raise AwayError(getattr(error, "strerror", None) or type(error).__name__) from None
    finally:
        connection.close()
